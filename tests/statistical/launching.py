"""Launches for comparison with theory, and what it means to agree with it.

The unit is the launch: visits within one are not independent, launches are. A figure over ``n``
launches agrees with theory if it lies within ``z`` standard errors of it, where ``z`` is the
quantile of Student's law at which the right model fails once in 10,000 times. Seeds are fixed, so
a test that passes goes on passing; among the some 200 figures that are held against theory, the
first choice of seeds would have failed one with a probability of 2 %.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pytest
from scipy import stats

from simulator import Compiled, Readable
from simulator.engine.rules import Engine
from simulator.outcomes.rows import Block
from simulator.plan.surges.curve import Cumulative, component
from simulator.system.journeys import Journey, Step
from simulator.system.line import Policy, Slots, TokenBucket, Waitlist
from simulator.system.people import People
from simulator.system.stations import Station, StationKind
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import NS_PER_DAY, Floats, Ints
from tests.statistical.reading import Figure

S = 1_000_000_000
FALSE_ALARM = 1e-4
WITHOUT_END = 1 << 30
"""More servers than anybody needs."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One figure in each launch: a sum, and what it is a sum over."""

    sums: Floats
    counts: Floats

    @property
    def mean(self) -> float:
        return float(self.sums.sum() / self.counts.sum())

    def agrees_with(self, theory: float, bias: float = 0.0) -> bool:
        """Whether theory lies within the tolerance, widened by a bias that is known to be there.

        If ``theory`` is what each of the things counted comes to, a launch's sum is ``theory`` times
        its count in the mean, however short the launch and however sum and count hang together. (The
        mean of quotients would have a bias.)
        """
        gaps = self.sums - theory * self.counts
        z = stats.t.ppf(1 - FALSE_ALARM / 2, len(gaps) - 1)
        error = gaps.std(ddof=1) / np.sqrt(len(gaps))
        return bool(abs(gaps.mean()) <= z * error + bias * self.counts.mean())


Launches = Iterable[tuple[Timetable, System]]


def sample(engine: Engine, launches: Launches, *figures: Figure) -> tuple[Sample, ...]:
    """Each figure over the launches."""

    def read(rows: Block) -> list[tuple[float, int]]:
        values = [np.atleast_1d(figure(rows)) for figure in figures]
        return [(each.sum(), len(each)) for each in values]

    played = (engine.simulate(timetable, system).rows() for timetable, system in launches)
    found = np.array([read(rows) for rows in played], np.float64)
    return tuple(Sample(found[:, i, 0], found[:, i, 1]) for i in range(len(figures)))


class Theory(NamedTuple):
    """What a figure comes to, and a bias that is known to be there."""

    figure: Figure
    value: float
    bias: float = 0.0


def unlike(engine: Engine, launches: Launches, theories: Mapping[str, Theory]) -> set[str]:
    """The names of the figures that do not agree with theory."""
    found = sample(engine, launches, *(theory.figure for theory in theories.values()))
    return {
        name
        for (name, (_, value, bias)), figure in zip(theories.items(), found, strict=True)
        if not figure.agrees_with(value, bias)
    }


engines = pytest.mark.parametrize(
    "engine", [pytest.param(Compiled(), id="compiled"), pytest.param(Readable(), id="simpy")]
)


def both(compiled: int, readable: int, *, slow: bool = False) -> pytest.MarkDecorator:
    """Both engines, with so many launches each; the readable one is some 50 times slower.

    ``slow`` keeps the readable one for the slow suite.
    """
    marks = [pytest.mark.slow] if slow else []
    return pytest.mark.parametrize(
        ("engine", "launches"),
        [
            pytest.param(Compiled(), compiled, id="compiled"),
            pytest.param(Readable(), readable, id="simpy", marks=marks),
        ],
    )


# Timetables ---------------------------------------------------------------------------------------

AFTERWARDS_S = 10_000
"""So much time those let in have after the horizon: enough for all of them."""


class Exactly(Timetable):
    """A timetable that leaves no doubt how many come: as many as are expected."""

    @cached_property
    def counts(self) -> tuple[Ints, ...]:
        return tuple(np.rint(part.mass).astype(np.int64) for part in self.demand.components)


