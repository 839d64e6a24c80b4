import math

import numpy as np
import pytest

from simulator.intervals import clopper_pearson, estimate

CERTIFIED_BY = {
    0: 59,
    1: 93,
    2: 124,
    3: 153,
    4: 181,
    5: 208,
    6: 234,
    7: 260,
    8: 286,
    9: 311,
    10: 336,
}
"""Failures: the fewest launches that certify 95 % with 95 % confidence (closed form)."""


@pytest.mark.parametrize(("failures", "launches"), CERTIFIED_BY.items())
def test_the_fewest_launches_that_certify_95_percent(failures: int, launches: int) -> None:
    assert clopper_pearson(launches - failures, launches)[0] >= 0.95
    assert clopper_pearson(launches - 1 - failures, launches - 1)[0] < 0.95


def test_bounds_at_the_ends() -> None:
    alone = 0.05**0.1

    assert clopper_pearson(0, 10) == pytest.approx((0.0, 1 - alone))
    assert clopper_pearson(10, 10) == pytest.approx((alone, 1.0))


def test_an_estimate_tells_the_mean_its_interval_and_where_launches_lie() -> None:
    values = [float(value) for value in range(1, 101)]

    found = estimate(values, [7] * 100)

    # Student's t with 99 degrees of freedom is 1.984217; the sample's sd is 29.011492.
    half = 1.984217 * 29.011492 / 10
    assert (found.mean, found.from_, found.to, found.launches, found.samples) == (
        50.5,
        3,
        98,
        100,
        7,
    )
    assert found.low == pytest.approx(50.5 - half, abs=1e-5)
    assert found.high == pytest.approx(50.5 + half, abs=1e-5)


def test_one_launch_is_no_interval() -> None:
    found = estimate([4.0], [1])

    assert (found.mean, found.low, found.high) == (4.0, -math.inf, math.inf)


def test_nothing_known_is_said() -> None:
    found = estimate([math.nan, math.nan], [0, 0])

    assert (found.launches, found.enough) == (0, False)
    assert math.isnan(found.mean)


def test_a_launch_that_never_ends_makes_the_mean_infinite() -> None:
    found = estimate([1.0, 2.0, math.inf], [9, 9, 9])

    assert (found.mean, found.low, found.high, found.from_) == (math.inf, math.inf, math.inf, 1.0)


def test_student_intervals_cover_the_mean_of_normal_figures() -> None:
    # 2,000 estimates from 10 launches each: 95 % +- 4 standard errors, sqrt(.95 .05 / 2000).
    random = np.random.default_rng(20220221)
    covered = sum(
        found.low <= 0.0 <= found.high
        for found in (estimate(row.tolist(), [1] * 10) for row in random.normal(size=(2000, 10)))
    )

    assert abs(covered / 2000 - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 2000)
