"""Feedback, compiled: the rate of release is raised by steps and cut by a factor."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import (
    ANSWERS,
    CLOSES,
    CUT,
    DECISIONS,
    FEEDBACK_DELAY,
    FEEDBACK_EVERY,
    HIGHEST_RATE,
    IN_FLIGHT,
    LATE,
    LOWEST_RATE,
    MEASURED,
    NOW,
    RATE,
    SIGNAL,
    SIGNAL_LIMIT,
    STEP_RATE,
)
from simulator.engine.compiled.loop.release import set_spacing
from simulator.engine.rules import CONTROL, FEEDBACK
from simulator.system.line import Signal

ONE_A_NANOSECOND = 10**15
"""In millionths of a token a second."""

# A plain integer: to numba an IntEnum is a type of its own.
BY_IN_FLIGHT = int(Signal.IN_FLIGHT)


@called
def is_over(m: Memory) -> bool:
    """What is measured now: whether the signal is above its limit."""
    if m[SIGNAL] == BY_IN_FLIGHT:
        return m[IN_FLIGHT] > m[SIGNAL_LIMIT]
    return 20 * m[LATE] > m[ANSWERS]


@called
def decide(m: Memory) -> None:
    """FEEDBACK: a decision, by a measurement that is some periods old."""
    decision, delay = m[DECISIONS] + 1, m[FEEDBACK_DELAY]
    m[DECISIONS] = decision
    m[m[MEASURED] + decision % (delay + 1)] = is_over(m)
    m[ANSWERS] = m[LATE] = 0
    seen = decision - delay
    if seen >= 1:
        rate = m[RATE]
        if m[m[MEASURED] + seen % (delay + 1)] != 0:
            rate = max(m[LOWEST_RATE], rate * m[CUT] // 1000)
        else:
            rate = min(m[HIGHEST_RATE], rate + m[STEP_RATE])
        m[RATE] = rate
        set_spacing(m, spacing_of(rate))
    at = m[NOW] + m[FEEDBACK_EVERY]
    if at < m[CLOSES]:
        plan(m, at, CONTROL, FEEDBACK, 0, 0)


@called
def spacing_of(rate: int) -> int:
    return max(1, ONE_A_NANOSECOND // max(1, rate))
