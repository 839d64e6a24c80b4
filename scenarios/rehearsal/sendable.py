"""What of a launch is rehearsed: the launch without what cannot be sent.

Visitors take every step that has a request, behave and retry as the file says, and wait in a line
that is first come, first served, and let in at a rate. What is left out is predicted with the rest of
the launch, and named, so that nobody takes a rehearsal for more than it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scenarios.rehearsal.brought import retries_left_out
from scenarios.rehearsal.journeys import journeys_sent, stations_left_out, steps_left_out
from scenarios.rehearsal.line import changes_sent, has_none, line_left_out, line_sent, policies_met
from scenarios.rehearsal.people import people_left_out, people_sent
from scenarios.rehearsal.recorded import requests_left_out
from simulator.errors import Mistake, ScenarioError
from simulator.plan.plan import PredictedOnly
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.document import Document, Objectives
from simulator.scenario.words.journeys import Journey, Step, stations_needed
from simulator.scenario.words.rehearsal.replay import Replay
from simulator.scenario.words.rehearsal.requests import Request
from simulator.scenario.words.stations import Station, cost_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sendable:
    """A launch as it is rehearsed, and what is predicted only."""

    scenario: Scenario
    left_out: tuple[PredictedOnly, ...]


def sendable(scenario: Scenario, stations: Sequence[Station] | None = None) -> Sendable:
    """The launch as it meets measured stations, or stations that are named as its own are.

    Without ``stations`` they are the scenario's own, if a file of a system holds them; else they
    are yet to be measured.

    Raises ScenarioError where nothing of the launch can be sent, or a request is not served.
    """
    words, replay = scenario.words, replay_of(scenario)
    if stations is None and words.system is not None:
        stations = words.station
    measured = stations is None or by_request(stations)
    journeys = journeys_sent(words, measured=measured, at_once=enters_at_the_step(words, replay))
    names = [journey.name for journey in journeys]
    people = people_sent(words, replay, names)
    if not people:
        problem = "cannot be sent: no step that anybody takes has a request"
        remedy = 'give a step request = { method = "POST", path = "/signup" }'
        raise ScenarioError([Mistake(scenario.file, "journey", problem, remedy)])
    sent = words.model_copy(
        update={
            "journey": journeys,
            "people": people,
            "waitlist": line_sent(words.waitlist, replay),
            "change": changes_sent(words, replay),
            "objectives": objectives_sent(words.objectives, names),
        }
    )
    reduced = replace(scenario, words=sent)
    if stations is not None and measured:
        reduced = met_by(reduced, stations)
    return Sendable(
        scenario=reduced,
        left_out=tuple(left_out(words, replay, names, measured=measured)),
    )


def replay_of(scenario: Scenario) -> Replay:
    """How it is rehearsed.

    Raises ScenarioError where the file does not say.
    """
    if scenario.words.replay is None:
        remedy = 'add [replay] with for = "20 s" and drain = "4 s"'
        raise ScenarioError([Mistake(scenario.file, "replay", "is missing", remedy)])
    return scenario.words.replay


def left_out(
    words: Document, replay: Replay, journeys: Sequence[str], *, measured: bool
) -> Iterator[PredictedOnly]:
    """Everything that is predicted only, in the order of the file."""
    lined = is_lined(words, replay)
    yield from people_left_out(words, replay, journeys, lined=lined)
    yield from line_left_out(words, replay)
    if measured:
        yield from stations_left_out(words)
    at_once = enters_at_the_step(words, replay)
    yield from steps_left_out(words, measured=measured, at_once=at_once)
    yield from retries_left_out(words)
    yield from requests_left_out(words)


def is_lined(words: Document, replay: Replay) -> bool:
    """Whether people of the rehearsal stand in a line at any time."""
    return not has_none(replay) and not policies_met(words, replay) <= {"open"}


def enters_at_the_step(words: Document, replay: Replay) -> bool:
    """Whether people are let in by being served: the line stands at their first request."""
    return is_lined(words, replay) and replay.line_spoken.is_at_the_step


def objectives_sent(objectives: Objectives, journeys: Sequence[str]) -> Objectives:
    """What is asked of the journeys that are sent, and of the line."""
    kept = {name: asked for name, asked in objectives.journeys.items() if name in journeys}
    return Objectives.model_validate({"line": objectives.line, **kept})


def by_request(stations: Sequence[Station]) -> bool:
    """Whether stations say which requests they serve; else they go by their names."""
    return any(station.serves for station in stations)


def met_by(scenario: Scenario, stations: Sequence[Station]) -> Scenario:
    """The launch with each step at the measured station that serves its request.

    Raises ScenarioError where none does.
    """
    serving = {request: station for station in stations for request in station.serves}
    missing = [
        Mistake(
            scenario.file,
            f"journey.{journey.name}.step.{step.name}.request",
            f'asks for "{step.request}", which was not measured',
            "measure it: surgeproof probe --target URL --like LAUNCH --write FILE",
        )
        for journey in scenario.words.journey
        for step in journey.step
        if not journey.locust and cost_of(serving, str(step.request), step.name) is None
    ]
    if missing:
        raise ScenarioError(missing)
    journeys = tuple(journey_at(journey, serving) for journey in scenario.words.journey)
    found = (*stations, *unmeasured(scenario.words, stations))
    update = {"journey": journeys, "station": found}
    return replace(scenario, words=scenario.words.model_copy(update=update))


def launch_met_by(scenario: Scenario, stations: Sequence[Station]) -> Scenario:
    """The whole launch on the stations of a file: each step where its request was measured, or at the station of its name.

    What the file says nothing of stays as the launch has it, since a launch does more than is sent.
    """
    serving = {request: station for station in stations for request in station.serves}
    journeys = tuple(
        journey.model_copy(update={"step": tuple(moved(step, serving) for step in journey.step)})
        for journey in scenario.words.journey
    )
    known = {station.name for station in stations}
    own = (station for station in scenario.words.station if station.name not in known)
    needed = stations_needed(journeys)
    kept = tuple(station for station in own if station.name in needed)
    update = {"journey": journeys, "station": (*stations, *kept)}
    return replace(scenario, words=scenario.words.model_copy(update=update))


def moved(step: Step, serving: Mapping[str, Station]) -> Step:
    """A step at the station that serves its request; as it is where none was measured to."""
    if step.request is None or cost_of(serving, str(step.request), step.name) is None:
        return step
    return step_at(step, serving)


def unmeasured(words: Document, stations: Sequence[Station]) -> Iterator[Station]:
    """The launch's own stations, where a locustfile's user goes: nobody measured what he asks for.

    One that was measured under the same name stands in its place.
    """
    brought = (journey for journey in words.journey if journey.locust)
    needed = {step.at for journey in brought for step in journey.step}
    known = {station.name for station in stations}
    return (each for each in words.station if each.name in needed - known)


def journey_at(journey: Journey, serving: Mapping[str, Station]) -> Journey:
    if journey.locust:
        return journey
    steps = tuple(step_at(step, serving) for step in journey.step)
    return journey.model_copy(update={"step": steps})


def step_at(step: Step, serving: Mapping[str, Station]) -> Step:
    """The step at the station that serves its request, for as long as that was measured to take."""
    station = cost_of(serving, str(step.request), step.name)
    assert station is not None, "each has one"
    work = cost_of(station.serves, str(step.request), step.name)
    return step.model_copy(update={"at": station.name, "work": work})


def step_requests(sent: Scenario) -> tuple[Request | None, ...]:
    """What is asked for in each step of the rehearsed system, by its number; None: a locustfile's user asks."""
    return tuple(
        step.request
        for journey in sent.words.journey
        for step in journey.sent
        for _ in range(step.times)
    )


def keys_of(sent: Scenario) -> dict[Request, list[str]]:
    """How a file of stations names each request: where several share method and path, by its steps."""
    steps = [
        (step.request, step.name)
        for journey in sent.words.journey
        for step in journey.step
        if step.request is not None
    ]
    shared = Counter(map(str, dict.fromkeys(request for request, _ in steps)))
    keys: dict[Request, list[str]] = {}
    for request, name in steps:
        key = str(request) if shared[str(request)] == 1 else f"{request} #{name}"
        if key not in keys.setdefault(request, []):
            keys[request].append(key)
    return keys


def known_requests(sent: Scenario) -> tuple[Request, ...]:
    """Those of them that the launch file itself writes out: a probe can send these."""
    return tuple(request for request in step_requests(sent) if request is not None)
