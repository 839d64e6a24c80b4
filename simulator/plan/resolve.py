"""A scenario resolved, once: to numbers for an engine, and to who comes once that has been found.

:func:`resolve` gives what the file itself says; :func:`arriving` finds the arrivals that lead to
published outcomes, which takes an engine and may take minutes; plans and demands are made of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from simulator.engine.rules import Engine
from simulator.errors import Mistake, ScenarioError
from simulator.plan.meaning.grace import grace_ns
from simulator.plan.meaning.system import objectives_of, system_of
from simulator.plan.meaning.uncertain import uncertain_of, wandering_of
from simulator.plan.plan import Plan, Subject
from simulator.plan.published.fit import Fit, fitted, until, with_counts
from simulator.plan.surges.curve import Clock
from simulator.plan.surges.demand import by_surge
from simulator.plan.surges.requests import without_unsent
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.groups import Entry, entries_of
from simulator.scenario.words.stations import Station
from simulator.scenario.words.surges.surge import Milestones, Surge
from simulator.system.later import shifted, within
from simulator.system.system import System
from simulator.system.uncertain import most_retried
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_S

LAUNCH_BINS = 200
REHEARSAL_BIN_NS = 250_000_000


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """A scenario in numbers, but for who comes."""

    scenario: Scenario
    system: System
    entries: tuple[Entry, ...]
    """Whose numbers are those of the system's people."""
    clock: Clock
    fit: Fit | None
    """The published outcomes to which arrivals have to be found; None: all counts are of arrivals."""


@dataclass(frozen=True, kw_only=True)
class Arriving:
    """Who comes to a launch: its surges, all of them counting arrivals."""

    launch: Resolved
    surges: tuple[Surge, ...]

    @cached_property
    def by_surge(self) -> dict[str, Demand]:
        """The demand of each surge, by its name, in the order of the file."""
        parts = by_surge(self.surges, self.launch.entries, self.launch.clock)
        return {name: Demand(components=components) for name, components in parts.items()}

    @cached_property
    def demand(self) -> Demand:
        """All of it, up to the horizon."""
        parts = self.by_surge.values()
        return Demand(components=tuple(each for part in parts for each in part.components))

    @cached_property
    def sendable(self) -> Demand:
        """The demand without the recorded requests that a rehearsal may not send."""
        surges = tuple(map(without_unsent, self.surges))
        if surges == self.surges:
            return self.demand
        return replace(self, surges=surges).demand

    def plan(self, seed: int) -> Plan:
        """The launch in full."""
        launch, system = self.launch, self.launch.system
        horizon_ns = launch.clock.horizon_ns
        words = launch.scenario.words
        uncertain = uncertain_of(system, words.people, words.station)
        return Plan(
            subject=Subject.LAUNCH,
            scenario=launch.scenario.name,
            variant=launch.scenario.variant,
            demand=self.demand,
            system=system,
            objectives=objectives_of(launch.scenario),
            horizon_ns=horizon_ns,
            end_ns=horizon_ns + grace_ns(most_retried(system, uncertain), horizon_ns),
            bin_ns=max(1, round(horizon_ns / NS_PER_S / LAUNCH_BINS)) * NS_PER_S,
            seed=seed,
            uncertain=uncertain,
            wandering=wandering_of(system, words.station),
        )

    def rehearsal(
        self, stations: Sequence[Station] | None, *, seed: int, sent: Scenario | None = None
    ) -> Plan:
        """What is sent to a real server: a window of the launch, met by the stations as probed.

        The people who come are those of the whole launch; ``sent`` is what of it they do there, all of
        it if nothing is said. Without ``stations`` they meet its own.
        :func:`simulator.scenario.scenario.read_stations` reads what the probe writes. Time, timeouts and patience
        are not scaled.

        Raises :class:`ScenarioError`.
        """
        scenario = self.launch.scenario
        replay = scenario.words.replay
        if replay is None:
            remedy = 'add [replay] with for = "20 s" and drain = "4 s"'
            raise ScenarioError([Mistake(scenario.file, "replay", "is missing", remedy)])
        sent = scenario if sent is None else sent
        end_ns = replay.for_ns + replay.drain_ns
        until_ns = replay.from_ns + replay.for_ns
        cut = self.sendable.window(replay.from_ns, until_ns, replay.demand_factor)
        system = system_of(sent, stations)
        met = sent.words.station if stations is None else stations
        return Plan(
            subject=Subject.REHEARSAL,
            scenario=scenario.name,
            variant=scenario.variant,
            demand=of_those_sent(cut, scenario, sent),
            system=within(shifted(system, replay.from_ns), end_ns),
            objectives=objectives_of(sent),
            horizon_ns=replay.for_ns,
            end_ns=end_ns,
            bin_ns=REHEARSAL_BIN_NS,
            demand_factor=replay.demand_factor,
            seed=seed,
            # Who is sent is known, and has the likely patience: only what serves is not.
            uncertain=uncertain_of(system, (), met),
            wandering=wandering_of(system, met),
        )


