"""A visit in the kernel without events: entry, one attempt after the other, and the end.

An attempt's end is known when it is sent, so what comes after it is, too.
"""

from __future__ import annotations

from numpy import uintp

from simulator.engine.compiled.code import inlined
from simulator.engine.compiled.fifo.pace import paced_ns
from simulator.engine.compiled.fifo.pending import due_of, take_slot
from simulator.engine.compiled.fifo.state import (
    ARRIVED_NS,
    ATTEMPT_ROWS,
    HEAD_DUE,
    HEAD_SLOT,
    JOINED_NS,
    LET_IN_NS,
    NEVER_DUE,
    PEOPLE,
    SERVICE_NS,
    STEP,
    TRY,
    VISIT_ROWS,
    VISITOR,
    State,
)
from simulator.engine.compiled.fifo.station import NO_ROOM, REFUSED, start_ns, work_until
from simulator.engine.compiled.fifo.tables import Laws, Rules
from simulator.engine.compiled.fifo.track import note_offered, note_work
from simulator.engine.rules import SEND, TIMEOUT
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.system.people import Jitter
from simulator.timetable import draws
from simulator.units import Ints

# As plain numbers.
SERVED, GAVE_UP, LEFT_UNFINISHED = int(Fate.SERVED), int(Fate.GAVE_UP), int(Fate.UNFINISHED)
SUCCESS, TURNED_AWAY = int(Result.SUCCESS), int(Result.TURNED_AWAY)
TIMED_OUT, UNFINISHED = int(Result.TIMED_OUT), int(Result.UNFINISHED)
FULL_JITTER = int(Jitter.FULL)
MOST_DOUBLINGS = 62


@inlined
def drawn_ns(laws: Laws, law: int, key: int, visitor: int) -> int:
    """A duration, by the draw of that key and visitor."""
    n = uintp(law)
    u = 0.5 if laws.law[n] <= draws.FIXED else draws.uniform(key, visitor)
    return draws.duration_ns(
        laws.law[n],
        laws.location[n],
        laws.scale[n],
        laws.knots,
        laws.first_knot[n],
        laws.last_knot[n],
        u,
    )


@inlined
def service_ns(rules: Rules, visitor: int, step: int, number: int) -> int:
    """How long a server works on an attempt."""
    key = draws.substream(rules.keys.service, step, number)
    return drawn_ns(rules.laws, rules.steps.service[uintp(step)], key, visitor)


@inlined
def think_ns(rules: Rules, visitor: int, step: int) -> int:
    """How long somebody thinks before a step."""
    key = draws.substream(rules.keys.think, step, 0)
    return drawn_ns(rules.laws, rules.steps.think[uintp(step)], key, visitor)


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
    state: State, visit: Ints, sent_ns: int, started_ns: int, seen_ns: int, result: int
) -> None:
    row = state.attempt_rows[uintp(state.cells[ATTEMPT_ROWS])]
    row[0], row[1], row[2], row[3] = visit[VISITOR], visit[STEP], visit[TRY], sent_ns
    row[4], row[5], row[6] = started_ns, seen_ns, result
    state.cells[ATTEMPT_ROWS] += 1


@inlined
def leave(state: State, visit: Ints, ended_ns: int, fate: int) -> int:
    """The visit is over; nothing of it is due."""
    write_visit(
        state,
        visit[VISITOR],
        visit[PEOPLE],
        visit[ARRIVED_NS],
        visit[JOINED_NS],
        visit[LET_IN_NS],
        ended_ns,
        fate,
    )
    return NEVER_DUE


@inlined
def enter(
    rules: Rules, state: State, n: int, joined_ns: int, entered_ns: int, event_class: int
) -> None:
    """Arrival ``n`` enters, and stands at the head with his first attempt.

    Who thinks about it until the launch ends is done.
    """
    visitor, people = state.arrived_visitor[uintp(n)], state.arrived_people[uintp(n)]
    arrived_ns = state.arrived_ns[uintp(n)]
    step = rules.groups.first_step[uintp(people)]
    sent_ns = entered_ns + think_ns(rules, visitor, step)
    if sent_ns >= rules.end_ns:
        write_visit(
            state, visitor, people, arrived_ns, joined_ns, entered_ns, UNKNOWN, LEFT_UNFINISHED
        )
        return
    slot = take_slot(state)
    visit = state.visits[uintp(slot)]
    visit[VISITOR], visit[PEOPLE], visit[ARRIVED_NS] = visitor, people, arrived_ns
    visit[JOINED_NS], visit[LET_IN_NS] = joined_ns, entered_ns
    visit[STEP], visit[TRY] = step, 0
    visit[SERVICE_NS] = state.arrived_service_ns[uintp(n)]
    state.cells[HEAD_SLOT] = slot
    state.cells[HEAD_DUE] = due_of(sent_ns, event_class if sent_ns == entered_ns else SEND)


