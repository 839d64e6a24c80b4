"""Published counts are outcomes: which arrivals would have led to them.

A milestone may count people in the line or people served. How many arrived is not published; it is
found such that the predicted outcome meets the published one, with the system of the file's own
launch, so that neither a variant nor a setting nor the seed moves the demand.

One simulated launch an iteration is enough, because its noise is taken out by a control variate::

    predicted outcome at t = expected arrivals by t - (simulated arrivals - simulated outcome)

Those who arrived and are not (or no longer) counted follow the same luck as the arrivals, whose
expectation is known exactly.

Whoever is never counted, such as people who only read, has no part in it: their luck would be noise.

Where others are brought by those who come, all of them are in it: what is missing is then divided by
how many each leads to in the end, so that nothing is added twice. The volume is the likely one.

Only the milestones up to the first one at or after the horizon are simulated: they shape the demand
that is looked at. Beyond it, the gap between arrivals and outcome is taken to grow on at the mean
pace that it had until then.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from simulator.engine.rules import Engine
from simulator.errors import Mistake, ScenarioError
from simulator.plan.published.counted import came_and_counted
from simulator.plan.surges.curve import Clock
from simulator.plan.surges.demand import components_of
from simulator.scenario.words.groups import Entry
from simulator.scenario.words.surges.surge import Milestones, Referral, Surge
from simulator.system.system import System
from simulator.text.wording import format_count, format_duration
from simulator.timetable.demand import Demand
from simulator.timetable.timetable import Timetable
from simulator.units import Floats, Ints

FIT_SEED = 2022
"""Of the one launch that each iteration simulates; no other seed has any part in the demand."""

TOLERANCE = 0.001
"""Share of a published count by which the prediction may miss it; one person is always granted."""
NOISE = 0.25
"""And no more than this part of the standard deviation of a Poisson number: launches spread at least
so much, and the published count has to lie well among them."""
STALLED_AFTER, STALLED = 3, 0.9
"""A guess that is not a tenth better than the one so many iterations before leads nowhere. So the
iterations end: the miss shrinks until it is granted, or stalls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What has to be met, and what is given."""

    surge: Milestones
    """Whose published counts are outcomes."""
    surges: tuple[Surge, ...]
    """All of them, in the order of the file."""
    system: System
    entries: tuple[Entry, ...]
    """Whose numbers are those of the system's people."""
    signups: frozenset[int]
    """The steps whose success makes a signup."""
    clock: Clock
    """Up to the last milestone that is simulated (:func:`until`)."""
    file: str

    @property
    def until_ns(self) -> int:
        """The last milestone that is simulated."""
        return self.clock.horizon_ns

    @property
    def among(self) -> frozenset[int]:
        """The entries of whom anybody is ever counted: of signups, those who come to make one."""
        system, line = self.system, self.surge.counts == "line"
        first = [system.first_step(number) for number in range(len(system.journeys) + 1)]
        return frozenset(
            number
            for number, entry in enumerate(self.entries)
            if line
            or any(first[entry.journey] <= step < first[entry.journey + 1] for step in self.signups)
        )

    @property
    def leads_to(self) -> float:
        """How many who may be counted come in the end for each who comes in the surge."""
        own = [n for n, entry in enumerate(self.entries) if entry.group == self.surge.people]
        return self.brought * sum(self.entries[n].share for n in own if n in self.among)

    @property
    def brought(self) -> float:
        """How many come in the end for each who comes in the surge, himself included."""
        reached = {self.surge.name}
        for surge in self.surges:
            if isinstance(surge, Referral) and reached & set(surge.of):
                reached.add(surge.name)
        return prod(
            1.0 / (1.0 - surge.brings)
            for surge in self.surges
            if isinstance(surge, Referral) and surge.name in reached
        )

    def demand(self, arrivals: Floats) -> Demand:
        """Everybody, if so many of the surge had arrived by each milestone."""
        certain = with_counts(self.surge, arrivals).model_copy(update={"volume": None})
        surges: list[Surge] = [certain if s is self.surge else s for s in self.surges]
        return Demand(components=components_of(surges, self.entries, self.clock)).likely

    def expected(self, demand: Demand, at_ns: Ints) -> Floats:
        """How many of those who may be counted are expected to arrive before each instant."""
        own = [component for component in demand.components if component.people in self.among]
        return np.array([sum(each.expected_by(int(at)) for each in own) for at in at_ns])


