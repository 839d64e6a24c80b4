"""What is particular to the launches of networks and lists that this file names, and can be wrong."""

import functools
import math
from datetime import timedelta

import numpy as np

from scenarios.library import shelf as library
from simulator import Compiled, Plan, Scenario
from simulator.outcomes.rows import UNKNOWN, Fate, Rows
from simulator.scenario.words.surges.surge import Milestones
from simulator.system.system import Lever
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_S
from tests.plans import coming, library_plan

ENGINE = Compiled()
HOUR_NS = 3600 * NS_PER_S


plan = functools.cache(library_plan)


def instants_of(scenario: Scenario, key: str) -> list[timedelta]:
    """How long after the opening a lever is set."""
    return [
        timedelta(microseconds=change.at_ns // 1000)
        for change in scenario.words.change
        if key in change.set_
    ]


def milestones(name: str, *settings: str, variant: str | None = None) -> list[float]:
    """The arrivals that lead to the published counts."""
    surges = coming(name, *settings, variant=variant).surges
    [surge] = (one for one in surges if isinstance(one, Milestones))
    return [point.count for point in surge.points]


# Truth Social -------------------------------------------------------------------------------------


def test_the_outage_lasts_as_long_as_it_was_logged_and_by_the_clocks_of_that_night() -> None:
    scenario = library.load("truth-social-2022")
    began, ended, moved = instants_of(scenario, "station.signup.servers")
    opening = scenario.words.launch.opening
    assert ended - began == timedelta(hours=13, minutes=14)
    assert f"{opening + began:%a %H:%M}, {opening + ended:%a %H:%M}" == "Sun 23:24, Mon 12:38"
    assert timedelta(days=60) <= moved <= timedelta(days=62)


def test_the_line_starts_at_midnight_and_lets_more_in_from_14_32_on() -> None:
    scenario = library.load("truth-social-2022")
    opening = scenario.words.launch.opening
    [line] = instants_of(scenario, "waitlist.policy")
    _, stable, _ = instants_of(scenario, "waitlist.release.rate")
    assert f"{opening + line:%a %H:%M}, {opening + stable:%a %H:%M}" == "Mon 00:00, Mon 14:32"


def ahead(visits: Rows, who: Rows, at_ns: int) -> int:
    """How many stand before somebody: the others put ahead of him, and those who came earlier."""
    waits = (visits["joined"] <= at_ns) & (visits["joined"] != UNKNOWN)
    waits &= (visits["let_in"] == UNKNOWN) | (visits["let_in"] > at_ns)
    first = (visits["people"] > who["people"]) | (visits["joined"] < who["joined"])
    return int((waits & first).sum())


def test_a_number_in_the_line_rises_overnight() -> None:
    """One was number 25,021, and further back when he woke up."""
    night = plan("truth-social-2022")
    visits = ENGINE.simulate(night.timetable(0), night.system).rows().visits
    lined = np.sort(visits[visits["joined"] != UNKNOWN], order="joined")
    who = lined[25_020]
    asleep, awake = int(who["joined"]), 9 * HOUR_NS

    assert who["let_in"] == UNKNOWN
    assert ahead(lined, who, awake) > ahead(lined, who, asleep) > 24_000


def test_nobody_changes_anything_where_it_is_well_run() -> None:
    system = plan("truth-social-2022", variant="well-run").system
    levers = {change.lever for change in plan("truth-social-2022").system.changes}
    assert system.changes == ()
    assert levers == {
        Lever.POLICY, Lever.RELEASE_SPACING_NS, Lever.SERVERS, Lever.QUOTA_SPACING_NS,
    }  # fmt: skip


# Gettr --------------------------------------------------------------------------------------------


def rate_per_s(demand: Demand, at_ns: int, of: tuple[int, ...] | None = None) -> float:
    """How fast people come in the minute after an instant, of some groups or of all."""
    last_ns = at_ns + 60 * NS_PER_S
    asked = [each for each in demand.components if of is None or each.people in of]
    return sum(each.expected_by(last_ns) - each.expected_by(at_ns) for each in asked) / 60


def newcomers(plan: Plan) -> tuple[int, ...]:
    return tuple(n for n, group in enumerate(plan.system.people) if group.name == "newcomers")


def test_an_endorsement_is_a_spike_and_its_retraction_ends_nearly_all_that_was_left() -> None:
    fortnight = plan("gettr-2022", "launch.horizon=14 days")
    who, day = newcomers(fortnight), 24 * HOUR_NS
    peak, later = (rate_per_s(fortnight.demand, at, who) for at in (HOUR_NS, 4 * day))
    before, after = (rate_per_s(fortnight.demand, at, who) for at in (8 * day - HOUR_NS, 8 * day))
    assert peak > 5 * later
    assert after < before / 8


def test_the_variants_of_gettr_keep_the_others_as_the_launch_has_them() -> None:
    others = milestones("gettr-2022", "launch.horizon=5 days")
    held = milestones("gettr-2022", "launch.horizon=5 days", variant="no-endorsement")
    assert np.allclose(held, others, rtol=0.01)


# Parler -------------------------------------------------------------------------------------------


def test_twice_as_many_came_as_were_expected() -> None:
    came, expected = plan("parler-2020").demand, plan("parler-2020", variant="as-expected").demand
    assert (round(came.total), round(expected.total)) == (2_000_000, 1_000_000)
    for hour in range(24):
        one, two = (demand.expected_by((hour + 1) * HOUR_NS) for demand in (expected, came))
        assert math.isclose(two, 2 * one, rel_tol=1e-6)


def test_new_accounts_are_added_by_two_thousand_a_minute_at_the_peak() -> None:
    day = plan("parler-2020")
    who = newcomers(day)
    a_minute = [60 * rate_per_s(day.demand, at * HOUR_NS // 6, who) for at in range(143)]
    assert 1_900 < max(a_minute) < 2_100


def test_after_the_shutdown_nothing_serves() -> None:
    system = plan("parler-2020", variant="shutdown").system
    ended = {change.station: (change.at_ns, change.value) for change in system.changes}
    assert ended == dict.fromkeys(range(len(system.stations)), (18 * HOUR_NS, 0))


# Pokemon GO ---------------------------------------------------------------------------------------


def test_the_volumes_are_one_five_and_fifty_of_one_plan() -> None:
    total = {
        variant: plan("pokemon-go-2016", variant=variant).demand.total
        for variant in ("as-planned", "worst-case", "as-it-came", None)
    }
    planned = total["as-planned"]

    assert math.isclose(total["worst-case"], 5 * planned)
    assert math.isclose(total["as-it-came"], 50 * planned)
    assert total[None] == total["worst-case"], "the likely volume is what planners feared"


def test_two_countries_pass_the_whole_plan_within_a_quarter_of_an_hour() -> None:
    planned = plan("pokemon-go-2016", variant="as-planned").demand
    came = plan("pokemon-go-2016", variant="as-it-came").demand
    peak = max(rate_per_s(planned, hour * HOUR_NS) for hour in range(36))
    first = [minute for minute in range(60) if rate_per_s(came, minute * HOUR_NS // 60) > peak]
    assert 0 < first[0] < 15


# Robinhood ----------------------------------------------------------------------------------------


def test_half_of_the_list_was_brought() -> None:
    week = plan("robinhood-2013").demand
    own, brought = (
        sum(each.expected_by(7 * 24 * HOUR_NS) for each in week.components if each.people == people)
        for people in (0, 1)
    )
    # 1 / (1 - 0.5) - 1 for each in the end; those of the last day have not brought theirs yet.
    assert 0.8 < brought / own < 1.0


def test_without_friends_as_many_come_by_themselves() -> None:
    found = milestones("robinhood-2013")[:2]
    held = milestones("robinhood-2013", variant="nothing-for-friends")[:2]
    # Clusters of two in the mean vary by four: 26,000 of them make 50,000 with a standard deviation
    # of sqrt(26,000 * (4 + 4)), 0.9 %, and four of these are granted.
    assert np.allclose(held, found, rtol=0.036)


def last_called(variant: str | None) -> int:
    """The last of all who came whose call is known, by how many had come before."""
    week = plan("robinhood-2013", variant=variant)
    visits = ENGINE.simulate(week.timetable(0), week.system).rows().visits
    lined = np.sort(visits, order="joined")
    called = (lined["let_in"] != UNKNOWN) | (lined["fate"] == Fate.NO_SHOW)
    return int(np.flatnonzero(called)[-1]) + 1


def test_who_brings_a_friend_is_called_before_his_turn() -> None:
    """Two hundred are called on each of six days: in their turn, only the first twelve hundred."""
    assert last_called("nothing-for-friends") <= 6 * 200 < last_called(None)
