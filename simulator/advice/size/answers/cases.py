"""Cases side by side: what low, likely, high and five times the demand need, and what breaks when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from simulator.advice.size.knobs import Candidate
from simulator.verdict.criteria import Asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One size of the demand."""

    name: str
    """One of "low", "likely", "high" and "five times"."""
    demand_factor: float
    """Of the likely demand."""
    assumed: bool = False
    """Whether the factor is ours, since the file gives no volume between low and high."""
    people: float
    """Who come, in the mean."""
    today_holds: tuple[int, int]
    """In so many launches of so many today's system holds."""
    needs: Candidate | None
    """The cheapest that holds; None: nothing in range does."""
    needs_cost: float | None
    with_certified: tuple[int, int]
    """In so many launches of so many the certified system holds; where nothing is certified, the
    nearest one, here and below."""
    lost: float
    """People lost in the mean, with the certified system."""
    wait_p95_s: float
    """With the certified system, in the median launch; NaN without a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """What breaks, if everything that broke before it has been mended."""

    place: str
    """The station's name, or "the line"."""
    asks: Asks
    journey: str
    """Of the objective that is missed."""
    at_ns: int | None
    """When it begins, in the median launch; None: it cannot be told."""
    demand_factor: float
    """From about this factor of the likely demand on; 0: even a sixteenth of it is too much."""
    mended_by: str
    """The knob that mends it: its key; empty: none that is varied does."""
    mended_at: float | None
    """And the smallest value found with which nothing breaks there; None: no value in range."""
    mended_for: float = 1.0
    """Up to this factor of the likely demand: 1 where today's breaks there; else twice of where it
    breaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """How much more demand a system bears."""

    breaks_at: float
    """The largest factor of the likely demand that still holds in as many launches as must; 0: not even
    a small part of it does."""
    searched_to: float
    """The largest factor that was tried: where it still holds, ``breaks_at`` is this, and a lower bound."""
    judged: bool = True
    """False where of the smallest demand that was tried too few come to say whether it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The last day to decide about a station."""

    key: str
    """Of the knob."""
    station: str
    more: float
    """How much more of it is needed than there is."""
    lead_time_ns: int | None
    """None: the file does not say."""
    decide_by: dt.datetime | None
    """None: nothing more is needed, or the file does not say how long it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naive:
    """What the peak rate times the mean service would have said."""

    values: tuple[float, ...]
    """For each knob; what the rule says nothing of stays as it is."""
    cost: float
    holds: tuple[int, int]
    """In so many launches of so many."""
    lost: float
    """People lost in the mean."""
