"""Changes, compiled: a lever is set, and what it moves follows."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.line.feedback import ONE_A_NANOSECOND
from simulator.engine.compiled.loop.line.release import plan_release, set_spacing
from simulator.engine.compiled.loop.memory.layout import cells, stations, tables
from simulator.engine.compiled.loop.station.autoscaler import set_servers
from simulator.engine.compiled.loop.station.pool import CPU, QUOTA, instance_at
from simulator.engine.compiled.loop.station.quota import set_quota_spacing
from simulator.system.line import Policy
from simulator.system.system import Lever
from simulator.units import FOREVER

# As plain integers.
OPEN = int(Policy.OPEN)
(
    SERVERS_LEVER,
    POLICY_LEVER,
    SPACING_LEVER,
    ROOM_LEVER,
    CORES_LEVER,
    QUOTA_LEVER,
    SLOTS_LEVER,
) = (int(lever) for lever in Lever)


@called
def set_lever(m: Memory) -> None:
    """CHANGE: the next one."""
    change = m[cells.NEXT_CHANGE]
    m[cells.NEXT_CHANGE] = change + tables.CHANGE_SIZE
    lever, value, station = (
        m[change + tables.LEVER],
        m[change + tables.VALUE],
        m[change + tables.CHANGED_STATION],
    )
    if lever == POLICY_LEVER:
        set_policy(m, value)
    elif lever == SPACING_LEVER:
        set_release_spacing(m, value)
    elif lever == SLOTS_LEVER:
        set_slots(m, value)
    else:
        set_lever_of(m, station, lever, value)


@called
def set_policy(m: Memory, policy: int) -> None:
    """A line that opens calls everybody, one after the other, before anything else happens."""
    if m[cells.NOW] < m[cells.CLOSES]:
        m[cells.POLICY] = policy
        if policy == OPEN:
            m[cells.CALLS_LEFT] = FOREVER


@called
def set_release_spacing(m: Memory, spacing: int) -> None:
    if m[cells.RELEASE_KIND] == cells.BUCKET:
        m[cells.RATE] = ONE_A_NANOSECOND // max(1, spacing)
        set_spacing(m, spacing)


@called
def set_slots(m: Memory, total: int) -> None:
    """Fewer end no session."""
    if m[cells.HAS_SLOTS] != 0:
        m[cells.TOTAL] = total
        plan_release(m, m[cells.NOW] + 1)


@called
def set_lever_of(m: Memory, station: int, lever: int, value: int) -> None:
    """One that a station has; others do nothing to it."""
    kind = m[station + stations.KIND]
    if lever == SERVERS_LEVER and kind != QUOTA:
        m[station + stations.SERVERS_EACH] = value
        set_servers(m, station)
    elif lever == CORES_LEVER and kind == CPU:
        m[station + stations.CORES_EACH] = value
        set_servers(m, station)
    elif lever == QUOTA_LEVER and kind == QUOTA:
        set_quota_spacing(m, station, value)
    elif lever == ROOM_LEVER:
        for index in range(m[station + stations.INSTANCES]):
            m[instance_at(m, station, index) + stations.ROOM] = m[station + stations.ROOMS] * value