def launch_plan(scenario: Scenario, *, seed: int, engine: Engine | None) -> Plan:
    """The launch in full; without an engine published outcomes are taken for arrivals.

    Raises :class:`ScenarioError` where the file asks what engines cannot do, or gives counts that
    no demand leads to.
    """
    return arriving(resolve(scenario), engine).plan(seed)


def resolve(scenario: Scenario) -> Resolved:
    """What a scenario says, in numbers.

    Raises :class:`ScenarioError` where it asks what engines cannot do, or where no step of the launch
    is a signup, and signups are counted.
    """
    words = scenario.words
    found = Resolved(
        scenario=scenario,
        system=system_of(scenario),
        entries=entries_of(words.people, words.journey),
        clock=Clock(opening=words.launch.opening, horizon_ns=words.launch.horizon_ns),
        fit=None,
    )
    outcomes = [surge for surge in words.surge if counts_outcomes(surge)]
    if len(outcomes) > 1:
        problem = "two surges count outcomes, and one outcome cannot tell them apart"
        remedy = 'let all but one of them have counts = "arrivals"'
        raise ScenarioError([Mistake(scenario.file, "surge", problem, remedy)])
    return replace(found, fit=fit_of(found, outcomes[0])) if outcomes else found


def counts_outcomes(surge: Surge) -> bool:
    """Whether its counts are of people served or in the line, so that arrivals have to be found."""
    return isinstance(surge, Milestones) and surge.counts != "arrivals"


def fit_of(launch: Resolved, surge: Surge) -> Fit:
    """The surge's published counts as outcomes of the file's own launch.

    A variant that brings other groups of people is a launch of its own.

    Raises :class:`ScenarioError` where no step of the launch is a signup.
    """
    assert isinstance(surge, Milestones)
    scenario = launch.scenario
    known = {people.name for people in scenario.base.words.people}
    same = all(other.people in known for other in scenario.words.surge)
    base = scenario.base if same else scenario
    own = base is scenario
    return Fit(
        surge=surge,
        surges=scenario.words.surge,
        system=launch.system if own else system_of(base),
        entries=launch.entries if own else entries_of(base.words.people, base.words.journey),
        signups=signups_of(surge, base),
        clock=until(surge, launch.clock),
        file=scenario.file,
    )


def arriving(launch: Resolved, engine: Engine | None, known: Arriving | None = None) -> Arriving:
    """Who comes, published outcomes turned into the arrivals they need.

    Without an engine to find these, the outcomes are taken for arrivals: those who were counted.
    ``known`` is another launch, a variant for instance: where the same was to be found for it, it is
    not looked for again.

    Raises :class:`ScenarioError` where no arrivals would lead to the outcomes.
    """
    surges, fit = launch.scenario.words.surge, launch.fit
    if fit is not None:
        found = _found(fit, engine, known)
        surges = tuple(found if surge is fit.surge else surge for surge in surges)
    return Arriving(launch=launch, surges=surges)


def _found(fit: Fit, engine: Engine | None, known: Arriving | None) -> Surge:
    if engine is None:
        return with_counts(fit.surge, np.array([float(point.count) for point in fit.surge.points]))
    if known is not None and known.launch.fit == fit:
        return known.surges[fit.surges.index(fit.surge)]
    return fitted(fit, engine)


def of_those_sent(demand: Demand, scenario: Scenario, sent: Scenario) -> Demand:
    """The demand without those of whom nothing is sent, its groups numbered as in what is sent."""
    groups, number = named_entries(scenario), {e: n for n, e in enumerate(named_entries(sent))}
    return replace(
        demand,
        components=tuple(
            replace(component, people=number[groups[component.people]])
            for component in demand.components
            if groups[component.people] in number
        ),
    )


def named_entries(scenario: Scenario) -> list[tuple[str, str]]:
    """Group and journey of each entry of the system, in their order."""
    words = scenario.words
    entries = entries_of(words.people, words.journey)
    return [(entry.group, words.journey[entry.journey].name) for entry in entries]


def signups_of(surge: Milestones, scenario: Scenario) -> frozenset[int]:
    """The steps whose success makes a signup, by their numbers in the system.

    In each journey it is the step that the surge names, or the first that is not idempotent: what
    may be done again at will, such as reading a page, makes no account.

    Raises :class:`ScenarioError` where there is none.
    """
    found, first = set(), 0
    for journey in scenario.words.journey:
        for step in journey.step:
            if step.name == surge.step or (surge.step is None and not step.idempotent):
                found.add(first + sum(s.times for s in journey.step[: journey.step.index(step)]))
                break
        first += sum(step.times for step in journey.step)
    if not found and surge.counts == "signups":
        problem = "counts signups, and every step of the journeys is idempotent"
        remedy = 'name the step that makes one: step = "..."'
        raise ScenarioError([Mistake(scenario.file, f"surge.{surge.name}", problem, remedy)])
    return frozenset(found)
