"""Launches in which levers are pulled again and again at a few instants, when work ends as well."""

from random import Random

from simulator.system.journeys import Journey, Step
from simulator.system.line import LineKind, Policy, TokenBucket, Waitlist
from simulator.system.people import Jitter, People, Retries
from simulator.system.stations import Station
from simulator.system.system import Change, Lever, System
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import FOREVER, UNBOUNDED
from tests.agreement.drawn.strategies import Launch
from tests.launches.booked import groups_at

END_NS = 40
ONE_OR_FIVE = Duration.empirical([(0.0, 1.0), (0.5, 1.0), (0.500000001, 5.0), (1.0, 5.0)])


def restless_launch_of(random: Random) -> Launch:
    """Everything in it is first-come first-served."""
    stations = tuple(station_of(random, f"station {i}") for i in range(random.choice([1, 1, 2])))
    instants_ns = [random.choice([3, 5, 6, 8, 12]) for _ in range(random.randint(1, 3))]
    changes = [change_of(random, instants_ns, len(stations)) for _ in range(random.randint(0, 8))]
    system = System(
        people=tuple(people_of(random, f"group {i}") for i in range(2)),
        stations=stations,
        journeys=(journey_of(random, len(stations)),),
        waitlist=line_of(random),
        changes=tuple(sorted(changes, key=lambda change: change.at_ns)),
    )
    return Launch(timetable_of(random), system)


def timetable_of(random: Random) -> Timetable:
    arrivals_ns = [
        tuple(random.choice([0, 0, 1, 3, 5, 7]) for _ in range(random.randint(1, 9)))
        for _ in range(2)
    ]
    return groups_at(*arrivals_ns, horizon_ns=random.choice([10, END_NS]), end_ns=END_NS)


def station_of(random: Random, name: str) -> Station:
    return Station(
        name=name,
        servers=random.randint(0, 4),
        waiting_room=random.choice([0, 1, 3, 9, UNBOUNDED]),
        service=random.choice([Duration.fixed(random.randint(0, 5)), ONE_OR_FIVE]),
        round_trip_ns=random.choice([0, 0, 1]),
        retry_after_ns=random.choice([0, 4]),
        instances=random.choice([1, 1, 2]),
    )


def people_of(random: Random, name: str) -> People:
    return People(
        name=name,
        client_timeout_ns=random.choice([0, 2, 5, FOREVER]),
        retries=Retries(
            attempts=random.randint(1, 4),
            backoff_ns=random.choice([0, 1, 3]),
            cap_ns=random.choice([0, 3, 9]),
            jitter=random.choice(list(Jitter)),
        ),
        honours_retry_after=random.choice([0.0, 0.5, 1.0]),
        gives_up_after_ns=random.choice([FOREVER, 12]),
        patience=random.choice([Duration.never(), Duration.fixed(random.randint(0, 6))]),
    )


def journey_of(random: Random, stations: int) -> Journey:
    return Journey(
        steps=tuple(
            Step(station=random.randrange(stations), think=Duration.fixed(random.choice([0, 0, 2])))
            for _ in range(random.randint(1, 2))
        )
    )


def line_of(random: Random) -> Waitlist:
    return Waitlist(
        policy=random.choice([Policy.OPEN, Policy.FIFO]),
        kind=random.choice(list(LineKind)),
        release=TokenBucket(spacing_ns=random.randint(1, 3), burst=random.randint(1, 4)),
        poll_every_ns=random.choice([0, 0, 2, 3]),
        opens_ns=random.choice([0, 0, 5]),
    )


def change_of(random: Random, instants_ns: list[int], stations: int) -> Change:
    """Mostly of servers: what is given up and taken again while work goes on is hard to count."""
    at_ns, station = random.choice(instants_ns), random.randrange(stations)
    servers = Change(at_ns=at_ns, lever=Lever.SERVERS, value=random.randint(0, 4), station=station)
    others = [
        Change(
            at_ns=at_ns, lever=Lever.WAITING_ROOM, value=random.choice([0, 1, 3]), station=station
        ),
        Change(at_ns=at_ns, lever=Lever.POLICY, value=random.choice([Policy.OPEN, Policy.FIFO])),
        Change(at_ns=at_ns, lever=Lever.RELEASE_SPACING_NS, value=random.randint(1, 4)),
    ]
    return random.choice([*[servers] * 5, *others])
