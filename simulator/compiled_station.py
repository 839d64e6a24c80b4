"""The station, compiled: attempts that are sent, wait, are served, time out and are made again.

A timeout is planned only for an attempt whose end is not known when it is sent: nothing can stop
work once it has begun.
"""

from __future__ import annotations

from simulator import draws
from simulator.compiled_code import inlined
from simulator.compiled_heap import push
from simulator.compiled_state import (
    ATTEMPTS,
    BACKOFF,
    BUSY,
    CAP,
    CLIENT_TIMEOUT,
    DEADLINE,
    JITTER,
    NOW,
    NUMBER,
    PEOPLE,
    SENT,
    SERVERS,
    STARTED,
    VISITOR,
    WAITING_ROOM,
    WORK_ATTEMPT,
    WORK_FIRST,
    WORK_SIZE,
    WORK_SLOT,
    WORK_VISITOR,
    Rules,
    State,
)
from simulator.compiled_visits import is_awaited, leave, record
from simulator.engine import COMPLETION, RETRY, STEP, TIMEOUT
from simulator.outcomes import UNKNOWN, Fate, Result
from simulator.system import Jitter

# Plain integers: to numba an IntEnum is a type of its own.
NO_JITTER = int(Jitter.NONE)
SERVED, GAVE_UP = int(Fate.SERVED), int(Fate.GAVE_UP)
SUCCESS, TURNED_AWAY, TIMED_OUT = (
    int(result) for result in (Result.SUCCESS, Result.TURNED_AWAY, Result.TIMED_OUT)
)


@inlined
def send(rules: Rules, state: State, slot: int, number: int) -> None:
    """An attempt reaches the station: it is served, waits, or is turned away."""
    cells, slots = state.cells, state.slots
    now, visitor = cells[NOW], slots[slot, VISITOR]
    deadline = now + rules.people[slots[slot, PEOPLE], CLIENT_TIMEOUT]
    slots[slot, NUMBER] = number
    slots[slot, SENT] = now
    slots[slot, STARTED] = UNKNOWN
    slots[slot, DEADLINE] = deadline
    if cells[BUSY] < cells[SERVERS]:
        if start(rules, state, visitor, number, slot) <= deadline:
            return
    elif cells[WORK_SIZE] < cells[WAITING_ROOM]:
        enqueue(state, visitor, number, slot)
    else:
        seen = now + rules.round_trip_ns
        if seen <= deadline:
            if seen < rules.end_ns:
                fail(rules, state, slot, TURNED_AWAY, seen)
            return
    if deadline < rules.end_ns:
        push(state, deadline, TIMEOUT, visitor, number << 32 | slot)


@inlined
def enqueue(state: State, visitor: int, number: int, slot: int) -> None:
    cells, work = state.cells, state.work
    place = (cells[WORK_FIRST] + cells[WORK_SIZE]) & (len(work) - 1)
    cells[WORK_SIZE] += 1
    work[place, WORK_VISITOR] = visitor
    work[place, WORK_ATTEMPT] = number
    work[place, WORK_SLOT] = slot


@inlined
def start(rules: Rules, state: State, visitor: int, number: int, slot: int) -> int:
    """A server begins an attempt; returns when the client would see its answer."""
    cells, slots = state.cells, state.slots
    cells[BUSY] += 1
    now = cells[NOW]
    if is_awaited(state, visitor, number, slot):
        slots[slot, STARTED] = now
    key = draws.substream(rules.service_key, STEP, number)
    finish = now + draws.duration_ns(
        rules.service_law,
        rules.service_location,
        rules.service_scale,
        draws.uniform(key, visitor),
    )
    if finish < rules.end_ns:
        push(state, finish, COMPLETION, visitor, number << 32 | slot)
    return int(finish + rules.round_trip_ns)


@inlined
def start_waiting_work(rules: Rules, state: State) -> None:
    """A server begins the first one waiting, wanted or not."""
    cells, work = state.cells, state.work
    first = cells[WORK_FIRST]
    cells[WORK_FIRST] = (first + 1) & (len(work) - 1)
    cells[WORK_SIZE] -= 1
    start(
        rules, state, work[first, WORK_VISITOR], work[first, WORK_ATTEMPT], work[first, WORK_SLOT]
    )


@inlined
def complete(rules: Rules, state: State, visitor: int, number: int, slot: int) -> None:
    """A server is free; the main loop gives it the next one."""
    state.cells[BUSY] -= 1
    if not is_awaited(state, visitor, number, slot):
        return
    answered = state.cells[NOW] + rules.round_trip_ns
    if answered <= state.slots[slot, DEADLINE] and answered < rules.end_ns:
        record(state, slot, SUCCESS, answered)
        leave(state, slot, SERVED, answered)


@inlined
def fail(rules: Rules, state: State, slot: int, result: int, seen: int) -> None:
    """An attempt failed, and its client sees it at ``seen``."""
    slots = state.slots
    visitor, people, number = slots[slot, VISITOR], slots[slot, PEOPLE], slots[slot, NUMBER]
    record(state, slot, result, seen)
    following = number + 1
    if following >= rules.people[people, ATTEMPTS]:
        leave(state, slot, GAVE_UP, seen)
        return
    again = seen + pause(rules, people, visitor, number)
    if again < rules.end_ns:
        push(state, again, RETRY, visitor, following << 32 | slot)


@inlined
def pause(rules: Rules, people: int, visitor: int, number: int) -> int:
    """How long somebody waits after an attempt before he tries again."""
    length, cap = rules.people[people, BACKOFF], rules.people[people, CAP]
    for _ in range(number):
        if length >= cap:
            break
        length *= 2
    length = min(length, cap)
    if rules.people[people, JITTER] == NO_JITTER:
        return int(length)
    key = draws.substream(rules.backoff_key, STEP, number)
    return int(length * draws.uniform(key, visitor))
