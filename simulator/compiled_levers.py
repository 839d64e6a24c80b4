"""Changes, compiled: a lever is set, and what it moves follows."""

from __future__ import annotations

from simulator.compiled_code import Memory, called, inlined
from simulator.compiled_control import set_servers
from simulator.compiled_feedback import ONE_A_NANOSECOND
from simulator.compiled_instances import instance_at, note_ready
from simulator.compiled_layout import (
    BUCKET,
    CALLS_LEFT,
    CHANGE_SIZE,
    CHANGED_STATION,
    CLOSES,
    CORES_EACH,
    FIRST_INSTANCE,
    HAS_FEEDBACK,
    HAS_SLOTS,
    INSTANCES,
    KIND,
    LEVER,
    NEXT_CHANGE,
    NOW,
    POLICY,
    RATE,
    RELEASE_KIND,
    ROOM,
    ROOMS,
    SERVERS,
    SERVERS_EACH,
    TOTAL,
    VALUE,
)
from simulator.compiled_quota import set_quota_spacing
from simulator.compiled_release import plan_release, set_spacing
from simulator.compiled_station import CPU, QUOTA
from simulator.draws import FOREVER
from simulator.system import Lever, Policy

# Plain integers: to numba an IntEnum is a type of its own.
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
def set_lever(m: Memory, whole: int | None) -> None:
    """CHANGE: the next one."""
    change = m[NEXT_CHANGE]
    m[NEXT_CHANGE] = change + CHANGE_SIZE
    lever, value, station = m[change + LEVER], m[change + VALUE], m[change + CHANGED_STATION]
    if lever == POLICY_LEVER:
        set_policy(m, value)
    elif lever == SPACING_LEVER:
        if m[RELEASE_KIND] == BUCKET:
            if m[HAS_FEEDBACK] != 0:
                m[RATE] = ONE_A_NANOSECOND // max(1, value)
            set_spacing(m, value)
    elif whole is not None:
        set_lever_of_whole(m, lever, value, station)
    elif lever == SERVERS_LEVER:
        instance = m[station + FIRST_INSTANCE]
        m[instance + SERVERS] = m[station + ROOMS] * value
        note_ready(m, instance)
    elif lever == ROOM_LEVER:
        m[m[station + FIRST_INSTANCE] + ROOM] = m[station + ROOMS] * value


@inlined
def set_policy(m: Memory, policy: int) -> None:
    """A line that opens calls everybody, one after the other, before anything else happens."""
    if m[NOW] < m[CLOSES]:
        m[POLICY] = policy
        if policy == OPEN:
            m[CALLS_LEFT] = FOREVER


@called
def set_lever_of_whole(m: Memory, lever: int, value: int, station: int) -> None:
    """One that the simple words do not have, or that moves several instances."""
    if lever == SLOTS_LEVER:
        if m[HAS_SLOTS] != 0:
            m[TOTAL] = value
            plan_release(m, m[NOW] + 1)
    elif lever == SERVERS_LEVER:
        if m[station + KIND] != QUOTA:
            m[station + SERVERS_EACH] = value
            set_servers(m, station)
    elif lever == CORES_LEVER:
        if m[station + KIND] == CPU:
            m[station + CORES_EACH] = value
            set_servers(m, station)
    elif lever == QUOTA_LEVER:
        if m[station + KIND] == QUOTA:
            set_quota_spacing(m, station, value)
    elif lever == ROOM_LEVER:
        for index in range(m[station + INSTANCES]):
            m[instance_at(m, station, index) + ROOM] = m[station + ROOMS] * value
