from datetime import UTC, datetime

import numpy as np
import pytest

from simulator.plan.surges.curve import Clock, edges_until, merged
from simulator.plan.surges.demand import components_of
from simulator.plan.surges.formulas import countdown
from simulator.plan.surges.milestones import through
from simulator.scenario.words.groups import Entry
from simulator.scenario.words.surges.surge import Countdown, Milestones, Surge
from simulator.timetable.demand import Component
from simulator.units import NS_PER_S

HOUR_NS = 3_600 * NS_PER_S
POINTS = [["3 h", 85_000], ["16 h", 216_815], ["34 h", 370_000], ["42 h", 476_784]]
ALL = Entry(group="all", journey=0, share=1.0)


def milestones(points: list[list[object]]) -> Milestones:
    return Milestones.model_validate(
        {"shape": "milestones", "people": "all", "counts": "arrivals", "points": points}
    )


def crowd(**words: object) -> Countdown:
    plain = {"shape": "countdown", "people": "all", "crowd": 5_000}
    reaction = {"median": "4 s", "cv": 1.0}
    return Countdown.model_validate({**plain, "reaction": reaction, **words})


def to_component(surge: Surge, number: int, horizon_ns: int) -> Component:
    clock = Clock(opening=datetime(2026, 1, 1, tzinfo=UTC), horizon_ns=horizon_ns)
    nobody = Entry(group="others", journey=0, share=1.0)
    (found,) = components_of([surge], [nobody] * number + [ALL], clock)
    return found


@pytest.mark.parametrize("horizon_h", [1, 8, 42, 50])
def test_every_milestone_is_met_exactly(horizon_h: int) -> None:
    component = to_component(milestones(POINTS), 0, horizon_h * HOUR_NS)
    for hours, count in ((3, 85_000), (16, 216_815), (34, 370_000), (42, 476_784)):
        if hours <= horizon_h:
            # A sum of at most 3,100 blocks: each adds half a unit in the last place of the total.
            assert component.expected_by(hours * HOUR_NS) == pytest.approx(count, rel=3_100 * 2e-16)


def test_nobody_comes_after_the_last_milestone() -> None:
    component = to_component(milestones([["1 h", 500]]), 0, 3 * HOUR_NS)
    assert component.expected_by(3 * HOUR_NS) == pytest.approx(500)
    assert component.mass[component.edges_ns[:-1] >= HOUR_NS].sum() == 0.0


def test_later_milestones_shape_what_the_horizon_cuts_off() -> None:
    horizon_ns = 2 * HOUR_NS
    alone = to_component(milestones(POINTS[:1]), 0, horizon_ns)
    rising = to_component(milestones([["3 h", 85_000], ["4 h", 400_000]]), 0, horizon_ns)
    assert rising.expected_by(horizon_ns) < alone.expected_by(horizon_ns)


def test_one_milestone_alone_is_an_even_stream() -> None:
    component = to_component(milestones([["1 h", 3_600]]), 0, HOUR_NS)
    rates = component.mass / np.diff(component.edges_ns) * NS_PER_S
    assert rates == pytest.approx(1.0, rel=1e-6)


def test_blocks_are_fine_at_the_opening_and_a_minute_at_most() -> None:
    edges = edges_until(8 * HOUR_NS, [3 * HOUR_NS, 9 * HOUR_NS])
    widths = np.diff(edges)
    assert (edges[0], edges[-1]) == (0, 8 * HOUR_NS)
    assert 3 * HOUR_NS in edges
    assert widths.min() > 0
    assert widths[edges[:-1] < 10 * NS_PER_S].max() <= NS_PER_S // 4
    assert widths.max() == 60 * NS_PER_S


def test_the_tilt_follows_the_curve_within_a_block() -> None:
    surge = milestones(POINTS)
    component = to_component(surge, 0, 8 * HOUR_NS)
    middles = (component.edges_ns[1:] + component.edges_ns[:-1]) // 2
    curve = through(surge.points)(middles / NS_PER_S)
    inside = [component.expected_by(int(at)) for at in middles]
    assert inside == pytest.approx(curve.tolist(), rel=1e-9, abs=1e-6)


def test_a_countdown_adds_the_crowd_and_those_who_follow() -> None:
    surge = crowd(rate="4/s", decay="20 min")
    cumulative = countdown(surge)(np.array([0.0, 4.0, 1_200.0, 1e9]))
    e = np.exp
    # At the median half of the crowd has come; the others are r d (1 - exp(-t/d)) in closed form.
    assert cumulative[0] == 0.0
    assert cumulative[1] == pytest.approx(2_500 + 4_800 * (1 - e(-4 / 1_200)), rel=1e-12)
    assert cumulative[2] == pytest.approx(5_000 + 4_800 * (1 - e(-1)), rel=1e-9)
    assert cumulative[3] == pytest.approx(9_800, rel=1e-12)


def test_a_countdown_ends_at_the_horizon() -> None:
    component = to_component(crowd(), 3, 10 * NS_PER_S)
    expected = countdown(crowd())(np.array([10.0]))[0]
    assert component.people == 3
    assert component.mass.sum() == pytest.approx(expected, rel=1e-12)
    assert component.expected_by(4 * NS_PER_S) == pytest.approx(2_500, rel=1e-4)


def test_a_launch_of_years_has_no_more_blocks_than_one_of_months() -> None:
    years, months = (edges_until(days * 24 * HOUR_NS) for days in (36_500, 70))
    assert len(years) < 1.01 * len(months)
    assert years[-1] == 36_500 * 24 * HOUR_NS


def test_blocks_are_narrow_again_where_a_surge_begins() -> None:
    fresh = 2 * HOUR_NS
    edges = edges_until(8 * HOUR_NS, [HOUR_NS + 7], [fresh, 9 * HOUR_NS])
    widths, ends = np.diff(edges), (edges[0], edges[-1])
    assert (ends, HOUR_NS + 7 in edges, fresh in edges) == ((0, 8 * HOUR_NS), True, True)
    assert widths[(edges[:-1] >= fresh) & (edges[:-1] < fresh + NS_PER_S)].max() <= NS_PER_S // 40
    assert widths[edges[:-1] < fresh].max() == 60 * NS_PER_S


def test_merged_edges_keep_their_ends_and_are_few() -> None:
    one, two = np.arange(0, 1_001), np.arange(0, 1_001, 3)
    together = merged([one, two], 100)
    assert (together[0], together[-1], len(together) - 1 <= 101) == (0, 1_000, True)
    assert merged([two, two], 1_000).tolist() == [*two.tolist()]
