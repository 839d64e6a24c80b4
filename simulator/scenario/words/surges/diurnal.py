"""The words of a day: people come by the clocks on their own walls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from simulator.scenario.words.surges.base import Surging, until_after_from
from simulator.scenario.words.terms import (
    Contradiction,
    DurationNs,
    Name,
    PositiveNs,
    RatePerS,
    Share,
    Table,
    pair,
)
from simulator.text.quantities import WrongQuantity

OFFSET = re.compile(r"UTC(?:([+-])(\d\d):(\d\d))?")


def known_offset(offset: str) -> str:
    """A time zone by its distance from Greenwich.

    Raises :class:`WrongQuantity`.
    """
    match = OFFSET.fullmatch(offset)
    if match is None or int(match[2] or 0) > 14 or int(match[3] or 0) > 59:
        raise WrongQuantity(
            f'"{offset}" is not a UTC offset', 'write "UTC+05:30", "UTC-03:00" or "UTC"'
        )
    return offset


class Zone(Table):
    """A share of the people, and their time zone."""

    offset: Annotated[str, AfterValidator(known_offset)]
    """Their UTC offset on that day: "UTC+05:30"."""
    share: Share
    """Which share of the people lives there."""

    @property
    def offset_s(self) -> int:
        match = OFFSET.fullmatch(self.offset)
        assert match is not None
        sign, hours, minutes = match.groups()
        distance_s = 3_600 * int(hours or 0) + 60 * int(minutes or 0)
        return -distance_s if sign == "-" else distance_s


def all_of_them(zones: tuple[Zone, ...]) -> tuple[Zone, ...]:
    """Shares of all people add up to 1."""
    total = sum(zone.share for zone in zones)
    if zones and abs(total - 1.0) > 1e-9:
        raise WrongQuantity(f"the shares add up to {total:g}", "they must add up to 1")
    return zones


Zones = Annotated[
    tuple[
        Annotated[
            Zone,
            BeforeValidator(
                pair("offset", "share", '["UTC+05:30", 0.4]'),
                json_schema_input_type=Zone | tuple[str, float],
            ),
        ],
        ...,
    ],
    Field(min_length=1),
    AfterValidator(all_of_them),
]
Weight = Annotated[float, Strict(), Field(ge=0, le=1e9)]


def somebody(hours: tuple[float, ...]) -> tuple[float, ...]:
    """A day has 24 hours, and in some of them somebody comes."""
    if len(hours) != 24:
        raise WrongQuantity(f"has {len(hours)} entries", "a day has 24 hours, from midnight on")
    if not any(hours):
        raise WrongQuantity("is 0 at every hour", "make at least one hour more than 0")
    return hours


class Diurnal(Surging):
    """More people come at some hours of the day than at others, each in their own time zone."""

    shape: Literal["diurnal"]
    name: Name = "diurnal"
    """What --set and variants call this surge."""
    rate_per_s: RatePerS
    """How fast they come on average over a day, all together: "80_000/day"."""
    zones: Zones
    """Where they live: [["UTC+05:30", 0.4], ["UTC-03:00", 0.6]]."""
    hours: Annotated[tuple[Weight, ...], AfterValidator(somebody)] | None = None
    """How they come in each of the 24 hours of their day, from midnight on, in any unit."""
    peak_hour: Annotated[float, Strict(), Field(ge=0, lt=24)] | None = None
    """The hour of their day at which most come, as a wave; with depth, instead of hours."""
    depth: Share | None = None
    """How deep that wave is: 0 is even, and with 1 nobody comes twelve hours from the peak."""
    from_ns: DurationNs = 0
    """From when on, after the opening."""
    until_ns: PositiveNs | None = None
    """Until when; without it, for ever."""

    def contradictions(self) -> Iterator[Contradiction]:
        yield from until_after_from(self.from_ns, self.until_ns)
        if (self.peak_hour is None) != (self.depth is None):
            yield Contradiction("", "peak_hour and depth belong together", "give both, or hours")
        elif (self.hours is None) == (self.peak_hour is None):
            problem = "has no hours" if self.hours is None else "has hours and a peak_hour"
            yield Contradiction("", problem, "give hours, or peak_hour and depth")
