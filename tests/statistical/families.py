"""Systems whose truth is known, and one figure of each launch that has no bias.

By Little's law, what those who come within a stretch of time wait is, in the mean, its length times
the number who wait; the same holds for those who are turned away or leave. That is exact however
short the stretch, once the beginning is forgotten.

Of the figures that a prediction prints there is a family of each kind: a count, a share and quantiles
of times, read from the Summary as the prediction reads them. A count and a share of few (11 in a
hundred launches) are those whose interval Student's law would begin below 0.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator import Compiled, Prediction
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.figures import figures_of
from simulator.outcomes.figures.intervals import Estimate, estimate
from simulator.outcomes.rows import Block, Fate
from simulator.system.system import System
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.statistical.launching import (
    WITHOUT_END,
    S,
    along,
    cpu,
    exponential,
    line,
    open_to,
    pool,
    slots,
    steady,
    timetable,
)
from tests.statistical.oracles import lines, one_server, pools
from tests.statistical.reading import Window, line_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A system whose truth is known, and one figure of a launch of it."""

    name: str
    system_in_words: str
    figure_in_words: str
    truth: float
    system: System
    first_launch: Timetable
    figure: Callable[[Block], float] = lambda rows: math.nan
    printed: str = ""
    """The key of the printed figure that it is, if it is one."""

    def played(self, seed: int, launch: int) -> Timetable:
        return replace(self.first_launch, seed=seed, launch=launch)

    def rows(self, seed: int, launch: int) -> Block:
        return Compiled().simulate(self.played(seed, launch), self.system).rows()

    def summary(self, seed: int, launch: int) -> Summary:
        played, layout = self.played(seed, launch), Layout.of(self.system, {})
        bin_ns = played.horizon_ns
        return Compiled().summarise(played, self.system, bin_ns=bin_ns, layout=layout)

    def estimate(self, seed: int, launches: int) -> Estimate:
        """Of so many launches, as a prediction has it."""
        if not self.printed:
            values = [self.figure(self.rows(seed, launch)) for launch in range(launches)]
            return estimate(values, [1] * launches)
        summaries = [self.summary(seed, launch) for launch in range(launches)]
        figures = {each.key: each for each in figures_of(summaries[0].layout)}
        return Prediction(engine="compiled", launches=summaries).estimate(figures[self.printed])


MMCK = pools.Mmck(12, 1, 10, 20)
INFLATING = pools.Inflating(1.8, 1, 3, (1.0, 1.08, 1.21))
ERLANG_A = pools.ErlangA(10, 1, 10, 0.5)
FLUID = lines.ExponentialDecay(100, 20, 20)
REFUSED, LEFT = Window(25, 65), Window(15, 55)

