"""A scenario resolved to a plan: what an engine simulates, and what the replay sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from simulator.engine.rules import Engine
from simulator.errors import Mistake, ScenarioError
from simulator.plan.drain import grace_ns
from simulator.plan.meaning.system import objectives_of, system_of
from simulator.plan.plan import Plan, Subject
from simulator.plan.published.fit import Fit, fitted, with_counts
from simulator.plan.surges.curve import Clock
from simulator.plan.surges.demand import by_surge, components_of
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.groups import entries_of
from simulator.scenario.words.stations import Station
from simulator.scenario.words.surges.surge import Milestones, Surge
from simulator.system.later import shifted, within
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_S

LAUNCH_BINS = 200
REHEARSAL_BIN_NS = 250_000_000


def launch_plan(scenario: Scenario, *, seed: int, engine: Engine | None) -> Plan:
    """The launch in full; without an engine published outcomes are taken for arrivals.

    Raises :class:`ScenarioError` where the file asks what engines cannot do, or gives counts that
    no demand leads to.
    """
    horizon_ns = scenario.words.launch.horizon_ns
    system = system_of(scenario)
    return Plan(
        subject=Subject.LAUNCH,
        scenario=scenario.name,
        variant=scenario.variant,
        demand=demand_of(scenario, engine),
        system=system,
        objectives=objectives_of(scenario),
        horizon_ns=horizon_ns,
        end_ns=horizon_ns + grace_ns(system, horizon_ns),
        bin_ns=max(1, round(horizon_ns / NS_PER_S / LAUNCH_BINS)) * NS_PER_S,
        seed=seed,
    )


def rehearsal_plan(
    scenario: Scenario,
    stations: Sequence[Station] | None,
    *,
    seed: int,
    engine: Engine,
    sent: Scenario | None = None,
    demand: Demand | None = None,
) -> Plan:
    """What is sent to a real server: a window of the launch, met by the stations as probed.

    The people who come are those of the whole launch; ``sent`` is what of it they do there, all of
    it if nothing is said; ``demand`` is that of the launch, where it has been found already. Without
    ``stations`` they meet its own.
    :func:`simulator.scenario.scenario.read_stations` reads what the probe writes. Time, timeouts and patience
    are not scaled.

    Raises :class:`ScenarioError`.
    """
    replay = scenario.words.replay
    if replay is None:
        remedy = 'add [replay] with for = "20 s" and drain = "4 s"'
        raise ScenarioError([Mistake(scenario.file, "replay", "is missing", remedy)])
    sent = scenario if sent is None else sent
    end_ns = replay.for_ns + replay.drain_ns
    whole = demand_of(scenario, engine) if demand is None else demand
    cut = whole.window(replay.from_ns, replay.from_ns + replay.for_ns, replay.demand_factor)
    return Plan(
        subject=Subject.REHEARSAL,
        scenario=scenario.name,
        variant=scenario.variant,
        demand=of_those_sent(cut, scenario, sent),
        system=within(shifted(system_of(sent, stations), replay.from_ns), end_ns),
        objectives=objectives_of(sent),
        horizon_ns=replay.for_ns,
        end_ns=end_ns,
        bin_ns=REHEARSAL_BIN_NS,
        demand_factor=replay.demand_factor,
        seed=seed,
    )


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


def demand_of(scenario: Scenario, engine: Engine | None) -> Demand:
    """All surges up to the horizon, published outcomes turned into the arrivals they need.

    Without an engine to find these, the outcomes are taken for arrivals: those who were counted.

    Raises :class:`ScenarioError`.
    """
    words = scenario.words
    entries = entries_of(words.people, words.journey)
    surges = arriving(scenario, engine)
    return Demand(components=components_of(surges, entries, clock_of(scenario)))


def demand_by_surge(scenario: Scenario, engine: Engine) -> dict[str, Demand]:
    """The demand of each surge, by its name, in the order of the file.

    Raises :class:`ScenarioError`.
    """
    words = scenario.words
    entries = entries_of(words.people, words.journey)
    parts = by_surge(arriving(scenario, engine), entries, clock_of(scenario))
    return {name: Demand(components=components) for name, components in parts.items()}


def clock_of(scenario: Scenario) -> Clock:
    """When the launch opens, and how long it is looked at."""
    launch = scenario.words.launch
    return Clock(opening=launch.opening, horizon_ns=launch.horizon_ns)


def arriving(scenario: Scenario, engine: Engine | None) -> tuple[Surge, ...]:
    """The surges, all of them counting arrivals.

    Raises :class:`ScenarioError`.
    """
    surges = scenario.words.surge
    outcomes = [surge for surge in surges if counts_outcomes(surge)]
    if len(outcomes) > 1:
        problem = "two surges count outcomes, and one outcome cannot tell them apart"
        remedy = 'let all but one of them have counts = "arrivals"'
        raise ScenarioError([Mistake(scenario.file, "surge", problem, remedy)])
    return tuple(arriving_in(surge, scenario, engine) for surge in surges)


def arriving_in(surge: Surge, scenario: Scenario, engine: Engine | None) -> Surge:
    """The surge, counting arrivals."""
    if not isinstance(surge, Milestones) or not counts_outcomes(surge):
        return surge
    if engine is None:
        return with_counts(surge, np.array([float(point.count) for point in surge.points]))
    return fitted(fit_of(scenario, surge), engine)


def counts_outcomes(surge: Surge) -> bool:
    """Whether its counts are of people served or in the line, so that arrivals have to be found."""
    return isinstance(surge, Milestones) and surge.counts != "arrivals"


def fit_of(scenario: Scenario, surge: Surge) -> Fit:
    """The surge's published counts as outcomes of the file's own launch.

    A variant that brings other groups of people is a launch of its own.

    Raises :class:`ScenarioError` where no step of the launch is a signup.
    """
    assert isinstance(surge, Milestones)
    known = {people.name for people in scenario.base.words.people}
    same = all(other.people in known for other in scenario.words.surge)
    base = scenario.base if same else scenario
    return Fit(
        surge=surge,
        surges=scenario.words.surge,
        system=system_of(base),
        entries=entries_of(base.words.people, base.words.journey),
        signups=signups_of(surge, base),
        clock=clock_of(scenario),
        file=scenario.file,
    )


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
