from dataclasses import astuple

import numpy as np
import pytest

from simulator.plan.surges.milestones import band, milestones, peaks, steepest_smooth, through
from simulator.scenario.words.surges.surge import Milestones
from simulator.units import NS_PER_S, Floats

HOUR_NS = 3_600 * NS_PER_S
POINTS = [["3 h", 85_000], ["16 h", 216_815], ["34 h", 370_000], ["42 h", 476_784]]
COUNTS = np.array([0.0, *(float(str(count)) for _, count in POINTS)])
AT_S = np.array([0.0, 3, 16, 34, 42]) * 3_600


def surge(points: list[list[object]] = POINTS, **words: object) -> Milestones:
    plain = {"shape": "milestones", "people": "all", "counts": "arrivals", "points": points}
    return Milestones.model_validate({**plain, **words})


@pytest.mark.parametrize("between", ["smooth", "even", "power", "early", "late"])
def test_every_curve_goes_through_the_points_and_never_falls(between: str) -> None:
    curve = milestones(surge(between=between))
    assert curve(AT_S) == pytest.approx(COUNTS, rel=1e-12, abs=1e-9)
    fine = curve(np.linspace(0, 50 * 3_600, 20_000))
    assert np.diff(fine).min() >= -1e-9
    assert fine[-1] == pytest.approx(COUNTS[-1], rel=1e-12)


def test_between_two_points_the_curves_differ() -> None:
    at_s = np.array([16 * 3_600 + 30.0, 25 * 3_600, 34 * 3_600 - 15])
    step, start = 370_000 - 216_815, 216_815
    even = milestones(surge(between="even"))(at_s)
    assert even == pytest.approx(start + step * (at_s - AT_S[2]) / (AT_S[3] - AT_S[2]))
    early = milestones(surge(between="early"))(at_s)
    assert early.tolist() == [start + step / 2, 370_000, 370_000]
    late = milestones(surge(between="late"))(at_s)
    assert late.tolist() == [start, start, start + step * 0.75]


def test_a_single_point_is_an_even_stream_in_logarithms_too() -> None:
    curve = milestones(surge([["1 h", 3_600]], between="power"))
    assert curve(np.array([0.0, 600.0, 9_999.0])).tolist() == [0, 600, 3_600]


def rates(curve: Floats, at_s: Floats) -> Floats:
    return np.asarray(np.diff(curve) / np.diff(at_s))


def test_a_peak_is_kept_by_a_curve_through_the_same_points() -> None:
    # The smooth curve is as steep as 9.2/s before the first point, whose mean is 7.9/s.
    at_s = np.linspace(0, 42 * 3_600, 42 * 360 + 1)
    smooth = through(surge().points)(at_s)
    capped = milestones(surge(peak="8/s"))(at_s)
    assert rates(smooth, at_s).max() > 9
    assert rates(capped, at_s).max() == pytest.approx(8, rel=1e-3)
    assert milestones(surge(peak="8/s"))(AT_S) == pytest.approx(COUNTS)
    # Where it is not too steep, it is as it was.
    assert capped[at_s > AT_S[1]] == pytest.approx(smooth[at_s > AT_S[1]])


def test_the_steepest_place_of_each_interval_is_known_exactly() -> None:
    at_s = np.linspace(0, 42 * 3_600, 42 * 3_600 + 1)
    rate = rates(through(surge().points)(at_s), at_s)
    found = steepest_smooth(surge().points)
    for interval, steepest in enumerate(found):
        here = (at_s[:-1] >= AT_S[interval]) & (at_s[:-1] < AT_S[interval + 1])
        # A rate of a second's mean is lower by at most its slope times half a second.
        assert rate[here].max() == pytest.approx(steepest, rel=1e-3)


def test_the_peak_that_is_left_open() -> None:
    found = peaks(surge().points)
    assert astuple(found) == pytest.approx(
        (85_000 / 10_800, steepest_smooth(surge().points).max(), (370_000 - 216_815) / 60)
    )
    assert found.lowest_per_s <= found.smooth_per_s <= found.rushed_per_s


def test_the_band_holds_every_curve_through_the_points() -> None:
    at_ns = np.arange(0, 45 * HOUR_NS, HOUR_NS // 2)
    found = band(surge(between="even"), at_ns)
    for curve in (found.used, found.pchip, found.log_pchip):
        assert np.all(found.lower <= curve * (1 + 1e-12) + 1e-9)
        assert np.all(curve <= found.upper * (1 + 1e-12) + 1e-9)
    at_milestone = at_ns == 16 * HOUR_NS
    assert found.lower[at_milestone] == found.upper[at_milestone] == 216_815
    between = at_ns == 10 * HOUR_NS
    assert (found.lower[between][0], found.upper[between][0]) == (85_000, 216_815)
    assert found.used[between][0] == pytest.approx(85_000 + 131_815 * 7 / 13)
