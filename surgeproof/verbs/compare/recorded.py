"""A prediction against the access logs of its launch."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from reports.files.recorded_record import recorded_record
from reports.run.folder import RunFolder
from reports.run.past.recorded import Recorded, recorded_column, told_keys
from reports.run.report.reading import read_report
from reports.terminal.past.recorded import recorded_text
from scenarios.library import shelf as library
from scenarios.recording.logs.fields import FieldMap
from scenarios.recording.logs.hit import Hit
from scenarios.recording.logs.reader import Reader
from scenarios.recording.recording import tally_up
from scenarios.recording.tally import nobody, too_many
from scenarios.recording.visits import Linked, pattern_of, visits_of
from scenarios.recording.wanted import Wanted
from simulator.errors import Damaged, Mistake, ScenarioError, UsageError
from simulator.outcomes.counts.fold import summarise
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Outcomes, Provenance
from simulator.plan.launches import Prediction, predict
from simulator.plan.plan import Plan
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.rehearsal.requests import Request
from simulator.text.harmless import harmless_lines
from simulator.units import NS_PER_S
from surgeproof import effort
from surgeproof.endings import tell
from surgeproof.engines import compiling, engine_named
from surgeproof.progress import counted, progress
from surgeproof.verbs.compare.as_recorded import Again, predicted_again, within
from surgeproof.verbs.compare.named import Named
from surgeproof.verbs.record import Places, instant_of, require_each_once, zone_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the logs are to be read."""

    logs: tuple[str, ...]
    opening: str | None = None
    fields: str | None = None
    zone: str | None = None
    skip: bool = False


@dataclass(slots=True)
class KeptHits:
    """The requests of a launch's steps, in memory: a million of them take some 200 MB."""

    wanted: Sequence[tuple[str, re.Pattern[str]]]
    hits: list[Hit] = field(default_factory=list)

    def keep(self, hit: Hit) -> None:
        if any(
            hit.method in ("", method) and path.fullmatch(hit.path) for method, path in self.wanted
        ):
            self.hits.append(hit)

    def write(self, out: TextIO, opening_s: int) -> None:
        """Nothing is written of them."""


def run(
    named: Named,
    reading: Reading,
    *,
    seed: int,
    launches: int,
    as_json: bool,
    allow_files: bool,
    every: bool,
) -> int:
    """Print the prediction beside the recording.

    Raises UsageError where the logs cannot be read, or tell of none of the launch's requests.
    """
    require_each_once(reading.logs)
    where = str(Path(named.where) / "scenario.toml") if named.is_run else named.where
    scenario = library.load(
        where,
        variant=variant_of(named),
        settings=list(named.settings),
        allow_files=allow_files or named.is_run,
    )
    launch = resolve(scenario)
    engine = engine_named("compiled")
    with progress(compiling("fitting the demand")):
        plan = arriving(launch, engine).plan(seed)
    requests = requests_of(scenario)
    hits = read_hits(reading, requests)
    opening_ns, how = opening_of(scenario, reading, hits, plan)
    linked = visits_of(hits, opening_ns, plan.system, requests)
    predicted = kept_prediction(named) if named.is_run else None
    if predicted is None:
        effort.tell_of(plan, engine, launches)
        with progress(f"simulating {named.typed}") as step:
            predicted = predict(plan, engine, launches, counted(step))
    lined = plan.system.has_line
    summary = summary_of(linked, plan)
    column = recorded_column(named.typed, predicted, summary, timed=linked.timed, lined=lined)
    again = Again()
    if linked.timed:
        again = predicted_again(scenario, plan, engine, linked, len(predicted.launches), seed=seed)
    found = Recorded(
        launch=named.typed,
        comparison=column,
        came=again.judged(summary, predicted, told_keys(column)),
        waterfalls=again.falls(summary, predicted),
        opening=f"{datetime.fromtimestamp(opening_ns / 1e9, UTC):%Y-%m-%d %H:%M:%S} UTC, {how}",
        visits=len(linked.block.visits),
        attempts=len(linked.block.attempts),
        strays=linked.strays,
        clients=linked.clients,
        timed=linked.timed,
        lined=lined,
    )
    if as_json:
        print(json.dumps(recorded_record(found), indent=2, ensure_ascii=False, allow_nan=False))
        return 0
    print(harmless_lines(recorded_text(found, every=every)))
    return 0