def until(surge: Milestones, clock: Clock) -> Clock:
    """Up to the first milestone at or after the horizon, or the last one of all."""
    instants = [point.at_ns for point in surge.points]
    last_ns = next((at for at in instants if at >= clock.horizon_ns), instants[-1])
    return Clock(opening=clock.opening, horizon_ns=last_ns)


def simulated_people(fit: Fit) -> float:
    """How many are counted in each simulated launch, those who are not besides."""
    return max(float(point.count) for point in fit.surge.points if point.at_ns <= fit.until_ns)


def with_counts(surge: Milestones, counts: Floats) -> Milestones:
    """The surge with other counts at the same instants."""
    points = tuple(
        point.model_copy(update={"count": float(count)})
        for point, count in zip(surge.points, counts, strict=True)
    )
    return surge.model_copy(update={"points": points, "counts": "arrivals"})


def fitted(fit: Fit, engine: Engine) -> Milestones:
    """The surge with arrivals in place of its published outcomes.

    Raises :class:`ScenarioError` where no arrivals would lead to them.
    """
    return with_counts(fit.surge, meet(fit, engine))


def meet(fit: Fit, engine: Engine) -> Floats:
    """The arrivals by each milestone that lead to the published counts.

    Raises :class:`ScenarioError` where none do.
    """
    if not fit.leads_to:
        raise ScenarioError([unable(fit)])
    at_ns = np.array([point.at_ns for point in fit.surge.points])
    published = np.array([float(point.count) for point in fit.surge.points])
    simulated = int(np.searchsorted(at_ns, fit.until_ns, side="right"))
    granted = granted_of(published[:simulated])
    arrivals, misses = published, [np.inf] * STALLED_AFTER
    while True:
        missing = published[:simulated] - predict(fit, arrivals, at_ns[:simulated], engine)
        miss = float(np.max(np.abs(missing) / granted))
        if miss <= 1.0:
            return arrivals
        if miss > STALLED * misses[-STALLED_AFTER]:
            raise ScenarioError([unmet(fit, missing)])
        misses.append(miss)
        arrivals = corrected(arrivals, missing / fit.leads_to, published, at_ns)


def granted_of(published: Floats) -> Floats:
    """By how many the prediction may miss each published count."""
    return np.maximum(1.0, np.minimum(TOLERANCE * published, NOISE * np.sqrt(published)))


def predict(fit: Fit, arrivals: Floats, at_ns: Ints, engine: Engine) -> Floats:
    """The outcome at the given instants if so many had arrived by each milestone."""
    demand = fit.demand(arrivals)
    timetable = Timetable(
        demand=demand, horizon_ns=fit.until_ns, end_ns=fit.until_ns, seed=FIT_SEED
    )
    outcomes = engine.simulate(timetable, fit.system)
    signups = None if fit.surge.counts == "line" else fit.signups
    came, counts = came_and_counted(outcomes, at_ns, signups, fit.among)
    return fit.expected(demand, at_ns) - (came - counts)


def corrected(arrivals: Floats, missing: Floats, published: Floats, at_ns: Ints) -> Floats:
    """The next guess: what is missing is added; cumulative arrivals do not fall."""
    count = len(missing)
    following = arrivals.copy()
    following[:count] += missing
    pace = (following[count - 1] - published[count - 1]) / at_ns[count - 1]
    following[count:] = published[count:] + pace * at_ns[count:]
    return np.maximum.accumulate(np.maximum(following, 0.0))


def unmet(fit: Fit, missing: Floats) -> Mistake:
    """Which published count the launch cannot come to, and by how much."""
    worst = int(np.argmax(np.abs(missing)))
    point = fit.surge.points[worst]
    far = min(abs(missing[worst]), point.count) if missing[worst] > 0 else -missing[worst]
    problem = (
        f"no demand leads to {format_count(point.count)} ({fit.surge.counts}) after "
        f"{format_duration(point.at_ns)} in this system: the prediction stays "
        f"{format_count(far)} too {'low' if missing[worst] > 0 else 'high'}"
    )
    remedy = "change the system, or the release, or correct what the figure counts"
    return Mistake(fit.file, f"surge.{fit.surge.name}.points", problem, remedy)


def unable(fit: Fit) -> Mistake:
    """That those who come in the surge cannot be those who were counted."""
    group = fit.surge.people
    problem = f"counts signups, and nobody of {group} takes a journey in which one is made"
    remedy = f"give people.{group}.journeys a share of it, or name its step: step = ..."
    return Mistake(fit.file, f"surge.{fit.surge.name}", problem, remedy)
