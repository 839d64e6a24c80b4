"""A quota, compiled: a bucket of tokens, and a number of them that 24 hours or a day have."""

from __future__ import annotations

from simulator.engine.compiled.areas import BUSY
from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.line.release import full_at_other_spacing
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import cells, stations
from simulator.engine.compiled.loop.station.track import note_at
from simulator.engine.rules import TOKEN
from simulator.outcomes.rows import UNKNOWN
from simulator.units import FOREVER, NS_PER_DAY


@called
def token_ns(m: Memory, instance: int) -> int:
    """When there will be a token, if none is taken before."""
    station = m[instance + stations.OF_STATION]
    ready = (
        m[instance + stations.BUCKET_FULL_AT]
        - (m[station + stations.QUOTA_BURST] - 1) * m[station + stations.QUOTA_SPACING]
    )
    at = max(m[cells.NOW], ready)
    ring, window = m[instance + stations.LATEST_TOKENS], m[station + stations.PER_DAY]
    of_day = m[station + stations.PER_DAY_FROM_OPENING]
    if of_day <= 0 or window <= 0:
        return FOREVER
    if ring != 0 and m[instance + stations.MANY_TOKENS] >= window:
        at = max(at, m[ring + m[instance + stations.MANY_TOKENS] % window] + NS_PER_DAY)
    day = at // NS_PER_DAY
    if day == m[instance + stations.DAY] and m[instance + stations.TOKENS_OF_DAY] >= of_day:
        return (day + 1) * NS_PER_DAY
    return at


@called
def has_token(m: Memory, instance: int) -> bool:
    """Whether a job that comes now need not wait."""
    return m[instance + stations.WAITING] == 0 and token_ns(m, instance) == m[cells.NOW]


@called
def take_token(m: Memory, instance: int) -> None:
    station, day = m[instance + stations.OF_STATION], m[cells.NOW] // NS_PER_DAY
    full_at = max(m[instance + stations.BUCKET_FULL_AT], m[cells.NOW])
    note_at(m, station, BUSY, full_at, 1)
    m[instance + stations.BUCKET_FULL_AT] = full_at + m[station + stations.QUOTA_SPACING]
    note_at(m, station, BUSY, m[instance + stations.BUCKET_FULL_AT], -1)
    if m[instance + stations.DAY] != day:
        m[instance + stations.DAY] = day
        m[instance + stations.TOKENS_OF_DAY] = 0
    m[instance + stations.TOKENS_OF_DAY] += 1
    ring = m[instance + stations.LATEST_TOKENS]
    if ring != 0:
        m[ring + m[instance + stations.MANY_TOKENS] % m[station + stations.PER_DAY]] = m[cells.NOW]
        m[instance + stations.MANY_TOKENS] += 1


@called
def plan_token(m: Memory, instance: int) -> None:
    """The next TOKEN; another one that was planned before is ignored when its time comes."""
    if m[instance + stations.WAITING] == 0:
        m[instance + stations.TOKEN_AT] = UNKNOWN
        return
    at = token_ns(m, instance)
    if at != m[instance + stations.TOKEN_AT] and at < m[cells.END]:
        plan(m, at, TOKEN, m[m[instance + stations.OF_STATION] + stations.NUMBER], 0, instance)
    m[instance + stations.TOKEN_AT] = at


@called
def set_quota_spacing(m: Memory, station: int, spacing: int) -> None:
    instance = m[station + stations.FIRST_INSTANCE]
    was_full_at = max(m[cells.NOW], m[instance + stations.BUCKET_FULL_AT])
    m[instance + stations.BUCKET_FULL_AT] = full_at_other_spacing(
        m[cells.NOW],
        m[instance + stations.BUCKET_FULL_AT],
        m[station + stations.QUOTA_SPACING],
        spacing,
    )
    m[station + stations.QUOTA_SPACING] = spacing
    note_at(m, station, BUSY, was_full_at, 1)
    note_at(m, station, BUSY, max(m[cells.NOW], m[instance + stations.BUCKET_FULL_AT]), -1)
    plan_token(m, instance)
