"""The kernel without events, for launches in which everything is first-come first-served.

An attempt's fate is known when it is sent, since its server is. So attempts are worked off in the
order of their keys: those that entries begin, which the line gives in order, and those that follow
earlier ones, from a heap. Nothing else is pending.
"""

from __future__ import annotations

from numpy import uintp

from simulator import draws
from simulator.compiled_code import inlined, kept
from simulator.compiled_fifo_line import (
    change_until,
    earliest_call_ns,
    look_ns,
    take_token,
    turn_ns,
)
from simulator.compiled_fifo_pending import (
    first_due,
    give_slot,
    head_to_slot,
    pop,
    push,
    replace_top,
)
from simulator.compiled_fifo_state import (
    ALL_ARRIVED,
    ARRIVED,
    ARRIVED_NS,
    ATTEMPT_ROWS,
    FREE_SLOT,
    HEAD_ARRIVED_NS,
    HEAD_DUE,
    HEAD_JOINED_NS,
    HEAD_LET_IN_NS,
    HEAD_SERVICE_NS,
    SERVICE_NS,
    HEAD_PEOPLE,
    HEAD_VISITOR,
    IS_OPEN,
    JOINED_NS,
    LET_IN_NS,
    NEVER_DUE,
    NEXT_ARRIVAL,
    PENDING,
    PEOPLE,
    POLICY,
    STEP,
    TRY,
    VISIT_ROWS,
    VISITOR,
    Groups,
    Keys,
    Laws,
    Rules,
    State,
)
from simulator.compiled_fifo_station import NO_ROOM, REFUSED, start_ns, work_until
from simulator.engine import ARRIVAL, ENTRY, SEND, TIMEOUT
from simulator.outcomes import UNKNOWN, Fate, Result
from simulator.system import Jitter

DONE, ARRIVALS_USED_UP, ROWS_FULL, VISITS_FULL, STARTS_FULL = range(5)
"""Why the kernel has stopped; but for DONE it goes on where it was, once there is what it needs."""

# Numba takes plain numbers only.
SERVED, GAVE_UP, RENEGED = int(Fate.SERVED), int(Fate.GAVE_UP), int(Fate.RENEGED)
WAITING, LEFT_UNFINISHED = int(Fate.WAITING), int(Fate.UNFINISHED)
SUCCESS, TURNED_AWAY = int(Result.SUCCESS), int(Result.TURNED_AWAY)
TIMED_OUT, UNFINISHED = int(Result.TIMED_OUT), int(Result.UNFINISHED)
FULL_JITTER = int(Jitter.FULL)
CLASS_BITS = 2
UNDER_WAY = -1


@inlined
def due_of(instant_ns: int, event_class: int) -> int:
    return (instant_ns << CLASS_BITS) | (event_class - ARRIVAL)


@inlined
def drawn_ns(laws: Laws, law: int, key: int, visitor: int) -> int:
    """A duration, by the draw of that key and visitor."""
    kind = laws.law[uintp(law)]
    u = 0.5 if kind <= draws.FIXED else draws.uniform(key, visitor)
    return draws.duration_ns(
        kind,
        laws.location[uintp(law)],
        laws.scale[uintp(law)],
        laws.knots,
        laws.first_knot[uintp(law)],
        laws.last_knot[uintp(law)],
        u,
    )


@inlined
def write_visit(
    state: State,
    visitor: int,
    people: int,
    arrived_ns: int,
    joined_ns: int,
    let_in_ns: int,
    ended_ns: int,
    fate: int,
) -> None:
    row = state.visit_rows[uintp(state.cells[VISIT_ROWS])]
    row[0], row[1], row[2], row[3] = visitor, people, arrived_ns, joined_ns
    row[4], row[5], row[6] = let_in_ns, ended_ns, fate
    state.cells[VISIT_ROWS] += 1


@inlined
def write_attempt(
    state: State,
    visitor: int,
    step: int,
    number: int,
    sent_ns: int,
    started_ns: int,
    seen_ns: int,
    result: int,
) -> None:
    row = state.attempt_rows[uintp(state.cells[ATTEMPT_ROWS])]
    row[0], row[1], row[2], row[3] = visitor, step, number, sent_ns
    row[4], row[5], row[6] = started_ns, seen_ns, result
    state.cells[ATTEMPT_ROWS] += 1


