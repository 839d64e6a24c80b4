"""What an operator does while a replay goes on, with real processes: short ones, and nothing is timed but the order."""

import os
import shlex
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from scenarios.process import operator
from scenarios.process.operator import CUT, MOST_BYTES, Action, Deed, Operator, arguments_of
from simulator.errors import UsageError
from tests.examples import examples
from tests.hanging import HUNG_S

MS = 1_000_000
FOREVER = f"{sys.executable} -c 'import time; time.sleep({HUNG_S})'"


def action(text: str, at_ns: int = 0, secrets: tuple[str, ...] = ()) -> Action:
    return Action(at_ns=at_ns, arguments=tuple(shlex.split(text)), shown=text, secrets=secrets)


def done(folder: Path, *actions: Action, until: Callable[[list[Deed]], bool]) -> list[Deed]:
    """What becomes of them in a replay that opens now, and is over when that is so."""
    with Operator(actions, folder) as doing:
        doing.open(time.perf_counter_ns())
        wait_until(lambda: until(doing.deeds))
    doing.close()
    return doing.deeds


def wait_until(reached: Callable[[], bool]) -> None:
    until_s = time.monotonic() + HUNG_S
    while not reached():
        assert time.monotonic() < until_s
        time.sleep(0.005)


def all_ended(deeds: list[Deed]) -> bool:
    return all(deed.took_ns for deed in deeds)


def test_each_is_run_at_its_instant_and_not_before(tmp_path: Path) -> None:
    second, first = action("true", 60 * MS), action("true", 20 * MS)
    deeds = done(tmp_path, second, first, until=all_ended)
    assert [deed.failure for deed in deeds] == ["", ""]
    for deed in deeds:
        assert deed.began_ns is not None
        assert deed.began_ns >= deed.action.at_ns


@pytest.mark.parametrize("system", ["linux", "macos"])
@examples("text, failure",
    ("an exit code", "sh -c 'exit 3'", "it failed (exit code 3)"),
    ("a signal", "sh -c 'kill -9 $$'", "it failed (Killed)"),
)  # fmt: skip
def test_one_that_fails_is_told_so(
    tmp_path: Path, text: str, failure: str, system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the system cannot look without reaping, as macOS before Python 3.13."""
    if system == "macos":
        monkeypatch.delattr(os, "waitid")
    (deed,) = done(tmp_path, action(text), until=all_ended)
    assert deed.failure == failure


def test_one_that_cannot_be_started_has_failed(tmp_path: Path) -> None:
    """It was there when the command line was read."""
    gone = Action(at_ns=0, arguments=(str(tmp_path / "gone"),), shown="gone")
    (deed,) = done(tmp_path, gone, until=lambda deeds: deeds[0].began_ns is not None)
    assert deed.failure == "it cannot be run: no such file or directory"


def test_one_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator, "LONGEST_S", 0.05)
    (deed,) = done(tmp_path, action(FOREVER), until=all_ended)
    assert "took longer" in deed.failure


def test_one_that_still_runs_when_the_replay_ends_is_ended_and_has_failed(tmp_path: Path) -> None:
    (deed,) = done(tmp_path, action(FOREVER), until=lambda deeds: deeds[0].began_ns is not None)
    assert deed.failure == CUT


def test_one_that_is_never_due_was_not_run(tmp_path: Path) -> None:
    late = action("true", 3_600_000 * MS)
    (deed,) = done(tmp_path, late, until=lambda _: True)
    assert (deed.began_ns, deed.failure) == (None, "the replay was over before its time")


def test_one_that_never_began_can_be_closed(tmp_path: Path) -> None:
    """What comes before his block may fail."""
    doing = Operator([action("true")], tmp_path)
    doing.close()
    assert doing.deeds[0].began_ns is None


def test_what_it_leaves_running_lives_until_he_is_closed(tmp_path: Path) -> None:
    """A service that is started again is no orphan that is killed, and none that stays."""
    pid = tmp_path / "pid"
    text = f'sh -c "{FOREVER.replace(chr(39), chr(92) + chr(34))} & echo $! > {pid}"'
    with Operator([action(text)], tmp_path) as doing:
        doing.open(time.perf_counter_ns())
        wait_until(lambda: all_ended(doing.deeds))
    time.sleep(5 * operator.LOOK_EVERY_S)  # in which it could be ended too early
    number = int(pid.read_text())
    assert not is_gone(number)
    doing.close()
    assert doing.deeds[0].failure == ""
    wait_until(lambda: is_gone(number))


def test_one_who_frees_himself_outlives_the_replay_and_does_not_hold_it_up(tmp_path: Path) -> None:
    """Though he holds the pipe that his output would be read from."""
    script, pid = tmp_path / "free.sh", tmp_path / "pid"
    script.write_text(f"echo begun\nsetsid {FOREVER} &\necho $! > {pid}\n")

    def is_free(deeds: list[Deed]) -> bool:
        return all_ended(deeds) and os.getsid(number := int(pid.read_text())) == number

    (deed,) = done(tmp_path, action(f"sh {script}"), until=is_free)
    freed = psutil.Process(int(pid.read_text()))
    try:
        assert freed.status() != psutil.STATUS_ZOMBIE
        assert (deed.failure, deed.last_words) == ("", "begun")
    finally:
        freed.kill()


def is_gone(pid: int) -> bool:
    """Or waits for its parent, who is none of ours, to hear of its end."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_what_it_prints_is_kept_for_its_owner_without_secrets_and_within_bounds(
    tmp_path: Path,
) -> None:
    text = f"sh -c 'echo hunter2 is the word; head -c {2 * MOST_BYTES} /dev/zero; echo end'"
    (deed,) = done(tmp_path, action(text, secrets=("hunter2",)), until=all_ended)
    log = tmp_path / "run-1.log"
    assert log.read_text().startswith("… is the word\n")
    assert MOST_BYTES - 8 < log.stat().st_size <= MOST_BYTES
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert deed.failure == ""


@examples("text, problem",
    ("a word of the shell", "cd /tmp && true", "without a shell"),
    ("no program", "", "no program"),
    ("half a quotation", "sh -c 'x", "cannot be read"),
)  # fmt: skip
def test_what_cannot_be_run_is_refused_before_anything_is_sent(text: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        arguments_of(text)
