"""What the compiled engine remembers: arrays of 64-bit integers, and the numbers of their columns.

Everything has one fixed type, so that nothing is ever compiled a second time. Memory follows those
who are present: who has ended leaves his slot to the next one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator import draws
from simulator.demand import Floats, Ints
from simulator.errors import UsageError
from simulator.outcomes import ATTEMPT, UNKNOWN, VISIT
from simulator.system import Lever, LineKind, System
from simulator.timetable import Arrivals, Timetable

# Columns of Rules.people.
CLIENT_TIMEOUT, ATTEMPTS, BACKOFF, CAP, JITTER, PATIENCE_LAW = range(6)

# Columns of Rules.patience.
LOCATION, SCALE = range(2)

# Columns of Rules.changes.
AT, LEVER, VALUE = range(3)

# Cells of State.cells.
(
    NOW,
    SERVERS,
    WAITING_ROOM,
    POLICY,
    SPACING,
    FULL_AT,
    RELEASE_AT,
    BUSY,
    NEXT_CHANGE,
    NEXT_ARRIVAL,
    ALL_ARRIVED,
    HEAP_SIZE,
    LINE_FIRST,
    LINE_SIZE,
    WORK_FIRST,
    WORK_SIZE,
    FREE_SLOT,
    VISIT_ROWS,
    ATTEMPT_ROWS,
    CELLS,
) = range(20)

# Columns of State.heap: the key of an event (its visitor's slot below the attempt).
EVENT_AT, EVENT_CLASS, EVENT_VISITOR, EVENT_TAG = range(4)

# Columns of State.line.
LINE_VISITOR, LINE_PEOPLE, LINE_JOINED, LINE_LEAVES = range(4)

# Columns of State.work.
WORK_VISITOR, WORK_ATTEMPT, WORK_SLOT = range(3)

# Columns of State.slots. A slot is free if its VISITOR is UNKNOWN; its ARRIVED names the next free
# one. SENT is UNKNOWN while its client waits for no answer.
VISITOR, PEOPLE, ARRIVED, JOINED, LET_IN, NUMBER, SENT, STARTED, DEADLINE = range(9)

NO_SLOT = -1


class Rules(NamedTuple):
    """What does not change while a launch runs."""

    end_ns: int
    closes_ns: int
    is_room: bool
    poll_every_ns: int
    burst: int
    round_trip_ns: int
    service_law: int
    service_location: float
    service_scale: float
    service_key: int
    patience_key: int
    backoff_key: int
    people: Ints
    patience: Floats
    changes: Ints


class State(NamedTuple):
    """What does. Rings (line, work) have sizes that are powers of two."""

    cells: Ints
    arrived_visitor: Ints
    arrived_people: Ints
    arrived_ns: Ints
    heap: Ints
    line: Ints
    work: Ints
    slots: Ints
    visits: Ints
    attempts: Ints


def signed(key: int) -> int:
    """The same 64 bits as a signed integer."""
    return key - (1 << 64) if key >> 63 else key


def rules_of(timetable: Timetable, system: System) -> Rules:
    station, waitlist = system.station, system.waitlist
    refuse_overflow(system)
    return Rules(
        end_ns=timetable.end_ns,
        closes_ns=min(timetable.horizon_ns, timetable.end_ns),
        is_room=waitlist.kind == LineKind.ROOM,
        poll_every_ns=waitlist.poll_every_ns,
        burst=waitlist.release.burst,
        round_trip_ns=station.round_trip_ns,
        service_law=station.service.law,
        service_location=station.service.location,
        service_scale=station.service.scale,
        service_key=signed(timetable.service_key),
        patience_key=signed(draws.substream(timetable.patience_key, 0, 0)),
        backoff_key=signed(timetable.backoff_key),
        people=np.array(
            [
                (
                    group.client_timeout_ns,
                    group.retries.attempts,
                    group.retries.backoff_ns,
                    group.retries.cap_ns,
                    group.retries.jitter,
                    group.patience.law,
                )
                for group in system.people
            ],
            np.int64,
        ),
        patience=np.array([(p.patience.location, p.patience.scale) for p in system.people]),
        changes=np.array(
            [(change.at_ns, change.lever, change.value) for change in system.changes], np.int64
        ).reshape(-1, 3),
    )


def refuse_overflow(system: System) -> None:
    """Raises UsageError for a token bucket that takes longer to fill than 64 bits can say."""
    release = system.waitlist.release
    spacings_ns = [c.value for c in system.changes if c.lever is Lever.RELEASE_SPACING_NS]
    longest_ns = max([release.spacing_ns, *spacings_ns])
    if release.burst * longest_ns > draws.FOREVER:
        raise UsageError(
            f"waitlist.release: {release.burst} tokens of {longest_ns} ns each last longer than the"
            " compiled engine can count; take a smaller burst, or --engine simpy"
        )


def first_state(system: System, size: int, block_rows: int) -> State:
    """Nobody is there yet; ``size`` is a power of two, and grows when it is needed."""
    cells = np.zeros(CELLS, np.int64)
    cells[SERVERS] = system.station.servers
    cells[WAITING_ROOM] = system.station.waiting_room
    cells[POLICY] = system.waitlist.policy
    cells[SPACING] = system.waitlist.release.spacing_ns
    cells[RELEASE_AT] = draws.FOREVER
    nobody = Arrivals.nobody()
    return State(
        cells=cells,
        arrived_visitor=nobody.visitor,
        arrived_people=nobody.people,
        arrived_ns=nobody.arrived_ns,
        heap=np.empty((size, 4), np.int64),
        line=np.empty((size, 4), np.int64),
        work=np.empty((size, 3), np.int64),
        slots=free_slots(0, size),
        visits=np.empty((block_rows, len(VISIT.names or ())), np.int64),
        attempts=np.empty((block_rows, len(ATTEMPT.names or ())), np.int64),
    )


def free_slots(first: int, last: int) -> Ints:
    """Slots numbered from ``first`` up to ``last``, each free and naming the one after it."""
    slots = np.full((last - first, 9), UNKNOWN, np.int64)
    slots[:, ARRIVED] = np.arange(first + 1, last + 1)
    slots[-1, ARRIVED] = NO_SLOT
    return slots
