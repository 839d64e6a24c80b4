"""What a planner's report is given: the launch's own words, what was published, how it was made."""

from __future__ import annotations

import hashlib
import json
import platform
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from reports.planner.answer import Answer, Made, Told
from reports.planner.language import language as language_of
from reports.planner.planner import formats_named, write_report
from reports.sentences import words
from reports.sentences.explanation import Explanation
from simulator.advice.play.grid import MOST_LAUNCHES, grid_of
from simulator.advice.size.answer import Sizing
from simulator.advice.size.player import Player
from simulator.advice.size.prices import prices_of
from simulator.advice.size.vary.asked import knobs_usual
from simulator.advice.why.diagnosis import diagnoses_of
from simulator.advice.why.waits import waits_by_arrival
from simulator.engine.rules import Engine
from simulator.errors import UsageError
from simulator.plan.launches import Prediction, predict
from simulator.plan.plan import Plan
from simulator.plan.published.published import (
    Expected,
    deciding,
    expected_arrivals,
    expected_outcome,
)
from simulator.plan.resolve import Arriving
from simulator.scenario.document.overlay import option_of
from simulator.scenario.document.provenance import is_sent
from simulator.scenario.scenario import Scenario
from simulator.text.wording import one_line
from simulator.verdict.verdict import judge
from surgeproof.endings import tell
from surgeproof.engines import engine_named
from surgeproof.progress import Step, progress
from surgeproof.verbs.sending.rehearsal.facts import given

PACKAGES = ("surgeproof", "simpy", "llvmlite", "numpy")
SAMPLES = 160
PREDICTED, FEW_PREDICTED = 40, 8
"""Launches of a certified system that are drawn: enough for a middle 95 %, or few of a large launch."""
LARGE = 1_000_000
DEFAULT_FORMATS, DEFAULT_LANGUAGE = "html", "en"
MOST_PEOPLE = 20_000_000
"""Of more people than that, who comes when is not fingerprinted."""


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
    return Made(
        command=shlex.join(command),
        at=datetime.now(UTC),
        seed=plan.seed,
        engine=engine.name,
        versions={name: version(name) for name in PACKAGES} | {"python": platform.python_version()},
        sha256=_fingerprints(scenario, plan),
    )


def _fingerprints(scenario: Scenario, plan: Plan) -> dict[str, str]:
    document = json.dumps(scenario.document, sort_keys=True, default=str).encode()
    found = {"scenario": hashlib.sha256(document).hexdigest()}
    if plan.demand.total <= MOST_PEOPLE:
        found["timetable"] = plan.timetable().sha256
    return found


def options(*, seed: int, engine: str, variant: str | None, settings: Sequence[str]) -> list[str]:
    """A command's options as a report may show them: what is sent to a server may be a secret."""
    found = ["--seed", str(seed), "--engine", engine]
    found += ["--variant", variant] if variant else []
    for setting in settings:
        found += [option_of(setting), _shown(setting)]
    return found


def _shown(setting: str) -> str:
    key, _, _ = setting.partition("=")
    path = tuple(key.strip().split("."))
    sent = any(is_sent(path[:length]) for length in range(1, len(path) + 1))
    return f"{key}=..." if sent else setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A report that was asked for."""

    folder: Path
    formats: tuple[str, ...]
    language: str

    @classmethod
    def of(cls, folder: Path | None, formats: str, language: str) -> Wanted | None:
        """Checked before anything is simulated for it; None: none was asked for.

        Raises UsageError where there is no such format or language, or no report that has one.
        """
        if folder is None:
            if (formats, language) != (DEFAULT_FORMATS, DEFAULT_LANGUAGE):
                raise UsageError("--format and --language are of a report: add --report DIR")
            return None
        language_of(language)
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"--report {folder}: is a file; name a folder")
        return cls(folder=folder, formats=tuple(formats_named(formats)), language=language)

    def write(self, answer: Answer) -> None:
        """Write it, and say where."""
        written = write_report(answer, self.folder, formats=self.formats, language=self.language)
        tell(f"report: {written[0]}")


def prediction_answer(
    people: Arriving,
    made: Made,
    plan: Plan,
    prediction: Prediction,
    explanation: Explanation,
    engine: Engine,
) -> Answer:
    """What a prediction tells a planner."""
    prescription = explanation.prescription
    with progress("simulating other demands and capacities") as step:
        knobs = knobs_usual(plan.system)
        prices = prices_of(people.launch.scenario, knobs)
        player = Player(plan=plan, knobs=knobs, prices=prices, engine=engine, told=steps(step))
        launches = min(MOST_LAUNCHES, len(prediction.launches))
        grid = grid_of(player, player.now, most_launches=launches)
    return Answer(
        told=told_of(people),
        made=made,
        plan=plan,
        prediction=prediction,
        verdict=judge(prediction.launches, plan.objectives, plan.subject),
        diagnoses=explanation.diagnoses,
        prescription=prescription,
        waits=waits_by_arrival(plan, engine, len(prediction.launches)),
        grid=grid,
    )


def sizing_answer(
    people: Arriving, made: Made, sizing: Sizing, engine: Engine, *, interrupted: bool
) -> Answer:
    """What a sizing tells a planner: of the certified system or, without one, of the nearest."""
    player = Player(plan=sizing.plan, knobs=sizing.knobs, prices=sizing.prices, engine=engine)
    best = sizing.certificate or sizing.nearest
    candidate = best.tried.candidate if best else player.now
    plan = player.planned(candidate)
    few = interrupted or plan.demand.total > LARGE
    launches = FEW_PREDICTED if few else PREDICTED
    with progress(f"simulating {words.times(launches, 'launch')}") as step:
        prediction = predict(plan, engine, launches, lambda done, of: step(done, of, ""))
    grid = None
    if not interrupted:
        with progress("simulating other demands and capacities") as step:
            player.told = steps(step)
            grid = grid_of(player, candidate)
    return Answer(
        told=told_of(people),
        made=made,
        plan=plan,
        prediction=prediction,
        verdict=judge(prediction.launches, plan.objectives, plan.subject),
        diagnoses=diagnoses_of(plan, prediction),
        sizing=sizing,
        waits=waits_by_arrival(plan, engine, launches),
        grid=grid,
    )


def steps(step: Step) -> Callable[[int], None]:
    """A bar that moves with the launches; nobody knows how many there are in all."""
    return lambda played: step(0, 0, words.times(played, "launch"))
