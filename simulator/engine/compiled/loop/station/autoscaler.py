"""The autoscaler, compiled: how many instances it wants, and how they come and go."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.limits import INDEX_BITS
from simulator.engine.compiled.loop.memory.layout import cells, stations
from simulator.engine.compiled.loop.station.failures import plan_control, start
from simulator.engine.compiled.loop.station.pool import (
    SHARED,
    instance_at,
    note_areas,
    note_load,
    note_ready,
    recount,
)
from simulator.engine.compiled.loop.station.sharing import set_cores
from simulator.engine.rules import BOOT, SCALING
from simulator.outcomes.rows import UNKNOWN


@called
def set_servers(m: Memory, station: int) -> None:
    """Give each instance the servers and cores that are its own now."""
    for index in range(m[station + stations.INSTANCES]):
        instance = instance_at(m, station, index)
        m[instance + stations.SERVERS] = (
            m[station + stations.UNITS] * m[station + stations.SERVERS_EACH]
        )
        set_cores(m, instance, m[station + stations.UNITS] * m[station + stations.CORES_EACH])
        note_ready(m, instance)
    recount(m, station)


@called
def boot(m: Memory, station: int, instance: int, units: int) -> None:
    """BOOT: one instance of its own, or so many that are a part of the shared one."""
    m[station + stations.BOOTING] -= units
    if m[station + stations.BALANCE] == SHARED:
        m[station + stations.UNITS] += units
        set_servers(m, station)
    else:
        start(m, instance)


@called
def scale(m: Memory, station: int) -> None:
    """SCALING: a decision."""
    wanted = wanted_instances(m, station)
    ups = instances_up(m, station)
    more = wanted - ups - m[station + stations.BOOTING]
    last = m[station + stations.LAST_ACTION]
    if last == UNKNOWN or m[cells.NOW] - last >= m[station + stations.COOLDOWN]:
        if more > 0:
            add_instances(m, station, more)
            m[station + stations.LAST_ACTION] = m[cells.NOW]
        elif more < 0 < ups - 1:
            take_away(m, station, min(-more, ups - 1))
            m[station + stations.LAST_ACTION] = m[cells.NOW]
    at = m[cells.NOW] + m[station + stations.SCALES_EVERY]
    plan_control(m, at, SCALING, m[station + stations.NUMBER] << INDEX_BITS, station)


@called
def instances_up(m: Memory, station: int) -> int:
    if m[station + stations.BALANCE] == SHARED:
        return m[station + stations.UNITS] if m[station + stations.UPS] > 0 else 0
    return m[station + stations.UPS]


@called
def wanted_instances(m: Memory, station: int) -> int:
    note_areas(m, station)
    window = m[station + stations.WINDOW]
    decision = m[station + stations.SCALINGS] + 1
    m[station + stations.SCALINGS] = decision
    now = m[station + stations.AREAS] + decision % (window + 1) * 2
    before = m[station + stations.AREAS] + max(0, decision - window) % (window + 1) * 2
    m[now] = m[station + stations.BUSY_AREA]
    m[now + 1] = m[station + stations.SERVERS_AREA]
    use = use_thousandths(m[now] - m[before], m[now + 1] - m[before + 1])
    instances = instances_up(m, station) + m[station + stations.BOOTING]
    target = m[station + stations.TARGET]
    wanted = (instances * use + target - 1) // target
    return max(m[station + stations.FLOOR], min(m[station + stations.CEILING], wanted))


@called
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
def add_instances(m: Memory, station: int, wanted: int) -> None:
    """Let instances boot, those of the lowest free indices; new ones if none is free."""
    at, number = m[cells.NOW] + m[station + stations.BOOT_LASTS], m[station + stations.NUMBER]
    added = 0
    if m[station + stations.BALANCE] == SHARED:
        added = wanted
        plan_boot(m, at, number << INDEX_BITS, m[station + stations.FIRST_INSTANCE], wanted)
    else:
        for index in range(m[station + stations.INSTANCES]):
            instance = instance_at(m, station, index)
            if added < wanted and m[instance + stations.STATE] == stations.GONE:
                added += 1
                m[instance + stations.STATE] = stations.BOOTS
                plan_boot(m, at, number << INDEX_BITS | index, instance, 1)
    m[station + stations.BOOTING] += added
    m[cells.SHORT_BY] = wanted - added
    m[cells.SHORT_OF] = station if added < wanted else 0


@called
def plan_boot(m: Memory, at: int, name: int, instance: int, units: int) -> None:
    """The record says both which instance, and how many units."""
    plan_control(m, at, BOOT, name, instance << INDEX_BITS | units)


@called
def take_away(m: Memory, station: int, wanted: int) -> None:
    """Let the instances of the highest indices take no more jobs."""
    if m[station + stations.BALANCE] == SHARED:
        m[station + stations.UNITS] -= wanted
        set_servers(m, station)
        return
    note_areas(m, station)
    for i in range(wanted):
        index = m[m[station + stations.UP_INDEXES] + m[station + stations.UPS] - 1 - i]
        instance = instance_at(m, station, index)
        m[instance + stations.STATE] = stations.GONE
        m[instance + stations.FAILS_AT] = UNKNOWN
        note_load(m, instance)
    recount(m, station)
