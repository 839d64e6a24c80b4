"""Stations and journeys drawn at random."""

from simulator.system.journeys import Call, Hold, Journey, Step
from simulator.system.line import TokenBucket
from simulator.system.pace import Pace
from simulator.system.stations import Autoscaler, Balance, ColdStart, Failures, Station, StationKind
from simulator.timetable.laws import Duration
from simulator.units import FOREVER, UNBOUNDED
from tests.agreement.drawn.dice import DAYS, Dice

INFLATIONS = ((1.0, 2.0), (1.0, 1.0, 2.0, 4.0), (1.0, 1.5), (1.0, 0.5), (1.0, 1.08, 1.21))
"""Some keep a coarse clock coarse, so that completions meet other events."""

FACTORS = (0.5, 1.0, 1.5, 2.0, 3.0, 1.37, 0.25)
"""Of services; they too mostly keep the clock coarse, and some end between its ticks."""


def stations_of(dice: Dice) -> tuple[Station, ...]:
    many = 1 + dice.has() + dice.has()
    return tuple(station_of(dice, f"station {i}") for i in range(many))


def station_of(dice: Dice, name: str) -> Station:
    kinds = [StationKind.POOL, StationKind.POOL, StationKind.CPU, StationKind.QUOTA]
    kind = StationKind.POOL if dice.is_plain else dice.one_of(kinds)
    if kind is StationKind.QUOTA:
        return quota_of(dice, name)
    instances = dice.whole(1, 3) if dice.has() else 1
    many = dice.one_of([1, 2, 3, 4, 6])
    return Station(
        name=name,
        kind=kind,
        servers=dice.one_of([0, 1, 1, 1, 2, 2, 2, 3, 4]) if kind is StationKind.POOL else many,
        waiting_room=dice.one_of([0, 1, 2, 5, 5, UNBOUNDED, UNBOUNDED]),
        service=service_of(dice, most=5 if kind is StationKind.POOL else 9),
        round_trip_ns=dice.one_of([0, 0, 1, 3]) * dice.tick_ns,
        cores=dice.one_of([1, 1, 2, 3]),
        sheds_after_ns=dice.ns(0, 6) if dice.has_more() else FOREVER,
        retry_after_ns=dice.ns(1, 9) if dice.has() else 0,
        instances=instances,
        balance=balance_of(dice, instances),
        autoscaler=autoscaler_of(dice, instances) if dice.has_more() else None,
        failures=Failures(runs=runs_of(dice), repair=dice.duration()) if dice.has_more() else None,
        cold=cold_of(dice) if dice.has_more() else None,
        inflation=dice.one_of(INFLATIONS) if dice.has_more() else (1.0,),
        pace=pace_of(dice) if dice.has() else None,
    )


def balance_of(dice: Dice, instances: int) -> Balance:
    if dice.is_plain or not (instances > 1 or dice.has()):
        return Balance.SHARED
    return dice.one_of(list(Balance))


def quota_of(dice: Dice, name: str) -> Station:
    return Station(
        name=name,
        kind=StationKind.QUOTA,
        servers=1,
        waiting_room=dice.one_of([0, 2, 5, UNBOUNDED]),
        service=service_of(dice),
        round_trip_ns=dice.one_of([0, 0, 1, 3]) * dice.tick_ns,
        quota=TokenBucket(
            spacing_ns=dice.one_of([1, 1, 2, 4]) * dice.tick_ns, burst=dice.whole(1, 3)
        ),
        per_day_from_opening=dice.whole(1, 12) if dice.tick_ns == DAYS or dice.has() else UNBOUNDED,
        per_day=dice.whole(1, 12) if dice.tick_ns == DAYS or dice.has() else UNBOUNDED,
        sheds_after_ns=dice.ns(0, 6) if dice.has() else FOREVER,
        retry_after_ns=dice.ns(1, 9) if dice.has() else 0,
        pace=pace_of(dice) if dice.has() else None,
    )


def service_of(dice: Dice, most: int = 5) -> Duration:
    return dice.duration(most=most) if dice.whole(0, 2) == 0 else Duration.fixed(dice.ns(0, most))


def runs_of(dice: Dice) -> Duration:
    """Never nothing each time: who fails and is repaired at once would do so for ever."""
    return dice.duration(least=6, most=40)


def autoscaler_of(dice: Dice, instances: int) -> Autoscaler:
    floor = dice.whole(1, instances)
    return Autoscaler(
        every_ns=dice.ns(1, 8),
        window_periods=dice.one_of([1, 1, 2, 3]),
        target_thousandths=dice.one_of([200, 500, 700, 900]),
        boot_ns=dice.ns(0, 8),
        cooldown_ns=dice.one_of([0, 0, 3, 9]) * dice.tick_ns,
        floor=floor,
        ceiling=dice.whole(max(floor, instances), 5),
    )


def cold_of(dice: Dice) -> ColdStart:
    return ColdStart(
        slowdown_thousandths=dice.one_of([500, 1500, 2000, 3333]),
        for_ns=dice.ns(1, 25),
        at_opening=dice.one_of([False, True]),
    )


def pace_of(dice: Dice) -> Pace:
    """Begun before the opening or with it, and changed at times at which much else happens."""
    later = sorted({dice.ns(1, 60) for _ in range(dice.whole(0, 4))})
    starts = [dice.one_of([0, 0, -dice.tick_ns]), *later]
    return Pace.of(starts, (dice.one_of(FACTORS) for _ in starts))


def journeys_of(dice: Dice, stations: tuple[Station, ...]) -> tuple[Journey, ...]:
    many = 1 + dice.has()
    return tuple(journey_of(dice, f"journey {i}", stations) for i in range(many))


def journey_of(dice: Dice, name: str, stations: tuple[Station, ...]) -> Journey:
    many = 1 + dice.has() + dice.has()
    return Journey(name=name, steps=tuple(step_of(dice, stations) for _ in range(many)))


def step_of(dice: Dice, stations: tuple[Station, ...]) -> Step:
    seats = [i for i, s in enumerate(stations) if s.kind is not StationKind.QUOTA]
    # Alone, a station can only call itself, which mostly comes to a deadlock.
    calls = dice.whole(1, 2) if dice.has_more() and (len(stations) > 1 or dice.has()) else 0
    return Step(
        station=dice.whole(0, len(stations) - 1),
        service=service_of(dice) if dice.has() else None,
        think=dice.duration() if dice.has() else Duration.fixed(0),
        calls=tuple(call_of(dice, len(stations)) for _ in range(calls)),
        holds=Hold(station=dice.one_of(seats), lasts=dice.duration())
        if seats and dice.has_more()
        else None,
    )


def call_of(dice: Dice, stations: int) -> Call:
    return Call(
        station=dice.whole(0, stations - 1),
        service=service_of(dice) if dice.one_of([False, True]) else None,
    )
