"""The verb: what is named is told apart, compared, and printed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reports.files.contrast_record import contrasts_record
from reports.run.contrast import Contrast, exit_code_of
from reports.run.folder import RunFolder
from reports.terminal.contrast import contrast_text
from simulator.errors import UsageError
from simulator.text.harmless import harmless_lines
from surgeproof.options import share_of
from surgeproof.verbs.compare import recorded
from surgeproof.verbs.compare.against import baseline_of, of_baseline
from surgeproof.verbs.compare.launches import changed_launch, of_launches
from surgeproof.verbs.compare.named import Named, mixed
from surgeproof.verbs.compare.recorded import Reading
from surgeproof.verbs.compare.runs import of_runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed."""

    compared: Sequence[str]
    runs: Path
    """Where runs lie of which none is named."""
    variant: str | None
    settings: Sequence[str]
    seed: int
    launches: int
    against: Sequence[Path]
    """All that is named is held against all of these runs, as if each were one observation."""
    tolerance: str
    opening: str | None
    fields: str | None
    zone: str | None
    skip: bool
    as_json: bool
    allow_files: bool
    every: bool

    def require_unchanged(self) -> None:
        """Raises UsageError where a run is to be changed."""
        if self.variant or self.settings:
            raise UsageError("--variant and --set change a launch that is predicted, and no run")

    def require_no_reading(self) -> None:
        """Raises UsageError where no log is named, and it is said how to read one."""
        if self.opening or self.fields or self.zone or self.skip:
            raise UsageError(
                "--opening, --fields, --zone and --skip are about an access log; name one"
            )


def run(asked: Asked) -> int:
    """1: something got worse; 3: something that was to be compared cannot be; 0: neither."""
    nothing = share_of("--tolerance", asked.tolerance)
    if asked.against:
        asked.require_unchanged()
        baseline = baseline_of(asked.against)
        named = runs_named(asked.compared, baseline, asked.runs)
        return told(of_baseline(baseline, named, tolerance=nothing), asked, nothing)
    named = [Named.of(each) for each in asked.compared or map(str, latest_two(asked.runs))]
    if any(each.is_log for each in named):
        if nothing:
            raise UsageError(
                "--tolerance is for two runs or launches: a band says what is noise here"
            )
        return against_logs(named, asked)
    asked.require_no_reading()
    if all(each.is_run for each in named):
        asked.require_unchanged()
        return told(of_runs(named, tolerance=nothing), asked, nothing)
    if any(each.is_run for each in named):
        raise UsageError(mixed(named))
    found = of_launches(
        changed_launch(named, asked.variant, asked.settings),
        seed=asked.seed,
        launches=asked.launches,
        tolerance=nothing,
        allow_files=asked.allow_files,
    )
    return told(found, asked, nothing)


def told(found: Sequence[Contrast], asked: Asked, tolerance: float) -> int:
    """Print it; the exit code says what it came to."""
    print(json_of(found, tolerance) if asked.as_json else text_of(found, every=asked.every))
    return exit_code_of(found)


def runs_named(typed: Sequence[str], baseline: Sequence[Named], runs: Path) -> list[Named]:
    """The runs that are held against a baseline; without a word the latest that is none of it.

    Raises UsageError where there is none, or something else is named.
    """
    if not typed:
        known = {each.identity for each in baseline}
        latest = [Named.of(str(folder.path)) for folder in RunFolder.by_instant(runs)]
        if others := [each for each in latest if each.identity not in known]:
            return others[-1:]
        raise UsageError(f"{runs}: has no run beside those of --against; name one")
    named = [Named.of(each) for each in typed]
    for each in named:
        if not each.is_run:
            raise UsageError(f"{each.typed}: --against is about runs; name the folder of one")
    return named


def against_logs(named: Sequence[Named], asked: Asked) -> int:
    """A prediction beside what the logs of its launch recorded.

    Raises UsageError where it is not one prediction that they are to be held against.
    """
    predictions = [each for each in named if not each.is_log]
    if len(predictions) != 1:
        raise UsageError(
            "name one prediction beside the logs: a launch or a run, as in"
            " surgeproof compare my-launch.toml access.log"
        )
    (prediction,) = predictions
    if prediction.is_run:
        asked.require_unchanged()
    return recorded.run(
        replace(
            prediction,
            variant=asked.variant or prediction.variant,
            settings=(*prediction.settings, *asked.settings),
        ),
        Reading(
            logs=tuple(each.where for each in named if each.is_log),
            opening=asked.opening,
            fields=asked.fields,
            zone=asked.zone,
            skip=asked.skip,
        ),
        seed=asked.seed,
        launches=asked.launches,
        as_json=asked.as_json,
        allow_files=asked.allow_files,
        every=asked.every,
    )


def latest_two(runs: Path) -> list[Path]:
    """The last run but one, and the last.

    Raises UsageError where there are not two.
    """
    found = RunFolder.by_instant(runs)[-2:]
    if len(found) < 2:
        raise UsageError(f"{runs}: has fewer than two runs; name two runs, or two launches")
    return [folder.path for folder in found]


def text_of(found: Sequence[Contrast], *, every: bool) -> str:
    """Each of them, and last the sentences that conclude them."""
    texts = [contrast_text(each, every=every) for each in found]
    return harmless_lines("\n".join([*texts, *(each.sentence for each in found)]))


def json_of(found: Sequence[Contrast], tolerance: float) -> str:
    record = contrasts_record(found, tolerance=tolerance)
    return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)
