"""``surgeproof report``: a run's reports once more, from its folder alone."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from reports.charts.picture import save_picture
from reports.files.hlog import hdrhistogram, save_hlog
from reports.run.folder import RunFolder
from surgeproof.verbs.sending.rehearsal.conclusion import in_a_line, report_on, say_last


def run(
    path: Path | None,
    *,
    open_page: bool,
    picture: Path | None,
    hlog: Path | None = None,
    runs: Path,
    every: bool,
    as_json: bool = False,
) -> int:
    """Rebuild, print, and exit by the run's verdict."""
    if hlog:
        hdrhistogram()  # where it is missing this is told before anything is written
    folder = RunFolder.latest(runs) if path is None else RunFolder.open(path)
    report = report_on(folder, every=every, as_json=as_json)
    if picture:
        save_picture(report, picture)
    if hlog:
        save_hlog(report, hlog)
    say_last(in_a_line(report), folder, as_json=as_json)
    if open_page:
        webbrowser.open(folder.page.resolve().as_uri())
    return report.exit_code
