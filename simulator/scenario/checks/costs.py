"""Whether what a launch says of money can be added up: one currency, and a price to weigh people against."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.checks.found import Found
from simulator.scenario.words.document import Document


def unweighable(words: Document) -> Iterator[Found]:
    """Every amount in another currency than the first one, and a person's worth beside no price."""
    said = list(currencies(words))
    priced = [station.name for station in words.station if station.price is not None]
    lost = words.costs.person_lost
    if lost is not None and not priced:
        problem = "has no effect: no station has a price to weigh it against"
        yield Found("costs.person_lost", problem, 'add cost = "0.40 EUR/h" to a [[station]]')
    for key, currency in said[1:]:
        first_key, first = said[0]
        if currency != first:
            problem = f"is in {currency}, and {first_key} in {first}"
            yield Found(key, problem, "write all of a file in one currency")


def currencies(words: Document) -> Iterator[tuple[str, str]]:
    """Each amount of money with its currency, in the order of the tables."""
    for station in words.station:
        if station.cost is not None:
            yield f"station.{station.name}.cost", station.cost.currency
        if station.instances.price is not None:
            yield f"station.{station.name}.instances.price", station.instances.price.currency
    if words.costs.person_lost is not None:
        yield "costs.person_lost", words.costs.person_lost.currency