def variant_of(named: Named) -> str | None:
    """The variant of a launch; a run's launch is kept with its variant laid over it."""
    return None if named.is_run else named.variant


def requests_of(scenario: Scenario) -> tuple[Request | None, ...]:
    """What is asked for in each step of the launch, by its number.

    Raises ScenarioError where no step says it.
    """
    found = tuple(
        step.request
        for journey in scenario.words.journey
        for step in journey.step
        for _ in range(step.times)
    )
    if not any(found):
        problem = "has no step with a request, so nothing in a log can be told to be of it"
        remedy = 'give the steps request = { method = "POST", path = "/signup" }'
        raise ScenarioError([Mistake(scenario.file, "journey", problem, remedy)])
    return found


def read_hits(reading: Reading, requests: Sequence[Request | None]) -> list[Hit]:
    """The requests of the launch, in the order of the logs.

    Raises UsageError where a log cannot be read, or none of them is in it.
    """
    wanted = [(each.method, pattern_of(each)) for each in dict.fromkeys(requests) if each]
    kept, places = KeptHits(wanted), Places(reading.logs)
    zone = None if reading.zone is None else zone_named(reading.zone)

    def reader() -> Reader:
        return Reader(FieldMap.of(reading.fields) if reading.fields else None, zone)

    with progress("reading the log") as step:
        tally = tally_up(
            places.read(reader),
            Wanted(),
            kept,
            lambda lines: step(places.read_bytes(), places.bytes, f"{lines:,} lines"),
        )
    if tally.first_s is None:
        raise UsageError(nobody(tally))
    if tally.too_many_unread and not reading.skip:
        raise UsageError(too_many(tally))
    if not kept.hits:
        asked = ", ".join(dict.fromkeys(str(each) for each in requests if each))
        raise UsageError(
            f"none of the {tally.taken:,} requests in the log is one of the launch: it asks for {asked}"
        )
    if tally.skipped:
        tell(f"skipped: {tally.reasons()}")
    return kept.hits


def opening_of(
    scenario: Scenario, reading: Reading, hits: Sequence[Hit], plan: Plan
) -> tuple[int, str]:
    """The instant of the launch's second 0, in ns since 1970, and on whose word it is.

    Raises UsageError where nobody came in the time that the launch lasts.
    """
    first_ns = min(hit.came_ns for hit in hits)
    if reading.opening is not None:
        at_ns, how = instant_of(reading.opening) * NS_PER_S, "as told"
    else:
        at_ns, how = round(scenario.words.launch.opening.timestamp() * NS_PER_S), "as the file says"
        if not any(0 <= hit.came_ns - at_ns < plan.horizon_ns for hit in hits):
            return first_ns // NS_PER_S * NS_PER_S, "the first request in the log"
    if not any(0 <= hit.came_ns - at_ns < plan.horizon_ns for hit in hits):
        raise UsageError(
            f"--opening {reading.opening}: nobody in the log came in the time after it"
        )
    return at_ns, how


def summary_of(linked: Linked, plan: Plan) -> Summary:
    """What was recorded, in counts: of those who came before the horizon."""
    outcomes = Outcomes(
        provenance=Provenance.RECORDED,
        horizon_ns=plan.horizon_ns,
        end_ns=plan.end_ns,
        blocks=[within(linked, plan)],
    )
    return summarise(outcomes, bin_ns=plan.bin_ns, layout=plan.layout)


def kept_prediction(named: Named) -> Prediction | None:
    """What a run had predicted of its launch, before anything came.

    Raises UsageError or Damaged where it has none of that variant.
    """
    report = read_report(RunFolder.open(Path(named.where)))
    if not report.variants:
        raise Damaged(f"{named.where}: the run ended before anything was predicted")
    labels = [each.label for each in report.variants]
    label = named.variant or labels[0]
    if label not in labels:
        raise UsageError(f'{named.where}: has no variant "{label}"; it has {", ".join(labels)}')
    column = report.variant(label).launch
    return column.prediction if column else None
