"""How faults strike: what is done to a replay that is under way, and what may be put around it from the start."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults.scene import Ended, Scene

Strike = Callable[[Scene], None]
"""Strikes; what it leaves running ends by itself."""

FROZEN_S = 8.0
WALL_CLOCK_SET = {"WALL_CLOCK_IS_SET_AFTER_S": "2"}
STARVED_S = 4.0
FEW_FILES, A_LITTLE = 8, 8192
RUNS_S, STANDS_S = 0.02, 0.3
"""A generator that is starved: it gets so much of each."""


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


def frozen_for(seconds: float, whom: Callable[[Scene], int]) -> Strike:
    """Stop a process, and let it go on later."""

    def strike(scene: Scene) -> None:
        pid = whom(scene)
        os.kill(pid, signal.SIGSTOP)
        after(seconds, lambda: let_go_on(pid))

    return strike


def the_child(scene: Scene) -> int:
    return scene.child


def the_parent(scene: Scene) -> int:
    return scene.command.pid


def starved_process(whom: Callable[[Scene], int]) -> Strike:
    """As on a machine that is far too busy: stopped again and again."""

    def strike(scene: Scene) -> None:
        pid = whom(scene)

        def go_on() -> None:
            until_s = time.monotonic() + STARVED_S
            with suppress(ProcessLookupError):
                while time.monotonic() < until_s:
                    os.kill(pid, signal.SIGSTOP)
                    time.sleep(STANDS_S)
                    os.kill(pid, signal.SIGCONT)
                    time.sleep(RUNS_S)

        threading.Thread(target=go_on, daemon=True).start()

    return strike


def restarted(scene: Scene) -> None:
    """The target is killed, and comes back at its port at once."""
    assert scene.target is not None
    scene.again(scene.target)


def without_the_folder(scene: Scene) -> None:
    shutil.rmtree(scene.folder)


def without_the_database(scene: Scene) -> None:
    for part in scene.folder.glob("run.sqlite*"):
        part.unlink()


def with_a_broken_database(scene: Scene) -> None:
    for part in scene.folder.glob("run.sqlite*"):
        part.write_bytes(b"broken" * 1000)


def with_another_plan(scene: Scene) -> None:
    """The last visitor comes some seconds later than planned, in the file that whoever sends him reads."""
    scene.wait_until(lambda scene: any(plan.stat().st_size for plan in plans(scene)))
    for plan in plans(scene):
        rows = bytearray(plan.read_bytes())
        rows[-4] += 1
        plan.write_bytes(rows)


def plans(scene: Scene) -> list[Path]:
    return list(scene.runs.glob("*/orders-1.plan"))


def without_a_part_of_the_plan(scene: Scene) -> None:
    """Somebody deletes what was planned."""
    for store in scene.runs.glob("*/run.sqlite"):
        with closing(sqlite3.connect(store, timeout=10)) as db, db:
            db.execute(
                "DELETE FROM planned WHERE visitor IN (SELECT visitor FROM planned LIMIT 10)"
            )


def without_a_part_of_what_was_measured(scene: Scene) -> None:
    """Somebody deletes who failed, as far as it is written."""
    for store in scene.runs.glob("*/run.sqlite"):
        with closing(sqlite3.connect(store, timeout=10)) as db, db:
            db.execute("DELETE FROM visits WHERE visitor IN (SELECT visitor FROM visits LIMIT 10)")


def filled(scene: Scene) -> None:
    """What is left of the disk is used up."""
    with suppress(OSError), (scene.home / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 65536)


def without_files(scene: Scene) -> None:
    """The generator may open no more files than it has now: as when other programs have used up all there are."""
    pid = scene.child
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (FEW_FILES, FEW_FILES))


def files_may_not_grow(scene: Scene) -> None:
    """The command may write no file that is larger than the run's store is by now (and a little more)."""
    most = max(part.stat().st_size for part in scene.folder.glob("run.sqlite*")) + A_LITTLE
    resource.prlimit(scene.command.pid, resource.RLIMIT_FSIZE, (most, most))


def cut_short(scene: Scene) -> None:
    """Half of the plan's file, as of a disk that lost it."""
    scene.wait_until(lambda scene: any(plan.stat().st_size for plan in plans(scene)))
    for plan in plans(scene):
        os.truncate(plan, plan.stat().st_size // 2)


def touched(scene: Scene) -> None:
    """The file of [replay.stop] is made."""
    (scene.home / "stop").touch()


# Around a replay, from its start ------------------------------------------------------------------


def after(seconds: float, what: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, what)
    timer.daemon = True
    timer.start()


def let_go_on(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


@dataclass(frozen=True)
class Chance:
    """When within its phase a fault strikes: by the seed, so that seeds strike at other instants."""

    seed: int
    within_s: float

    def wait(self) -> None:
        time.sleep(random.Random(self.seed).uniform(0, self.within_s))


def small_disk(size: str) -> Callable[[Scene], AbstractContextManager[None]]:
    """A file system of its own, of so many bytes, for all that the replay writes; only root can have one."""

    @contextmanager
    def around(scene: Scene) -> Iterator[None]:
        at = str(scene.home)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", at], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", at], check=True)

    return around


def may_mount() -> bool:
    """Whether one can be had: root may be without the right in a container."""
    if os.geteuid() or shutil.which("unshare") is None:
        return False
    asked = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def wrong_clocks(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """The environment of a process whose clocks are wrong (clocks.c says by which settings); it needs gcc."""
    source, library = Path(__file__).with_name("clocks.c"), folder / "clocks.so"
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True
    )
    return {"LD_PRELOAD": str(library)} | settings


@contextmanager
def wall_clock_set(scene: Scene) -> Iterator[None]:
    """The wall clock is set while the replay goes on."""
    scene.env |= wrong_clocks(scene.home, WALL_CLOCK_SET)
    yield


@contextmanager
def another_replay(scene: Scene) -> Iterator[None]:
    """One to the same target, which has begun before; it must not notice the other."""
    first = Scene(scene.home / "first", scene.url, scene.target, launch=scene.launch)
    first.home.mkdir()
    first.start()
    first.wait_until(lambda each: each.rows("beats") > 0 and each.rows("visits") > 0)
    try:
        yield
    finally:
        scene.noticed += first_noticed(first.end())


def first_noticed(ended: Ended) -> Iterator[str]:
    """What should not be so of the first of two replays."""
    if ended.code not in (0, 3):
        yield f"the first replay ended with exit code {ended.code}"
    if "another replay" in ended.said:
        yield "the first replay noticed the second"