@inlined
def let_in(
    rules: Rules, state: State, n: int, joined_ns: int, entered_ns: int, event_class: int
) -> None:
    """Somebody enters, and stands at the head; who thinks so long that the launch ends is done."""
    visitor, people = state.arrived_visitor[uintp(n)], state.arrived_people[uintp(n)]
    step = rules.groups.first_step[uintp(people)]
    key = draws.substream(rules.keys.think, step, 0)
    sent_ns = entered_ns + drawn_ns(rules.laws, rules.steps.think[uintp(step)], key, visitor)
    if sent_ns >= rules.end_ns:
        write_visit(
            state,
            visitor,
            people,
            state.arrived_ns[uintp(n)],
            joined_ns,
            entered_ns,
            UNKNOWN,
            LEFT_UNFINISHED,
        )
        return
    cells = state.cells
    cells[HEAD_DUE] = due_of(sent_ns, event_class if sent_ns == entered_ns else SEND)
    cells[HEAD_VISITOR], cells[HEAD_PEOPLE] = visitor, people
    cells[HEAD_ARRIVED_NS], cells[HEAD_JOINED_NS] = state.arrived_ns[uintp(n)], joined_ns
    cells[HEAD_LET_IN_NS] = entered_ns
    cells[HEAD_SERVICE_NS]=state.arrived_service_ns[uintp(n)]


@inlined
def arrive_next(rules: Rules, state: State) -> None:
    """See the next arrival: his turn, and whether he is still there then."""
    cells, line = state.cells, rules.line
    n = cells[NEXT_ARRIVAL]
    cells[NEXT_ARRIVAL] += 1
    visitor, people = state.arrived_visitor[uintp(n)], state.arrived_people[uintp(n)]
    joined_ns = state.arrived_ns[uintp(n)]
    if joined_ns >= rules.horizon_ns:
        return
    change_until(line, cells, joined_ns)
    if cells[POLICY] == IS_OPEN:
        let_in(rules, state, n, UNKNOWN, joined_ns, ARRIVAL)
        return
    called_ns, takes_token = turn_ns(line, cells, joined_ns)
    entered_ns = look_ns(line, joined_ns, called_ns)
    leaves_ns = draws.FOREVER
    if entered_ns > joined_ns:
        law = rules.groups.patience[uintp(people)]
        leaves_ns = joined_ns + drawn_ns(rules.laws, law, rules.keys.patience, visitor)
    if takes_token and not (line.leaves_aloud and leaves_ns < called_ns):
        take_token(cells, called_ns)
    if leaves_ns < min(entered_ns, rules.horizon_ns):
        write_visit(state, visitor, people, joined_ns, joined_ns, UNKNOWN, leaves_ns, RENEGED)
    elif entered_ns >= rules.horizon_ns:
        write_visit(state, visitor, people, joined_ns, joined_ns, UNKNOWN, UNKNOWN, WAITING)
    else:
        let_in(rules, state, n, joined_ns, entered_ns, ENTRY)


@inlined
def earliest_due(rules: Rules, state: State) -> int:
    """The smallest key that anybody can have who has not been seen yet."""
    cells = state.cells
    if cells[NEXT_ARRIVAL] < cells[ARRIVED]:
        arrived_ns = state.arrived_ns[uintp(cells[NEXT_ARRIVAL])]
        return due_of(earliest_call_ns(rules.line, cells, arrived_ns), ARRIVAL)
    return NEVER_DUE if cells[ALL_ARRIVED] else 0


@inlined
def pause_ns(
    groups: Groups, keys: Keys, people: int, visitor: int, step: int, number: int, asked_ns: int
) -> int:
    """How long somebody waits after an attempt; ``asked_ns`` is what a refusal asks, or 0."""
    doublings = min(number, 62)
    pause = groups.cap_ns[uintp(people)]
    if groups.backoff_ns[uintp(people)] <= pause >> doublings:
        pause = groups.backoff_ns[uintp(people)] << doublings
    if groups.jitter[uintp(people)] == FULL_JITTER and pause > 0:
        key = draws.substream(keys.backoff, step, number)
        pause = int(draws.uniform(key, visitor) * pause)
    honours = groups.honours_retry_after[uintp(people)]
    if asked_ns > pause and draws.uniform(keys.honour, visitor) < honours:
        pause = asked_ns
    return pause


