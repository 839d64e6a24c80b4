"""The crowd of one launch at the doors of another: who comes and when from here, all else from there.

Of the *crowd's* launch are its people (how long their clients wait, how often they try again, their
patience), when they come, and for how long. Of the *host's* are its stations, what is done at them, the
line before them and what "holds" means. What operators did in either is left out: it was done at hours
of that launch, to the system that it had.

So many people come for certain: a volume that is a range belongs to whom it happened, and he who asks
says how many he expects.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.engine.rules import Engine
from simulator.errors import Mistake, ScenarioError, UsageError
from simulator.plan.likeness import Raw, as_own
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.document.toml_text import toml_text
from simulator.scenario.scale.scale import Scale
from simulator.scenario.scenario import Scenario, parse
from simulator.scenario.words.journeys import Step
from simulator.scenario.words.stations import cost_of

OF_THE_HOST = ("waitlist", "station", "journey", "objectives", "data")
OF_THE_WINDOW = ("from", "for", "drain", "demand_factor", "reason")
"""The words of [replay] that say what is sent; the others say how the host's server is spoken to."""
UNSURE = ("patience_factor", "retries_factor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A system that a crowd comes to, as tables of a plain document."""

    name: str
    tables: Raw
    """Those of :data:`OF_THE_HOST`."""
    shares: Mapping[str, float]
    """Which share of those who come takes which journey."""
    replay: Mapping[str, Any] = field(default_factory=dict)
    """How its server is spoken to, as [replay] says it."""
    left_out: tuple[str, ...] = ()
    """Steps that its stations were not measured to serve."""

    @classmethod
    def of(cls, scenario: Scenario, engine: Engine, stations: Raw | None = None) -> Host:
        """A launch's own system, or the ``stations`` of a file's document in place of its own.

        Stations that say which requests they serve have each step at the one that serves its request;
        others go by their names.

        Raises :class:`ScenarioError` where a step has no station.
        """
        document = scenario.merged
        tables = {key: document[key] for key in OF_THE_HOST if key in document}
        left_out: tuple[str, ...] = ()
        if stations is not None:
            tables["station"] = stations["station"]
            if any(station.get("serves") for station in stations["station"]):
                tables["journey"], left_out = served(scenario, stations["station"])
        replay = document.get("replay", {})
        return cls(
            name=scenario.name,
            tables=tables,
            shares=shares_of(scenario, engine),
            replay={key: value for key, value in replay.items() if key not in OF_THE_WINDOW},
            left_out=left_out,
        )


def shares_of(scenario: Scenario, engine: Engine) -> dict[str, float]:
    """Which share of all who come to a launch takes which journey."""
    found = resolve(scenario)
    journeys = scenario.words.journey
    people: dict[str, float] = defaultdict(float)
    for component in arriving(found, engine).demand.components:
        name = journeys[found.entries[component.people].journey].name
        people[name] += float(component.mass.sum())
    total = math.fsum(people.values())
    if total <= 0:
        raise UsageError(f"{scenario.name}: nobody comes there in its horizon")
    return {journey.name: people[journey.name] / total for journey in journeys}


def served(scenario: Scenario, stations: Sequence[Raw]) -> tuple[list[Raw], tuple[str, ...]]:
    """The journeys with each step at the station that serves its request, and the steps that none does.

    What a step calls or holds is done by the server itself, in the time that was measured.

    Raises :class:`ScenarioError` where nothing is left of a journey.
    """
    serving = {request: station for station in stations for request in station.get("serves", {})}
    tables, left_out = [], []
    for journey, table in zip(scenario.words.journey, scenario.merged["journey"], strict=True):
        steps = []
        for step, said in zip(journey.step, table["step"], strict=True):
            found = _served(step, said, serving)
            steps += [found] if found else []
            left_out += [] if found else [f"journey.{journey.name}.step.{step.name}"]
        if not steps:
            problem = "has no step whose request was measured"
            remedy = "measure them: surgeproof probe --target URL --like LAUNCH --write FILE"
            raise ScenarioError(
                [Mistake(scenario.file, f"journey.{journey.name}", problem, remedy)]
            )
        tables.append({**table, "step": steps})
    return tables, tuple(left_out)


def _served(step: Step, said: Raw, serving: Mapping[str, Raw]) -> Raw | None:
    if step.request is None:
        return None
    station = cost_of(serving, str(step.request), step.name)
    if station is None:
        return None
    kept = {key: value for key, value in said.items() if key not in ("calls", "holds")}
    work = cost_of(station["serves"], str(step.request), step.name)
    return {**kept, "at": station["name"], "work": work}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Those who came to a launch, as tables of a plain document in which all counts are of arrivals."""

    name: str
    tables: Raw
    """The document of the whole launch, of which only the people are asked for."""
    total: float
    """How many came."""

    @classmethod
    def of(cls, scenario: Scenario, engine: Engine, now: datetime) -> Crowd:
        """Who came to a launch; published outcomes are turned into the arrivals that led to them.

        Raises :class:`UsageError` where nobody comes in its horizon.
        """
        own = certain(as_own(scenario.base, scenario.name, now, engine))
        own.pop("variant")
        alone = {key: value for key, value in own.items() if key != "replay"}
        total = arriving(resolve(parse(toml_text(alone), scenario.file)), engine).demand.total
        if total <= 0:
            raise UsageError(f"{scenario.name}: nobody comes there in its horizon")
        return cls(
            name=scenario.name,
            tables=alone,
            total=total,
        )

    def at(self, host: Host, expect: float) -> Scenario:
        """The launch of so many of them at the doors of a host.

        Raises :class:`ScenarioError` where it cannot be so large or so small.
        """
        return parse(toml_text(self.document(host, expect)), f"{self.name}.toml")

    def document(self, host: Host, expect: float) -> Raw:
        """Its file."""
        scaled = Scale.of(self.tables, expect / self.total).document(self.tables)
        several = len(host.shares) > 1
        people = [
            {key: value for key, value in group.items() if key != "journeys"}
            | ({"journeys": dict(host.shares)} if several else {})
            for group in scaled["people"]
        ]
        launch = {
            **scaled["launch"],
            "story": f"The crowd of {self.name}, {expect:,.0f} people, at the doors of {host.name}.",
        }
        return {
            "format": 1,
            "launch": launch,
            "people": people,
            "surge": scaled["surge"],
            **host.tables,
        }


def certain(document: Raw) -> Raw:
    """The document with the likely one in place of each range of how many come, and how they behave."""
    return {
        **document,
        "people": [
            {key: value for key, value in group.items() if key not in UNSURE}
            for group in document["people"]
        ],
        "surge": [dict(_likely(surge)) for surge in document["surge"]],
    }


def _likely(surge: Raw) -> Iterator[tuple[str, Any]]:
    for key, value in surge.items():
        if key == "ceiling" and isinstance(value, dict):
            yield key, value["likely"]
        elif key != "volume":
            yield key, value
