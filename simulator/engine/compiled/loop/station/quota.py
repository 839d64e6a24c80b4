"""A quota, compiled: a bucket of tokens, and a number of them that 24 hours or a day have."""

from __future__ import annotations

from simulator.engine.compiled.areas import BUSY
from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import (
    BUCKET_FULL_AT,
    DAY,
    END,
    FIRST_INSTANCE,
    LATEST_TOKENS,
    MANY_TOKENS,
    NOW,
    NUMBER,
    OF_STATION,
    PER_DAY,
    PER_DAY_FROM_OPENING,
    QUOTA_BURST,
    QUOTA_SPACING,
    TOKEN_AT,
    TOKENS_OF_DAY,
    WAITING,
)
from simulator.engine.compiled.loop.release import full_at_other_spacing
from simulator.engine.compiled.loop.station.track import note_at
from simulator.engine.rules import TOKEN
from simulator.outcomes.rows import UNKNOWN
from simulator.units import FOREVER, NS_PER_DAY


@called
def next_token_at(m: Memory, instance: int) -> int:
    """When there will be a token, if none is taken before."""
    station = m[instance + OF_STATION]
    ready = (
        m[instance + BUCKET_FULL_AT] - (m[station + QUOTA_BURST] - 1) * m[station + QUOTA_SPACING]
    )
    at = max(m[NOW], ready)
    ring, window = m[instance + LATEST_TOKENS], m[station + PER_DAY]
    of_day = m[station + PER_DAY_FROM_OPENING]
    if of_day <= 0 or window <= 0:
        return FOREVER
    if ring != 0 and m[instance + MANY_TOKENS] >= window:
        at = max(at, m[ring + m[instance + MANY_TOKENS] % window] + NS_PER_DAY)
    day = at // NS_PER_DAY
    if day == m[instance + DAY] and m[instance + TOKENS_OF_DAY] >= of_day:
        return (day + 1) * NS_PER_DAY
    return at


@called
def has_token(m: Memory, instance: int) -> bool:
    """Whether a job that comes now need not wait."""
    return m[instance + WAITING] == 0 and next_token_at(m, instance) == m[NOW]


@called
def take_token(m: Memory, instance: int) -> None:
    station, day = m[instance + OF_STATION], m[NOW] // NS_PER_DAY
    full_at = max(m[instance + BUCKET_FULL_AT], m[NOW])
    note_at(m, station, BUSY, full_at, 1)
    m[instance + BUCKET_FULL_AT] = full_at + m[station + QUOTA_SPACING]
    note_at(m, station, BUSY, m[instance + BUCKET_FULL_AT], -1)
    if m[instance + DAY] != day:
        m[instance + DAY] = day
        m[instance + TOKENS_OF_DAY] = 0
    m[instance + TOKENS_OF_DAY] += 1
    ring = m[instance + LATEST_TOKENS]
    if ring != 0:
        m[ring + m[instance + MANY_TOKENS] % m[station + PER_DAY]] = m[NOW]
        m[instance + MANY_TOKENS] += 1


@called
def plan_token(m: Memory, instance: int) -> None:
    """The next TOKEN; another one that was planned before is ignored when its time comes."""
    if m[instance + WAITING] == 0:
        m[instance + TOKEN_AT] = UNKNOWN
        return
    at = next_token_at(m, instance)
    if at != m[instance + TOKEN_AT] and at < m[END]:
        plan(m, at, TOKEN, m[m[instance + OF_STATION] + NUMBER], 0, instance)
    m[instance + TOKEN_AT] = at


@called
def set_quota_spacing(m: Memory, station: int, spacing: int) -> None:
    instance = m[station + FIRST_INSTANCE]
    was_full_at = max(m[NOW], m[instance + BUCKET_FULL_AT])
    m[instance + BUCKET_FULL_AT] = full_at_other_spacing(
        m[NOW], m[instance + BUCKET_FULL_AT], m[station + QUOTA_SPACING], spacing
    )
    m[station + QUOTA_SPACING] = spacing
    note_at(m, station, BUSY, was_full_at, 1)
    note_at(m, station, BUSY, max(m[NOW], m[instance + BUCKET_FULL_AT]), -1)
    plan_token(m, instance)
