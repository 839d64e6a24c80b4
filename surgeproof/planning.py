"""What a planner's report is given: the launch's own words, what was published, how it was made."""

from __future__ import annotations

import hashlib
import json
import platform
import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TypedDict

import numpy as np

from reports.planner.answer import Made, Told
from reports.planner.language import language as language_of
from reports.planner.planner import formats_named
from simulator.advice.size.grid import Grid
from simulator.engine.rules import Engine
from simulator.plan.plan import Plan
from simulator.plan.published.published import (
    Expected,
    deciding,
    expected_arrivals,
    expected_outcome,
)
from simulator.plan.resolve import Arriving
from simulator.plan.waits import WaitsByArrival, waits_by_arrival
from simulator.scenario.document.provenance import is_sent
from simulator.scenario.scenario import Scenario
from simulator.text.wording import one_line
from surgeproof.engines import engine_named
from surgeproof.facts import given
from surgeproof.progress import progress

PACKAGES = ("surgeproof", "simpy", "numba", "numpy")
SAMPLES = 160


def told_of(people: Arriving) -> Told:
    """What the launch's file tells, and what was published of it within its horizon."""
    scenario = people.launch.scenario
    return Told(
        name=scenario.name,
        story=one_line(scenario.words.launch.story),
        opening=scenario.words.launch.opening,
        assumptions=tuple(given(scenario, figure) for figure in scenario.figures),
        published=tuple(_published(people)),
        sources={key: source.title for key, source in scenario.sources.items()},
    )


def _published(people: Arriving) -> Iterator[Expected]:
    launch = people.launch
    at_ns = np.linspace(0, launch.clock.horizon_ns, SAMPLES).astype(np.int64)
    for surge in deciding(launch.scenario):
        if surge.counts == "arrivals":
            yield expected_arrivals(launch, surge, at_ns)
    if launch.fit is not None:
        yield expected_outcome(people, engine_named("compiled"), at_ns)


def made_of(
    command: Sequence[str],
    scenario: Scenario,
    plan: Plan,
    engine: Engine,
) -> Made:
    """How to make it again."""
    document = json.dumps(scenario.document, sort_keys=True, default=str).encode()
    return Made(
        command=shlex.join(command),
        at=datetime.now(UTC),
        seed=plan.seed,
        engine=engine.name,
        versions={name: version(name) for name in PACKAGES} | {"python": platform.python_version()},
        sha256={
            "scenario": hashlib.sha256(document).hexdigest(),
            "timetable": plan.timetable().sha256,
        },
    )


def options(
    *, seed: int, launches: int, engine: str, variant: str | None, settings: Sequence[str]
) -> list[str]:
    """A command's options as a report may show them: what is sent to a server may be a secret."""
    found = ["--seed", str(seed), "--launches", str(launches), "--engine", engine]
    found += ["--variant", variant] if variant else []
    for setting in settings:
        found += ["--set", _shown(setting)]
    return found


def _shown(setting: str) -> str:
    key, _, _ = setting.partition("=")
    path = tuple(key.strip().split("."))
    sent = any(is_sent(path[:length]) for length in range(1, len(path) + 1))
    return f"{key}=..." if sent else setting


def wanted(formats: str, language: str) -> list[str]:
    """The formats of a report, before anything is simulated for it.

    Raises UsageError where there is no such format or language.
    """
    language_of(language)
    return formats_named(formats)


class More(TypedDict):
    """What a report asks beyond a prediction."""

    waits: WaitsByArrival | None
    grid: Grid | None


def played_more(plan: Plan, engine: Engine, launches: int) -> More:
    """The wait by the hour of arrival, and the grid that a planner plays with."""
    with progress("simulating other demands and capacities"):
        return {"waits": waits_by_arrival(plan, engine, launches), "grid": None}
