"""What the words of what is bought mean: what a system costs, and how long before it has to be ordered."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.scenario.scenario import Scenario
from simulator.scenario.words.journeys import stations_needed
from simulator.scenario.words.stations import Station


class Piece(enum.StrEnum):
    """What of a station is bought."""

    SERVER = "server"
    CORE = "core"
    INSTANCE = "instance"
    PER_S = "1/s"
    """Each one a second of a quota."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """One station, as it is bought."""

    name: str
    piece: Piece
    per_hour: float | None
    """Of one piece; None: the file does not say."""
    currency: str
    """Empty where no price is known."""
    priced: dt.date | None
    type: str | None
    """What an instance is called by who sells it."""
    lead_time_ns: int | None


def bought(scenario: Scenario) -> tuple[Bought, ...]:
    """Every station that anybody needs, in the order of the file."""
    words = scenario.words
    needed = stations_needed(words.journey)
    return tuple(_bought(station) for station in words.station if station.name in needed)


def _bought(station: Station) -> Bought:
    price = station.price
    return Bought(
        name=station.name,
        piece=piece_of(station),
        per_hour=None if price is None else price.per_hour,
        currency="" if price is None else price.currency,
        priced=station.priced,
        type=station.instances.type,
        lead_time_ns=station.lead_time_ns,
    )


def piece_of(station: Station) -> Piece:
    """What one buys more of, where the station is not enough."""
    if station.kind == "quota":
        return Piece.PER_S
    if station.is_bought_by_instance:
        return Piece.INSTANCE
    return Piece.CORE if station.kind == "cpu" else Piece.SERVER


def lead_times(scenario: Scenario) -> Mapping[str, int]:
    """How long before it is needed more of a station must be ordered, in ns; of those that say it."""
    return {
        each.name: each.lead_time_ns for each in bought(scenario) if each.lead_time_ns is not None
    }
