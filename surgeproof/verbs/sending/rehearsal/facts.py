"""What the reports need to know of a scenario: its figures, their sources, its milestones."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.metadata import version

from reports.run.facts import Given, Milestone, RunFacts, Standing
from reports.sentences import words
from scenarios.rehearsal.line import line_in_words
from simulator.plan.plan import PredictedOnly
from simulator.scenario.document.provenance import Basis, GivenFigure
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.surges.surge import Milestones
from simulator.text.wording import format_count

STANDINGS = {
    Basis.SOURCED: Standing.SOURCED,
    Basis.MEASURED: Standing.MEASURED,
    Basis.ASSUMED: Standing.ASSUMED,
}
CONNECTIONS = {
    "visitor": "connections: a new one for each visitor",
    "keep-alive": "connections: kept and shared by the visitors",
}
PACKAGES = ("surgeproof", "simpy", "llvmlite", "numpy", "locust")


def run_facts(
    scenario: Scenario,
    *,
    started_at: datetime,
    seed: int,
    target: str,
    probe: str,
    left_out: Iterable[PredictedOnly] = (),
) -> RunFacts:
    """Everything that a run folder says about what was run."""
    replay = scenario.words.replay
    return RunFacts(
        scenario=scenario.name,
        started_at=started_at,
        seed=seed,
        story=" ".join(scenario.words.launch.story.split()),
        target=target,
        probe=probe,
        connections=CONNECTIONS[replay.connections] if replay else "",
        demand_factor=replay.demand_factor if replay else 1.0,
        demand_factor_reason=" ".join(replay.reason.split()) if replay and replay.reason else "",
        line=line_in_words(scenario.words, replay) if replay else "",
        predicted_only=tuple(dict.fromkeys(left_out)),
        versions=versions(),
        machine=f"{platform.system()} {platform.machine()}, {words.times(os.cpu_count() or 1, 'core')}",
        assumptions=tuple(given(scenario, figure) for figure in scenario.figures),
        milestones=tuple(milestones(scenario)),
    )


def versions() -> dict[str, str]:
    """Of everything that a prediction or a replay depends on."""
    return {name: version(name) for name in PACKAGES} | {"python": platform.python_version()}


def given(scenario: Scenario, figure: GivenFigure) -> Given:
    """A figure of the file, with the title of what it stands on."""
    sources = [scenario.sources[key] for key in figure.sources if key in scenario.sources]
    measured = ", ".join(key for key in figure.sources if key not in scenario.sources)
    return Given(
        key=figure.key,
        value=figure.value,
        standing=STANDINGS[figure.basis],
        source="; ".join(source.title for source in sources) or measured,
        url=(sources[0].url or "") if sources else "",
    )


def milestones(scenario: Scenario) -> Iterator[Milestone]:
    """The published lengths of the line, to draw beside the predicted one."""
    for surge in scenario.words.surge:
        if isinstance(surge, Milestones) and surge.counts == "line":
            for point in surge.points:
                sources = [scenario.sources[key] for key in point.source]
                yield Milestone(
                    label=format_count(point.count),
                    at_ns=point.at_ns,
                    value=float(point.count),
                    source="; ".join(source.title for source in sources),
                    url=(sources[0].url or "") if sources else "",
                )
