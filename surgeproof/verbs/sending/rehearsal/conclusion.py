"""What a run came to: its reports are written, and its last line says so, however it ended."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

from reports.files.record import record_text
from reports.rebuild import write_reports
from reports.run.facts import Ending
from reports.run.folder import RunFolder
from reports.run.report.reading import read_report
from reports.run.report.report import Report
from reports.terminal.table import print_report
from simulator.errors import NotKept
from simulator.text.harmless import harmless
from simulator.verdict.truth.judged import Came
from surgeproof.endings import BAD_INPUT, FAILED, end_of, tell
from surgeproof.progress import progress


def conclude(
    folder: RunFolder,
    rehearse: Callable[[], int],
    *,
    judged: Callable[[Report], int] | None = None,
    said: Callable[[Report], str] | None = None,
    beside: Further | None = None,
    every: bool = False,
    as_json: bool = False,
) -> int:
    """Run, report whatever came of it, and say so in one last line; the exit code is the run's.

    How a run ended that was not judged is kept, so that its reports say the same later on.
    ``beside``: what else is told of a run that was judged. ``as_json``: what is printed is for a
    program, and the last line is told beside it.
    """
    end = end_of(rehearse)
    tell(end.sentence)
    ended = Ending(exit_code=end.exit_code, sentence=end.sentence) if end.exit_code else None

    def reports() -> int:
        if ended:
            with suppress(NotKept):  # it is told all the same
                folder.save_ending(ended)
        report = concluded(folder, ended, judged, said)
        more = beside if report.ending is None or report.ending.judged else None
        write_and_print(report, every=every, as_json=as_json, beside=more)
        say_last(said(report) if said else in_a_line(report), folder, as_json=as_json)
        return report.exit_code

    told = end_of(reports)
    if told.sentence:
        tell(f"the report is incomplete: {told.sentence}")
    return end.exit_code or (FAILED if told.exit_code == BAD_INPUT else told.exit_code)


def concluded(
    folder: RunFolder,
    ended: Ending | None,
    judged: Callable[[Report], int] | None,
    said: Callable[[Report], str] | None,
) -> Report:
    """What the folder holds, and how the run ended: before anything is written of it.

    A command that asks something else than whether the first variant holds judges for itself, and
    keeps what it found, so that every report says the same.
    """
    report = read_report(folder)
    report = replace(report, ending=ended or report.ending)
    if report.ending or not judged:
        return report
    code = judged(report)
    if code == report.exit_code:
        return report
    sentence = said(report) if said else in_a_line(report)
    found = Ending(exit_code=code, sentence=sentence, judged=True)
    folder.save_ending(found)
    return replace(report, ending=found)


def report_on(folder: RunFolder, *, every: bool = False, as_json: bool = False) -> Report:
    """Write the reports of whatever the folder holds, and print the table and the verdicts.

    Raises NotKept where they cannot be written, after all has been printed.
    """
    report = read_report(folder)
    write_and_print(report, every=every, as_json=as_json)
    return report


class Further(Protocol):
    """What a command tells of a run that the run's folder alone does not."""

    def text(self, *, every: bool) -> str:
        """For a terminal."""

    def record(self) -> Mapping[str, Any]:
        """For a program, by the keys that it adds."""

    def keep(self) -> None:
        """In the folder. Raises NotKept."""


def write_and_print(
    report: Report, *, every: bool = False, as_json: bool = False, beside: Further | None = None
) -> None:
    """The table is printed also where the reports cannot be written: raises NotKept then."""
    try:
        with progress("writing the reports"):
            write_reports(report)
            if beside:
                beside.keep()
    finally:
        if as_json:
            print(record_text(report, beside.record() if beside else {}), end="", flush=True)
        else:
            print_report(report, sys.stdout, every=every)
            if beside:
                print(f"{beside.text(every=every)}\n")


def with_prediction(report: Report) -> int:
    """The exit code where a prediction has to come true as well: 1 where it did not, 3 where nobody knows."""
    codes = [PREDICTED[one.came.outcome] for one in report.variants if one.came]
    return report.exit_code or next((code for code in (1, 3) if code in codes), 0)


PREDICTED = {Came.RIGHT: 0, Came.WRONG: 1, Came.NOT_COMPARABLE: 3, Came.UNKNOWN: 3}


def in_a_line(report: Report) -> str:
    """What a run came to, and what its prediction did; the reasons stand in the lines above."""
    decision = report.decision
    if decision.verdict is None:
        return decision.claim
    came = report.variants[0].came if report.variants else None
    predicted = f"; {came.claim}" if came else ""
    beside = [
        f"{each.label}: {each.verdict.claim}"
        for each in report.variants
        if each.verdict and each.verdict is not decision.verdict
    ]
    others = f"; beside it, {'; '.join(beside)}" if beside else ""
    return f"{decision.variant}: {decision.claim}{predicted}{others}"


def say_last(sentence: str, folder: RunFolder, *, as_json: bool = False) -> None:
    """Say what a run came to, last of all; where a program reads what is printed, beside it."""
    line = last_line(sentence, folder)
    if as_json:
        tell(line)
    else:
        print(line, flush=True)


def last_line(sentence: str, folder: RunFolder) -> str:
    """The last line of a run: what it came to, and where it lies."""
    return harmless(f"{sentence}; report: {folder.page}")
