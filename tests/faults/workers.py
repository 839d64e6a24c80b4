"""Faults among the workers of a replay: processes of this machine, and those that come as from other ones."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from scenarios.replay.workers import SECRET_VARIABLE
from tests.faults.fault import GCC, ROOT, Fault, in_the_middle
from tests.faults.scene import Scene, draining, rehearsing, starting_the_child
from tests.faults.strikes import (
    FROZEN_S,
    Strike,
    frozen_for,
    signalled,
    starved_process,
    to_the_target,
    wrong_clocks,
)
from tests.hanging import HUNG_S
from tests.loopback import free_port

HERE = ("--workers", "2")
"""Both on this machine."""
NAMES = ("east", "west")
ALONE = NAMES[-1:]
SECRET = "one secret of them all"
LATE_S = 6.0
AN_HOUR = ("unshare", "--time", "--fork", "--kill-child", "--monotonic", "3600")
"""A machine whose monotonic clock is an hour ahead: machines count from when they were switched on."""
FAST_BY = 0.02


# Whom it strikes


def a_worker(scene: Scene) -> int:
    """The last one of this machine."""
    return scene.generators("--master")[-1]


def the_master(scene: Scene) -> int:
    return scene.generators("--listen")[0]


def to(whom: Callable[[Scene], int], number: int) -> Strike:
    return lambda scene: os.kill(whom(scene), number)


def to_one_elsewhere(number: int) -> Strike:
    """To the command that somebody typed on another machine."""
    return lambda scene: os.kill(scene.elsewhere[-1].pid, number)


# As from other machines


def elsewhere(
    *,
    late_s: float = 0.0,
    prefix: tuple[str, ...] = (),
    fast_by: float = 0.0,
    names: tuple[str, ...] = NAMES,
) -> Callable[[Scene], AbstractContextManager[None]]:
    """Workers that come by themselves. The last one comes late, is started by ``prefix``, or has a fast clock."""

    @contextmanager
    def around(scene: Scene) -> Iterator[None]:
        listen = f"127.0.0.1:{free_port()}"
        scene.env |= {SECRET_VARIABLE: SECRET}
        scene.more += ("--workers", "0", "--await", str(len(names)), "--listen", listen)
        env = wrong_clocks(scene.home, {"CLOCK_IS_FAST_BY": str(fast_by)}) if fast_by else {}
        *others, last = names
        for name in others:
            start_worker(scene, name, listen)
        delayed = ("sh", "-c", f'sleep {late_s}; exec "$@"', "late") if late_s else ()
        start_worker(scene, last, listen, (*delayed, *prefix), env)
        try:
            yield
        finally:
            for each in scene.elsewhere:
                ended(each)

    return around


def start_worker(
    scene: Scene,
    name: str,
    listen: str,
    prefix: tuple[str, ...] = (),
    env: dict[str, str] | None = None,
) -> None:
    words = (sys.executable, "-P", "-m", "surgeproof", "worker", "--master", listen, "--name", name)
    with (scene.home / f"{name}.log").open("wb") as log:
        scene.elsewhere.append(
            subprocess.Popen(
                [*prefix, *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env=os.environ | {SECRET_VARIABLE: SECRET} | (env or {}),
            )
        )  # fmt: skip


def ended(worker: subprocess.Popen[bytes]) -> None:
    """They end by themselves, whatever became of their master; none may be left."""
    try:
        worker.wait(HUNG_S)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)


def lost(name: str, of: int = 2) -> str:
    return rf"workers lost: 1 of {of}: {name}: "


LOST_HERE = lost(f"worker . on {socket.gethostname()}")
KILL, STOP, TERM, INT, USR1 = (
    signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1,
)  # fmt: skip
IMPAIRED = "instrument was impaired"
LOST_ELSEWHERE = lost("west")

AMONG_WORKERS = {
    "a worker is killed": in_the_middle(to(a_worker, KILL), 3, IMPAIRED, shows=LOST_HERE, silences=True, more=HERE),
    "a worker is told to end": in_the_middle(to(a_worker, TERM), 3, IMPAIRED, shows=LOST_HERE, silences=True, more=HERE),
    "a worker is frozen": in_the_middle(to(a_worker, STOP), 3, IMPAIRED, shows=LOST_HERE, silences=True, more=HERE),
    "a worker is frozen for 8 s": in_the_middle(
        frozen_for(FROZEN_S, a_worker), 3, IMPAIRED, shows=LOST_HERE, silences=True, more=HERE),
    "a worker sends late": in_the_middle(starved_process(a_worker), 3, IMPAIRED, shows="start lag|unsent|event loop", more=HERE),
    "the master is killed": in_the_middle(to(the_master, KILL), 3, r"was killed \(SIGKILL\)", silences=True, more=HERE),
    "the master is frozen for 8 s": in_the_middle(
        frozen_for(FROZEN_S, the_master), 3, more=HERE),
    "the master is frozen": in_the_middle(to(the_master, STOP), 3, "no sign of life", silences=True, more=HERE),
    "a worker on another machine is killed": in_the_middle(
        to_one_elsewhere(KILL), 3, IMPAIRED, shows=LOST_ELSEWHERE, silences=True, around=(elsewhere(),)),
    "Ctrl-C to a worker on another machine": in_the_middle(
        to_one_elsewhere(INT), 3, IMPAIRED, shows=LOST_ELSEWHERE, silences=True, around=(elsewhere(),)),
    "a worker on another machine comes late": Fault(
        code=(0, 3), says="report: ", around=(elsewhere(late_s=LATE_S),)),
    "a worker's machine was switched on an hour before": Fault(
        code=(0, 3), says="report: ", around=(elsewhere(prefix=AN_HOUR),), needs=ROOT),
    "a worker's clock is 2 % fast": Fault(
        says=IMPAIRED, shows="workers' clocks", around=(elsewhere(fast_by=FAST_BY),), needs=GCC),
    "the only worker, on another machine, is told to end in the drain": Fault(
        draining, to_one_elsewhere(TERM), says="the replay was interrupted before its end", shows=lost("west", 1),
        silences=True, around=(elsewhere(names=ALONE),)),
    "the clock of the only worker is 2 % fast": Fault(
        says=IMPAIRED, shows="workers' clocks", around=(elsewhere(fast_by=FAST_BY, names=ALONE),), needs=GCC),
    "the target of two workers is killed": in_the_middle(to_the_target(KILL), 4, "the target died", more=HERE),
    "SIGUSR1, two workers": in_the_middle(signalled(USR1), 4, r"stopped by a signal \(SIGUSR1\)", more=HERE),
    **{
        f"{name}, two workers, {when}": Fault(at, signalled(number), (128 + number,), said, more=HERE)
        for name, number, said in (("Ctrl-C", INT, "interrupted"), ("SIGTERM", TERM, "terminated"))
        for when, at in (("before the opening", starting_the_child), ("while rehearsing", rehearsing),
                         ("in the drain", draining))
    },
}  # fmt: skip
