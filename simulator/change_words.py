"""The words of a change: what operators or fate do while the launch runs."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator

from simulator.quantities import WrongQuantity, parse_rate
from simulator.terms import MOST, DurationNs, Table

RELATIVE = re.compile(r"(?P<number>[+-] ?[0-9]{1,9}) servers?")


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
    if key == "waitlist.policy" and value not in ("open", "fifo"):
        raise WrongQuantity(f'"{key}" is {value}', 'it must be "open" or "fifo"')
    if key == "waitlist.release.rate":
        parse_rate(value)
    if key.endswith((".servers", ".waiting_room")):
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not 0 <= int(str(value)) <= MOST:
            raise WrongQuantity(f'"{key}" is {value}', "it must be a whole number, 0 or more")


def relative_servers(text: str) -> int:
    """How many servers come or go: -3 in "-3 servers".

    Raises :class:`WrongQuantity`.
    """
    match = RELATIVE.fullmatch(text.strip())
    if match is None:
        raise WrongQuantity(f'"{text}" is no change', 'write "-3 servers" or "+2 servers"')
    return int(match["number"].replace(" ", ""))


class Change(Table):
    """What operators or fate do while the launch runs."""

    at_ns: DurationNs
    """How long after the opening."""
    set_: Annotated[dict[str, Any] | str, AfterValidator(settable)]
    """What is set, as in { "waitlist.policy" = "fifo" }, or "-3 servers"."""
