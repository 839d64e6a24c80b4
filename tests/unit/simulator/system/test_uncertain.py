"""What nobody knows for sure: which numbers of a system a factor multiplies, and which it leaves."""

from dataclasses import replace

from simulator.system.journeys import Call, Hold, Journey, Step
from simulator.system.people import People, Retries
from simulator.system.stations import Station, StationKind
from simulator.system.system import System
from simulator.system.uncertain import Matter, Uncertain, most_retried
from simulator.timetable.laws import Duration
from simulator.timetable.volume import Volume
from tests.examples import examples

S = 1_000_000_000
SPREAD = Volume(low=0.5, high=2.0)
SECOND, MINUTE = Duration.fixed(S), Duration.fixed(60 * S)
FANS = People(name="fans", patience=MINUTE, retries=Retries(attempts=4))
SYSTEM = System(
    people=(FANS, replace(FANS, name="others"), replace(FANS, journey=1)),
    stations=(
        Station(name="web", servers=2, waiting_room=1, service=SECOND),
        Station(name="mail", kind=StationKind.QUOTA, servers=1, waiting_room=1, service=SECOND),
    ),
    journeys=(
        Journey(
            name="signup",
            steps=(
                Step(station=0, service=MINUTE, think=SECOND, holds=Hold(station=0, lasts=MINUTE)),
                Step(station=1, calls=(Call(station=0, service=SECOND), Call(station=1))),
            ),
        ),
        Journey(name="look", steps=(Step(station=0),)),
    ),
)
WEB = Uncertain(key="station.web.service_factor", matter=Matter.SERVICE, name="web", spread=SPREAD)
PATIENCE = Uncertain(
    key="people.fans.patience_factor", matter=Matter.PATIENCE, name="fans", spread=SPREAD
)


def retries(further: float) -> Uncertain:
    key = "people.fans.retries_factor"
    return Uncertain(key=key, matter=Matter.RETRIES, name="fans", spread=SPREAD, further=further)


def test_all_work_at_a_station_takes_longer_and_nothing_else_does() -> None:
    found = WEB.applied(SYSTEM, 3.0)
    three, long = Duration.fixed(3 * S), Duration.fixed(180 * S)
    assert found == replace(
        SYSTEM,
        stations=(replace(SYSTEM.stations[0], service=three), SYSTEM.stations[1]),
        journeys=(
            Journey(
                name="signup",
                steps=(
                    Step(
                        station=0, service=long, think=SECOND, holds=Hold(station=0, lasts=MINUTE)
                    ),
                    Step(station=1, calls=(Call(station=0, service=three), Call(station=1))),
                ),
            ),
            SYSTEM.journeys[1],
        ),
    )


def test_a_group_has_one_patience_on_all_its_journeys() -> None:
    found = PATIENCE.applied(SYSTEM, 0.5)
    half = Duration.fixed(30 * S)
    assert [each.patience for each in found.people] == [half, MINUTE, half]
    assert (found.stations, found.journeys) == (SYSTEM.stations, SYSTEM.journeys)


@examples("factor, attempts",
    ("as likely", 1.0, 4),
    ("half of three is two, as halves go up", 0.5, 3),
    ("hardly any", 0.1, 1),
    ("five times as persistent", 5.0, 16),
    ("no more than can be said", 1e12, 1_000_000_001),
)  # fmt: skip
def test_further_attempts_are_whole(factor: float, attempts: int) -> None:
    found = retries(3.0).applied(SYSTEM, factor)
    assert [each.retries.attempts for each in found.people] == [attempts, 4, attempts]


def test_a_likely_number_is_rounded_once() -> None:
    # 2 x 1.3 = 2.6 further attempts are likely: half of that is 1.3, and not half of 3.
    assert retries(2.6).applied(SYSTEM, 0.5).people[0].retries.attempts == 2


def test_nobody_tries_more_often_than_the_most_that_is_drawn() -> None:
    most = most_retried(SYSTEM, [WEB, PATIENCE, retries(3.0)])
    assert most.people[0].retries.attempts == 1 + 3 * 2**3
    assert most.stations == SYSTEM.stations
    assert max(retries(3.0).factor(7, launch) for launch in range(1_000)) <= 8.0


def test_each_draw_is_named_by_seed_launch_and_key() -> None:
    named = {(seed, n): WEB.factor(seed, n) for seed in (1, 2) for n in range(50)}
    assert named == {(seed, n): WEB.factor(seed, n) for seed, n in reversed(named)}
    assert len(set(named.values())) == 100
    assert WEB.factor(1, 0) != PATIENCE.factor(1, 0)