def timetable(
    components: Sequence[Component], for_s: float, launch: int, seed: int = 2022
) -> Timetable:
    return Timetable(
        demand=Demand(components=tuple(components)),
        horizon_ns=round(for_s * S),
        end_ns=round((for_s + AFTERWARDS_S) * S),
        seed=seed,
        launch=launch,
    )


def steady(
    rates_per_s: float | Sequence[float], for_s: int, launch: int, seed: int = 2022
) -> Timetable:
    """A Poisson process of a constant rate for each group."""
    rates = [rates_per_s] if isinstance(rates_per_s, (int, float)) else rates_per_s
    parts = [Component.of(i, [0, for_s * S], [rate * for_s]) for i, rate in enumerate(rates)]
    return timetable(parts, for_s, launch, seed)


def steadily(
    launches: int, rates_per_s: float | Sequence[float], system: System, for_s: int
) -> Launches:
    """So many launches of a constant rate for each group, to one system."""
    return ((steady(rates_per_s, for_s, launch), system) for launch in range(launches))


def along(arrived: Callable[[float], float], until_s: float, *, after_s: float = 0.0) -> Component:
    """A Poisson process by its expected arrivals since ``after_s``, in blocks of half a second.

    The rate is linear within a block, and the curve exact at its edges and its middle; what is left
    of a curve that is smooth over minutes is less than a thousandth of a person.
    """
    edges_s = np.linspace(0.0, until_s, round(2 * until_s) + 1)
    cumulative: Cumulative = np.vectorize(arrived)
    part = component(0, cumulative, np.rint(edges_s * S).astype(np.int64))
    return Component.of(0, part.edges_ns + round(after_s * S), part.mass, part.tilt)


def at_once(people: int, at_ns: int, many: int = 1) -> Component:
    """A crowd that arrives within one nanosecond."""
    return Component.of(people, [at_ns, at_ns + 1], [many])


# Systems ------------------------------------------------------------------------------------------


def exponential(mean_s: float) -> Duration:
    return Duration.exponential(mean_s * S)


def pool(servers: int, service: Duration, waiting_room: int = 1 << 40) -> Station:
    return Station(name="pool", servers=servers, waiting_room=waiting_room, service=service)


def cpu(cores: int, work: Duration) -> Station:
    return Station(name="cpu", kind=StationKind.CPU, servers=WITHOUT_END, cores=cores, service=work)


AMPLE = pool(WITHOUT_END, Duration.fixed(0))
"""A station that is never busy: all that takes time is the line before it."""


def open_to(*stations: Station, journeys: Sequence[Sequence[Step]] = ((Step(),),)) -> System:
    """Everybody is let in at once; each group takes a journey of its own, and tries once."""
    return System(
        people=tuple(People(name=f"group {i}", journey=i) for i in range(len(journeys))),
        stations=stations,
        journeys=tuple(
            Journey(name=f"journey {i}", steps=tuple(steps)) for i, steps in enumerate(journeys)
        ),
    )


def line(
    rate_per_s: float,
    patience: Duration | None = None,
    *,
    opens_s: float = 0.0,
    shuffles: bool = False,
) -> System:
    """A line before a station that is never busy."""
    release = TokenBucket.at_rate(rate_per_s)
    return replace(
        open_to(AMPLE),
        people=(People(name="everybody", patience=patience or Duration.never()),),
        waitlist=Waitlist(
            policy=Policy.FIFO, release=release, opens_ns=round(opens_s * S), shuffles=shuffles
        ),
    )


def slots(total: int, patience: Duration) -> System:
    """Who is let in keeps his slot while he is served, and nobody but the slots limits anybody."""
    release = Slots(total=total, session_ns=NS_PER_DAY, renews=False, early=True)
    return replace(
        open_to(pool(WITHOUT_END, exponential(1))),
        people=(People(name="everybody", patience=patience),),
        waitlist=Waitlist(policy=Policy.FIFO, release=release),
    )


ONE_TOKEN = 1.0
"""What a fluid line does not know is the first token, which lies in the bucket at the opening.
While the line is not empty, ``1 + floor((t - a) C)`` have been let in by ``t``, where ``a`` is the
first arrival, on average ``1 / lambda(0)`` after the opening: within one person of ``C t``."""
