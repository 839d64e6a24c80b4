"""A line that is let in as sessions end: M/M/c with patience, by Garnett, Mandelbaum and Reiman."""

from dataclasses import replace

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.line import Policy, Slots, Waitlist
from simulator.system.system import System
from simulator.timetable.laws import Duration
from simulator.units import NS_PER_DAY
from tests.examples import examples
from tests.statistical.launching import (
    WITHOUT_END,
    S,
    Sample,
    both,
    exponential,
    open_to,
    pool,
    sample,
    steady,
)
from tests.statistical.oracles import pools
from tests.statistical.reading import Window, in_line_s

THEORY = pools.ErlangA(10, 1, 10, 0.5)
SETTLED = Window(50, 350)
"""Service and patience are over after some seconds: e^-25 is left of the beginning."""


def slots(total: int, patience: Duration) -> System:
    """Who is let in keeps his slot while he is served, and nobody but the slots limits anybody."""
    system = open_to(pool(WITHOUT_END, exponential(1)))
    release = Slots(total=total, session_ns=NS_PER_DAY, renews=False, early=True)
    return replace(
        system,
        people=tuple(replace(group, patience=patience) for group in system.people),
        waitlist=Waitlist(policy=Policy.FIFO, release=release),
    )


def erlang_a(engine: Engine, launches: int, system: System) -> tuple[Sample, ...]:
    """Who waits, who leaves, how long and how many wait, and how many are served a second."""
    played = ((steady(10, 400, launch), system) for launch in range(launches))
    return sample(
        engine,
        played,
        lambda rows: in_line_s(SETTLED.visits(rows)) > 0,
        lambda rows: SETTLED.visits(rows)["fate"] == Fate.RENEGED,
        lambda rows: in_line_s(SETTLED.visits(rows)),
        lambda rows: SETTLED.a_second(in_line_s(SETTLED.visits(rows))),
        lambda rows: SETTLED.a_second(SETTLED.visits(rows)["let_in"] != UNKNOWN),
    )


def expected() -> tuple[float, ...]:
    return (
        THEORY.p_wait, THEORY.p_renege, THEORY.waiting_time_s, THEORY.waiting, THEORY.goodput_per_s,
    )  # fmt: skip


@both(compiled=50, readable=8)
def test_erlang_a(engine: Engine, launches: int) -> None:
    found = erlang_a(engine, launches, slots(10, exponential(2)))
    for figure, theory in zip(found, expected(), strict=True):
        assert figure.agrees_with(theory)


@examples("wrong",
    ("a slot more", slots(11, exponential(2))),
    ("a fixed patience", slots(10, Duration.fixed(2 * S))),
    ("half as much patience again", slots(10, exponential(3))),
)  # fmt: skip
def test_erlang_a_is_told_from(wrong: System) -> None:
    _, reneged, wait, line, _ = erlang_a(Compiled(), 50, wrong)
    assert not reneged.agrees_with(THEORY.p_renege)
    assert not wait.agrees_with(THEORY.waiting_time_s)
    assert not line.agrees_with(THEORY.waiting)
