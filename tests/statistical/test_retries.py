"""Attempts that fail by themselves, and a collapse that outlives its cause."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.outcomes.rows import Block, Fate, Result, Rows
from simulator.system.people import Retries
from simulator.system.system import System
from simulator.timetable import draws
from simulator.timetable.demand import Component
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.statistical.launching import (
    FALSE_ALARM,
    WITHOUT_END,
    S,
    Sample,
    at_once,
    both,
    exponential,
    open_to,
    pool,
    sample,
    steady,
    timetable,
)
from tests.statistical.oracles import retries

# Attempts that fail by themselves -----------------------------------------------------------------


def impatient(p_fail: float, again: int) -> System:
    """A share ``p`` of exponential services is longer than ``-ln p`` of their means."""
    system = open_to(pool(WITHOUT_END, exponential(1)))
    timeout_ns, persistent = round(draws.exponential(p_fail) * S), Retries(attempts=again + 1)
    people = replace(system.people[0], client_timeout_ns=timeout_ns, retries=persistent)
    return replace(system, people=(people,))


def tries(engine: Engine, visitors: int, system: System) -> tuple[Sample, int, int]:
    """Attempts a visit, and how many of how many gave up.

    Nobody stands in anybody's way, so that each visit is an experiment of its own.
    """
    [rows] = [engine.simulate(steady(100, visitors // 100, 0), system).rows()]
    _, attempts = np.unique(rows.attempts["visitor"], return_counts=True)
    gave_up = int((rows.visits["fate"] == Fate.GAVE_UP).sum())
    return Sample(attempts.astype(float), np.ones(len(attempts))), gave_up, len(rows.visits)


@pytest.mark.parametrize(("p_fail", "again"), [(0.1, 3), (0.3, 2)])
@both(compiled=100_000, readable=10_000)
def test_retries(engine: Engine, launches: int, p_fail: float, again: int) -> None:
    attempts, gave_up, visits = tries(engine, launches, impatient(p_fail, again))
    assert attempts.agrees_with(retries.attempts_per_visit(p_fail, again))
    assert stats.binomtest(gave_up, visits, p_fail ** (again + 1)).pvalue > FALSE_ALARM


def test_retries_are_told_from_one_less() -> None:
    attempts, gave_up, visits = tries(Compiled(), 100_000, impatient(0.3, 1))
    assert not attempts.agrees_with(retries.attempts_per_visit(0.3, 2))
    assert stats.binomtest(gave_up, visits, 0.3**3).pvalue < FALSE_ALARM


# A collapse that outlives its cause ---------------------------------------------------------------

STABLE = retries.Metastable(30, 100, 3, 1, 1000)
VULNERABLE = retries.Metastable(36, 100, 3, 1, 1000)
FOR_S = 400


def backlog(theory: retries.Metastable, launch: int) -> Timetable:
    """A thousand at the opening, who do not retry, and then those who do."""
    parts = [
        Component.of(0, [0, FOR_S * S], [theory.arrival_rate * FOR_S]),
        at_once(1, 0, round(theory.backlog)),
    ]
    return timetable(parts, FOR_S, launch)


def server(theory: retries.Metastable, *, cancels: bool = False) -> System:
    """One server that works off what it is sent, whether anybody still waits for it or not."""
    system = open_to(pool(1, Duration.fixed(round(S / theory.capacity))))
    [everybody] = system.people
    impatient = replace(
        everybody,
        client_timeout_ns=round(theory.timeout_s * S),
        cancels=cancels,
        retries=Retries(attempts=theory.attempts),
    )
    return replace(system, people=(impatient, replace(everybody, name="backlog")))


def late(rows: Block) -> Rows:
    """Visits of the last quarter."""
    return rows.visits[rows.visits["arrived"] >= 0.75 * FOR_S * S]


def recovers_s(rows: Block) -> float:
    """When an attempt is sent that succeeds, for the first time after the opening's crowd."""
    crowd = rows.visits["visitor"][rows.visits["people"] == 1]
    attempts = rows.attempts[rows.attempts["result"] == Result.SUCCESS]
    sent = attempts["sent"][~np.isin(attempts["visitor"], crowd)]
    return float(sent.min() / S) if len(sent) else np.inf


def collapse(
    engine: Engine, launches: int, theory: retries.Metastable, system: System
) -> tuple[Sample, ...]:
    played = ((backlog(theory, launch), system) for launch in range(launches))
    return sample(engine, played, lambda rows: late(rows)["fate"] == Fate.SERVED, recovers_s)


@both(compiled=50, readable=16, slow=True)
def test_it_recovers_below_the_border(engine: Engine, launches: int) -> None:
    served, recovers = collapse(engine, launches, STABLE, server(STABLE))
    assert served.agrees_with(1.0)
    # Work falls by a server's second at most and is looked at when something is sent, 90 times a
    # second: it is below the border by less than two services, and by a spare rate of 10 a second.
    expected_s = STABLE.recovers_s - STABLE.recovers_sooner_s
    assert recovers.agrees_with(expected_s, bias=2 / 10)


@both(compiled=50, readable=16, slow=True)
def test_it_stays_collapsed_above_the_border(engine: Engine, launches: int) -> None:
    served, recovers = collapse(engine, launches, VULNERABLE, server(VULNERABLE))
    assert VULNERABLE.arrival_rate < VULNERABLE.capacity
    assert VULNERABLE.collapses
    assert served.mean == 0.0
    assert np.isinf(recovers.sums).all()


def test_the_collapse_is_told_from_a_server_that_drops_stale_work() -> None:
    served, _ = collapse(Compiled(), 20, VULNERABLE, server(VULNERABLE, cancels=True))
    assert served.mean == 1.0


def test_the_recovery_is_told_from_a_backlog_that_is_10_per_cent_smaller() -> None:
    smaller = replace(STABLE, backlog=900)
    _, recovers = collapse(Compiled(), 50, smaller, server(smaller))
    assert not recovers.agrees_with(STABLE.recovers_s - STABLE.recovers_sooner_s, bias=2 / 10)
