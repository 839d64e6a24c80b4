"""Six systems whose truth is known, and one figure of each launch that has no bias.

By Little's law, what those who come within a stretch of time wait is, in the mean, its length times
the number who wait; the same holds for those who are turned away or leave. That is exact however
short the stretch, once the beginning is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator.compiled import Compiled
from simulator.duration import Duration
from simulator.outcomes import Block, Fate, Result
from simulator.system import System
from simulator.system_line import Policy, Slots, Waitlist
from simulator.system_stations import NS_PER_DAY
from simulator.timetable import Timetable
from tests.statistical.launching import (
    WITHOUT_END,
    S,
    along,
    cpu,
    exponential,
    line,
    open_to,
    pool,
    steady,
    timetable,
)
from tests.statistical.oracles import lines, one_server, pools
from tests.statistical.reading import Window, line_at, times_s, waits_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A system whose truth is known, and one figure of a launch of it."""

    name: str
    system_in_words: str
    figure_in_words: str
    truth: float
    system: System
    first_launch: Timetable
    figure: Callable[[Block], float]

    def rows(self, seed: int, launch: int) -> Block:
        played = replace(self.first_launch, seed=seed, launch=launch)
        return Compiled().simulate(played, self.system).rows()


def erlang_c() -> Family:
    window = Window(80, 380)
    return Family(
        name="Erlang C",
        system_in_words="M/M/10, 8 a second, service 1 s",
        figure_in_words="how many wait, 80 s to 380 s",
        truth=pools.Mmc(8, 1, 10).waiting,
        system=open_to(pool(10, exponential(1))),
        first_launch=steady(8, 380, 0),
        figure=lambda rows: float(waits_s(window.attempts(rows)).sum() / window.length_s),
    )


def mmck() -> Family:
    window = Window(25, 65)
    theory = pools.Mmck(12, 1, 10, 20)

    def turned_away(rows: Block) -> float:
        refused = window.attempts(rows)["result"] == Result.TURNED_AWAY
        return float(refused.sum() / window.length_s)

    return Family(
        name="M/M/c/K",
        system_in_words="M/M/10/20, 12 a second, service 1 s",
        figure_in_words="turned away a second, 25 s to 65 s",
        truth=theory.arrival_rate * theory.p_turned_away,
        system=open_to(pool(10, exponential(1), waiting_room=10)),
        first_launch=steady(12, 65, 0),
        figure=turned_away,
    )


def erlang_a() -> Family:
    window = Window(15, 55)
    theory = pools.ErlangA(10, 1, 10, 0.5)
    release = Slots(total=10, session_ns=NS_PER_DAY, renews=False, early=True)
    system = line(1, patience=exponential(2))

    def reneged(rows: Block) -> float:
        return float((window.visits(rows)["fate"] == Fate.RENEGED).sum() / window.length_s)

    return Family(
        name="Erlang A",
        system_in_words="10 slots before servers without end, 10 a second, service 1 s, patience 2 s",
        figure_in_words="who leave the line a second, 15 s to 55 s",
        truth=theory.arrival_rate * theory.p_renege,
        system=replace(
            system,
            stations=(pool(WITHOUT_END, exponential(1)),),
            waitlist=Waitlist(policy=Policy.FIFO, release=release),
        ),
        # Nobody in line is cut off by the horizon before he has left or is let in.
        first_launch=steady(10, 85, 0),
        figure=reneged,
    )


def mg1() -> Family:
    window = Window(100, 700)
    return Family(
        name="M/G/1",
        system_in_words="one server, 0.5 a second, lognormal service of 1 s, cv 1",
        figure_in_words="how many wait, 100 s to 700 s",
        truth=one_server.Mg1(0.5, one_server.moments_lognormal(1, 1)).waiting,
        system=open_to(pool(1, Duration.lognormal(S, cv=1))),
        first_launch=steady(0.5, 700, 0),
        figure=lambda rows: float(waits_s(window.attempts(rows)).sum() / window.length_s),
    )


def mg1_ps() -> Family:
    window = Window(300, 800)
    return Family(
        name="M/G/1-PS",
        system_in_words="one shared core, 0.5 a second, hyperexponential work of 1 s, cv 1.5",
        figure_in_words="how many are there, 300 s to 800 s",
        truth=one_server.Mg1Ps(0.5, 1).present,
        system=open_to(cpu(1, Duration.hyperexponential(S, cv=1.5))),
        first_launch=steady(0.5, 800, 0),
        figure=lambda rows: float(times_s(window.attempts(rows)).sum() / window.length_s),
    )


def fluid() -> Family:
    theory = lines.ExponentialDecay(100, 20, 20)
    until_s = theory.peak_s + 0.001
    return Family(
        name="fluid line at t*",
        system_in_words="100 a second that decay with 20 s, 20 let in a second",
        figure_in_words=f"the line at its peak, {theory.peak_s:.2f} s",
        truth=theory.line(theory.peak_s),
        system=line(20),
        first_launch=timetable([along(theory.arrived, until_s)], until_s, 0),
        figure=lambda rows: line_at(rows, theory.peak_s),
    )


FAMILIES = {
    family.name: family for family in (erlang_c(), mmck(), erlang_a(), mg1(), mg1_ps(), fluid())
}
