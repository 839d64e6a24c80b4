"""Until when today's system holds, of a launch of years."""

from __future__ import annotations

from typing import Literal

from reports.schema.terms import Document, Number, Told


class Busiest(Told):
    """The busiest time of a period, along one course."""

    at_s: float
    """Since the opening."""
    day: str
    per_s: float
    """People, in the mean."""
    holds: bool
    """Whether today's system holds then."""
    times_today: Number
    """How many times today's system is needed."""


class Courses(Told):
    """The courses that the published counts leave open."""

    low: Busiest
    likely: Busiest
    high: Busiest


class Period(Told):
    """A part of the years."""

    from_s: float
    """Since the opening."""
    until_s: float
    basis: str
    """measured, interpolated, extrapolated or assumed."""
    ratio: float
    """So many times as far as what was counted, in time or in people."""
    courses: Courses


class End(Told):
    """Until when it holds, along one course."""

    day: str | None
    """The first day on which it may not; null: it holds to the end."""
    order_by: str | None
    """The last day to order; null: never, or nobody knows how long it takes."""
    ratio: float | None
    """So many times as far as what was counted."""


class LastDays(Told):
    """Of each course."""

    low: End
    likely: End
    high: End


class Years(Told):
    """What was found."""

    from_: str
    """The day from which on it was looked at."""
    window_s: float
    launches: int
    """Of each window."""
    windows_tried: int
    held_per_s: float
    """People; 0: none of those that come."""
    failed_per_s: float | None
    """Null: as many as ever come hold."""
    station: str | None
    """What runs out beyond."""
    periods: list[Period]
    ends: LastDays
    not_extrapolated: str
    sentence: str


class Horizon(Document):
    """`size --json` of a launch of more than 30 days, without --vary."""

    document: Literal["horizon"]
    scenario: str
    variant: str | None
    settings: list[str]
    seed: int
    engine: str
    horizon: Years