@kept
def run(rules: Rules, state: State) -> int:
    """Go on until all is done or something is needed, and say which."""
    cells, steps, stations, groups = state.cells, rules.steps, rules.stations, rules.groups
    unseen = earliest_due(rules, state)
    while True:
        if cells[VISIT_ROWS] == len(state.visit_rows) or (
            cells[ATTEMPT_ROWS] == len(state.attempt_rows)
        ):
            return ROWS_FULL
        if cells[FREE_SLOT] < 0:
            return VISITS_FULL

        head, top = cells[HEAD_DUE], first_due(state)
        if min(head, top) >= unseen:
            if cells[NEXT_ARRIVAL] == cells[ARRIVED]:
                return DONE if cells[ALL_ARRIVED] else ARRIVALS_USED_UP
            if head < NEVER_DUE:
                # Somebody not seen yet may come before the head, which then has to wait in order.
                push(state, head, head_to_slot(state, groups.first_step[uintp(cells[HEAD_PEOPLE])]))
            arrive_next(rules, state)
            unseen = earliest_due(rules, state)
            continue

        slot = -1
        if head < top or (
            head == top and cells[HEAD_VISITOR] < state.visits[uintp(state.due_slot[0]), VISITOR]
        ):
            sent_ns = head >> CLASS_BITS
            visitor, people = cells[HEAD_VISITOR], cells[HEAD_PEOPLE]
            arrived_ns, joined_ns = cells[HEAD_ARRIVED_NS], cells[HEAD_JOINED_NS]
            entered_ns = cells[HEAD_LET_IN_NS]
            step, number = groups.first_step[uintp(people)], 0
            service_ns = cells[HEAD_SERVICE_NS]
        else:
            sent_ns = top >> CLASS_BITS
            slot = state.due_slot[0]
            visit = state.visits[uintp(slot)]
            visitor, people = visit[VISITOR], visit[PEOPLE]
            arrived_ns, joined_ns, entered_ns = visit[ARRIVED_NS], visit[JOINED_NS], visit[LET_IN_NS]
            step, number = visit[STEP], visit[TRY]
            service_ns = visit[SERVICE_NS]

        station = steps.station[uintp(step)]
        started_ns = start_ns(stations, state, station, sent_ns)
        if started_ns == NO_ROOM:
            return STARTS_FULL
        deadline_ns = sent_ns + groups.client_timeout_ns[uintp(people)]
        if started_ns == REFUSED:
            result, seen_ns = TURNED_AWAY, sent_ns + stations.round_trip_ns[uintp(station)]
        else:
            if number > 0:
                key = draws.substream(rules.keys.service, step, number)
                service_ns = drawn_ns(rules.laws, steps.service[uintp(step)], key, visitor)
            done_ns = work_until(stations, state, station, started_ns, service_ns)
            result, seen_ns = SUCCESS, done_ns + stations.round_trip_ns[uintp(station)]
        if seen_ns > deadline_ns:
            result, seen_ns = TIMED_OUT, deadline_ns
        if seen_ns >= rules.end_ns:
            result, seen_ns = UNFINISHED, UNKNOWN
        if started_ns == REFUSED or started_ns > deadline_ns or started_ns >= rules.end_ns:
            started_ns = UNKNOWN
        write_attempt(state, visitor, step, number, sent_ns, started_ns, seen_ns, result)

        fate, ended_ns, next_ns = UNDER_WAY, UNKNOWN, rules.end_ns
        if result == SUCCESS and step == groups.last_step[uintp(people)]:
            fate, ended_ns = SERVED, seen_ns
        elif result == SUCCESS:
            step, number = step + 1, 0
            key = draws.substream(rules.keys.think, step, 0)
            next_ns = seen_ns + drawn_ns(rules.laws, steps.think[uintp(step)], key, visitor)
            key = draws.substream(rules.keys.service, step, 0)
            service_ns = drawn_ns(rules.laws, steps.service[uintp(step)], key, visitor)
        elif result != UNFINISHED:
            asked_ns = stations.retry_after_ns[uintp(station)] if result == TURNED_AWAY else 0
            pause = pause_ns(groups, rules.keys, people, visitor, step, number, asked_ns)
            number += 1
            next_ns = seen_ns + pause
            if (
                number == groups.attempts[uintp(people)]
                or next_ns - entered_ns > groups.gives_up_after_ns[uintp(people)]
            ):
                fate, ended_ns = GAVE_UP, seen_ns
        if fate == UNDER_WAY and next_ns >= rules.end_ns:
            fate = LEFT_UNFINISHED

        if fate == UNDER_WAY:
            # What a TIMEOUT sends at its own instant comes after all that was to be sent by then.
            at_timeout = result == TIMED_OUT and next_ns == seen_ns
            next_due = due_of(next_ns, TIMEOUT if at_timeout else SEND)
            if slot < 0:
                slot = head_to_slot(state, step)
                state.visits[uintp(slot), TRY] = number
                state.visits[uintp(slot), SERVICE_NS] = service_ns
                push(state, next_due, slot)
            else:
                state.visits[uintp(slot), STEP], state.visits[uintp(slot), TRY] = step, number
                state.visits[uintp(slot), SERVICE_NS] = service_ns
                replace_top(state, next_due, slot)
            continue
        write_visit(state, visitor, people, arrived_ns, joined_ns, entered_ns, ended_ns, fate)
        if slot < 0:
            cells[HEAD_DUE] = NEVER_DUE
        else:
            pop(state)
            give_slot(state, slot)
