"""What machines do by themselves, compiled: instances boot, fail, are repaired, and are scaled."""

from __future__ import annotations

from simulator.compiled_blocks import exclude, include
from simulator.compiled_client import fail
from simulator.compiled_code import Memory, as_floats, called, inlined
from simulator.compiled_cpu import set_cores
from simulator.compiled_events import plan
from simulator.compiled_instances import (
    SHARED,
    instance_at,
    note_areas,
    note_load,
    note_ready,
    recount,
)
from simulator.compiled_layout import (
    AFTER,
    AREAS,
    ATTAINED,
    BALANCE,
    BOOT_LASTS,
    BOOTING,
    BOOTS,
    BUSY,
    BUSY_AREA,
    CALL_MASK,
    CEILING,
    COLD_LASTS,
    COLD_UNTIL,
    COOLDOWN,
    CORES_EACH,
    DEADLINE,
    END,
    FAILED,
    FAILS_AT,
    FIRST_INSTANCE,
    FIRST_KEY,
    FIRST_WAITING,
    FLOOR,
    GONE,
    HAS_FAILURES,
    INDEX,
    INDEX_BITS,
    INSTANCES,
    IS_LOST,
    JOB,
    JOB_TAG,
    LAST_ACTION,
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
    SCALES_EVERY,
    SCALINGS,
    SEATS,
    SERVERS,
    SERVERS_AREA,
    SERVERS_EACH,
    STARTS,
    STATE,
    STATION,
    TARGET,
    TARGETS,
    TOKEN_AT,
    UNITS,
    UP,
    UP_INDEXES,
    UPS,
    VISIT,
    WAITING,
    WINDOW,
)
from simulator.compiled_luck import lasts
from simulator.compiled_station import FAILED_RESULT, drop_attempt, step_of
from simulator.draws import REPAIR as REPAIR_ROLE
from simulator.draws import RUN
from simulator.engine import BOOT, CONTROL, FAILS, REPAIRED, SCALING
from simulator.outcomes import UNKNOWN


@inlined
def name_of(m: Memory, instance: int) -> int:
    """Who an instance is in draws and events."""
    return m[m[instance + OF_STATION] + NUMBER] << INDEX_BITS | m[instance + INDEX]


@inlined
def plan_control(m: Memory, at: int, kind: int, name: int, record: int) -> None:
    if at < m[END]:
        plan(m, at, CONTROL, kind, name, record)


@called
def set_servers(m: Memory, station: int) -> None:
    """Give each instance the servers and cores that are its own now."""
    for index in range(m[station + INSTANCES]):
        instance = instance_at(m, station, index)
        m[instance + SERVERS] = m[station + UNITS] * m[station + SERVERS_EACH]
        set_cores(m, instance, m[station + UNITS] * m[station + CORES_EACH])
        note_ready(m, instance)
    recount(m, station)


# Starts and failures -------------------------------------------------------------------------------


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
def boot(m: Memory, station: int, instance: int, units: int) -> None:
    """BOOT: one instance of its own, or so many that are a part of the shared one."""
    m[station + BOOTING] -= units
    if m[station + BALANCE] == SHARED:
        m[station + UNITS] += units
        set_servers(m, station)
    else:
        start(m, instance)


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


@inlined
def lose(m: Memory, job: int) -> None:
    """A job of an instance that broke down; its attempt comes into the set of those lost, once."""
    own = job if m[job + JOB_TAG] & CALL_MASK == 0 else m[job + OTHER]
    m[job + STATE] = IS_LOST
    if m[own + QUEUED_AT] != UNKNOWN:
        m[own + QUEUED_AT] = UNKNOWN
        m[own + FIRST_KEY] = 0
        include(m, LOST, own)


@inlined
def lose_first(m: Memory, whole: int) -> None:
    """One attempt is lost, and its client sees it, if he still waits then."""
    own = m[LOST]
    exclude(m, LOST, own)
    visit, tag = m[own + VISIT], m[own + JOB_TAG]
    drop_attempt(m, own, whole)
    if visit == 0:
        return
    m[visit + JOB] = 0
    seen = m[NOW] + m[m[step_of(m, tag) + STATION] + ROUND_TRIP]
    if seen <= m[visit + DEADLINE] and seen < m[END]:
        fail(m, visit, FAILED_RESULT, seen, 0, whole)


