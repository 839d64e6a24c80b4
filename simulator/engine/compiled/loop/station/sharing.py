"""Jobs at a speed, compiled: on a CPU, or where services inflate, it goes by how many run.

Each knows how much must be attained for it. Everybody attains alike, so the next one to be done is the first of an ordered set of targets.
Floats that are not negative come in the order of their bits, so the set holds them as words.
"""

from __future__ import annotations

import math

from simulator.engine.compiled.code import Memory, as_floats, called
from simulator.engine.compiled.loop.memory.blocks import exclude, include
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import blocks, cells, stations
from simulator.engine.compiled.loop.station.track import note_busy
from simulator.engine.rules import COMPLETION
from simulator.system.stations import StationKind
from simulator.units import FOREVER

CPU = int(StationKind.CPU)


@called
def speed_of(m: Memory, instance: int) -> float:
    station, jobs = m[instance + stations.OF_STATION], m[instance + stations.RUNNING_JOBS]
    speed = 1.0
    if m[station + stations.KIND] == CPU:
        speed = min(1.0, m[instance + stations.CORES] / jobs)
    if m[station + stations.INFLATION] != 0:
        last = m[station + stations.FACTORS] - 1
        speed /= as_floats(m)[m[station + stations.INFLATION] + min(jobs - 1, last)]
    return speed


@called
def advance(m: Memory, instance: int) -> None:
    """What has been attained, before anything changes the speed."""
    f = as_floats(m)
    if m[instance + stations.RUNNING_JOBS] > 0:
        f[instance + stations.ATTAINED] += (m[cells.NOW] - m[instance + stations.SINCE]) * speed_of(
            m, instance
        )
    m[instance + stations.SINCE] = m[cells.NOW]


@called
def plan_completion(m: Memory, instance: int) -> None:
    """The next job to be done, and when; what was planned before is ignored when its time comes."""
    f = as_floats(m)
    job = m[instance + stations.TARGETS]
    at = FOREVER
    speed = speed_of(m, instance) if job != 0 else 0.0
    if speed > 0.0:
        lacking = (f[job + blocks.FIRST_KEY] - f[instance + stations.ATTAINED]) / speed
        if lacking <= 0.0:
            at = m[cells.NOW]
        elif lacking < m[cells.END]:
            at = m[cells.NOW] + math.ceil(lacking)
    if at >= m[cells.END]:
        m[instance + stations.PLANNED_JOB] = 0
    elif m[instance + stations.PLANNED_JOB] != job or m[instance + stations.PLANNED_AT] != at:
        m[instance + stations.PLANNED_JOB] = job
        m[instance + stations.PLANNED_AT] = at
        plan(m, at, COMPLETION, m[job + blocks.JOB_VISITOR], m[job + blocks.JOB_TAG], job)


@called
def note_cores(m: Memory, instance: int, jobs: int, more: int) -> None:
    """A job runs or runs no more, beside so many: on a CPU that has a core for it."""
    station = m[instance + stations.OF_STATION]
    if (
        m[station + stations.KIND] == CPU
        and m[instance + stations.STATE] == stations.UP
        and jobs < m[instance + stations.CORES]
    ):
        note_busy(m, station, more)


@called
def run_at_speed(m: Memory, job: int, service: int) -> None:
    instance = m[job + blocks.INSTANCE]
    advance(m, instance)
    f = as_floats(m)
    f[job + blocks.FIRST_KEY] = f[instance + stations.ATTAINED] + service
    note_cores(m, instance, m[instance + stations.RUNNING_JOBS], 1)
    m[instance + stations.RUNNING_JOBS] += 1
    include(m, instance + stations.TARGETS, job)
    plan_completion(m, instance)


@called
def stop_at_speed(m: Memory, job: int) -> None:
    """A job is done, or nobody's any more."""
    instance = m[job + blocks.INSTANCE]
    advance(m, instance)
    m[instance + stations.RUNNING_JOBS] -= 1
    note_cores(m, instance, m[instance + stations.RUNNING_JOBS], -1)
    exclude(m, instance + stations.TARGETS, job)
    if m[instance + stations.RUNNING_JOBS] == 0:
        as_floats(m)[instance + stations.ATTAINED] = 0.0
    plan_completion(m, instance)


@called
def set_cores(m: Memory, instance: int, cores: int) -> None:
    """Of a CPU; others have none."""
    if (
        m[m[instance + stations.OF_STATION] + stations.KIND] == CPU
        and m[instance + stations.CORES] != cores
    ):
        advance(m, instance)
        m[instance + stations.CORES] = cores
        plan_completion(m, instance)
