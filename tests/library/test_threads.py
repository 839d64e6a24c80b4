"""Launches of social networks by invitation, countdown and surprise: Threads, and Bluesky.

What their comments derive is derived here again from the files.
"""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import NormalDist
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from scenarios.library import shelf as library
from simulator import Compiled, Readable, Scenario, launch_plan
from simulator.engine.agreement import agreement
from simulator.engine.compiled.fifo.engine import Fifo
from simulator.plan.meaning.system import system_of
from simulator.plan.resolve import signups_of
from simulator.scenario.words.journeys import Step
from simulator.scenario.words.surges.surge import Countdown, Milestones, Point
from simulator.text.quantities import parse_duration

HOUR_NS = 3_600 * 10**9
FIRST: dict[str, tuple[str, float]] = {
    "threads-2023": ("60 min", 0.001),
    "threads-eu-2023": ("2 h", 0.001),
    "threads-creator-bonus-2024": ("4 days", 0.05),
    "bluesky-2024": ("20 h", 0.0005),
}
"""A beginning of each launch, and the share of it, that both engines play in a second or two."""


def milestones(scenario: Scenario) -> Milestones:
    surge = scenario.words.surge[0]
    assert isinstance(surge, Milestones)
    return surge


def rates(points: tuple[Point, ...]) -> list[tuple[int, float]]:
    """Until when, and how many a second came in the mean since the point before."""
    knots = [(0, 0.0), *((point.at_ns, float(point.count)) for point in points)]
    return [(t, (n - m) / (t - s) * 1e9) for (s, m), (t, n) in pairwise(knots)]


