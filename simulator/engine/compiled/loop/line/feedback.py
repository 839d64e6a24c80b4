"""Feedback, compiled: the rate of release is raised by steps and cut by a factor."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.line.release import set_spacing
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import cells
from simulator.engine.rules import CONTROL, FEEDBACK
from simulator.system.line import Signal

ONE_A_NANOSECOND = 10**15
"""In millionths of a token a second."""

# As a plain integer.
BY_IN_FLIGHT = int(Signal.IN_FLIGHT)


@called
def is_over(m: Memory) -> bool:
    """What is measured now: whether the signal is above its limit."""
    if m[cells.SIGNAL] == BY_IN_FLIGHT:
        return m[cells.IN_FLIGHT] > m[cells.SIGNAL_LIMIT]
    return 20 * m[cells.LATE] > m[cells.ANSWERS]


@called
def decide(m: Memory) -> None:
    """FEEDBACK: a decision, by a measurement that is some periods old."""
    decision, delay = m[cells.DECISIONS] + 1, m[cells.FEEDBACK_DELAY]
    m[cells.DECISIONS] = decision
    m[m[cells.MEASURED] + decision % (delay + 1)] = is_over(m)
    m[cells.ANSWERS] = m[cells.LATE] = 0
    seen = decision - delay
    if seen >= 1:
        rate = m[cells.RATE]
        if m[m[cells.MEASURED] + seen % (delay + 1)] != 0:
            rate = max(m[cells.LOWEST_RATE], rate * m[cells.CUT] // 1000)
        else:
            rate = min(m[cells.HIGHEST_RATE], rate + m[cells.STEP_RATE])
        m[cells.RATE] = rate
        set_spacing(m, spacing_ns_at(rate))
    at = m[cells.NOW] + m[cells.FEEDBACK_EVERY]
    if at < m[cells.CLOSES]:
        plan(m, at, CONTROL, FEEDBACK, 0, 0)


@called
def spacing_ns_at(rate: int) -> int:
    return max(1, ONE_A_NANOSECOND // max(1, rate))
