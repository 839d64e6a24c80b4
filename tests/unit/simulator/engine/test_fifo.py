"""Which launches need no events, by example."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from simulator.engine.compiled.fifo.engine import Fifo
from simulator.system.journeys import Call, Hold, Journey, Step
from simulator.system.line import Batches, Policy, Slots, TokenBucket, Waitlist
from simulator.system.people import Referral, Retries
from simulator.system.stations import Balance, ColdStart, Failures, StationKind
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from tests.launches.booked import PATIENT, POOL, change

LINE = Waitlist(policy=Policy.FIFO, release=TokenBucket(spacing_ns=5))
PLAIN = System(people=(PATIENT,), stations=(POOL, POOL), waitlist=LINE)
LATER = Duration.fixed(7)


def with_line(**words: Any) -> System:
    return replace(PLAIN, waitlist=replace(LINE, **words))


def with_people(**words: Any) -> System:
    return replace(PLAIN, people=(PATIENT, replace(PATIENT, **words)))


def with_station(**words: Any) -> System:
    return replace(PLAIN, stations=(POOL, replace(POOL, **words)))


def with_step(**words: Any) -> System:
    return replace(PLAIN, journeys=(Journey(steps=(Step(), Step(station=1, **words))),))


@pytest.mark.parametrize(
    "system",
    [
        pytest.param(PLAIN, id="a line"),
        pytest.param(with_line(policy=Policy.OPEN), id="no line"),
        pytest.param(with_line(opens_ns=5, poll_every_ns=2), id="opening and looks"),
        pytest.param(with_people(patience=LATER, gives_up_after_ns=9), id="patience"),
        pytest.param(with_people(honours_retry_after=0.5), id="Retry-After"),
        pytest.param(with_station(instances=3, round_trip_ns=5), id="one queue for instances"),
        pytest.param(
            with_station(instances=1, balance=Balance.LEAST_BUSY), id="nothing to balance"
        ),
        pytest.param(with_step(think=LATER, service=LATER), id="thinking"),
        pytest.param(replace(PLAIN, changes=(change(3, Lever.SERVERS, 0),)), id="no servers"),
        pytest.param(replace(PLAIN, changes=(change(3, Lever.POLICY, Policy.OPEN),)), id="opened"),
    ],
)
def test_first_come_first_served_needs_no_events(system: System) -> None:
    assert Fifo().covers(system)


@pytest.mark.parametrize(
    "system",
    [
        pytest.param(with_line(policy=Policy.RANDOM), id="random"),
        pytest.param(with_line(policy=Policy.PRIORITY), id="priority"),
        pytest.param(
            replace(
                with_line(policy=Policy.OPEN), changes=(change(3, Lever.POLICY, Policy.RANDOM),)
            ),
            id="random later",
        ),
        pytest.param(with_line(release=Batches(size=2, every_ns=5)), id="batches"),
        pytest.param(with_line(release=Slots(total=2, session_ns=5)), id="slots"),
        pytest.param(with_line(shuffles=True), id="shuffled"),
        pytest.param(with_line(places=5), id="a full line"),
        pytest.param(with_line(call_expires_ns=5), id="calls that expire"),
        pytest.param(with_people(cancels=True), id="cancelled work"),
        pytest.param(with_people(retries=Retries(budget_millionths=1)), id="a retry budget"),
        pytest.param(with_people(balks=LATER), id="balking"),
        pytest.param(with_people(silent=0.1), id="silence"),
        pytest.param(with_people(shows_up=0.9), id="no-shows"),
        pytest.param(with_people(answers_after=LATER), id="late answers"),
        pytest.param(with_people(refreshes=LATER), id="refreshes"),
        pytest.param(
            with_people(refers=Referral(share=0.1, after=LATER, places=1)), id="referrals"
        ),
        pytest.param(with_station(kind=StationKind.CPU), id="a processor"),
        pytest.param(with_station(kind=StationKind.QUOTA), id="a quota"),
        pytest.param(with_station(instances=2, balance=Balance.ROUND_ROBIN), id="balancing"),
        pytest.param(with_station(sheds_after_ns=5), id="shedding"),
        pytest.param(with_station(failures=Failures(runs=LATER, repair=LATER)), id="failures"),
        pytest.param(
            with_station(cold=ColdStart(slowdown_thousandths=2000, for_ns=5)), id="cold starts"
        ),
        pytest.param(with_station(servers=1 << 40), id="servers beyond memory"),
        pytest.param(with_step(calls=(Call(station=0),)), id="calls"),
        pytest.param(with_step(holds=Hold(station=0, lasts=LATER)), id="seats"),
    ],
)
def test_whatever_is_not_is_left_to_the_loop(system: System) -> None:
    assert not Fifo().covers(system)
