"""Journeys, people and changes, as tables of the compiled engine."""

from __future__ import annotations

from simulator.engine.compiled.loop.memory import layout
from simulator.engine.compiled.loop.memory.opening.tables import Tables, bits_of
from simulator.system.journeys import Call, Step
from simulator.system.people import People
from simulator.system.stations import Station, StationKind
from simulator.system.system import System
from simulator.units import MILLION


def step_tables(tables: Tables, system: System, stations: list[int]) -> dict[int, int]:
    last = {system.first_step(i) + len(j.steps) - 1 for i, j in enumerate(system.journeys)}
    records = [
        step_words(tables, system, stations, number) | {layout.IS_LAST: number in last}
        for number in range(len(system.steps))
    ]
    first = tables.lay([])
    for record in records:
        tables.record(layout.STEP_SIZE, record)
    return {layout.STEPS: first}


def step_words(tables: Tables, system: System, stations: list[int], number: int) -> dict[int, int]:
    step = system.steps[number]
    words = {
        layout.STATION: stations[step.station],
        layout.SERVICE: tables.law(system.service_of(number)),
        layout.THINK: tables.law(step.think),
        layout.IS_SURE: is_sure(system.stations[step.station], step),
        layout.CALLED_JOBS: len(step.calls),
        layout.FIRST_CALL: call_tables(tables, system, stations, step.calls),
    }
    if step.holds is not None:
        words[layout.SEAT] = stations[step.holds.station]
        words[layout.SEAT_LASTS] = tables.law(step.holds.lasts)
    return words


def is_sure(station: Station, step: Step) -> bool:
    """Whether the end of an attempt is known when its service begins, unless its client ends it."""
    return (
        station.kind is not StationKind.CPU
        and station.failures is None
        and not step.calls
        and step.holds is None
    )


def call_tables(
    tables: Tables, system: System, stations: list[int], calls: tuple[Call, ...]
) -> int:
    laws = [
        tables.law(system.stations[call.station].service if call.service is None else call.service)
        for call in calls
    ]
    first = tables.lay([])
    for call, law in zip(calls, laws, strict=True):
        tables.lay([stations[call.station], law])
    return first


def people_tables(tables: Tables, system: System) -> dict[int, int]:
    records = [group_words(tables, group, system) for group in system.people]
    first = tables.lay([])
    for record in records:
        tables.record(layout.GROUP_SIZE, record)
    return {layout.PEOPLE: first}


def group_words(tables: Tables, group: People, system: System) -> dict[int, int]:
    retries, refers = group.retries, group.refers
    words = {
        layout.FIRST_STEP: system.first_step(group.journey),
        layout.RANK: group.rank,
        layout.CLIENT_TIMEOUT: group.client_timeout_ns,
        layout.CANCELS: group.cancels,
        layout.MOST_ATTEMPTS: retries.attempts,
        layout.BACKOFF: retries.backoff_ns,
        layout.CAP: retries.cap_ns,
        layout.JITTER: retries.jitter,
        layout.BUDGET_ADDS: retries.budget_millionths,
        layout.BUDGET_HOLDS: retries.budget_burst * MILLION,
        layout.BUDGET: retries.budget_burst * MILLION,
        layout.HONOURS: bits_of(group.honours_retry_after),
        layout.GIVES_UP_AFTER: group.gives_up_after_ns,
        layout.PATIENCE: tables.law(group.patience),
        layout.BALKS: tables.law(group.balks),
        layout.SILENT: bits_of(group.silent),
        layout.SHOWS_UP: bits_of(group.shows_up),
        layout.ANSWERS_AFTER: tables.law(group.answers_after),
        layout.REFRESHES: tables.law(group.refreshes),
    }
    if refers is not None:
        words[layout.REFERS] = bits_of(refers.share)
        words[layout.REFERS_AFTER] = tables.law(refers.after)
        words[layout.REFERS_PLACES] = refers.places
    return words


def change_tables(tables: Tables, system: System, stations: list[int]) -> dict[int, int]:
    first = tables.lay([])
    for change in system.changes:
        tables.lay([change.at_ns, change.lever, change.value, stations[change.station]])
    return {layout.NEXT_CHANGE: first, layout.LAST_CHANGE: tables.lay([])}
