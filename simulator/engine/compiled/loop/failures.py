"""Instances that come up, fail and are repaired, compiled."""

from __future__ import annotations

from simulator.engine.compiled.areas import IN_QUEUE
from simulator.engine.compiled.code import Memory, as_floats, called
from simulator.engine.compiled.limits import CALL_MASK, INDEX_BITS
from simulator.engine.compiled.loop.clients import fail, step_of
from simulator.engine.compiled.loop.memory.blocks import exclude, include
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import (
    AFTER,
    ATTAINED,
    BUSY,
    COLD_LASTS,
    COLD_UNTIL,
    DEADLINE,
    END,
    FAILED,
    FAILS_AT,
    FIRST_KEY,
    FIRST_WAITING,
    HAS_FAILURES,
    INDEX,
    IS_LOST,
    JOB,
    JOB_TAG,
    LAST_WAITING,
    LOST,
    NEXT,
    NOW,
    NUMBER,
    OCCUPANTS,
    OF_STATION,
    OTHER,
    PLANNED_JOB,
    QUEUED_AT,
    REPAIR,
    ROUND_TRIP,
    RUNNING_JOBS,
    RUNS,
    SEATS,
    STARTS,
    STATE,
    STATION,
    TARGETS,
    TOKEN_AT,
    UP,
    VISIT,
    WAITING,
)
from simulator.engine.compiled.loop.memory.luck import lasts
from simulator.engine.compiled.loop.station.pool import note_load, note_ready, recount
from simulator.engine.compiled.loop.station.station import FAILED_RESULT
from simulator.engine.compiled.loop.station.track import note
from simulator.engine.compiled.loop.work import drop_attempt
from simulator.engine.rules import CONTROL, FAILS, REPAIRED
from simulator.outcomes.rows import UNKNOWN
from simulator.timetable.draws import REPAIR as REPAIR_ROLE
from simulator.timetable.draws import RUN


@called
def name_of(m: Memory, instance: int) -> int:
    """Who an instance is in draws and events."""
    return m[m[instance + OF_STATION] + NUMBER] << INDEX_BITS | m[instance + INDEX]


@called
def plan_control(m: Memory, at: int, kind: int, name: int, record: int) -> None:
    if at < m[END]:
        plan(m, at, CONTROL, kind, name, record)


@called
def start(m: Memory, instance: int) -> None:
    """BOOT, REPAIRED: an instance comes up."""
    station, name = m[instance + OF_STATION], name_of(m, instance)
    m[instance + STATE] = UP
    m[instance + COLD_UNTIL] = m[NOW] + m[station + COLD_LASTS]
    if m[station + HAS_FAILURES] != 0:
        m[instance + STARTS] += 1
        runs = lasts(m, m[station + RUNS], RUN, name, 0, m[instance + STARTS])
        m[instance + FAILS_AT] = m[NOW] + runs
        plan_control(m, m[instance + FAILS_AT], FAILS, name, instance)
    recount(m, station)
    note_load(m, instance)
    note_ready(m, instance)


@called
def break_down(m: Memory, instance: int) -> None:
    """FAILS: everything there is lost; the main loop loses one attempt after the other."""
    if m[instance + STATE] != UP or m[instance + FAILS_AT] != m[NOW]:
        return
    station, name = m[instance + OF_STATION], name_of(m, instance)
    job = m[instance + FIRST_WAITING]
    while job != 0:
        following = m[job + NEXT]
        lose(m, job)
        job = following
    job = m[instance + OCCUPANTS]
    while job != 0:
        following = m[job + AFTER]
        lose(m, job)
        job = following
    note(m, station, IN_QUEUE, -m[instance + WAITING])
    m[instance + STATE] = FAILED
    m[instance + FIRST_WAITING] = m[instance + LAST_WAITING] = m[instance + WAITING] = 0
    m[instance + OCCUPANTS] = 0
    m[instance + BUSY] = m[instance + SEATS]
    m[instance + RUNNING_JOBS] = m[instance + TARGETS] = m[instance + PLANNED_JOB] = 0
    as_floats(m)[instance + ATTAINED] = 0.0
    m[instance + TOKEN_AT] = UNKNOWN
    recount(m, station)
    note_load(m, instance)
    repair = lasts(m, m[station + REPAIR], REPAIR_ROLE, name, 0, m[instance + STARTS])
    plan_control(m, m[NOW] + repair, REPAIRED, name, instance)


@called
def lose(m: Memory, job: int) -> None:
    """A job of an instance that broke down; its attempt comes into the set of those lost, once."""
    own = job if m[job + JOB_TAG] & CALL_MASK == 0 else m[job + OTHER]
    m[job + STATE] = IS_LOST
    if m[own + QUEUED_AT] != UNKNOWN:
        m[own + QUEUED_AT] = UNKNOWN
        m[own + FIRST_KEY] = 0
        include(m, LOST, own)


@called
def lose_first(m: Memory) -> None:
    """One attempt is lost, and its client sees it, if he still waits then."""
    own = m[LOST]
    exclude(m, LOST, own)
    visit, tag = m[own + VISIT], m[own + JOB_TAG]
    drop_attempt(m, own)
    if visit == 0:
        return
    m[visit + JOB] = 0
    seen = m[NOW] + m[m[step_of(m, tag) + STATION] + ROUND_TRIP]
    if seen <= m[visit + DEADLINE] and seen < m[END]:
        fail(m, visit, FAILED_RESULT, seen, 0)
