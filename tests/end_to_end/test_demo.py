"""The demo from its first line to its last: slow, and it wants the machine for itself."""

import json
from pathlib import Path

import psutil
import pytest

from simulator.outcomes.rows import Fate
from tests.end_to_end.command import rows, surgeproof

pytestmark = pytest.mark.slow


def test_the_demo_holds_with_the_line_and_breaks_without(tmp_path: Path) -> None:
    before = {process.pid for process in psutil.process_iter()}

    done = surgeproof("demo", "--runs", str(tmp_path))

    (folder,) = tmp_path.iterdir()
    left = [process for process in psutil.process_iter() if process.pid not in before]
    verdict = json.loads((folder / "verdict.json").read_text())
    outcomes = {
        variant["variant"]: {each["outcome"] for each in variant["verdicts"]}
        for variant in verdict["variants"]
    }
    assert done.returncode == 0, done.stdout
    assert outcomes == {"with the line": {"holds"}, "no line": {"does not hold"}}
    assert done.stdout.splitlines()[-1].endswith(f"report: {folder / 'report.html'}")
    assert done.stdout.count("agree on every row") == 2
    assert not [each for each in left if "scenarios" in " ".join(each.cmdline())]
    ends = rows(folder, "SELECT how, planned, started, unsent FROM ends")
    assert [(how, unsent) for how, _, _, unsent in ends] == [("complete", 0)] * 2
    assert all(planned == started >= 1_000 for _, planned, started, _ in ends)
    assert rows(folder, f"SELECT count(*) FROM visits WHERE fate = {Fate.UNSENT}") == [(0,)]
