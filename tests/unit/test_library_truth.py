"""What is particular to the launches of networks and lists that this file names, and can be wrong."""

import functools
from datetime import timedelta

import numpy as np

from scenarios import library
from simulator.compiled import Compiled
from simulator.outcomes import UNKNOWN, Rows
from simulator.plan import Plan
from simulator.quantities import NS_PER_S
from simulator.resolve import launch_plan
from simulator.scenario import Scenario
from simulator.system import Lever

ENGINE = Compiled()
HOUR_NS = 3600 * NS_PER_S


@functools.cache
def plan(name: str, *settings: str, variant: str | None = None) -> Plan:
    scenario = library.load(name, variant=variant, settings=settings)
    return launch_plan(scenario, seed=1, engine=ENGINE)


def instants_of(scenario: Scenario, key: str) -> list[timedelta]:
    """How long after the opening a lever is set."""
    return [
        timedelta(microseconds=change.at_ns // 1000)
        for change in scenario.words.change
        if key in change.set_
    ]


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
