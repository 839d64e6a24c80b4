"""Exit codes and last words: 1 says only that something does not hold."""

import errno
import signal
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from simulator.errors import NotKept, ScenarioError, Stopped, TargetRefused, UsageError
from surgeproof.endings import DEBUG_VARIABLE, End, Terminated, end_of, ends_well, tell
from tests.examples import examples
from tests.hanging import HUNG_S


def raising(error: BaseException) -> Callable[[], int]:
    def run() -> int:
        raise error

    return run


@examples("error, code, says",
    ("usage", UsageError("no such port"), 2, "no such port"),
    ("scenario", ScenarioError([]), 2, ""),
    ("own failure", NotKept("full"), 3, "full"),
    ("kill switch", Stopped("it died"), 4, "it died"),
    ("refused", TargetRefused("not yours"), 5, "not yours"),
    ("Ctrl-C", KeyboardInterrupt(), 130, "interrupted"),
    ("SIGTERM", Terminated(signal.SIGTERM), 143, "terminated"),
    ("SIGHUP", Terminated(signal.SIGHUP), 129, "hung up"),
    ("memory", MemoryError(), 3, "out of memory: fewer --launches or people need less"),
    ("full disk", OSError(errno.ENOSPC, "No space left", "there"), 3, "the system refused there: No space left; make room on the disk"),
    ("open files", OSError(errno.EMFILE, "Too many open files"), 3,
     "the system refused: Too many open files; raise the limit of open files (ulimit -n)"),
    ("a name that was typed", OSError(errno.ENOENT, "No such file", "there"), 2, "the system refused there: No such file"),
    ("an odd refusal", OSError("odd"), 3, "the system refused: odd"),
)  # fmt: skip
def test_how_a_command_ends(error: BaseException, code: int, says: str) -> None:
    assert end_of(raising(error)) == End(code, says)


@pytest.mark.parametrize("fault", [
    ZeroDivisionError("by nothing"),
    RecursionError(),
    SystemExit(1),
    AssertionError(),
    KeyError(1),
], ids=lambda fault: type(fault).__name__)  # fmt: skip
def test_what_nobody_foresaw_is_never_a_verdict(
    fault: BaseException, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.delenv(DEBUG_VARIABLE, raising=False)

    end = end_of(raising(fault))

    (details,) = tmp_path.iterdir()
    assert end.exit_code == 3
    assert end.sentence.startswith("a bug in surgeproof, please report it (")
    assert end.sentence.endswith(f"its details are in {details}")
    assert "Traceback" in details.read_text()
    assert details.stat().st_mode & 0o777 == 0o600


def test_where_no_details_can_be_written_a_variable_shows_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/dev/null/none")
    told = end_of(raising(ValueError("odd")))
    monkeypatch.setenv(DEBUG_VARIABLE, "1")
    end_of(raising(ValueError("odd")))
    assert told.sentence.endswith(f"(ValueError: odd); set {DEBUG_VARIABLE}=1 to see where")
    assert "Traceback" in capsys.readouterr().err


def test_a_verb_returns_its_code_or_that_of_its_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert ends_well(lambda: 1)() == 1
    assert ends_well(raising(UsageError("line one\nline two")))() == 2
    assert capsys.readouterr().err == "surgeproof: line one\nsurgeproof: line two\n"


def test_nobody_needs_to_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stderr", Gone())
    tell("nobody hears this")


IN_A_CALLBACK = """
import atexit, ctypes, os, signal, sys, time
from surgeproof.endings import AGAIN_S, ending, leave, listen

def sort(_one, _other):
    os.kill(os.getpid(), signal.{name})
    return 0

def run():
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    ctypes.CDLL(None).qsort((ctypes.c_int * 2)(2, 1), 2, 4, kind(sort))
    while {waits}:
        signal.pause()
    return 0

listen()
atexit.register(lambda: print("swept" if time.sleep(4 * AGAIN_S) is None else ""))
leave(ending(run))
"""


def signalled_in_a_callback(name: str, *, waits: bool) -> tuple[int, str, str]:
    """Exit code and words of a command whose process sweeps up for a while after its end."""
    ended = subprocess.run(
        [sys.executable, "-c", IN_A_CALLBACK.format(name=name, waits=waits)],
        capture_output=True,
        text=True,
        timeout=HUNG_S,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    return ended.returncode, ended.stderr, ended.stdout


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [("SIGTERM", 143, "terminated"), ("SIGHUP", 129, "hung up"), ("SIGINT", 130, "interrupted")],
)
def test_a_signal_that_comes_within_a_callback_is_not_lost(name: str, code: int, says: str) -> None:
    """As while a library calls back: Python ignores what is raised there, and only complains."""
    assert signalled_in_a_callback(name, waits=True) == (code, f"surgeproof: {says}\n", "swept\n")


def test_a_signal_that_would_come_again_after_the_end_cuts_no_sweeping_short() -> None:
    code, said, swept = signalled_in_a_callback("SIGTERM", waits=False)
    assert (code, said) in [(0, ""), (143, "surgeproof: terminated\n")]
    assert swept == "swept\n"
