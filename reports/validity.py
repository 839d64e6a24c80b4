"""Validity: whether the instrument really sent what was planned, judged before anything else.

How strays are bounded. A start within 20 ms of its instant is on time, yet may fall into the next
bin of 100 ms, so a bin is held against everything that timely starts can make of the plan
(:func:`simulator.instrument.strays`); only visits beyond that count. Of those we allow one standard
deviation of a Poisson count, the root of the busiest bin's plan: a shift below it is smaller than
what makes one launch's bin differ from the next launch's, so no launch could be told from it.

How the other limits came about: a p99 lag of 20 ms is what a human cannot feel, and 5 % of the
objective what cannot decide it; above 85 % of a core or with a loop that oversleeps 50 ms a
generator measures itself (tried with Locust: at 99 % of a core its p99 lag rose tenfold).
"""

from __future__ import annotations

import math

from reports.criteria import Criterion, Kind, Outcome
from simulator.instrument import Instrument
from simulator.plan import Objectives

UNSENT_SHARE = 0.001
LAG_FLOOR_S = 0.020
LAG_SHARE_OF_OBJECTIVE = 0.05
CPU_SHARE = 0.85
LOOP_LAG_S = 0.050


def judge_instrument(instrument: Instrument, objectives: Objectives) -> tuple[Criterion, ...]:
    """Every reason why the replay might say nothing about the target."""
    return (
        _complete(instrument),
        _accounted(instrument),
        _unsent(instrument),
        _strays(instrument),
        _lag(instrument, lag_limit_s(objectives)),
        _cpu(instrument),
        _loop_lag(instrument),
    )


def lag_limit_s(objectives: Objectives) -> float:
    """The largest start lag (p99) that cannot decide an objective."""
    limits_ns = [limit for asked in objectives.journeys for _, limit in asked.quantiles_ns]
    smallest_s = min(limits_ns, default=0) / 1e9
    return max(LAG_FLOOR_S, LAG_SHARE_OF_OBJECTIVE * smallest_s)


def _criterion(
    name: str, measured: float, limit: float, unit: str, good: str, bad: str
) -> Criterion:
    holds = measured <= limit
    return Criterion(
        kind=Kind.INSTRUMENT,
        name=name,
        limit=limit,
        measured=measured,
        unit=unit,
        outcome=Outcome.HOLDS if holds else Outcome.INCONCLUSIVE,
        reason=good if holds else bad,
    )


def _complete(instrument: Instrument) -> Criterion:
    ended = instrument.ended
    return _criterion(
        "replay cut short",
        float(ended != "complete"),
        0.0,
        "",
        "the replay ran to its end",
        f"the replay ended as “{ended}”; run it again"
        if ended
        else "the replay never wrote its end: it was killed or it crashed; run it again",
    )


def _accounted(instrument: Instrument) -> Criterion:
    reported = instrument.unsent_reported
    gap = math.nan if reported is None else float(abs(instrument.unsent - reported))
    return _criterion(
        "planned but neither started nor unsent",
        gap,
        0.0,
        "",
        f"{instrument.planned:,} planned = {instrument.started:,} started"
        f" + {instrument.unsent:,} unsent",
        f"{instrument.planned:,} were planned, but {instrument.started:,} started and"
        f" {'an unknown number' if reported is None else f'{reported:,}'} unsent were counted",
    )


def _unsent(instrument: Instrument) -> Criterion:
    if not instrument.planned:
        return _criterion("unsent", math.nan, UNSENT_SHARE, "share", "", "no visits were planned")
    return _criterion(
        "unsent",
        instrument.unsent / instrument.planned,
        UNSENT_SHARE,
        "share",
        f"{instrument.unsent:,} of {instrument.planned:,}",
        f"{instrument.unsent:,} of {instrument.planned:,} ({instrument.late:,} too late,"
        f" {instrument.at_cap:,} at the in-flight cap); lower the demand factor",
    )


def _strays(instrument: Instrument) -> Criterion:
    return _criterion(
        "strays in the worst 100 ms",
        float(instrument.worst_bin),
        float(math.isqrt(instrument.busiest_bin)),
        "",
        f"the busiest 100 ms had {instrument.busiest_bin:,} planned",
        f"the busiest 100 ms had {instrument.busiest_bin:,} planned: the surge was sent in"
        " another shape; give the generator a core of its own",
    )


def _lag(instrument: Instrument, limit_s: float) -> Criterion:
    lag_ns = instrument.lag_p99_ns
    return _criterion(
        "start lag p99",
        math.nan if lag_ns is None else lag_ns / 1e9,
        limit_s,
        "s",
        "intended to real start, the generator's own delay",
        "no visits were started"
        if lag_ns is None
        else "the generator was late; give it a core of its own, or lower the demand factor",
    )


def _cpu(instrument: Instrument) -> Criterion:
    return _criterion(
        "generator CPU",
        instrument.cpu_share_peak if instrument.beats else math.nan,
        CPU_SHARE,
        "share",
        "the share of one core in its busiest second",
        "the generator may have measured itself; lower the demand factor"
        if instrument.beats
        else "the replay wrote nothing about its generator",
    )


def _loop_lag(instrument: Instrument) -> Criterion:
    return _criterion(
        "event loop lag",
        instrument.loop_lag_max_ns / 1e9 if instrument.beats else math.nan,
        LOOP_LAG_S,
        "s",
        "the longest it overslept",
        "the generator was held up; give it a core of its own"
        if instrument.beats
        else "the replay wrote nothing about its generator",
    )
