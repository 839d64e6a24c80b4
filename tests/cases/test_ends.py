"""Ends that are no verdict: what happened when others tried it, and what is right (issue 9, part 11).

How a whole replay ends is tried in tests/faults/test_faults.py.
"""

import errno
import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.run import store
from reports.run.facts import Ending
from reports.run.folder import RunFolder
from reports.run.report.reading import read_report
from simulator.errors import SurgeproofError
from surgeproof.endings import ending
from surgeproof.verbs import report
from tests.examples import examples
from tests.launches.run import facts, made_run


def raising(error: BaseException) -> Callable[[], int]:
    def run() -> int:
        raise error

    return run


@pytest.fixture(autouse=True)
def no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its charts take seconds to draw, and are tried elsewhere."""
    monkeypatch.setattr("reports.rebuild.page_text", lambda _: "")


def report_of(folder: RunFolder) -> int:
    return report.run(
        folder.path, open_page=False, picture=None, runs=folder.path.parent, every=False
    )


def test_a_run_that_the_kill_switch_ended_is_reported_as_it_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made_run(tmp_path, ended="stopped: the target died")
    assert report_of(folder) == 4
    assert capsys.readouterr().out.splitlines()[-1] == (f"the target died; report: {folder.page}")


@pytest.mark.parametrize("code", [2, 3, 5, 129, 130, 143])
def test_a_run_that_was_not_judged_is_reported_as_it_ended(code: int, tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "small", datetime(2026, 1, 1, tzinfo=UTC))
    folder.save_facts(facts())
    folder.save_ending(Ending(exit_code=code, sentence="it did not come so far"))
    assert report_of(folder) == code


def test_a_run_that_was_judged_is_reported_by_its_verdict(tmp_path: Path) -> None:
    assert report_of(made_run(tmp_path)) == 0


@examples("fault",
    ("full", OSError(errno.ENOSPC, "No space left on device", "run.sqlite")),
    ("files", OSError(errno.EMFILE, "Too many open files")),
    ("memory", MemoryError()),
    ("database", sqlite3.OperationalError("disk I/O error")),
    ("a fault of ours", TypeError("unhashable type: 'list'")),
)  # fmt: skip
def test_a_failure_of_our_own_is_3(
    fault: BaseException,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert ending(raising(fault)) == 3
    assert "Traceback" not in capsys.readouterr().err


def test_a_database_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "small", datetime(2026, 1, 1, tzinfo=UTC))
    folder.database.unlink()
    with pytest.raises(SurgeproofError, match="was removed or replaced") as told:
        folder.save_facts(facts())
    assert told.value.exit_code == 3
    assert not folder.database.exists()


def test_a_report_that_cannot_be_written_is_3_and_all_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made_run(tmp_path)
    real = os.open

    def full(path: str, *more: int) -> int:
        if str(path).endswith(".draft"):
            raise OSError(errno.ENOSPC, "No space left on device", path)
        return real(path, *more)

    monkeypatch.setattr("os.open", full)
    code = ending(lambda: report_of(folder))

    told = capsys.readouterr()
    assert code == 3
    assert "rehearsal" in told.out
    assert "verdict.json: cannot be used any more (No space left on device); make room" in told.err


def test_what_lies_on_a_medium_that_is_full_or_read_only_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made_run(tmp_path)
    expected = read_report(folder).verdict
    monkeypatch.setattr(store, "can_be_written", lambda _: False)
    assert read_report(folder).verdict == expected
