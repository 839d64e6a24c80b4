"""What the words of a scenario mean to an engine: a system and the objectives, in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from simulator.errors import Mistake, ScenarioError
from simulator.plan.meaning.changes import Operators
from simulator.plan.meaning.line import waitlist_of
from simulator.plan.meaning.people import people_of
from simulator.plan.meaning.stations import station_of
from simulator.plan.meaning.uncertain import with_likely
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.document import JourneyObjective as ObjectiveWords
from simulator.scenario.words.document import LineObjective as LineWords
from simulator.scenario.words.groups import Entry, entries_of
from simulator.scenario.words.journeys import Journey as JourneyWords
from simulator.scenario.words.journeys import Step as StepWords
from simulator.scenario.words.journeys import stations_needed
from simulator.scenario.words.laws import Service
from simulator.scenario.words.stations import Station as StationWords
from simulator.scenario.words.stations import cost_of
from simulator.system.capacity import slowest_per_s
from simulator.system.journeys import Call, Hold, Journey, Step
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.laws import Duration

Costs = Mapping[str, Service]
QUANTILES = (("p50_ns", 0.50), ("p95_ns", 0.95), ("p99_ns", 0.99))


def system_of(scenario: Scenario, measured: Sequence[StationWords] | None = None) -> System:
    """The scenario's people and line, met by its own stations or by measured ones of their names.

    Raises :class:`ScenarioError`.
    """
    words = scenario.words
    met = words.station if measured is None else measured
    stations = stations_of(scenario, met)
    costs = {station.name: station.serves for station in met}
    entries = entries_of(words.people, words.journey)
    operators = Operators(
        words=words.change, stations=stations, measured=measured is not None, file=scenario.file
    )
    always_open = with_likely(
        System(
            people=people_of(words.people, entries, words.waitlist.order),
            stations=stations,
            journeys=Places(stations, costs).journeys(words.journey),
        ),
        words.people,
        met,
    )
    set_later = [change.policy for change in words.change]
    mixes = mixes_of(entries, always_open)
    capacity_per_s = slowest_per_s(always_open, mixes)
    return replace(
        always_open,
        waitlist=waitlist_of(words.waitlist, set_later, capacity_per_s, mixes),
        changes=operators.changes(),
    )


def mixes_of(entries: Iterable[Entry], system: System) -> tuple[tuple[float, ...], ...]:
    """For each group of people, the share of them who come to each step."""
    mixes: dict[str, list[float]] = {}
    for entry in entries:
        mix = mixes.setdefault(entry.group, [0.0] * len(system.journeys))
        mix[entry.journey] = entry.share
    return tuple(tuple(_by_step(mix, system)) for mix in mixes.values())


def _by_step(mix: Iterable[float], system: System) -> list[float]:
    """The share that comes to each step, of those who take journeys in these shares."""
    return [
        share for share, journey in zip(mix, system.journeys, strict=True) for _ in journey.steps
    ]


def stations_of(scenario: Scenario, stations: Iterable[StationWords]) -> tuple[Station, ...]:
    """The stations that anybody needs, in their order.

    Raises :class:`ScenarioError` where one is lacking.
    """
    known = {station.name: station for station in stations}
    needed = stations_needed(scenario.words.journey)
    there = ", ".join(known) or "none"
    missing = [
        Mistake(
            scenario.file,
            "station",
            f'the journey needs the station "{name}"',
            f"there is: {there}",
        )
        for name in needed
        if name not in known
    ]
    if missing:
        raise ScenarioError(missing)
    return tuple(station_of(station) for name, station in known.items() if name in needed)


class Places:
    """Where each step is done: names of stations become their numbers."""

    def __init__(self, stations: Sequence[Station], costs: Mapping[str, Costs]) -> None:
        self._number = {station.name: number for number, station in enumerate(stations)}
        self._costs = costs
        """What requests were measured to cost, by their stations' names."""

    def journeys(self, journeys: Iterable[JourneyWords]) -> tuple[Journey, ...]:
        return tuple(
            Journey(
                name=journey.name,
                steps=tuple(self._step(step) for step in journey.step for _ in range(step.times)),
            )
            for journey in journeys
        )

    def _work(self, step: StepWords) -> Duration | None:
        """What the step says, or what its request was measured to cost; None: as the station says."""
        if step.work is not None:
            return step.work.duration
        measured = cost_of(self._costs[step.at], str(step.request), step.name)
        return None if measured is None else measured.duration

    def _step(self, step: StepWords) -> Step:
        holds = step.holds
        return Step(
            station=self._number[step.at],
            service=self._work(step),
            think=Duration.fixed(0) if step.think is None else step.think.duration,
            calls=tuple(
                Call(
                    station=self._number[call.at],
                    service=None if call.work is None else call.work.duration,
                )
                for call in step.calls
            ),
            holds=None
            if holds is None
            else Hold(station=self._number[holds.at], lasts=holds.for_.duration),
        )


def objectives_of(scenario: Scenario) -> Objectives:
    """What "holds" means, in numbers: of journeys that somebody takes."""
    words = scenario.words.objectives
    line = words.line
    journeys = scenario.words.journey
    entries = entries_of(scenario.words.people, journeys)
    taken = {journeys[entry.journey].name for entry in entries}
    return Objectives(
        journeys=tuple(
            JourneyObjective(journey=name, quantiles_ns=limits(asked), errors=asked.errors)
            for name, asked in words.journeys.items()
            if name in taken
        ),
        line=LineObjective()
        if line is None
        else LineObjective(
            forgotten=line.forgotten,
            wait_quantiles_ns=limits(line),
            never_let_in=line.never_let_in,
            left=line.left,
        ),
    )


def limits(objective: ObjectiveWords | LineWords) -> tuple[tuple[float, int], ...]:
    """The quantiles that are asked, with their limits."""
    asked = ((quantile, getattr(objective, word, None)) for word, quantile in QUANTILES)
    return tuple((quantile, limit) for quantile, limit in asked if limit is not None)