# The autoscaler ------------------------------------------------------------------------------------


@called
def scale(m: Memory, station: int) -> None:
    """SCALING: a decision."""
    wanted = wanted_instances(m, station)
    ups = running_instances(m, station)
    more = wanted - ups - m[station + BOOTING]
    last = m[station + LAST_ACTION]
    if last == UNKNOWN or m[NOW] - last >= m[station + COOLDOWN]:
        changed = 0
        if more > 0:
            changed = add_instances(m, station, more)
        elif more < 0:
            changed = remove_instances(m, station, min(-more, ups - 1))
        if changed > 0:
            m[station + LAST_ACTION] = m[NOW]
    at = m[NOW] + m[station + SCALES_EVERY]
    plan_control(m, at, SCALING, m[station + NUMBER] << INDEX_BITS, station)


@inlined
def running_instances(m: Memory, station: int) -> int:
    if m[station + BALANCE] == SHARED:
        return m[station + UNITS] if m[station + UPS] > 0 else 0
    return m[station + UPS]


@called
def wanted_instances(m: Memory, station: int) -> int:
    note_areas(m, station)
    window = m[station + WINDOW]
    decision = m[station + SCALINGS] + 1
    m[station + SCALINGS] = decision
    now = m[station + AREAS] + decision % (window + 1) * 2
    before = m[station + AREAS] + max(0, decision - window) % (window + 1) * 2
    m[now] = m[station + BUSY_AREA]
    m[now + 1] = m[station + SERVERS_AREA]
    use = use_thousandths(m[now] - m[before], m[now + 1] - m[before + 1])
    instances = running_instances(m, station) + m[station + BOOTING]
    target = m[station + TARGET]
    wanted = (instances * use + target - 1) // target
    return max(m[station + FLOOR], min(m[station + CEILING], wanted))


@inlined
def use_thousandths(busy: int, servers: int) -> int:
    """``1000 * busy // servers``, digit by digit, for the product may be too long."""
    if servers <= 0:
        return 0
    use, rest = busy // servers, busy % servers
    for _ in range(3):
        use = use * 10 + rest * 10 // servers
        rest = rest * 10 % servers
    return use


@called
def add_instances(m: Memory, station: int, wanted: int) -> int:
    """Let instances boot, those of the lowest free indices; returns how many."""
    at, number = m[NOW] + m[station + BOOT_LASTS], m[station + NUMBER]
    added = 0
    if m[station + BALANCE] == SHARED:
        added = wanted
        plan_boot(m, at, number << INDEX_BITS, m[station + FIRST_INSTANCE], wanted)
    else:
        for index in range(m[station + INSTANCES]):
            instance = instance_at(m, station, index)
            if added < wanted and m[instance + STATE] == GONE:
                added += 1
                m[instance + STATE] = BOOTS
                plan_boot(m, at, number << INDEX_BITS | index, instance, 1)
    m[station + BOOTING] += added
    return added


@inlined
def plan_boot(m: Memory, at: int, name: int, instance: int, units: int) -> None:
    """The record says both which instance, and how many units."""
    plan_control(m, at, BOOT, name, instance << INDEX_BITS | units)


@called
def remove_instances(m: Memory, station: int, wanted: int) -> int:
    """Let the instances of the highest indices take no more jobs; returns how many."""
    if wanted <= 0:
        return 0
    if m[station + BALANCE] == SHARED:
        m[station + UNITS] -= wanted
        set_servers(m, station)
        return wanted
    note_areas(m, station)
    for i in range(wanted):
        index = m[m[station + UP_INDEXES] + m[station + UPS] - 1 - i]
        instance = instance_at(m, station, index)
        m[instance + STATE] = GONE
        m[instance + FAILS_AT] = UNKNOWN
        note_load(m, instance)
    recount(m, station)
    return wanted
