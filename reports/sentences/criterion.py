"""A criterion as people read it: what it is called, what was found, and what is allowed."""

from __future__ import annotations

import math

from reports.sentences import words
from simulator.verdict.criteria import Asks, Criterion
from simulator.verdict.reasons import Tally

NAMES = {
    Asks.ERRORS: "errors",
    Asks.NEVER_LET_IN: "never let in",
    Asks.LEFT: "left the line",
    Asks.FORGOTTEN: "forgotten",
    Asks.NOT_SERVED: "not served",
    Asks.SUCCESSES_UNSEEN: "successes nobody saw",
    Asks.LINE_UNSEEN: "told to wait",
    Asks.PLACES_LOST: "places lost in line",
    Asks.PLACES_SHARED: "people at somebody else's place",
    Asks.OVERTAKEN: "overtaken in line",
    Asks.MOVED_BACK: "moved back in line",
    Asks.WAIT_ANNOUNCED: "announced a wrong wait",
    Asks.ENTERED_BEYOND: "let in beyond the promised rate",
    Asks.CUT_SHORT: "replay cut short",
    Asks.UNACCOUNTED: "planned but unaccounted for",
    Asks.FATES_NOT_KEPT: "visits without a recorded outcome",
    Asks.UNSENT: "unsent",
    Asks.MISTIMED: "mistimed starts in the worst 100 ms",
    Asks.START_LAG: "start lag p99",
    Asks.GENERATOR_CPU: "generator CPU",
    Asks.LOOP_LAG: "event loop lag",
    Asks.WORKERS_LOST: "workers lost",
    Asks.CLOCKS: "workers' clocks",
}

LINE = "line"
"""What its objectives stand under; no journey may have this name."""
OF_THE_LINE = (Asks.NEVER_LET_IN, Asks.LEFT, Asks.FORGOTTEN)


def name_of(one: Criterion) -> str:
    """What it is called."""
    if one.quantile is not None:
        return f"{one.journey or 'wait'} {words.quantile_name(one.quantile)}"
    if isinstance(one.reason, Tally):
        return f"{words.plural(one.reason.subject)} that hold"
    named = one.journey and not (one.alone and one.asks is Asks.ERRORS)
    return f"{one.journey} {NAMES[one.asks]}" if named else NAMES[one.asks]


def key_of(one: Criterion) -> str:
    """Where its limit stands in a launch file: ``objectives.signup.p95``; empty: in none."""
    if one.quantile is not None:
        return f"objectives.{one.journey or LINE}.{words.quantile_name(one.quantile)}"
    if one.asks is Asks.ERRORS:
        return f"objectives.{one.journey}.errors"
    return f"objectives.{LINE}.{one.asks.name.lower()}" if one.asks in OF_THE_LINE else ""


def found_of(one: Criterion) -> str:
    """What was measured."""
    return words.bound(one.measured, one.unit, open_=one.open)


def asked_of(one: Criterion) -> str:
    """What is allowed."""
    return words.figure(one.limit, one.unit)


def against_objective(one: Criterion) -> str:
    """The figure against its objective."""
    if one.quantile is not None and math.isinf(one.measured):
        beyond = words.beyond(one.quantile)
        return f"{name_of(one)}: more than {beyond} never finish (objective {asked_of(one)})"
    return f"{name_of(one)} {found_of(one)} (objective {asked_of(one)})"


def against_limit(one: Criterion) -> str:
    """The figure beside its limit, where there is one of either."""
    if math.isnan(one.measured) or one.limit == 0:
        return name_of(one)
    return f"{name_of(one)} {found_of(one)} (limit {asked_of(one)})"
