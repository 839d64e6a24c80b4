import math

import numpy as np
import pytest

from simulator.outcomes.figures.intervals import (
    ENOUGH_LAUNCHES,
    clopper_pearson,
    estimate,
    interval,
    mean_and_half_width,
    middle,
    rank_of_middle,
)

CERTIFIED_BY = {
    0: 59, 1: 93, 2: 124, 3: 153, 4: 181, 5: 208, 6: 234, 7: 260, 8: 286, 9: 311, 10: 336,
}  # fmt: skip
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
        50.5, 2, 99, 100, 7,
    )  # fmt: skip
    assert found.low == pytest.approx(50.5 * math.exp(-half / 50.5), abs=1e-5)
    assert found.high == pytest.approx(50.5 * math.exp(half / 50.5), abs=1e-5)


def test_one_launch_is_no_interval() -> None:
    found = estimate([4.0], [1])
    assert (found.mean, found.low, found.high) == (4.0, 0.0, math.inf)
    assert math.isnan(found.from_)


def test_nothing_known_is_said() -> None:
    found = estimate([math.nan, math.nan], [0, 0])
    assert (found.launches, found.enough) == (0, False)
    assert math.isnan(found.mean)


def test_a_launch_that_never_ends_makes_the_mean_infinite() -> None:
    found = estimate([*map(float, range(1, 40)), math.inf], [9] * 40)
    assert (found.mean, found.low, found.high, found.from_, found.to) == (
        math.inf, math.inf, math.inf, 1.0, math.inf,
    )  # fmt: skip


@pytest.mark.parametrize("values", [[0.0, 0.0, 9.0], [1.0, 200.0], [5.0, 0.0], [0.0, 0.0]])
def test_no_interval_of_what_is_counted_or_lasts_begins_below_zero(values: list[float]) -> None:
    found = estimate(values, [1] * len(values))
    assert 0.0 <= found.low <= found.mean <= found.high


@pytest.mark.parametrize("values", [[0.0, 0.01], [1.0, 0.9], [0.0, 1.0], [1.0, 1.0]])
def test_no_interval_of_a_share_leaves_zero_to_one(values: list[float]) -> None:
    found = estimate(values, [1] * len(values), most=1.0)
    assert 0.0 <= found.low <= found.mean <= found.high <= 1.0


def test_an_interval_is_students_where_it_is_narrow() -> None:
    # The logarithm bends by half of (h / m)^2: of a thousandth, by 5e-7 of the mean.
    assert interval(1000.0, 1.0) == pytest.approx((999.0, 1001.0), abs=1000 * 5e-7 * 1.01)
    assert interval(0.5, 0.001, 1.0) == pytest.approx((0.499, 0.501), abs=1e-6)


def test_what_launches_share_widens_the_interval() -> None:
    sharp, blurred = (estimate([4.0, 5.0, 6.0], [1] * 3, blur=blur) for blur in (0.0, 0.5))
    assert blurred.low == pytest.approx(sharp.low - 0.5)
    assert blurred.high == pytest.approx(sharp.high + 0.5)


@pytest.mark.parametrize(
    ("launches", "place"), [(1, 0), (2, 0), (38, 0), (39, 1), (78, 1), (79, 2), (100, 2)]
)
def test_a_middle_needs_39_launches(launches: int, place: int) -> None:
    assert rank_of_middle(launches) == place
    low, high = middle(np.arange(1.0, launches + 1))
    if place:
        # A further launch falls between with at least 95 %, whatever its law.
        assert (float(low), float(high)) == (place, launches + 1 - place)
        assert (high - low) / (launches + 1) >= 0.95 - 1e-12
    else:
        assert math.isnan(low)
        assert launches < ENOUGH_LAUNCHES == 39


def test_student_intervals_cover_the_mean_of_normal_figures() -> None:
    # 2,000 estimates from 10 launches each: 95 % +- 4 standard errors, sqrt(.95 .05 / 2000).
    random = np.random.default_rng(20220221)
    covered = sum(
        abs(mean) <= half for mean, half in map(mean_and_half_width, random.normal(size=(2000, 10)))
    )
    assert abs(covered / 2000 - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 2000)
