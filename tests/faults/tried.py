"""One fault, tried once: what the replay exited with, what it said, and what it left behind."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from reports.run.folder import RunFolder
from reports.run.report.reading import read_report
from scenarios.service.process import TargetProcess
from simulator.errors import SurgeproofError
from tests.faults.fault import Fault
from tests.faults.scene import REFERENCE, Ended, Scene
from tests.faults.strikes import Chance
from tests.hanging import HUNG_S


@dataclass(frozen=True)
class Tried:
    """What became of it."""

    ended: Ended
    scene: Scene
    reported: int | None
    """What ``surgeproof report`` exits with; None: it cannot be told."""
    went_on_s: float | None
    """How long after the fault the last request was sent; None: nobody knows."""
    lost: int
    """Rows that were there when it struck, and are not any more."""
    untold: int
    """Accounts that the target has made, and that the run knows no attempt of."""

    def wrong(self, fault: Fault) -> str:
        """What should not be so; empty where all is well."""
        found = [*self.scene.noticed]
        if self.ended.code not in fault.code:
            found.append(f"exit code {self.ended.code}")
        if not re.search(fault.says, self.ended.last_line):
            found.append(f"it does not say {fault.says!r}")
        if "Traceback" in self.ended.said:
            found.append("a traceback")
        if self.ended.left:
            found.append(f"processes are left: {self.ended.left}")
        if not re.search(fault.shows, whole(self.ended.said)):
            found.append(f"it does not show {fault.shows!r}")
        if self.lost and not fault.spoils:
            found.append(f"{self.lost} rows that were measured are lost")
        if self.untold and not (fault.spoils or fault.silences):
            found.append(f"{self.untold} signups are not in the run")
        if fault.kept and self.reported != self.ended.code:
            found.append(f"its report exits with {self.reported}")
        return "; ".join(found)


def tried(fault: Fault, home: Path, target: TargetProcess, seed: int) -> Tried:
    """Run a replay, strike, and see how it ends."""
    scene = Scene(
        home, target.url, target, env=dict(fault.env), limits=fault.limits, more=fault.more,
        launch=fault.launch, seed=seed,
    )  # fmt: skip
    with scene.others as others:
        for around in fault.around:
            others.enter_context(around(scene))
        scene.start()
        try:
            scene.wait_until(fault.at)
            Chance(seed, fault.within_s).wait()
            before, struck_ns = scene.measured, time.perf_counter_ns()
            fault.strike(scene)
            ended = scene.end()
        finally:
            with suppress(ProcessLookupError):  # it was killed
                os.kill(target.pid, signal.SIGCONT)
        return Tried(
            ended=ended,
            scene=scene,
            reported=reported(scene) if fault.kept else None,
            went_on_s=went_on_s(scene, struck_ns),
            lost=max(0, before - scene.measured),
            untold=max(0, accounts(target) - scene.rows("attempts")),
        )


def accounts(target: TargetProcess) -> int:
    """How many signed up, by the target's own count; 0 where it is no longer there to say."""
    with suppress(httpx.TransportError):
        found = httpx.get(f"{target.url}/audit", timeout=HUNG_S, trust_env=False)
        return int(found.raise_for_status().json()["accounts"])
    return 0


def whole(said: str) -> str:
    """What is wrapped for a terminal, in one line."""
    return " ".join(said.split())


def went_on_s(scene: Scene, struck_ns: int) -> float | None:
    """From an instant of the machine's monotonic clock to the last request, by the run's own store."""
    for store in scene.runs.glob("*/run.sqlite"):
        with suppress(sqlite3.Error), closing(sqlite3.connect(store)) as db:
            opened = db.execute("SELECT clock_ns FROM openings").fetchone()
            (last_ns,) = db.execute("SELECT max(sent) FROM attempts").fetchone()
            if opened is not None and last_ns is not None:
                return max(0.0, float(opened[0] + last_ns - struck_ns) / 1e9)
    return None


def reported(scene: Scene) -> int | None:
    """The exit code of a report on what is left."""
    with suppress(SurgeproofError):
        return read_report(RunFolder.open(scene.folder)).exit_code
    return None


def fresh_target() -> TargetProcess:
    """The reference target, as quick as it can be."""
    return TargetProcess(REFERENCE)
