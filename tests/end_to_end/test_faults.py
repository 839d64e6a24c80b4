"""What may go wrong with a replay: it ends with a sentence, its own exit code, and nothing left behind.

``pytest -m "slow or not slow" -rP tests/end_to_end/test_faults.py`` prints the table of all of them:
fault, exit code, last line.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from reports.run.folder import RunFolder
from reports.run.report import read_report
from scenarios.service.process import TargetProcess
from tests.end_to_end import faults
from tests.end_to_end.command import start, wait_until
from tests.end_to_end.faults import (
    Scene,
    at_once,
    draining,
    freeze,
    kill,
    predicting,
    rehearsing,
    reporting,
    starting_the_child,
)
from tests.hanging import HUNG_S
from tests.launches.files import LAUNCH

Strike = Callable[[Scene], None]
TARGET_DIED = "the target died"
GONE = r"was removed or replaced while the run went on.*leave the run's folder alone"


def nothing(_: Scene) -> None:
    pass


def signalled(number: int) -> Strike:
    return lambda scene: os.kill(scene.command.pid, number)


def to_the_child(number: int) -> Strike:
    return lambda scene: os.kill(scene.child, number)


def to_the_target(number: int) -> Strike:
    def strike(scene: Scene) -> None:
        assert scene.target is not None
        os.kill(scene.target.pid, number)

    return strike


def without_the_folder(scene: Scene) -> None:
    shutil.rmtree(scene.folder)


def without_the_database(scene: Scene) -> None:
    for part in scene.folder.glob("run.sqlite*"):
        part.unlink()


def with_a_broken_database(scene: Scene) -> None:
    for part in scene.folder.glob("run.sqlite*"):
        part.write_bytes(b"broken" * 1000)


@dataclass(frozen=True)
class Fault:
    """One that strikes when the replay is so far; how it then ends."""

    at: Callable[[Scene], bool] = at_once
    strike: Strike = nothing
    code: tuple[int, ...] = (3,)
    says: str = ""
    """What its last line matches."""
    limits: dict[int, int] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    launch: str = LAUNCH
    kept: bool = True
    """Whether the run can be reported afterwards."""


KILL, STOP, TERM = signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM
MORE_THAN_IS_SERVED = LAUNCH.replace("300]]", "2400]]")
"""1.2 times as many: 64 soon wait."""
LONG = LAUNCH.replace('for = "3 s"', 'for = "8 s"')
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
IN_THE_QUICK_SUITE = {  # A child or a target that is killed: tests/end_to_end/test_replay.py, too.
    "hang-up while rehearsing": Fault(rehearsing, signalled(signal.SIGHUP), (129,), "^hung up; report: "),
    "the run's folder is removed": Fault(rehearsing, without_the_folder, says=GONE, kept=False),
    "64 open files": Fault(limits={resource.RLIMIT_NOFILE: 64}, launch=MORE_THAN_IS_SERVED, says=r"raise the limit \(ulimit -n"),
}  # fmt: skip
IN_THE_SLOW_SUITE = {
    "the child is killed": Fault(rehearsing, to_the_child(KILL), says=r"was killed \(SIGKILL\)"),
    "the target is killed": Fault(rehearsing, to_the_target(KILL), (4,), TARGET_DIED),
    "the child is frozen": Fault(rehearsing, to_the_child(STOP), says="no sign of life"),
    "the child is told to end": Fault(rehearsing, to_the_child(TERM), says="the replay was interrupted before its end"),
    "the child is killed before it begins": Fault(starting_the_child, to_the_child(KILL), says="SIGKILL"),
    "the database is removed": Fault(rehearsing, without_the_database, says=GONE, kept=False),
    "the database is overwritten": Fault(rehearsing, with_a_broken_database, says="damaged|overwrote", kept=False),
    "the folder is removed while predicting": Fault(predicting, without_the_folder, says=GONE, kept=False),
    "the disk is full while rehearsing (a file may have 120 kB)":
        Fault(limits={resource.RLIMIT_FSIZE: 120_000}, launch=LONG, says=r"ulimit -f"),
    "the disk is full at the end (the page is larger than 300 kB)":
        Fault(limits={resource.RLIMIT_FSIZE: 300_000}, says=r"report.html.*ulimit -f", kept=False),
    "the target is frozen": Fault(rehearsing, to_the_target(STOP), (1, 3, 4), "report: "),
    **{
        f"{name} {when}": Fault(at, signalled(number), (128 + number,), said, kept=kept)
        for number, name, said in (
            (signal.SIGHUP, "SIGHUP", "hung up"), (signal.SIGINT, "SIGINT", "interrupted"), (TERM, "SIGTERM", "terminated"),
        )
        for when, at, kept in (
            ("while predicting", predicting, True), ("before the opening", starting_the_child, True),
            ("while rehearsing", rehearsing, True), ("in the drain", draining, True),
            ("while the reports are written", reporting, False),
        )
    },
    "no HOME": Fault(env={"HOME": "", "XDG_CACHE_HOME": "/dev/null/none"}, code=(0, 3)),
    "an ASCII terminal": Fault(env=ASCII, code=(0, 3)),
    "python -O": Fault(env={"PYTHONOPTIMIZE": "1"}, code=(0, 3)),
}  # fmt: skip


def slow(rows: dict[str, Fault]) -> list[object]:
    return [pytest.param(each, id=name, marks=pytest.mark.slow) for name, each in rows.items()]


@pytest.fixture
def target() -> Iterator[TargetProcess]:
    with faults.reference_target() as running:
        yield running


@pytest.mark.parametrize("fault", [
    *(pytest.param(each, id=name) for name, each in IN_THE_QUICK_SUITE.items()),
    *slow(IN_THE_SLOW_SUITE),
])  # fmt: skip
def test_a_fault(
    fault: Fault, target: TargetProcess, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    scene = Scene(
        tmp_path, target.url, target, env=fault.env, limits=fault.limits, launch=fault.launch
    )
    scene.start()
    scene.wait_until(fault.at)
    try:
        fault.strike(scene)
        ended = scene.end()
    finally:
        os.kill(target.pid, signal.SIGCONT)

    print_row(request.node.callspec.id, ended)
    assert ended.code in fault.code, ended.said
    assert re.search(fault.says, ended.last_line), ended.said
    assert "Traceback" not in ended.said
    assert ended.left == []
    if fault.kept:
        assert reported(scene) == ended.code
    if fault.kept and fault.at is rehearsing:
        assert scene.rows("visits") > 0
    if fault.says == TARGET_DIED:
        assert scene.rows("ends") == 1


def reported(scene: Scene) -> int:
    """What ``surgeproof report`` exits with."""
    return read_report(RunFolder.open(scene.folder)).exit_code


def print_row(name: str, ended: faults.Ended) -> None:
    print(f"{name} | {ended.code} | {ended.last_line}")


NEVER_SERVES = {
    "garbage": faults.garbage, "not at all": faults.not_at_all, "by drops": faults.by_drops,
    "late": faults.late, "endlessly": faults.endlessly,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("how", NEVER_SERVES)
def test_a_target_that_answers_oddly_never_passes(how: str, tmp_path: Path) -> None:
    with faults.odd_target(NEVER_SERVES[how]) as url:
        scene = Scene(tmp_path, url)
        scene.start()
        ended = scene.end()

    print_row(f"the target answers {how}", ended)
    assert ended.code in (1, 3, 4), ended.said
    assert "report: " in ended.last_line
    assert "Traceback" not in ended.said
    assert ended.left == []
    assert scene.rows("visits") == scene.rows("planned") > 0
    assert reported(scene) == ended.code


@pytest.mark.slow
def test_a_target_that_is_restarted_is_rehearsed_to_the_end(tmp_path: Path) -> None:
    """Who met it while it was away failed; the others are as they would have been."""
    with ExitStack() as running:
        first = running.enter_context(faults.reference_target())
        scene = Scene(tmp_path, first.url, first)
        scene.start()
        scene.wait_until(rehearsing)
        kill(first.pid)
        first.stop()
        port = int(first.url.rpartition(":")[2])
        running.enter_context(TargetProcess(replace(first.settings, port=port)))
        ended = scene.end()

    print_row("the target is restarted", ended)
    assert ended.code in (0, 1, 3, 4), ended.said
    assert "Traceback" not in ended.said
    assert ended.left == []
    assert scene.rows("visits") > 0


@pytest.mark.slow
@pytest.mark.parametrize("frozen", [False, True], ids=["running", "frozen"])
def test_a_killed_parent_takes_its_child_along(
    frozen: bool, target: TargetProcess, tmp_path: Path
) -> None:
    """And what the child had measured can be reported."""
    scene = Scene(tmp_path, target.url, target)
    scene.start()
    scene.wait_until(rehearsing)
    if frozen:
        freeze(scene.child)
    ended = scene.end(before=lambda: kill(scene.command.pid))

    assert (ended.code, ended.left) == (-signal.SIGKILL, [])
    assert reported(scene) == 3
    assert scene.rows("visits") > 0
    assert scene.rows("ends") == 1


@pytest.mark.slow
def test_a_parent_that_is_frozen_for_a_while_finds_a_finished_replay(
    target: TargetProcess, tmp_path: Path
) -> None:
    scene = Scene(tmp_path, target.url, target)
    scene.start()
    scene.wait_until(rehearsing)
    freeze(scene.command.pid)
    scene.wait_until(lambda scene: scene.rows("ends") == 1)
    os.kill(scene.command.pid, signal.SIGCONT)

    ended = scene.end()

    print_row("the parent is frozen until the end", ended)
    assert ended.code in (0, 3), ended.said
    assert ended.left == []


def test_what_a_killed_server_leaves_the_next_one_removes(tmp_path: Path) -> None:
    here = {"TMPDIR": str(tmp_path)}
    first = start("serve", "--port", "0", env=here)
    wait_until(lambda: any(tmp_path.glob("surgeproof-target-*/target.sqlite")))
    (left,) = tmp_path.glob("surgeproof-target-*")
    kill(first.pid)
    first.communicate()
    assert left.is_dir()

    second = start("serve", "--port", "0", env=here)
    wait_until(lambda: not left.exists() and any(tmp_path.glob("surgeproof-target-*/*.sqlite")))
    second.send_signal(signal.SIGTERM)
    _, said = second.communicate(timeout=HUNG_S)

    assert second.returncode == 143
    assert said.endswith("\nsurgeproof: terminated\n")
    assert list(tmp_path.iterdir()) == []
