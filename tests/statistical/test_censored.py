"""A line that is let in at a fixed rate, seen for a part of the time only: its wait is known.

A crowd of ``n`` joins at once and is let in one each ``d``: the k-th waits ``k d``, so that the p95 is
``0.95 n d`` exactly (D/D/1 from a full line). Seen until ``h``, the quantile is between two bounds; it
is known where ``h`` is beyond it, and more than ``h`` where it is not.
"""

import math

import numpy as np
import pytest

from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.times import quantile_of
from simulator.outcomes.rows import UNKNOWN, Fate
from tests.launches.summaries import folded

S = 1_000_000_000
PEOPLE, EACH_S = 2_000, 3
TRUE_P95_S = 0.95 * PEOPLE * EACH_S
BUCKET = 1 / 128


def line_seen(until_s: int, every_s: int = EACH_S) -> Summary:
    """The line as it had gone when it was last seen."""
    visits = []
    for k in range(1, PEOPLE + 1):
        at = k * every_s * S
        within = at < until_s * S
        fate = Fate.SERVED if within else Fate.WAITING
        let_in = at if within else UNKNOWN
        visits.append((k, 0, 0, 0, let_in, let_in, fate))
    return folded(visits, horizon_ns=until_s * S, bin_ns=60 * S)


P95 = quantile_of(lambda summary: summary.wait, 0.95)


@pytest.mark.parametrize("until_s", [600, 1_800, 3_600, 5_400, 5_703, 6_001])
def test_the_p95_of_a_line_that_is_seen_for_a_time(until_s: int) -> None:
    reading = P95(line_seen(until_s))

    assert reading.samples == PEOPLE
    assert reading.open == (until_s <= TRUE_P95_S)
    if reading.open:
        assert reading.value == pytest.approx(until_s, rel=BUCKET)
        assert reading.value <= until_s < TRUE_P95_S < reading.most == math.inf
    else:
        assert reading.value == pytest.approx(TRUE_P95_S, rel=BUCKET)


def test_a_wrong_model_fails_it() -> None:
    """That of those who were let in is a quantile of the time that one looked, not of the line."""
    for until_s in (600, 3_600):
        wait = line_seen(until_s).wait
        let_in_only = wait.counts
        ended = np.cumsum(let_in_only)
        bucket = int(np.searchsorted(ended, math.ceil(0.95 * ended[-1])))

        wrong = Histogram(wait.ended).quantile_ns(0.95) / S

        assert bucket
        assert wrong == pytest.approx(0.95 * until_s, rel=2 * BUCKET)
        assert wrong < TRUE_P95_S / 1.5


def test_the_mean_wait_is_between_its_bounds_too() -> None:
    """The mean of all is (n + 1) d / 2; seen until h, that is at least the mean of min(k d, h)."""
    until_s = 3_600
    least_ns, most_ns = line_seen(until_s).wait.mean_bounds_ns()
    seen_s = [min(k * EACH_S, until_s) for k in range(1, PEOPLE + 1)]
    assert least_ns == sum(seen_s) * S / PEOPLE
    assert least_ns < (PEOPLE + 1) * EACH_S / 2 * S
    assert most_ns == math.inf


def test_a_refused_service_level_counts_who_left_too_late() -> None:
    """80 are let in within 20 s, 20 within a minute; 10 leave within 20 s, and 10 after half a minute.

    Of the 110 who stayed until 20 s 80 were let in by then: 72.7 %, as the fourth formula says.
    """
    visits = (
        [(n, 0, 0, 0, 15 * S, 15 * S, Fate.SERVED) for n in range(80)]
        + [(100 + n, 0, 0, 0, 50 * S, 50 * S, Fate.SERVED) for n in range(20)]
        + [(200 + n, 0, 0, 0, UNKNOWN, 10 * S, Fate.RENEGED) for n in range(10)]
        + [(300 + n, 0, 0, 0, UNKNOWN, 30 * S, Fate.RENEGED) for n in range(10)]
    )
    wait = folded(visits, horizon_ns=99 * S).wait

    level = 80 / 110
    for quantile, seconds in ((level - 0.001, 15), (level + 0.001, 30), (0.81, 50)):
        least_ns, most_ns = wait.quantile_bounds_ns(quantile)
        assert least_ns == most_ns == pytest.approx(seconds * S, rel=BUCKET)
