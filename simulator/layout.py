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

from simulator.system import System

ANY_RESPONSE_NS = 1 << 62
"""No response is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlace:
    """Where a step belongs."""

    journey: int
    station: int


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The static numbers behind the numbers in rows."""

    journeys: tuple[str, ...] = ("signup",)
    stations: tuple[str, ...] = ("signup",)
    groups: tuple[int, ...] = (0,)
    """The journey of each group of people."""
    steps: tuple[StepPlace, ...] = (StepPlace(journey=0, station=0),)
    good_within_ns: tuple[int, ...] = field(default=(ANY_RESPONSE_NS,))
    """Of each journey: a visit is good if it was served and its response is not longer."""

    @classmethod
    def of(cls, system: System, good_within_ns: Mapping[str, int]) -> Layout:
        """That of a system; journeys without a limit are good whenever they are served."""
        return cls(
            journeys=tuple(journey.name for journey in system.journeys),
            stations=tuple(station.name for station in system.stations),
            groups=tuple(people.journey for people in system.people),
            steps=tuple(
                StepPlace(journey=number, station=step.station)
                for number, journey in enumerate(system.journeys)
                for step in journey.steps
            ),
            good_within_ns=tuple(
                good_within_ns.get(journey.name, ANY_RESPONSE_NS) for journey in system.journeys
            ),
        )

    @cached_property
    def journey_of_group(self) -> NDArray[np.int64]:
        return np.array(self.groups, np.int64)

    @cached_property
    def limit_of_journey_ns(self) -> NDArray[np.int64]:
        return np.array(self.good_within_ns, np.int64)

    @cached_property
    def limit_of_step_ns(self) -> NDArray[np.int64]:
        """What the whole journey of each step may take."""
        return self.limit_of_journey_ns[[step.journey for step in self.steps]]

    def steps_at(self, station: int) -> list[int]:
        """The numbers of the steps that a station serves."""
        return [number for number, step in enumerate(self.steps) if step.station == station]

    def name_of_step(self, number: int) -> str:
        """What people call it: by its station, and by its journey where there are several.

        >>> Layout().name_of_step(0)
        'signup'
        """
        step = self.steps[number]
        station = self.stations[step.station]
        return station if len(self.journeys) == 1 else f"{self.journeys[step.journey]}/{station}"

    def to_json(self) -> dict[str, Any]:
        return {
            "journeys": list(self.journeys),
            "stations": list(self.stations),
            "groups": list(self.groups),
            "steps": [[step.journey, step.station] for step in self.steps],
            "good_within_ns": list(self.good_within_ns),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Layout:
        return cls(
            journeys=tuple(data["journeys"]),
            stations=tuple(data["stations"]),
            groups=tuple(data["groups"]),
            steps=tuple(StepPlace(journey=j, station=s) for j, s in data["steps"]),
            good_within_ns=tuple(data["good_within_ns"]),
        )
