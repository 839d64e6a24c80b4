"""What the words of a scenario mean to an engine: a system and the objectives, in numbers."""

from __future__ import annotations

from collections.abc import Sequence

from simulator import draws
from simulator.errors import Mistake, ScenarioError
from simulator.levers import POLICIES, Operators
from simulator.plan import JourneyObjective, LineObjective, Objectives
from simulator.scenario import Scenario
from simulator.system import (
    Duration,
    Jitter,
    LineKind,
    People,
    Pool,
    Retries,
    System,
    TokenBucket,
    Waitlist,
)
from simulator.terms import Law
from simulator.words import Journey, Release, Station, Step
from simulator.words import JourneyObjective as JourneyWords
from simulator.words import LineObjective as LineWords
from simulator.words import People as PeopleWords
from simulator.words import Waitlist as WaitlistWords

QUANTILES = (("p50_ns", 0.50), ("p95_ns", 0.95), ("p99_ns", 0.99))
KINDS = {"room": LineKind.ROOM, "list": LineKind.LIST}
JITTERS = {"none": Jitter.NONE, "full": Jitter.FULL}


def system_of(scenario: Scenario, stations: Sequence[Station] | None = None) -> System:
    """The scenario's people and line, met by its own stations or by others of the same names.

    Raises :class:`ScenarioError`.
    """
    words = scenario.words
    station = pool_of(serving(scenario, words.station if stations is None else stations))
    return System(
        people=tuple(people_of(people) for people in words.people),
        station=station,
        waitlist=waitlist_of(words.waitlist, station),
        changes=Operators(words=words.change, station=station, file=scenario.file).changes(),
    )


def journey_of(scenario: Scenario) -> Journey:
    """The one journey, as long as engines know one.

    Raises :class:`ScenarioError`.
    """
    journeys = scenario.words.journey
    if len(journeys) > 1:
        _refuse(scenario, "journey", f"there are {len(journeys)} journeys", "keep one")
    return journeys[0]


def step_of(scenario: Scenario) -> Step:
    """Its one step.

    Raises :class:`ScenarioError`.
    """
    journey = journey_of(scenario)
    if len(journey.step) > 1:
        key, found = f"journey.{journey.name}.step", f"there are {len(journey.step)} steps"
        _refuse(
            scenario, key, found, "keep the one that decides, and put its work into the station"
        )
    return journey.step[0]


def _refuse(scenario: Scenario, key: str, found: str, remedy: str) -> None:
    problem = f"{found}, and one is what this version can simulate"
    raise ScenarioError([Mistake(scenario.file, key, problem, remedy)])


def serving(scenario: Scenario, stations: Sequence[Station]) -> Station:
    """The station at which people sign up.

    Raises :class:`ScenarioError` where the stations lack it.
    """
    step = step_of(scenario)
    for station in stations:
        if station.name == step.at:
            return station
    problem = f'the journey needs the station "{step.at}"'
    known = ", ".join(station.name for station in stations) or "none"
    raise ScenarioError([Mistake(scenario.file, "station", problem, f"there is: {known}")])


def pool_of(station: Station) -> Pool:
    """A station in numbers."""
    return Pool(
        name=station.name,
        servers=station.servers,
        waiting_room=station.waiting_room,
        service=duration_of(station.service),
        round_trip_ns=station.round_trip_ns,
    )


def duration_of(law: Law) -> Duration:
    """A law in numbers."""
    if law.mean_ns is None:
        return Duration.never()
    if law.law == "fixed":
        return Duration.fixed(law.mean_ns)
    if law.cv is None:
        return Duration.exponential(law.mean_ns)
    return Duration.lognormal(law.mean_ns, law.cv)


def people_of(people: PeopleWords) -> People:
    """A group in numbers."""
    retries, timeout_ns = people.retries, people.client_timeout_ns
    return People(
        name=people.name,
        client_timeout_ns=draws.FOREVER if timeout_ns is None else timeout_ns,
        retries=Retries(
            attempts=retries.attempts,
            backoff_ns=retries.backoff_ns,
            cap_ns=draws.FOREVER if retries.cap_ns is None else retries.cap_ns,
            jitter=JITTERS[retries.jitter],
        ),
        patience=duration_of(people.patience),
    )


def waitlist_of(waitlist: WaitlistWords, slowest: Pool) -> Waitlist:
    """The line in numbers; a share of capacity is one of the slowest station's."""
    released = {} if waitlist.release is None else {"release": bucket_of(waitlist.release, slowest)}
    return Waitlist(
        policy=POLICIES[waitlist.policy],
        kind=KINDS[waitlist.kind],
        poll_every_ns=waitlist.poll_every_ns,
        **released,
    )


def bucket_of(release: Release, slowest: Pool) -> TokenBucket:
    """The release as a bucket of tokens."""
    rate_per_s = release.rate_per_s
    if rate_per_s is None:
        rate_per_s = (release.share_of_capacity or 0.0) * slowest.capacity_per_s
    return TokenBucket.at_rate(rate_per_s, release.burst)


def objectives_of(scenario: Scenario) -> Objectives:
    """What "holds" means, in numbers.

    Raises :class:`ScenarioError`.
    """
    journey, words = journey_of(scenario), scenario.words.objectives
    asked, line = words.journeys.get(journey.name), words.line
    return Objectives(
        journey=JourneyObjective(
            journey=journey.name,
            quantiles_ns=() if asked is None else limits(asked),
            errors=None if asked is None else asked.errors,
        ),
        line=LineObjective()
        if line is None
        else LineObjective(forgotten=line.forgotten, wait_quantiles_ns=limits(line)),
    )


def limits(objective: JourneyWords | LineWords) -> tuple[tuple[float, int], ...]:
    """The quantiles that are asked, with their limits."""
    asked = ((quantile, getattr(objective, word, None)) for word, quantile in QUANTILES)
    return tuple((quantile, limit) for quantile, limit in asked if limit is not None)
