"""``surgeproof ledger``: how good predictions have been so far, kept in a file that a team commits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from reports.files.ledger import added, line_of, read_ledger, write_ledger
from reports.run.folder import RunFolder
from reports.run.past.past import Past, pasts_of
from reports.run.report.reading import read_report
from reports.sentences import words
from reports.terminal.past.ledger import ledger_text
from simulator.errors import UsageError
from simulator.text.harmless import harmless_lines
from surgeproof.endings import tell


def run(runs: Sequence[Path], *, path: Path, as_json: bool) -> int:
    """Add the runs, and say how good the predictions have been.

    Raises UsageError where there is nothing to tell of.
    """
    if not runs and not path.exists():
        raise UsageError(f"{path}: there is no ledger yet; add a run: surgeproof ledger RUN")
    known = read_ledger(path) if path.exists() else ()
    if runs:
        every, new = added(known, [past for folder in runs for past in launches_of(folder)])
        write_ledger(path, every)
        tell(f"{path}: {words.times(new, 'launch')} added, {len(every):,} in all")
        known = every
    if not known:
        raise UsageError(f"{path}: is empty; add a run: surgeproof ledger RUN")
    print(json_of(known) if as_json else said(known))
    return 0


def launches_of(path: Path) -> list[Past]:
    """What a run tells.

    Raises UsageError where it is no run, or nothing took place.
    """
    found = list(pasts_of(read_report(RunFolder.open(path))))
    if not found:
        raise UsageError(
            f"{path}: nothing was both predicted and observed, so there is no error to keep"
        )
    return found


def said(launches: Sequence[Past]) -> str:
    return harmless_lines(ledger_text(launches))


def json_of(launches: Sequence[Past]) -> str:
    return json.dumps(
        [json.loads(line_of(past)) for past in launches], indent=2, ensure_ascii=False
    )