@inlined
def pause_ns(rules: Rules, visit: Ints, asked_ns: int) -> int:
    """How long somebody waits after an attempt; ``asked_ns`` is what a refusal asks, or 0."""
    groups, group = rules.groups, uintp(visit[PEOPLE])
    doublings = min(visit[TRY], MOST_DOUBLINGS)
    pause = groups.cap_ns[group]
    if groups.backoff_ns[group] <= pause >> doublings:
        pause = groups.backoff_ns[group] << doublings
    if groups.jitter[group] == FULL_JITTER and pause > 0:
        key = draws.substream(rules.keys.backoff, visit[STEP], visit[TRY])
        pause = int(draws.uniform(key, visit[VISITOR]) * pause)
    if asked_ns > pause:
        share = groups.honours_retry_after[group]
        if draws.uniform(rules.keys.honour, visit[VISITOR]) < share:
            pause = asked_ns
    return int(pause)


@inlined
def send_at(rules: Rules, state: State, visit: Ints, instant_ns: int, event_class: int) -> int:
    """The key of the visit's next attempt, if that is before the end."""
    if instant_ns >= rules.end_ns:
        return leave(state, visit, UNKNOWN, LEFT_UNFINISHED)
    return due_of(instant_ns, event_class)


@inlined
def go_on(rules: Rules, state: State, visit: Ints, seen_ns: int) -> int:
    """After a success: the next step, or the end. Says when the next attempt is due.

    Its service is drawn here, well before it is asked for, so that the processor does both at once.
    """
    step = visit[STEP] + 1
    if step > rules.groups.last_step[uintp(visit[PEOPLE])]:
        return leave(state, visit, seen_ns, SERVED)
    visit[STEP], visit[TRY] = step, 0
    visit[SERVICE_NS] = service_ns(rules, visit[VISITOR], step, 0)
    return send_at(rules, state, visit, seen_ns + think_ns(rules, visit[VISITOR], step), SEND)


@inlined
def try_again(rules: Rules, state: State, visit: Ints, seen_ns: int, result: int) -> int:
    """After a failure: another attempt, or the end. Says when it is due."""
    groups, group = rules.groups, uintp(visit[PEOPLE])
    if visit[TRY] + 1 == groups.attempts[group]:
        return leave(state, visit, seen_ns, GAVE_UP)
    asked_ns = 0
    if result == TURNED_AWAY:
        station = rules.steps.station[uintp(visit[STEP])]
        asked_ns = rules.stations.retry_after_ns[uintp(station)]
    sent_ns = seen_ns + pause_ns(rules, visit, asked_ns)
    if sent_ns - visit[LET_IN_NS] > groups.gives_up_after_ns[group]:
        return leave(state, visit, seen_ns, GAVE_UP)
    visit[TRY] += 1
    # What a TIMEOUT sends at its own instant comes after all that was to be sent by then.
    at_timeout = result == TIMED_OUT and sent_ns == seen_ns
    return send_at(rules, state, visit, sent_ns, TIMEOUT if at_timeout else SEND)


@inlined
def send(rules: Rules, state: State, slot: int, sent_ns: int) -> int:
    """Send the visit's next attempt, and say when the one after it is due.

    NEVER_DUE: the visit is over. NO_ROOM: nothing has happened.
    """
    visit = state.visits[uintp(slot)]
    station = uintp(rules.steps.station[uintp(visit[STEP])])
    started_ns = start_ns(rules.stations, state, station, sent_ns)
    if started_ns == NO_ROOM:
        return NO_ROOM
    note_offered(rules, state, station, sent_ns)
    seen_ns = sent_ns + rules.stations.round_trip_ns[station]
    result = TURNED_AWAY
    if started_ns != REFUSED:
        if visit[TRY] > 0:
            visit[SERVICE_NS] = service_ns(rules, visit[VISITOR], visit[STEP], visit[TRY])
        lasts_ns = paced_ns(rules.paces, state.pace, station, started_ns, visit[SERVICE_NS])
        done_ns = work_until(rules.stations, state, station, started_ns, lasts_ns)
        note_work(rules, state, station, sent_ns, started_ns, done_ns)
        seen_ns += done_ns - sent_ns
        result = SUCCESS
    deadline_ns = sent_ns + rules.groups.client_timeout_ns[uintp(visit[PEOPLE])]
    if seen_ns > deadline_ns:
        result, seen_ns = TIMED_OUT, deadline_ns
    if seen_ns >= rules.end_ns:
        result, seen_ns = UNFINISHED, UNKNOWN
    if started_ns == REFUSED or started_ns > deadline_ns or started_ns >= rules.end_ns:
        started_ns = UNKNOWN
    write_attempt(state, visit, sent_ns, started_ns, seen_ns, result)
    if result == SUCCESS:
        return go_on(rules, state, visit, seen_ns)
    if result == UNFINISHED:
        return leave(state, visit, UNKNOWN, LEFT_UNFINISHED)
    return try_again(rules, state, visit, seen_ns, result)
