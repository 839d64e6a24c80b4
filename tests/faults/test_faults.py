"""What may go wrong with a replay: it ends with a sentence, its own exit code, and nothing left behind.

``python -m tests.faults.table`` tries each with many seeds, and writes the table (docs/faults.md).
"""

from __future__ import annotations

import os
import signal
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scenarios.service.process import TargetProcess
from tests.end_to_end.command import start, wait_until
from tests.faults import odd
from tests.faults.catalogue import FAULTS, IN_THE_QUICK_SUITE, TARGET_DIED, stopping
from tests.faults.scene import Scene, all_sent, freeze, kill, rehearsing
from tests.faults.table.__main__ import cannot
from tests.faults.tried import fresh_target, reported, tried
from tests.hanging import HUNG_S


@pytest.fixture
def target() -> Iterator[TargetProcess]:
    with fresh_target() as running:
        yield running


def marks(name: str) -> list[pytest.MarkDecorator]:
    slow = [] if name in IN_THE_QUICK_SUITE else [pytest.mark.slow]
    why = cannot(FAULTS[name])
    return [*slow, pytest.mark.skipif(bool(why), reason=why)]


@pytest.mark.parametrize("name", [pytest.param(each, marks=marks(each)) for each in FAULTS])
def test_a_fault(name: str, target: TargetProcess, tmp_path: Path) -> None:
    fault = FAULTS[name]
    found = tried(fault, tmp_path, target, seed=0)
    assert found.wrong(fault) == "", found.ended.said
    if fault.kept and fault.at is rehearsing:
        assert found.scene.rows("visits") > 0
    if fault.says == TARGET_DIED:
        assert found.scene.rows("ends") == 1


def test_a_fault_that_may_not_pass_is_one_that_spoils_what_is_measured() -> None:
    harmless = {name for name, fault in FAULTS.items() if not fault.never_passes}
    assert harmless == {
        "the command is frozen for 8 s", "the target is killed and comes back", "the wall clock is set", "no HOME",
        "an ASCII terminal", "python -O", "a worker on another machine comes late",
        "a worker's machine was switched on an hour before",
    }  # fmt: skip


NEVER_SERVES = {
    "garbage": odd.garbage, "not at all": odd.not_at_all, "by drops": odd.by_drops,
    "late": odd.late, "endlessly": odd.endlessly,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("how", NEVER_SERVES)
def test_a_target_that_answers_oddly_never_passes(how: str, tmp_path: Path) -> None:
    with odd.odd_target(NEVER_SERVES[how]) as url:
        scene = Scene(tmp_path, url)
        scene.start()
        ended = scene.end()

    assert ended.code in (1, 3, 4), ended.said
    assert "report: " in ended.last_line
    assert "Traceback" not in ended.said
    assert ended.left == []
    assert scene.rows("visits") == scene.rows("planned") > 0
    assert reported(scene) == ended.code


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "codes"),
    [(odd.failing, (4,)), (odd.busy, (1, 3)), (odd.too_many, (1, 3))],
    ids=["errors", "503 that says when", "429"],
)
def test_errors_end_a_replay_that_says_so_and_refusals_as_they_should_be_do_not(
    how: Callable[[socketserver.StreamRequestHandler], None], codes: tuple[int, ...], tmp_path: Path
) -> None:
    with odd.odd_target(how) as url:
        scene = Scene(tmp_path, url, launch=stopping("errors = 0.5"))
        scene.start()
        ended = scene.end()

    assert ended.code in codes, ended.said
    assert ("(replay.stop.errors = 0.5)" in ended.last_line) == (codes == (4,))
    assert scene.rows("visits") == scene.rows("planned") > 0
    assert reported(scene) == ended.code


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
    scene.wait_until(all_sent)
    os.kill(scene.command.pid, signal.SIGCONT)

    ended = scene.end()

    assert ended.code in (0, 3), ended.said
    assert ended.left == []


@pytest.mark.slow
@pytest.mark.parametrize("how", ["signal", "file"])
def test_a_stop_while_the_target_is_probed_ends_the_probe(how: str, tmp_path: Path) -> None:
    """Which would go on for minutes, as each answer takes a second and a half."""
    asked = threading.Event()

    def late(handler: socketserver.StreamRequestHandler) -> None:
        asked.set()
        odd.late(handler)

    launch, runs = tmp_path / "small.toml", tmp_path / "runs"
    launch.write_text(stopping('file = "stop"'))
    with odd.odd_target(late) as url:
        running = start("replay", str(launch), "--target", url, "--runs", str(runs))
        assert asked.wait(HUNG_S)
        if how == "signal":
            running.send_signal(signal.SIGUSR1)
        else:
            (tmp_path / "stop").touch()
        _, said = running.communicate(timeout=HUNG_S)
    assert running.returncode == 4, said
    assert f"stopped by {'a' if how == 'signal' else 'the'} {how}" in said.splitlines()[-1]
    assert not runs.exists()


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
