"""Prices: what a candidate costs while it is paid for, and what a person costs who is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.advice.change.turn import OF_CAPACITY, Turn
from simulator.advice.size.knobs import Knob
from simulator.plan.meaning.costs import Bought, Piece, bought
from simulator.plan.meaning.stations import station_of
from simulator.scenario.scenario import Scenario
from simulator.system.stations import Station, StationKind

NS_PER_H = 3.6e12


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What things cost, in one currency; servers are counted where no price is known."""

    currency: str
    """As the file writes it: "EUR". Empty: the unit is servers (cores, of a processor), not money."""
    priced: dt.date | None
    """The date of the oldest price."""
    per_hour: tuple[float, ...]
    """Of one more of each knob, an hour; 0 of what is free (a rate of the line, a waiting room)."""
    of_each: tuple[tuple[int, int], ...] = ()
    """Pairs of knobs, by their numbers: what the first costs is of each of the second. Servers and
    instances of one station are such a pair."""
    fixed_per_hour: float = 0.0
    """Of stations that no knob turns."""
    paid_for_ns: int
    """How long the system is paid for."""
    person_lost: float = 0.0
    """What somebody costs who came and left without what he came for."""
    unpriced: tuple[str, ...] = ()
    """Stations of which no price is known, where others have one: they are in no sum, and whoever
    tells a cost says so."""

    def per_hour_of(self, values: tuple[float, ...]) -> float:
        """What a candidate's values cost in an hour."""
        times = {first: values[second] for first, second in self.of_each}
        return self.fixed_per_hour + sum(
            price * value * times.get(number, 1.0)
            for number, (price, value) in enumerate(zip(self.per_hour, values, strict=True))
        )

    def of(self, values: tuple[float, ...]) -> float:
        """What a candidate costs while it is paid for; without prices: how many servers it has."""
        hours = self.paid_for_ns / NS_PER_H if self.currency else 1.0
        return self.per_hour_of(values) * hours


SIZES = {StationKind.POOL: Turn.SERVERS, StationKind.CPU: Turn.CORES, StationKind.QUOTA: Turn.QUOTA}
"""What makes one instance of a station larger: threads of a processor are for free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a station costs an hour: so many instances, each so large."""

    size: float
    """Servers, cores, or tokens a second."""
    count: int
    of_size: float
    """What one of the size costs."""
    of_instance: float

    @property
    def total(self) -> float:
        """As the file has it."""
        return self.of_instance * self.count


def prices_of(scenario: Scenario, knobs: Sequence[Knob]) -> Prices:
    """What a scenario's stations cost, by knob.

    An instance costs its price; where its servers (of a cpu: its cores) are varied, in proportion to
    them. What operators change later, and an autoscaler adds, is not counted: it is what stands there
    at the opening. Without any price servers are counted, and what no knob turns is not.
    """
    buys, costs = bought(scenario), scenario.words.costs
    priced = [each for each in buys if each.per_hour is not None]
    words = {station.name: station_of(station) for station in scenario.words.station}
    bills = [bill_of(each, words[each.name], counted=not priced) for each in buys]
    turned = [turning(knobs, number, words[each.name]) for number, each in enumerate(buys)]
    per_hour = [0.0] * len(knobs)
    for bill, (size, count) in zip(bills, turned, strict=True):
        if size is not None:
            per_hour[size] = bill.of_size * (bill.count if count is None else 1)
        elif count is not None:
            per_hour[count] = bill.of_instance
    return Prices(
        currency=priced[0].currency if priced else "",
        priced=min((each.priced for each in priced if each.priced), default=None),
        per_hour=tuple(per_hour),
        of_each=tuple(
            (size, count) for size, count in turned if size is not None and count is not None
        ),
        fixed_per_hour=sum(
            bill.total for bill, by in zip(bills, turned, strict=True) if priced and by == NOTHING
        ),
        paid_for_ns=costs.paid_for_ns or scenario.words.launch.horizon_ns,
        person_lost=costs.person_lost.amount if costs.person_lost else 0.0,
        unpriced=tuple(each.name for each in buys if priced and each.per_hour is None),
    )


Turning = tuple[int | None, int | None]
NOTHING: Turning = (None, None)


def turning(knobs: Sequence[Knob], station: int, there: Station) -> Turning:
    """The numbers of the knobs that turn the size of a station's instances, and how many there are."""
    own = {
        knob.tweak.turn: number
        for number, knob in enumerate(knobs)
        if knob.tweak.turn in OF_CAPACITY and knob.tweak.station == station
    }
    return own.get(SIZES[there.kind]), own.get(Turn.INSTANCES, own.get(Turn.FLOOR))


def bill_of(each: Bought, there: Station, *, counted: bool) -> Bill:
    """What a station costs at the opening; ``counted``: its servers are counted instead."""
    quota = there.kind is StationKind.QUOTA
    size = (
        there.quota.rate_per_s
        if quota
        else float(there.cores if there.kind is StationKind.CPU else there.servers)
    )
    price = (each.per_hour or 0.0) if not counted else float(not quota)
    by_instance = each.piece is Piece.INSTANCE and not counted
    return Bill(
        size=size,
        count=there.instances,
        of_size=price / size if by_instance else price,
        of_instance=price if by_instance else price * size,
    )
