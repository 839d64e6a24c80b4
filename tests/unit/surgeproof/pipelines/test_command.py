"""A command of ours that another program runs: what it printed, and how it ends with whom it was started by."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from surgeproof.pipelines import command
from surgeproof.pipelines.command import UNJUDGED, NotJudged, judged
from tests.examples import examples
from tests.hanging import HUNG_S

RUNS = """
import sys, signal
from pathlib import Path
from surgeproof.pipelines.command import run
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
run([sys.executable, "-c", sys.argv[1]], Path.cwd())
"""
SENDS = """
import pathlib, time
try:
    pathlib.Path("began").touch()
    time.sleep(600)
except KeyboardInterrupt:
    pathlib.Path("tidied").touch()
"""


@examples("printed, code, expected",
    ("a verdict of nothing", '{"document": "stress"}', 0, UNJUDGED),
    ("no object", "[1]", 1, 1),
    ("text, as of a dry run", "20 people would be sent", 0, UNJUDGED),
    ("nothing", "", 2, 2),
)  # fmt: skip
def test_what_is_no_verdict_passes_nowhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, printed: str, code: int, expected: int
) -> None:
    def run(_words: Sequence[str], _folder: Path) -> tuple[int, str, str]:
        return code, printed, ""

    monkeypatch.setattr(command, "run", run)
    with pytest.raises(NotJudged) as wrong:
        judged(["predict"], tmp_path)
    assert wrong.value.exit_code == expected


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_whatever_ends_us_ends_what_is_sent_in_good_order(tmp_path: Path, number: int) -> None:
    """Told to one process, as a job's time limit does; what it started hears of it once."""
    with subprocess.Popen([sys.executable, "-c", RUNS, SENDS], cwd=tmp_path) as running:
        while not (tmp_path / "began").exists():
            assert running.poll() is None
        running.send_signal(number)
        running.wait(HUNG_S)
    assert (tmp_path / "tidied").exists()
