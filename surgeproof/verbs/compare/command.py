"""The verb: what is named is told apart, compared, and printed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
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


def run(
    typed: list[str],
    *,
    variant: str | None,
    settings: list[str],
    seed: int,
    launches: int,
    tolerance: str,
    opening: str | None,
    fields: str | None,
    zone: str | None,
    skip: bool,
    as_json: bool,
    runs: Path,
    allow_files: bool,
    every: bool,
    against: Sequence[Path] = (),
) -> int:
    """1: something got worse; 3: something that was to be compared cannot be; 0: neither.

    ``against``: all that is named is held against all of these runs, as if each were one observation.
    """
    nothing = share_of("--tolerance", tolerance)
    if against:
        if variant or settings:
            raise UsageError("--variant and --set change a launch that is predicted, and no run")
        baseline = baseline_of(against)
        found = of_baseline(baseline, runs_named(typed, baseline, runs), tolerance=nothing)
        print(json_of(found, nothing) if as_json else text_of(found, every=every))
        return exit_code_of(found)
    named = [Named.of(each) for each in typed or map(str, latest_two(runs))]
    if any(each.is_log for each in named):
        if nothing:
            raise UsageError(
                "--tolerance is for two runs or launches: a band says what is noise here"
            )
        return against_logs(
            named,
            Reading(
                logs=tuple(each.where for each in named if each.is_log),
                opening=opening,
                fields=fields,
                zone=zone,
                skip=skip,
            ),
            variant=variant,
            settings=settings,
            seed=seed,
            launches=launches,
            as_json=as_json,
            allow_files=allow_files,
            every=every,
        )
    if opening or fields or zone or skip:
        raise UsageError("--opening, --fields, --zone and --skip are about an access log; name one")
    if all(each.is_run for each in named):
        if variant or settings:
            raise UsageError("--variant and --set change a launch that is predicted, and no run")
        found = of_runs(named, tolerance=nothing)
    elif any(each.is_run for each in named):
        raise UsageError(mixed(named))
    else:
        found = of_launches(
            changed_launch(named, variant, settings),
            seed=seed,
            launches=launches,
            tolerance=nothing,
            allow_files=allow_files,
        )
    print(json_of(found, nothing) if as_json else text_of(found, every=every))
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


def against_logs(
    named: Sequence[Named],
    reading: Reading,
    *,
    variant: str | None,
    settings: list[str],
    seed: int,
    launches: int,
    as_json: bool,
    allow_files: bool,
    every: bool,
) -> int:
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
    if prediction.is_run and (variant or settings):
        raise UsageError("--variant and --set change a launch that is predicted, and no run")
    return recorded.run(
        replace(
            prediction,
            variant=variant or prediction.variant,
            settings=(*prediction.settings, *settings),
        ),
        reading,
        seed=seed,
        launches=launches,
        as_json=as_json,
        allow_files=allow_files,
        every=every,
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
