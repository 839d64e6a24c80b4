"""Stations and their instances."""

from __future__ import annotations

# A station.
(
    KIND,
    HAS_SPEED,
    NUMBER,
    BALANCE,
    INSTANCES,
    INSTANCE_LIST,
    FIRST_INSTANCE,
    ROUND_TRIP,
    SHEDS_AFTER,
    RETRY_AFTER,
    SERVERS_EACH,
    CORES_EACH,
    ROOMS,
    UNITS,
    UPS,
    UP_INDEXES,
    POINTER,
    LOADS,
    LEAVES,
    QUOTA_SPACING,
    QUOTA_BURST,
    PER_DAY,
    PER_DAY_FROM_OPENING,
    COLD_LASTS,
    SLOWDOWN,
    INFLATION,
    FACTORS,
    PACE,
    HAS_FAILURES,
    RUNS,
    REPAIR,
    SCALES_EVERY,
    WINDOW,
    TARGET,
    BOOT_LASTS,
    COOLDOWN,
    FLOOR,
    CEILING,
    BOOTING,
    LAST_ACTION,
    SCALINGS,
    BUSY_UP,
    SERVERS_UP,
    BUSY_AREA,
    SERVERS_AREA,
    AREA_SINCE,
    AREAS,
    TRACK,
    NOTED_BUSY,
    NOTED_THERE,
    NOTED_INSTANCES,
    STATION_SIZE,
) = range(52)
"""HAS_SPEED: whether the speed of its jobs goes by how many run. INFLATION: where its FACTORS are, 0: there are none. PACE: which of its steps holds now, 0: there is none. INSTANCE_LIST: the addresses of all instances. ROOMS: the waiting room is so many times that of each. UNITS: SHARED, the instances that the one
consists of. TRACK: where what goes on there is noted, and what of it was noted last. LOADS: LEAST_BUSY, a tree of LEAVES leaves whose root names the instance to take."""

# An instance.
(
    STATE,
    OF_STATION,
    INDEX,
    SERVERS,
    ROOM,
    BUSY,
    SEATS,
    WAITING,
    FIRST_WAITING,
    LAST_WAITING,
    OCCUPANTS,
    IS_READY,
    NEXT_READY,
    CORES,
    RUNNING_JOBS,
    TARGETS,
    ATTAINED,
    SINCE,
    PLANNED_JOB,
    PLANNED_AT,
    BUCKET_FULL_AT,
    TOKEN_AT,
    DAY,
    TOKENS_OF_DAY,
    LATEST_TOKENS,
    MANY_TOKENS,
    COLD_UNTIL,
    STARTS,
    FAILS_AT,
    INSTANCE_SIZE,
) = range(30)
"""LATEST_TOKENS: when the latest tokens were taken, in a ring of as many as any 24 hours have; nobody: there
is no such number."""

# A step of a pace, followed by the next one; the last one starts when nothing happens any more.
PACE_START, PACE_FACTOR, PACE_SIZE = range(3)

# States of an instance.
GONE, BOOTS, UP, FAILED = range(4)