SETTLED = (
    Family(
        name="Erlang C",
        system_in_words="M/M/10, 8 a second, service 1 s",
        figure_in_words="how many wait, 80 s to 380 s",
        truth=pools.Mmc(8, 1, 10).waiting,
        system=open_to(pool(10, exponential(1))),
        first_launch=steady(8, 380, 0),
        figure=Window(80, 380).waiting,
    ),
    Family(
        name="M/M/c/K",
        system_in_words="M/M/10/20, 12 a second, service 1 s",
        figure_in_words="turned away a second, 25 s to 65 s",
        truth=MMCK.arrival_rate * MMCK.p_turned_away,
        system=open_to(pool(10, exponential(1), waiting_room=10)),
        first_launch=steady(12, 65, 0),
        figure=lambda rows: REFUSED.a_second(REFUSED.turned_away(rows)),
    ),
    Family(
        name="M/M/c inflating",
        system_in_words="M/M/3, 1.8 a second, service 1 s alone, 1.08 times and 1.21 times as long beside others",
        figure_in_words="how many are there, 120 s to 220 s",
        truth=INFLATING.present,
        system=open_to(replace(pool(3, exponential(1)), inflation=INFLATING.factors)),
        first_launch=steady(1.8, 220, 0),
        figure=Window(120, 220).present,
    ),
    Family(
        name="Erlang A",
        system_in_words="10 slots before servers without end, 10 a second, service 1 s, patience 2 s",
        figure_in_words="who leave the line a second, 15 s to 55 s",
        truth=ERLANG_A.arrival_rate * ERLANG_A.p_renege,
        system=slots(10, exponential(2)),
        # Nobody in line is cut off by the horizon before he has left or is let in.
        first_launch=steady(10, 85, 0),
        figure=lambda rows: LEFT.a_second(LEFT.visits(rows)["fate"] == Fate.RENEGED),
    ),
    Family(
        name="M/G/1",
        system_in_words="one server, 0.5 a second, lognormal service of 1 s, cv 1",
        figure_in_words="how many wait, 100 s to 700 s",
        truth=one_server.Mg1(0.5, one_server.moments_lognormal(1, 1)).waiting,
        system=open_to(pool(1, Duration.lognormal(S, cv=1))),
        first_launch=steady(0.5, 700, 0),
        figure=Window(100, 700).waiting,
    ),
    Family(
        name="M/G/1-PS",
        system_in_words="one shared core, 0.5 a second, hyperexponential work of 1 s, cv 1.5",
        figure_in_words="how many are there, 300 s to 800 s",
        truth=one_server.Mg1Ps(0.5, 1).present,
        system=open_to(cpu(1, Duration.hyperexponential(S, cv=1.5))),
        first_launch=steady(0.5, 800, 0),
        figure=Window(300, 800).present,
    ),
    Family(
        name="fluid line at t*",
        system_in_words="100 a second that decay with 20 s, 20 let in a second",
        figure_in_words=f"the line at its peak, {FLUID.peak_s:.2f} s",
        truth=FLUID.line(FLUID.peak_s),
        system=line(20),
        first_launch=timetable(
            [along(FLUID.arrived, FLUID.peak_s + 0.001)], FLUID.peak_s + 0.001, 0
        ),
        figure=lambda rows: line_at(rows, FLUID.peak_s),
    ),
)

FEW_S, RATE_PER_S, IMPATIENT_S = 30, 1.0, 5.6
"""Of a service of 1 s in the mean, one in 270 takes longer than 5.6 s: 11 people in 100 launches."""


def few(printed: str, name: str, figure_in_words: str, truth: float) -> Family:
    system = open_to(pool(WITHOUT_END, exponential(1)))
    patient = replace(system.people[0], client_timeout_ns=round(IMPATIENT_S * S))
    return Family(
        name=name,
        system_in_words="servers without end, 1 a second, service 1 s, clients wait 5.6 s",
        figure_in_words=f"{figure_in_words}, {FEW_S} s",
        truth=truth,
        system=replace(system, people=(patient,)),
        first_launch=steady(RATE_PER_S, FEW_S, 0),
        printed=printed,
    )


FAST_S = 20
"""The queue begins empty, which it forgets in 12 ms, ``1 / (sqrt mu - sqrt lambda)^2``: in the mean
of 20 s that is a tenth of the standard error from a hundred launches."""


def quantile(printed: str, share: float) -> Family:
    """The time in an M/M/1 system is exponential, of mean ``1 / (mu - lambda)`` = 2 ms."""
    return Family(
        name=f"M/M/1 p{100 * share:.0f}",
        system_in_words="one server, 500 a second, service 1 ms",
        figure_in_words=f"p{100 * share:.0f} of the time there in s, {FAST_S} s",
        truth=-math.log(1 - share) / 500,
        system=open_to(pool(1, exponential(0.001))),
        first_launch=steady(500, FAST_S, 0),
        printed=printed,
    )


P_TOO_LONG = math.exp(-IMPATIENT_S)
PRINTED = (
    few("timed_out", "a count of few", "attempts that time out", RATE_PER_S * FEW_S * P_TOO_LONG),
    few("errors", "a share of few", "errors", P_TOO_LONG),
    quantile("response_p50", 0.50),
    quantile("response_p95", 0.95),
)
FAMILIES = {family.name: family for family in (*SETTLED, *PRINTED)}
