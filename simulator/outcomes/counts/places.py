"""What is counted apart when outcomes are folded: journeys, and their steps at stations.

Rows name a group of people or a step by its number; the layout says what that is part of. Where
outcomes come from, prediction or replay, makes no difference to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.system.objectives import ANY_RESPONSE_NS
from simulator.system.stations import StationKind
from simulator.system.system import System
from simulator.units import FOREVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A journey's steps at one station: they are counted together, as a step may be repeated."""

    journey: int
    station: int


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The static numbers behind the numbers in rows."""

    journeys: tuple[str, ...] = ("signup",)
    stations: tuple[str, ...] = ("signup",)
    groups: tuple[int, ...] = (0,)
    """The journey of each group of people."""
    group_names: tuple[str, ...] = ()
    """What each group is called; of a group that takes several journeys each has one of these."""
    places: tuple[Place, ...] = (Place(journey=0, station=0),)
    steps: tuple[int, ...] = (0,)
    """The place of each step."""
    good_within_ns: tuple[int, ...] = field(default=(ANY_RESPONSE_NS,))
    """Of each journey: a visit is good if it was served and its response is not longer."""
    people_of_components: tuple[int, ...] = ()
    """The group of people of each component of the demand; none in an older version."""
    timeouts_ns: tuple[int, ...] = ()
    """Of each journey: no client of it waits longer for an answer. FOREVER: one has no timeout, or
    (where there are none at all) an older version did not say."""
    limits_ns: tuple[tuple[int, ...], ...] = ()
    """Of each journey: the limits of its quantiles, which are decided exactly; empty: there are none."""
    wait_limits_ns: tuple[int, ...] = ()
    """Those of the wait in the line."""
    quotas: tuple[int, ...] = ()
    """Stations that are somebody else's limit, of which there is no more by adding servers; none in an older version."""

    @classmethod
    def of(
        cls,
        system: System,
        good_within_ns: Mapping[str, int],
        limits_ns: Mapping[str, tuple[int, ...]] | None = None,
        wait_limits_ns: tuple[int, ...] = (),
    ) -> Layout:
        """That of a system; journeys without a limit are good whenever they are served."""
        steps = [
            Place(journey=number, station=step.station)
            for number, journey in enumerate(system.journeys)
            for step in journey.steps
        ]
        places = tuple(dict.fromkeys(steps))
        return cls(
            journeys=tuple(journey.name for journey in system.journeys),
            stations=tuple(station.name for station in system.stations),
            quotas=tuple(
                number
                for number, station in enumerate(system.stations)
                if station.kind is StationKind.QUOTA
            ),
            groups=tuple(people.journey for people in system.people),
            group_names=tuple(people.name for people in system.people),
            places=places,
            steps=tuple(places.index(step) for step in steps),
            good_within_ns=tuple(
                good_within_ns.get(journey.name, ANY_RESPONSE_NS) for journey in system.journeys
            ),
            timeouts_ns=tuple(
                longest_timeout_ns(system, number) for number in range(len(system.journeys))
            ),
            limits_ns=tuple((limits_ns or {}).get(each.name, ()) for each in system.journeys),
            wait_limits_ns=wait_limits_ns,
        )

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The names of the groups, each once, where there are several; else none."""
        names = tuple(dict.fromkeys(self.group_names))
        return names if len(names) > 1 else ()

    @cached_property
    def people_of_group(self) -> NDArray[np.int64]:
        """Which name each group has."""
        return np.array([self.people.index(name) for name in self.group_names], np.int64)

    @cached_property
    def name_of_component(self) -> NDArray[np.int64]:
        """Which name the group of each component has; none where there is but one name."""
        components = self.people_of_components if self.people else ()
        return self.people_of_group[list(components)] if components else np.zeros(0, np.int64)

    @cached_property
    def journey_of_group(self) -> NDArray[np.int64]:
        return np.array(self.groups, np.int64)

    @cached_property
    def limit_of_journey_ns(self) -> NDArray[np.int64]:
        return np.array(self.good_within_ns, np.int64)

    def limits_of_journey_ns(self, journey: int) -> tuple[int, ...]:
        """What the responses of a journey are held against."""
        return self.limits_ns[journey] if self.limits_ns else ()

    @cached_property
    def place_of_step(self) -> NDArray[np.int64]:
        return np.array(self.steps, np.int64)

    @cached_property
    def limit_of_place_ns(self) -> NDArray[np.int64]:
        """What the whole journey of each place may take."""
        return self.limit_of_journey_ns[[place.journey for place in self.places]]

    @cached_property
    def journey_of_place(self) -> NDArray[np.int64]:
        return np.array([place.journey for place in self.places], np.int64)

    @cached_property
    def timeout_of_journey_ns(self) -> NDArray[np.int64]:
        return np.array(self.timeouts_ns or (FOREVER,) * len(self.journeys), np.int64)

    @cached_property
    def timeout_of_place_ns(self) -> NDArray[np.int64]:
        return self.timeout_of_journey_ns[self.journey_of_place]

    def places_at(self, station: int) -> list[int]:
        """The numbers of the places that a station serves."""
        return [number for number, place in enumerate(self.places) if place.station == station]

    def steps_at(self, station: int) -> list[int]:
        """The numbers of the steps that a station serves."""
        here = set(self.places_at(station))
        return [number for number, place in enumerate(self.steps) if place in here]

    def by_step(self, by_place: NDArray[np.int64]) -> list[float]:
        """What was counted at places, as if the steps of each had equal parts in it."""
        many = np.bincount(self.place_of_step)
        return [float(by_place[place] / many[place]) for place in self.steps]

    def name_of_place(self, number: int) -> str:
        """What people call it: by its station, and by its journey where there are several.

        >>> Layout().name_of_place(0)
        'signup'
        """
        place = self.places[number]
        station = self.stations[place.station]
        if len(self.journeys) == 1:
            return station
        return f"{self.journeys[place.journey]}, {station}"

    def to_json(self) -> dict[str, Any]:
        return {
            "journeys": list(self.journeys),
            "stations": list(self.stations),
            "groups": list(self.groups),
            "group_names": list(self.group_names),
            "places": [[place.journey, place.station] for place in self.places],
            "steps": list(self.steps),
            "good_within_ns": list(self.good_within_ns),
            "people_of_components": list(self.people_of_components),
            "timeouts_ns": list(self.timeouts_ns),
            "limits_ns": [list(limits) for limits in self.limits_ns],
            "wait_limits_ns": list(self.wait_limits_ns),
            "quotas": list(self.quotas),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Layout:
        return cls(
            journeys=tuple(data["journeys"]),
            stations=tuple(data["stations"]),
            groups=tuple(data["groups"]),
            group_names=tuple(data.get("group_names", ())),
            places=tuple(Place(journey=j, station=s) for j, s in data["places"]),
            steps=tuple(data["steps"]),
            good_within_ns=tuple(data["good_within_ns"]),
            people_of_components=tuple(data.get("people_of_components", ())),
            timeouts_ns=tuple(data.get("timeouts_ns", ())),
            limits_ns=tuple(map(tuple, data.get("limits_ns", ()))),
            wait_limits_ns=tuple(data.get("wait_limits_ns", ())),
            quotas=tuple(data.get("quotas", ())),
        )


def longest_timeout_ns(system: System, journey: int) -> int:
    """How long a client of a journey may wait for an answer; FOREVER where nobody takes it."""
    timeouts = [each.client_timeout_ns for each in system.people if each.journey == journey]
    return max(timeouts, default=FOREVER)
