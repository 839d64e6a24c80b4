"""An adoption goes through what was counted, and on to a ceiling that each launch draws."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import integrate

from simulator.plan.surges.adoption import adoption, ceiling_at
from simulator.plan.surges.curve import Clock
from simulator.plan.surges.demand import components_of
from simulator.scenario.words.groups import Entry
from simulator.scenario.words.surges.surge import Adoption, Surge
from simulator.timetable.counts import block_counts
from simulator.timetable.demand import Demand
from simulator.timetable.volume import Curves
from simulator.units import NS_PER_DAY
from tests.examples import examples

SURGE: TypeAdapter[Surge] = TypeAdapter(Surge)
OPENING = datetime(2023, 7, 5, 23, tzinfo=UTC)
DAY_S = 86_400.0
POINTS: list[list[object]] = [["1 day", 4_000], ["5 days", 10_000], ["300 days", 15_000]]
CEILING = {"low": 20_000, "likely": 100_000, "high": 200_000}
WAVE = {"zones": [["UTC+05:30", 0.6], ["UTC-03:00", 0.4]], "peak_hour": 20.0, "depth": 0.8}
Words = dict[str, Any]


def surge(**words: Any) -> Adoption:
    found = SURGE.validate_python(
        {"shape": "adoption", "people": "all", "points": POINTS, "ceiling": CEILING, **words}
    )
    assert isinstance(found, Adoption)
    return found


def demand(of: Adoption, days: int = 3_000) -> Demand:
    clock = Clock(opening=OPENING, horizon_ns=days * NS_PER_DAY)
    entry = Entry(group="all", journey=0, share=1.0)
    return Demand(components=components_of([of], [entry], clock))


@examples("words", ("at any hour", {}), ("by the clocks on their walls", WAVE))
@pytest.mark.parametrize("u", [0.001, 0.1, 0.37, 0.5, 0.9, 0.999])
def test_every_launch_meets_the_counts_and_stays_below_its_ceiling(words: Words, u: float) -> None:
    one = demand(surge(**words)).drawn(u)
    by = [one.expected_by(days * NS_PER_DAY) for days in (1, 5, 300)]
    assert by == pytest.approx([4_000, 10_000, 15_000], rel=1e-6)
    assert one.total > 15_000


@examples("u, ceiling", ("low", 0.1, 20_000), ("likely", 0.5, 100_000), ("high", 0.9, 200_000))
def test_one_launch_in_ten_has_less_than_the_low_ceiling(u: float, ceiling: float) -> None:
    # Ten thousand days are more than ten times the slowest growth.
    assert demand(surge(), days=10_000).drawn(u).total == pytest.approx(ceiling, rel=1e-3)


def test_beyond_the_last_count_but_one_it_is_the_logistic_curve_through_both() -> None:
    # In closed form: of K = 100,000 logit(0.1) at 5 days and logit(0.15) at 300.
    growth = 295 / (np.log(0.15 / 0.85) - np.log(0.1 / 0.9))
    midpoint = 300 - growth * np.log(0.15 / 0.85)
    days = np.array([5.0, 40.0, 300.0, 1_000.0, 2_500.0])
    expected = 1e5 / (1.0 + np.exp(-(days - midpoint) / growth))
    assert adoption(surge(), OPENING)(days * DAY_S) == pytest.approx(expected)


def test_a_ceiling_never_lies_below_what_was_counted() -> None:
    of = surge()
    ceilings = [ceiling_at(of, deviate) for deviate in np.linspace(-3.0, 3.0, 25)]
    assert min(ceilings) > 15_000
    assert ceilings == sorted(ceilings)
    assert [ceiling_at(of, z) for z in (-1.0, 0.0, 1.0)] == pytest.approx([2e4, 1e5, 2e5])


def test_members_who_come_back_are_so_many_times_those_who_have_come() -> None:
    members, visits = adoption(surge(), OPENING), adoption(surge(daily=0.13), OPENING)
    for until in (0.5, 3.0, 200.0, 1_000.0):
        whole, _ = integrate.quad(
            lambda day: float(members(np.array([day * DAY_S]))[0]), 0, until, limit=200, points=[1, 5]
        )  # fmt: skip
        assert visits(np.array([until * DAY_S]))[0] == pytest.approx(0.13 * whole, rel=1e-6)


def test_they_come_by_the_clocks_on_their_walls() -> None:
    even, wave = demand(surge()), demand(surge(**WAVE))
    day = 600 * NS_PER_DAY
    whole = [d.expected_by(day + NS_PER_DAY) - d.expected_by(day) for d in (even, wave)]
    assert whole[1] == pytest.approx(whole[0], rel=1e-3)
    hours = [wave.expected_by(day + h * NS_PER_DAY // 24) for h in range(25)]
    rates = np.diff(hours) / whole[1] * 24
    # 20:00 in India is 14:30 in Greenwich, and 23:00 there in Brazil; the launch opened at 23:00.
    w = 2 * np.pi / 24
    middle = np.arange(24) + 0.5
    parts = [(0.6, 23 + 5.5), (0.4, 23 - 3)]
    expected = 1 + sum(0.8 * s * np.cos(w * (middle + shown - 20)) for s, shown in parts)
    assert rates == pytest.approx(expected, abs=0.01)


def test_a_launch_draws_its_curve_and_people_as_many_as_it_expects() -> None:
    whole = demand(surge())
    (component,) = whole.components
    assert isinstance(component.volume, Curves)
    for u in (0.2, 0.8):
        (counts,) = block_counts(whole, key=5, luck=u)
        expected = whole.drawn(u).total
        # z = 4 of a Poisson number: a false alarm in 16,000 seeds.
        assert counts.sum() == pytest.approx(expected, abs=4 * expected**0.5)


def test_how_often_members_come_is_drawn_with_the_ceiling() -> None:
    volume = {"low": 0.5, "likely": 1, "high": 3}
    plain, uncertain = demand(surge(daily=0.1)), demand(surge(daily=0.1, volume=volume))
    for u, factor in ((0.1, 0.5), (0.5, 1.0), (0.9, 3.0)):
        assert uncertain.drawn(u).total == pytest.approx(factor * plain.drawn(u).total)


def test_a_certain_ceiling_leaves_nothing_open() -> None:
    (component,) = demand(surge(ceiling=50_000)).components
    assert component.volume is None


@examples("words, said",
    ("one count", {"points": [["5 days", 10]]}, "fewer than two"),
    ("no growth", {"points": [["1 day", 10], ["5 days", 10]]}, "do not rise"),
    ("a ceiling that was passed", {"ceiling": 12_000}, "is not above the last count"),
    ("in disorder", {"ceiling": {"low": 9e5, "likely": 1e5, "high": 1e6}}, "is more than likely"),
    ("half a wave", {"peak_hour": 20.0}, "belong together"),
    ("nobody", {"daily": 0.0}, "nobody ever comes"),
    ("two volumes", {"volume": {"low": 0.5, "high": 2.0}}, "no effect without daily"),
)  # fmt: skip
def test_what_makes_no_curve_is_told(words: Words, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        surge(**words)
