"""The journeys as they are rehearsed: the steps that have a request, or are taken by a locustfile's user."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.plan.plan import PredictedOnly
from simulator.scenario.words.document import Document
from simulator.scenario.words.journeys import Journey, Step, stations_needed
from simulator.scenario.words.stations import Station

MACHINERY = ("sheds_after_ns", "autoscaler", "failures", "cold_start", "inflation")
"""What a station of the launch may do by itself."""
AS_MEASURED = "with the target's own behaviour"


def journeys_sent(words: Document, *, measured: bool, at_once: bool = False) -> tuple[Journey, ...]:
    """The journeys of which anything is sent, with the steps that are.

    A ``measured`` server does for a request whatever it does, in the time that was measured. Nobody
    thinks before the first step where he is let in by being served (``at_once``).
    """
    found = []
    for journey in words.journey:
        steps = tuple(step_sent(step, measured=measured) for step in journey.sent)
        if at_once and steps and steps[0].times == 1:
            steps = (steps[0].model_copy(update={"think": None}), *steps[1:])
        if steps:
            found.append(journey.model_copy(update={"step": steps}))
    return tuple(found)


def step_sent(step: Step, *, measured: bool) -> Step:
    return step.model_copy(update={"calls": (), "holds": None}) if measured else step


def steps_left_out(
    words: Document, *, measured: bool, at_once: bool = False
) -> Iterator[PredictedOnly]:
    """The journeys and steps that the rehearsal lacks, and what it knows no more of."""
    for journey in words.journey:
        if not journey.sent:
            yield PredictedOnly(key=f"journey.{journey.name}")
            continue
        first = journey.sent[0]
        if at_once and first.think is not None and first.times == 1:
            key = f"journey.{journey.name}.step.{first.name}.think"
            yield PredictedOnly(key=key, instead="with a first request that is already in the line")
        for step in journey.step:
            key = f"journey.{journey.name}.step.{step.name}"
            if journey.locust and step.think is not None:
                instead = f"with the wait_time of {journey.locust}"
                yield PredictedOnly(key=f"{key}.think", instead=instead)
            if step not in journey.sent:
                yield PredictedOnly(key=key)
            elif measured:
                yield from _done_by_the_server(step, key)


def _done_by_the_server(step: Step, key: str) -> Iterator[PredictedOnly]:
    if step.calls:
        yield PredictedOnly(key=f"{key}.calls", instead=AS_MEASURED)
    if step.holds is not None:
        yield PredictedOnly(key=f"{key}.holds", instead=AS_MEASURED)


def stations_left_out(words: Document) -> Iterator[PredictedOnly]:
    """What the stations of the launch are that a measured target need not be."""
    needed = stations_needed(words.journey)
    for station in words.station:
        if station.name in needed:
            yield from _machinery(station)


def _machinery(station: Station) -> Iterator[PredictedOnly]:
    key = f"station.{station.name}"
    if station.kind != "pool":
        yield PredictedOnly(key=f'{key}.kind = "{station.kind}"', instead=AS_MEASURED)
    for field in MACHINERY:
        if getattr(station, field) is not None:
            yield PredictedOnly(key=f"{key}.{field.removesuffix('_ns')}", instead=AS_MEASURED)
