"""Super-app, red packets, television: the published peaks stand in the demand, and payments are safe."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from scenarios.library import shelf as library
from simulator import Compiled, Plan, Readable, launch_plan
from simulator.engine.agreement import agreement
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.shares import errors_of
from simulator.outcomes.figures.times import response_of
from simulator.plan import launches
from simulator.plan.peaks import peak
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_S
from tests.examples import examples

ENGINE = Compiled()
RED_PACKETS, TWITTER, SUPER_APP = "wechat-red-packets-2016", "twitter-france-2012", "x-super-app"

EVE, DAY_S, LARGEST_SECOND = 8.08e9, 86_400, 409_000
TWEETS, MINUTES = 47_453, 17
ROUNDED = 0.001
"""Rates are written with five or more digits, and the seconds around the peak of the eve are two
millions among eight billion."""


def plan(name: str, *settings: str, variant: str | None = None) -> Plan:
    scenario = library.load(name, variant=variant, settings=settings)
    return launch_plan(scenario, seed=1, engine=ENGINE)


def of_group(found: Plan, group: str) -> Demand:
    """The demand of one group of people."""
    numbers = [n for n, people in enumerate(found.system.people) if people.name == group]
    return Demand(components=tuple(c for c in found.demand.components if c.people in numbers))


def per_interval(demand: Demand, seconds: int, until_s: int) -> NDArray[np.float64]:
    """The expected arrivals of each interval of so many seconds."""
    edges = range(0, until_s + 1, seconds)
    return np.diff([demand.expected_by(at_s * NS_PER_S) for at_s in edges])


def test_the_largest_second_of_the_eve_is_the_published_one() -> None:
    demand = plan(RED_PACKETS).demand
    by_second = per_interval(demand, 1, 12)
    assert by_second.max() == pytest.approx(LARGEST_SECOND, rel=ROUNDED)
    assert np.sort(by_second)[-2] < 0.95 * LARGEST_SECOND, "it is one second"
    assert peak(demand, NS_PER_S, 12 * NS_PER_S).people == pytest.approx(
        LARGEST_SECOND, rel=ROUNDED
    )


def test_a_day_like_the_eve_has_the_published_number_of_packets() -> None:
    whole = plan(RED_PACKETS, "launch.horizon=24 h").demand.total
    assert whole == pytest.approx(EVE, rel=ROUNDED)
    assert LARGEST_SECOND / (whole / DAY_S) == pytest.approx(4.4, abs=0.05)


@examples("variant, load_per_s",
    ("for the largest second", None, LARGEST_SECOND),
    ("for the mean of the day", "by-the-mean", EVE / DAY_S),
)  # fmt: skip
def test_the_ledger_has_a_quarter_in_reserve(variant: str | None, load_per_s: float) -> None:
    (ledger,) = plan(RED_PACKETS, variant=variant).system.stations
    assert ledger.capacity_per_s * 0.75 == pytest.approx(load_per_s, rel=ROUNDED)


def test_the_evening_has_the_tweets_and_the_peak_that_were_counted() -> None:
    tweets = of_group(plan(TWITTER), "engaged")
    by_second = per_interval(tweets, 1, MINUTES * 60)
    assert by_second.sum() == pytest.approx(TWEETS, rel=1e-9)
    assert by_second.max() == pytest.approx(120.0, rel=1e-9)
    assert round(by_second.mean()) == 47


def test_of_a_hundred_who_come_twenty_seven_tweet() -> None:
    found = plan(TWITTER)
    assert of_group(found, "engaged").total / found.demand.total == pytest.approx(0.27, rel=ROUNDED)


def test_a_second_of_25_times_the_mean_does_not_change_which_minute_is_the_busiest() -> None:
    evening = of_group(plan(TWITTER), "engaged")
    castle = of_group(plan(TWITTER, variant="castle-in-the-sky"), "engaged")
    usual, seconds = (per_interval(each, 1, MINUTES * 60) for each in (evening, castle))
    changed = np.abs(seconds - usual) > ROUNDED * usual
    assert np.flatnonzero(changed).tolist() == [600]
    assert seconds[600] == pytest.approx(25 * usual.mean(), rel=ROUNDED)
    assert np.argmax(per_interval(castle, 60, MINUTES * 60)) == 2


@pytest.mark.parametrize("name", [RED_PACKETS, SUPER_APP])
def test_a_payment_can_be_asked_for_again_and_none_may_be_lost(name: str) -> None:
    words = library.load(name).words
    paying = [
        (journey, step)
        for journey in words.journey
        for step in journey.step
        if step.request is not None and step.request.path == "/pay"
    ]
    assert paying
    assert all(step.idempotent for _, step in paying)
    alone = [journey.name for journey, _ in paying if len(journey.step) == 1]
    assert alone
    assert all(words.objectives.journeys[journey].errors == 0.0 for journey in alone)


def places(found: Plan, journey: str) -> set[str]:
    """The names of the stations that a journey uses."""
    [steps] = [each.steps for each in found.system.journeys if each.name == journey]
    numbers = {step.station for step in steps}
    numbers |= {call.station for step in steps for call in step.calls}
    numbers |= {step.holds.station for step in steps if step.holds is not None}
    return {found.system.stations[number].name for number in numbers}


def test_content_games_and_payments_have_their_own_stations() -> None:
    content, games, payments = (
        places(plan(SUPER_APP), of) for of in ("content", "games", "payments")
    )
    assert content == {"feed", "ranking"}
    assert games == {"lobby", "seats"}
    assert payments == {"payments"}
    assert places(plan(SUPER_APP, variant="one-pool"), "payments") == {"feed"}


def played(name: str, *settings: str, variant: str | None = None) -> tuple[Plan, Summary]:
    """One launch, of the likely volume: a small evening could stand what the usual one cannot."""
    found = plan(name, *settings, variant=variant)
    return found, launches.play(replace(found, demand=found.demand.likely), ENGINE, 0)


def lost(journey: str, found: tuple[Plan, Summary]) -> float:
    """The share of a journey's people who left without what they came for."""
    index = [each.name for each in found[0].system.journeys].index(journey)
    reading = errors_of(index)(found[1])
    assert reading.samples > 500
    return reading.value


