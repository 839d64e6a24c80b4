"""Rebuilding: a run folder's reports, written anew from what its store holds."""

from __future__ import annotations

from reports.files.junit import junit_text
from reports.files.markdown import markdown_text
from reports.files.record import record_text
from reports.page.page import page_text
from reports.run.folder import RunFolder
from reports.run.report.reading import read_report
from reports.run.report.report import Report


def rebuild(folder: RunFolder) -> Report:
    """Judge what is there, finished or not, and write the reports of it."""
    report = read_report(folder)
    write_reports(report)
    return report


def write_reports(report: Report) -> None:
    """Write verdict, page, Markdown and JUnit.

    The verdict comes first: it is there even if drawing is interrupted.

    Raises NotKept.
    """
    folder = report.folder
    folder.write(folder.verdict, record_text(report))
    folder.write(folder.junit, junit_text(report))
    folder.write(folder.markdown, markdown_text(report))
    folder.write(folder.page, page_text(report))
