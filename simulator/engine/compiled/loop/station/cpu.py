"""A CPU, compiled: running jobs share its cores, and each knows how much must be attained for it.

Everybody attains alike, so the next one to be done is the first of an ordered set of targets.
Floats that are not negative come in the order of their bits, so the set holds them as words.
"""

from __future__ import annotations

import math

from simulator.engine.compiled.code import Memory, as_floats, called
from simulator.engine.compiled.loop.memory.blocks import exclude, include
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import (
    ATTAINED,
    CORES,
    END,
    FIRST_KEY,
    INSTANCE,
    JOB_TAG,
    JOB_VISITOR,
    NOW,
    OF_STATION,
    PLANNED_AT,
    PLANNED_JOB,
    RUNNING_JOBS,
    SINCE,
    STATE,
    TARGETS,
    UP,
)
from simulator.engine.compiled.loop.station.track import note_busy
from simulator.engine.rules import COMPLETION
from simulator.units import FOREVER


@called
def pace(m: Memory, instance: int) -> float:
    return min(1.0, m[instance + CORES] / m[instance + RUNNING_JOBS])


@called
def go_on_until_now(m: Memory, instance: int) -> None:
    """What has been attained, before anything changes the pace."""
    f = as_floats(m)
    if m[instance + RUNNING_JOBS] > 0:
        f[instance + ATTAINED] += (m[NOW] - m[instance + SINCE]) * pace(m, instance)
    m[instance + SINCE] = m[NOW]


@called
def plan_completion(m: Memory, instance: int) -> None:
    """The next job to be done, and when; what was planned before is ignored when its time comes."""
    f = as_floats(m)
    job = m[instance + TARGETS]
    at = FOREVER
    if job != 0 and m[instance + CORES] > 0:
        lacking = (f[job + FIRST_KEY] - f[instance + ATTAINED]) / pace(m, instance)
        if lacking <= 0.0:
            at = m[NOW]
        elif lacking < m[END]:
            at = m[NOW] + math.ceil(lacking)
    if at >= m[END]:
        m[instance + PLANNED_JOB] = 0
    elif m[instance + PLANNED_JOB] != job or m[instance + PLANNED_AT] != at:
        m[instance + PLANNED_JOB] = job
        m[instance + PLANNED_AT] = at
        plan(m, at, COMPLETION, m[job + JOB_VISITOR], m[job + JOB_TAG], job)


@called
def run_on_cpu(m: Memory, job: int, service: int) -> None:
    instance = m[job + INSTANCE]
    go_on_until_now(m, instance)
    f = as_floats(m)
    f[job + FIRST_KEY] = f[instance + ATTAINED] + service
    if m[instance + STATE] == UP and m[instance + RUNNING_JOBS] < m[instance + CORES]:
        note_busy(m, m[instance + OF_STATION], 1)
    m[instance + RUNNING_JOBS] += 1
    include(m, instance + TARGETS, job)
    plan_completion(m, instance)


@called
def stop_on_cpu(m: Memory, job: int) -> None:
    """A job is done, or nobody's any more."""
    instance = m[job + INSTANCE]
    go_on_until_now(m, instance)
    if m[instance + STATE] == UP and m[instance + RUNNING_JOBS] <= m[instance + CORES]:
        note_busy(m, m[instance + OF_STATION], -1)
    m[instance + RUNNING_JOBS] -= 1
    exclude(m, instance + TARGETS, job)
    if m[instance + RUNNING_JOBS] == 0:
        as_floats(m)[instance + ATTAINED] = 0.0
    plan_completion(m, instance)


@called
def set_cores(m: Memory, instance: int, cores: int) -> None:
    if m[instance + CORES] != cores:
        go_on_until_now(m, instance)
        m[instance + CORES] = cores
        plan_completion(m, instance)
