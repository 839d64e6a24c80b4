"""A command of ours that another program runs: what it printed, and how it ends with whom it was started by."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from surgeproof.endings import CLEARS_UP_S, STARTER_VARIABLE, end_with_starter
from surgeproof.pipelines import command
from surgeproof.pipelines.command import UNJUDGED, NotJudged, judged
from tests.end_to_end.command import wait_until
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


SENDS_ON = """
import pathlib, time
from surgeproof.endings import Terminated, end_with_starter, listen
listen()
end_with_starter()
try:
    pathlib.Path("began").touch()
    time.sleep(600)
except Terminated:
    pathlib.Path("tidied").touch()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_us_at_once_ends_what_is_sent_too(tmp_path: Path, number: int) -> None:
    """As pytest, which does not listen to SIGTERM: nobody is left who could hand anything on."""
    deaf = RUNS.replace("signal.signal(", "#")
    with subprocess.Popen([sys.executable, "-c", deaf, SENDS_ON], cwd=tmp_path) as running:
        wait_until((tmp_path / "began").exists)
        running.send_signal(number)
    assert running.returncode == -number
    wait_until((tmp_path / "tidied").exists)


def test_what_we_start_ourselves_does_not_end_so(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    monkeypatch.setattr(
        "scenarios.process.orphan.end_with_parent", lambda _, grace_s: asked.append(grace_s)
    )
    end_with_starter()
    monkeypatch.setenv(STARTER_VARIABLE, "1")
    end_with_starter()
    end_with_starter()
    assert asked == [CLEARS_UP_S]
