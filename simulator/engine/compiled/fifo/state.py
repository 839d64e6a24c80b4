"""How far a launch has come in the kernel without events.

``uintp`` marks a number that is used as an index, which is never negative.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.engine.compiled.fifo.tables import Rules, ints
from simulator.outcomes.rows import ATTEMPT, VISIT
from simulator.system.line import TokenBucket
from simulator.system.system import System
from simulator.units import Ints

NEVER_DUE = 1 << 62
"""Comes after every key; the launch ends before 2**60 ns, 36 years."""

ARRIVALS_AT_ONCE = 1024

# Scalars that change, by their places in ``State.cells``.
(
    ARRIVED,
    NEXT_ARRIVAL,
    ALL_ARRIVED,
    POLICY,
    SPACING_NS,
    FULL_AT_NS,
    NEXT_CHANGE,
    HEAD_DUE,
    HEAD_SLOT,
    PENDING,
    FREE_SLOT,
    VISIT_ROWS,
    ATTEMPT_ROWS,
    BIN,
    BIN_START_NS,
    CELLS,
) = range(16)

# A visit under way, by the columns of ``State.visits``.
VISITOR, PEOPLE, ARRIVED_NS, JOINED_NS, LET_IN_NS, STEP, TRY, SERVICE_NS, NEXT_FREE = range(9)


class State(NamedTuple):
    """Everything that changes; arrays that are too small are replaced by longer ones."""

    cells: Ints
    arrived_visitor: Ints
    arrived_people: Ints
    arrived_ns: Ints
    arrived_service_ns: Ints
    """Of their first attempts."""

    due: Ints
    """The heap of pending entries and sends: ``instant << 2 | class - ARRIVAL``."""
    due_slot: Ints
    visits: Ints
    """Visits under way, a row each; free rows are chained."""

    servers: Ints
    """Of each station: how many servers take work."""
    free_ns: Ints
    """When each of them has done all work that it was given, a heap a station."""
    retired: Ints
    """Of each station: how many servers end their work and take no more."""
    retired_free_ns: Ints
    """When they do, a rising stack a station."""
    servers_change: Ints
    changed_ns: Ints
    """When the servers were set last."""
    fresh: Ints
    """How many of them were without work then, and have been since."""
    room: Ints
    room_change: Ints
    starts_ns: Ints
    """A ring a station: when those will start who wait."""
    starts_head: Ints
    starts_tail: Ints
    pace: Ints
    """Of each station: the step of its pace that held last."""

    visit_rows: Ints
    attempt_rows: Ints
    areas: Ints
    """What goes on at stations, by station and bin of time."""


def first_state(system: System, rules: Rules, areas: Ints, size: int, rows: int) -> State:
    """Nobody has come, and every server is free; ``size`` is a power of two."""
    waitlist, many, stations = system.waitlist, len(system.stations), rules.stations
    assert isinstance(waitlist.release, TokenBucket)
    cells = np.zeros(CELLS, np.int64)
    cells[POLICY], cells[SPACING_NS] = waitlist.policy, waitlist.release.spacing_ns
    cells[HEAD_DUE] = NEVER_DUE
    return State(
        cells=cells,
        arrived_visitor=np.empty(ARRIVALS_AT_ONCE, np.int64),
        arrived_people=np.empty(ARRIVALS_AT_ONCE, np.int64),
        arrived_ns=np.empty(ARRIVALS_AT_ONCE, np.int64),
        arrived_service_ns=np.empty(ARRIVALS_AT_ONCE, np.int64),
        due=np.empty(size, np.int64),
        due_slot=np.empty(size, np.int64),
        visits=free_visits(0, size),
        servers=ints(station.servers * station.instances for station in system.stations),
        free_ns=np.zeros(stations.first_free[-1], np.int64),
        retired=np.zeros(many, np.int64),
        retired_free_ns=np.zeros(stations.first_retired[-1], np.int64),
        servers_change=stations.first_servers.copy(),
        changed_ns=np.full(many, -1, np.int64),
        fresh=np.zeros(many, np.int64),
        room=ints(station.waiting_room * station.instances for station in system.stations),
        room_change=stations.first_room.copy(),
        starts_ns=np.empty((many, size), np.int64),
        starts_head=np.zeros(many, np.int64),
        starts_tail=np.zeros(many, np.int64),
        pace=rules.paces.first.copy(),
        visit_rows=np.empty((rows, len(VISIT.names or ())), np.int64),
        attempt_rows=np.empty((rows, len(ATTEMPT.names or ())), np.int64),
        areas=areas,
    )


def free_visits(first: int, size: int) -> Ints:
    """Rows without a visit, numbered from ``first``, each naming the next; the last names none."""
    rows = np.empty((size, NEXT_FREE + 1), np.int64)
    rows[:, NEXT_FREE] = np.arange(first + 1, first + size + 1)
    rows[-1, NEXT_FREE] = -1
    return rows


def with_more_visits(state: State) -> State:
    """Twice the room for visits under way, and for what is pending."""
    size = len(state.visits)
    assert state.cells[FREE_SLOT] < 0
    state.cells[FREE_SLOT] = size
    return state._replace(
        due=np.concatenate([state.due, np.empty(size, np.int64)]),
        due_slot=np.concatenate([state.due_slot, np.empty(size, np.int64)]),
        visits=np.concatenate([state.visits, free_visits(size, size)]),
    )


def with_more_starts(state: State) -> State:
    """Twice the room for those who wait at a station."""
    many, size = state.starts_ns.shape
    longer = np.empty((many, 2 * size), np.int64)
    for station in range(many):
        waiting = np.arange(state.starts_head[station], state.starts_tail[station])
        longer[station, waiting % (2 * size)] = state.starts_ns[station, waiting % size]
    return state._replace(starts_ns=longer)


def with_empty_rows(state: State) -> State:
    """New arrays: the old ones belong to whoever was given their rows."""
    state.cells[[VISIT_ROWS, ATTEMPT_ROWS]] = 0
    return state._replace(
        visit_rows=np.empty_like(state.visit_rows), attempt_rows=np.empty_like(state.attempt_rows)
    )