@pytest.mark.parametrize(
    ("variant", "reading_is_lost", "payments_are_lost"),
    [(None, False, False), ("ranking-slow", True, False), ("one-pool", True, True)],
)
def test_payments_are_lost_with_the_reading_only_where_they_share_its_servers(
    variant: str | None, reading_is_lost: bool, payments_are_lost: bool
) -> None:
    found = played(SUPER_APP, "launch.horizon=4 min", variant=variant)
    assert (lost("content", found) > 0.1) == reading_is_lost
    assert (lost("payments", found) > 0.0) == payments_are_lost


@examples("servers, waiting_room, lossless",
    ("as written", 109, 10_000, True),
    ("by the mean", 25, 2_500, False),
)  # fmt: skip
def test_a_ledger_for_the_mean_of_the_day_loses_packets(
    servers: int, waiting_room: int, lossless: bool
) -> None:
    """A hundredth of the people and of the servers."""
    found = plan(
        RED_PACKETS,
        f"station.ledger.servers={servers}",
        f"station.ledger.waiting_room={waiting_room}",
    )
    few = replace(found, demand=found.demand.window(0, found.horizon_ns, 0.01))
    assert (lost("packet", (few, launches.play(few, ENGINE, 0))) == 0.0) == lossless


@pytest.mark.parametrize(("variant", "in_time"), [(None, True), ("castle-in-the-sky", False)])
def test_one_second_is_seen_by_the_p99_and_not_by_the_p95(
    variant: str | None, in_time: bool
) -> None:
    found, summary = played(TWITTER, variant=variant)
    tweet = [each.name for each in found.system.journeys].index("tweet")
    assert (response_of(tweet, 0.99)(summary).value < 2.0) == in_time
    assert response_of(tweet, 0.95)(summary).value < 2.0


@examples("name, factor, settings",
    (RED_PACKETS, RED_PACKETS, 0.001, ["station.ledger.servers=6", "station.ledger.waiting_room=100"]),
    (TWITTER, TWITTER, 0.1,
     ["launch.horizon=4 min", "station.tweets.servers=1", "station.tweets.service.mean=120 ms", "station.tweets.waiting_room=9"]),
    (SUPER_APP, SUPER_APP, 0.05,
     ["launch.horizon=3 min", "station.feed.servers=2", "station.feed.waiting_room=20", "station.ranking.cores=1",
         "station.ranking.service.mean=120 ms", "station.seats.servers=90", "station.payments.servers=1"]),
)  # fmt: skip
def test_both_engines_agree_on_a_small_copy_that_is_too_small(
    name: str, factor: float, settings: list[str]
) -> None:
    """A copy of full capacity would never queue, and agree for that reason alone."""
    found = plan(name, *settings)
    few = replace(found, demand=found.demand.window(0, found.horizon_ns, factor))
    compared = agreement(ENGINE, Readable(), few.timetable(), few.system)
    assert compared.visits > 1_000
    assert compared.equal, str(compared)
    assert launches.play(few, ENGINE, 0).steps.turned_away.sum() > 0
