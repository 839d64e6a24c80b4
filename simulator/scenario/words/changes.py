"""The words of a change: what operators or fate do while the launch runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, get_args

from pydantic import AfterValidator

from simulator.scenario.words.terms import MOST, Contradiction, DurationNs, Table
from simulator.scenario.words.waitlist import PolicyWord
from simulator.text.quantities import WrongQuantity, parse_rate

RELATIVE = re.compile(r"(?P<number>[+-] ?[0-9]{1,9}) servers?")
POLICIES = get_args(PolicyWord)

OF_THE_LINE = ("waitlist.policy", "waitlist.release.rate", "waitlist.release.slots.total")
OF_A_STATION = ("servers", "waiting_room", "cores", "quota.rate")
"""What can be set at a station: ``station.NAME.servers``."""

FEWEST = {"servers": 0, "waiting_room": 0, "waitlist.release.slots.total": 0, "cores": 1}


def station_lever(key: str) -> tuple[str, str] | None:
    """The station and what is set at it: ``station.mail.quota.rate``; None if it is no such key."""
    for lever in OF_A_STATION:
        if key.startswith("station.") and key.endswith(f".{lever}"):
            name = key.removeprefix("station.").removesuffix(lever).removesuffix(".")
            if name:
                return name, lever
    return None


def settable(value: dict[str, Any] | str) -> dict[str, Any] | str:
    """Values that their levers take; whether the levers exist is seen with the stations at hand."""
    if isinstance(value, str):
        relative_servers(value)
        return value
    if not value:
        raise WrongQuantity("sets nothing", 'write { "waitlist.policy" = "fifo" }')
    for key, setting in value.items():
        check_setting(key, setting)
    return value


def check_setting(key: str, value: object) -> None:
    """Raises :class:`WrongQuantity` where the lever does not take the value."""
    found = station_lever(key)
    lever = key if found is None else found[1]
    if lever == "waitlist.policy" and value not in POLICIES:
        known = ", ".join(f'"{policy}"' for policy in POLICIES)
        raise WrongQuantity(f'"{key}" is {value}', f"it must be one of {known}")
    if lever in ("waitlist.release.rate", "quota.rate"):
        parse_rate(value)
    if (fewest := FEWEST.get(lever)) is not None:
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not fewest <= int(str(value)) <= MOST:
            raise WrongQuantity(
                f'"{key}" is {value}', f"it must be a whole number, {fewest} or more"
            )


def relative_servers(text: str) -> int:
    """How many servers come or go: -3 in "-3 servers".

    Raises :class:`WrongQuantity`.
    """
    match = RELATIVE.fullmatch(text.strip())
    if match is None:
        raise WrongQuantity(f'"{text}" is not a change', 'write "-3 servers" or "+2 servers"')
    return int(match["number"].replace(" ", ""))


class Change(Table):
    """What changes while the launch runs: operators act, servers fail."""

    at_ns: DurationNs
    """How long after the opening."""
    station: str | None = None
    """Which station "-3 servers" is about, if there are several: a name of [[station]]."""
    set_: Annotated[dict[str, Any] | str, AfterValidator(settable)]
    """What is set, as in { "waitlist.policy" = "fifo" } or { "station.mail.quota.rate" = "50/s" },
    or "-3 servers" (of each instance)."""

    def contradictions(self) -> Iterator[Contradiction]:
        if self.station is not None and not isinstance(self.set_, str):
            problem = "has no effect here: set names its stations itself"
            yield Contradiction("station", problem, "leave it out")

    @property
    def policy(self) -> str | None:
        """The policy that is set."""
        return None if isinstance(self.set_, str) else self.set_.get("waitlist.policy")