def test_the_countdown_that_was_seen_ends_at_the_opening() -> None:
    launch = library.load("threads-eu-2023").words.launch
    seen = datetime(2023, 12, 10, 15, 42, tzinfo=ZoneInfo("Europe/Paris"))
    left = timedelta(microseconds=parse_duration("3 days 20 h 18 min") // 1_000)
    assert seen.strftime("%A") == "Sunday"
    assert seen + left == launch.opening
    there = launch.opening.astimezone(ZoneInfo(launch.time_zone))
    assert (there.day, there.month, there.hour, there.minute) == (14, 12, 12, 0)


def test_signups_of_threads_come_faster_and_faster_for_sixteen_hours() -> None:
    found = rates(milestones(library.load("threads-2023")).points)
    rising = [rate for until, rate in found if until <= 16 * HOUR_NS]
    after = [rate for until, rate in found if until > 16 * HOUR_NS]
    assert [round(rate) for _, rate in found] == [278, 417, 463, 617, 463, 130]
    assert all(before < then for before, then in pairwise(rising))
    assert all(before > then for before, then in pairwise([rising[-1], *after]))


def test_threads_opened_fifteen_hours_before_it_was_announced() -> None:
    announced = datetime(2023, 7, 6, 10, 0, tzinfo=ZoneInfo("America/New_York"))
    opening = library.load("threads-2023").words.launch.opening
    assert announced - opening == timedelta(hours=15)


@pytest.mark.parametrize("variant", [None, *library.load("threads-2023").variants])
def test_threads_is_played_without_events(variant: str | None) -> None:
    assert Fifo().covers(system_of(library.load("threads-2023", variant=variant)))


@pytest.mark.parametrize("name", ["threads-2023", "bluesky-2024"])
def test_a_signup_is_an_account_made(name: str) -> None:
    scenario = library.load(name)
    surge = milestones(scenario)
    steps = [s.name for j in scenario.words.journey for s in j.step for _ in range(s.times)]
    assert surge.counts == "signups"
    assert {steps[number] for number in signups_of(surge, scenario)} == {"create"}


def test_the_volume_of_the_european_launch_is_bracketed_by_what_was_published() -> None:
    surges = library.load("threads-eu-2023").words.surge
    likely = 0.0
    for surge in surges:
        assert isinstance(surge, Countdown)
        assert surge.rate_per_s is not None or surge.decay_ns is None
        tail_s = (surge.decay_ns or 0) / 1e9
        likely += surge.crowd
        likely += (surge.rate_per_s or 0.0) * tail_s * (1 - math.exp(-7_200 / max(tail_s, 1.0)))
        assert surge.volume is not None
    of_july, in_seven_hours = 2e6 / 150e6, 10e6 / 150e6
    europe = 28e6 * (1 - 1 / 3)
    volume = surges[0].volume
    assert volume is not None

    # Each of the three is a round figure: within a tenth of the one that was derived.
    assert likely == pytest.approx(40e6 * of_july, rel=0.1)
    assert likely * volume.low == pytest.approx(europe * of_july, rel=0.1)
    assert likely * volume.high == pytest.approx(europe * in_seven_hours, rel=0.1)


VIEWS = NormalDist(math.log(300), 2.0)
CLASSES = {"small": (0.0, 2_500.0), "eligible": (2_500.0, 10_000.0), "paid": (10_000.0, math.inf)}
"""From so many views on, and up to so many."""


def share_below(views: float) -> float:
    return 1.0 if views == math.inf else VIEWS.cdf(math.log(views)) if views else 0.0


def work(scenario: Scenario, journey: str, step: str) -> list[tuple[float, float]]:
    """Quantiles in milliseconds."""
    steps: list[Step] = [
        s for j in scenario.words.journey if j.name == journey for s in j.step if s.name == step
    ]
    law = steps[0].work
    assert law is not None
    assert law.quantiles is not None
    return [(each.share, each.within_ns / 1e6) for each in law.quantiles]


@pytest.mark.parametrize("name", CLASSES)
def test_posts_are_divided_as_their_views_are(name: str) -> None:
    scenario = library.load("threads-creator-bonus-2024")
    low, high = map(share_below, CLASSES[name])
    shares = next(p.journeys for p in scenario.words.people if p.name == "posts")
    assert shares[name] == pytest.approx(high - low, abs=0.0005)

    counted = work(scenario, name, "count")
    assert counted[0][1] == CLASSES[name][0]
    for share, views in counted[1:-1]:
        # Written with three digits: half of the last one.
        assert views == pytest.approx(
            math.exp(VIEWS.inv_cdf(low + share * (high - low))), rel=0.005, abs=0.5
        )
    if name == "paid":
        assert (counted[-1][0], counted[-1][1] > counted[-2][1]) == (1.0, True)
    else:
        assert counted[-1] == (1.0, CLASSES[name][1])


@pytest.mark.parametrize("name", ["eligible", "paid"])
def test_an_examination_takes_four_times_as_long_as_the_count(name: str) -> None:
    scenario = library.load("threads-creator-bonus-2024")
    counted, examined = (work(scenario, name, step) for step in ("count", "examine"))
    assert [share for share, _ in counted] == [share for share, _ in examined]
    for (_, count_ms), (_, examine_ms) in zip(counted, examined, strict=True):
        # Both are written with three digits.
        assert examine_ms == pytest.approx(4 * count_ms, rel=0.01)


def test_the_published_days_of_bluesky_are_days_of_utc() -> None:
    scenario = library.load("bluesky-2024")
    first, between, last = milestones(scenario).points
    opening = scenario.words.launch.opening.astimezone(ZoneInfo("UTC"))
    midnight = datetime(2024, 2, 7, tzinfo=ZoneInfo("UTC"))
    by_invitation = 63_000 * opening.hour / 24

    assert first.at_ns == (midnight - opening).total_seconds() * 1e9
    assert first.count == 200_000 - by_invitation
    assert last.at_ns == first.at_ns + 24 * HOUR_NS
    assert last.count == first.count + 856_000
    assert between.at_ns == 22 * HOUR_NS
    # The mean that was published, with one digit after the point and of a time that was not told.
    assert last.count / (last.at_ns / 1e9) == pytest.approx(8.5, abs=0.25)


def every_variant() -> list[tuple[str, str | None]]:
    return [(name, v) for name in FIRST for v in (None, *library.load(name).variants)]


@pytest.mark.parametrize(("name", "variant"), every_variant())
def test_a_small_copy_is_played_alike_by_both_engines(name: str, variant: str | None) -> None:
    horizon, share = FIRST[name]
    settings = [f"launch.horizon={horizon}", "replay.from=0 s"]
    scenario = library.load(name, variant=variant, settings=settings)
    plan = launch_plan(scenario, seed=1, engine=Compiled())
    few = replace(plan, demand=plan.demand.window(0, plan.horizon_ns, share))
    found = agreement(Compiled(), Readable(), few.timetable(), few.system)

    assert found.visits == pytest.approx(few.demand.total, abs=6 * np.sqrt(few.demand.total))
    assert found.equal, str(found)


@pytest.mark.parametrize("name", FIRST)
def test_what_it_teaches_fits_into_a_list(name: str) -> None:
    teaches = library.load(name).words.launch.teaches
    assert teaches is not None
    assert len(teaches) <= 110
