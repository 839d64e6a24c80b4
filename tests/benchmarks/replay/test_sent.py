"""How a generator is held against its plan: who is late is late, who is uneven is off."""

import numpy as np
import pytest

from tests.benchmarks.replay.sent import deviation, judged

PLAN_NS = np.arange(0, 2_000_000_000, 1_000_000)
"""A thousand a second, evenly, for two seconds."""


def test_who_sends_everything_a_little_later_is_late_and_not_off_the_plan() -> None:
    sent = judged(PLAN_NS, 7_000_000_000 + PLAN_NS + 300_000, 7_000_000_000, cpu_s=0.2)
    assert sent.lag_s == (0.0003, 0.0003, 0.0003)
    assert (sent.planned, sent.came, sent.deviation) == (2000, 2000, 0)
    assert sent.us_a_request == pytest.approx(100)


def test_who_sends_a_seconds_requests_together_is_off_the_plan_in_nearly_every_bin() -> None:
    """All of a second in one bin: nine of ten are missed by a bin, and the tenth has nine too many."""
    bunched = PLAN_NS // 1_000_000_000 * 1_000_000_000
    assert deviation(PLAN_NS, bunched) == pytest.approx(
        2 * 0.9, rel=0.06
    )  # one bin more at the end


def test_who_loses_a_tenth_is_off_by_a_tenth() -> None:
    kept = PLAN_NS[np.arange(len(PLAN_NS)) % 10 != 0]
    assert judged(PLAN_NS, kept, 0, cpu_s=0).deviation == pytest.approx(0.1, rel=0.06)
