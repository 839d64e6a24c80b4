"""``surgeproof report``: a run's reports once more, from its folder alone."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path

from reports.rebuild import rebuild
from reports.run_folder import RunFolder
from reports.table import print_report
from surgeproof.rehearsal import last_line


def run(path: Path | None, *, open_page: bool, runs: Path) -> int:
    """Rebuild, print, and exit by the run's verdict."""
    folder = RunFolder.latest(runs) if path is None else RunFolder.open(path)
    report = rebuild(folder)
    print_report(report, sys.stdout)
    print(last_line(report))
    if open_page:
        webbrowser.open(folder.page.resolve().as_uri())
    return report.verdict.exit_code if report.verdict else 3
