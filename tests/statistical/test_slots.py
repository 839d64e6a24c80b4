"""A line that is let in as sessions end: M/M/c with patience, by Garnett, Mandelbaum and Reiman."""

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.system import System
from simulator.timetable.laws import Duration
from tests.examples import examples
from tests.statistical.launching import S, Theory, both, exponential, slots, steadily, unlike
from tests.statistical.oracles import pools
from tests.statistical.reading import Window, in_line_s

THEORY = pools.ErlangA(10, 1, 10, 0.5)
SETTLED = Window(50, 350)
"""Service and patience are over after some seconds: e^-25 is left of the beginning."""


ERLANG_A = {
    "waits": Theory(lambda rows: in_line_s(SETTLED.visits(rows)) > 0, THEORY.p_wait),
    "leaves": Theory(lambda rows: SETTLED.visits(rows)["fate"] == Fate.RENEGED, THEORY.p_renege),
    "wait": Theory(lambda rows: in_line_s(SETTLED.visits(rows)), THEORY.waiting_time_s),
    "line": Theory(lambda rows: SETTLED.a_second(in_line_s(SETTLED.visits(rows))), THEORY.waiting),
    "let in": Theory(
        lambda rows: SETTLED.a_second(SETTLED.visits(rows)["let_in"] != UNKNOWN),
        THEORY.goodput_per_s,
    ),
}


@both(compiled=50, readable=8)
def test_erlang_a(engine: Engine, launches: int) -> None:
    played = steadily(launches, 10, slots(10, exponential(2)), 400)
    assert not unlike(engine, played, ERLANG_A)


@examples("wrong",
    ("a slot more", slots(11, exponential(2))),
    ("a fixed patience", slots(10, Duration.fixed(2 * S))),
    ("half as much patience again", slots(10, exponential(3))),
)  # fmt: skip
def test_erlang_a_is_told_from(wrong: System) -> None:
    found = unlike(Compiled(), steadily(50, 10, wrong, 400), ERLANG_A)
    assert found >= {"leaves", "wait", "line"}
