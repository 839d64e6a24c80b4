"""Journeys, people and changes, as tables of the compiled engine."""

from __future__ import annotations

from simulator.engine.compiled.loop.memory.layout import cells, tables
from simulator.engine.compiled.loop.memory.opening.tables import Tables, bits_of
from simulator.system.journeys import Call, Step
from simulator.system.people import People
from simulator.system.stations import Station, StationKind
from simulator.system.system import System
from simulator.units import MILLION


def step_tables(laid: Tables, system: System, stations: list[int]) -> dict[int, int]:
    last = {system.first_step(i) + len(j.steps) - 1 for i, j in enumerate(system.journeys)}
    records = [
        step_words(laid, system, stations, number) | {tables.IS_LAST: number in last}
        for number in range(len(system.steps))
    ]
    first = laid.lay([])
    for record in records:
        laid.record(tables.STEP_SIZE, record)
    return {cells.STEPS: first}


def step_words(laid: Tables, system: System, stations: list[int], number: int) -> dict[int, int]:
    step = system.steps[number]
    words = {
        tables.STATION: stations[step.station],
        tables.SERVICE: laid.law(system.service_of(number)),
        tables.THINK: laid.law(step.think),
        tables.IS_SURE: is_sure(system.stations[step.station], step),
        tables.CALLED_JOBS: len(step.calls),
        tables.FIRST_CALL: call_tables(laid, system, stations, step.calls),
    }
    if step.holds is not None:
        words[tables.SEAT] = stations[step.holds.station]
        words[tables.SEAT_LASTS] = laid.law(step.holds.lasts)
    return words


def is_sure(station: Station, step: Step) -> bool:
    """Whether the end of an attempt is known when its service begins, unless its client ends it."""
    return (
        station.kind is not StationKind.CPU
        and not station.is_inflated
        and station.failures is None
        and not step.calls
        and step.holds is None
    )


def call_tables(laid: Tables, system: System, stations: list[int], calls: tuple[Call, ...]) -> int:
    laws = [
        laid.law(system.stations[call.station].service if call.service is None else call.service)
        for call in calls
    ]
    first = laid.lay([])
    for call, law in zip(calls, laws, strict=True):
        laid.lay([stations[call.station], law])
    return first


def people_tables(laid: Tables, system: System) -> dict[int, int]:
    records = [group_words(laid, group, system) for group in system.people]
    first = laid.lay([])
    for record in records:
        laid.record(tables.GROUP_SIZE, record)
    return {cells.PEOPLE: first}


def group_words(laid: Tables, group: People, system: System) -> dict[int, int]:
    retries, refers = group.retries, group.refers
    words = {
        tables.FIRST_STEP: system.first_step(group.journey),
        tables.RANK: group.rank,
        tables.CLIENT_TIMEOUT: group.client_timeout_ns,
        tables.CANCELS: group.cancels,
        tables.MOST_ATTEMPTS: retries.attempts,
        tables.BACKOFF: retries.backoff_ns,
        tables.CAP: retries.cap_ns,
        tables.JITTER: retries.jitter,
        tables.BUDGET_ADDS: retries.budget_millionths,
        tables.BUDGET_HOLDS: retries.budget_burst * MILLION,
        tables.BUDGET: retries.budget_burst * MILLION,
        tables.HONOURS: bits_of(group.honours_retry_after),
        tables.GIVES_UP_AFTER: group.gives_up_after_ns,
        tables.PATIENCE: laid.law(group.patience),
        tables.BALKS: laid.law(group.balks),
        tables.SILENT: bits_of(group.silent),
        tables.SHOWS_UP: bits_of(group.shows_up),
        tables.ANSWERS_AFTER: laid.law(group.answers_after),
        tables.REFRESHES: laid.law(group.refreshes),
    }
    if refers is not None:
        words[tables.REFERS] = bits_of(refers.share)
        words[tables.REFERS_AFTER] = laid.law(refers.after)
        words[tables.REFERS_PLACES] = refers.places
    return words


def change_tables(laid: Tables, system: System, stations: list[int]) -> dict[int, int]:
    first = laid.lay([])
    for change in system.changes:
        laid.lay([change.at_ns, change.lever, change.value, stations[change.station]])
    return {cells.NEXT_CHANGE: first, cells.LAST_CHANGE: laid.lay([])}
