"""What a command line asks to be predicted, and the launch that it asks of: who comes to it is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.library import shelf as library
from simulator.engine.rules import Engine
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving, arriving, resolve
from simulator.scenario.scenario import Scenario
from surgeproof import effort
from surgeproof.engines import compiling, engine_named
from surgeproof.progress import progress

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed."""

    name: str
    """Of the launch, or its file."""
    seed: int = 0
    launches: int | None = None
    """How many are simulated; None: as many as is usual."""
    engine: str = "compiled"
    variant: str | None = None
    settings: Sequence[str] = ()
    as_json: bool = False
    timings: bool = False
    """Whether a program is told how long it took."""
    debug: bool = False
    """Whether every launch is checked."""
    every: bool = False
    cluster: str | None = None
    allow_files: bool = False

    def subject(self) -> Subject:
        """Raises UsageError and ScenarioError."""
        scenario = library.load(
            self.name, variant=self.variant, settings=self.settings, allow_files=self.allow_files
        )
        engine = engine_named(self.engine, checked=self.debug)
        launch = resolve(scenario)
        effort.tell_of_fit(launch)
        with progress(compiling("fitting the demand")):
            # Engines agree, so that the fast one may find the demand for either.
            people = arriving(launch, engine_named("compiled"))
            plan = people.plan(self.seed)
        return Subject(scenario=scenario, engine=engine, people=people, plan=plan)

    def record(
        self, document: str, subject: Subject, launches: int, found: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What a program is told of it: what it is of, and then what was found."""
        return {
            "format": FORMAT,
            "document": document,
            "scenario": subject.scenario.name,
            "variant": self.variant,
            "settings": list(self.settings),
            "seed": self.seed,
            "launches": launches,
            "engine": subject.engine.name,
            **found,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A launch that can be simulated."""

    scenario: Scenario
    engine: Engine
    people: Arriving
    plan: Plan
