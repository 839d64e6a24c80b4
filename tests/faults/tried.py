"""One fault, tried once: what the replay exited with, what it said, and what it left behind."""

from __future__ import annotations

import os
import re
import signal
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from reports.run.folder import RunFolder
from reports.run.report import read_report
from scenarios.service.process import TargetProcess
from simulator.errors import SurgeproofError
from tests.faults.catalogue import Fault
from tests.faults.scene import REFERENCE, Ended, Scene
from tests.faults.strikes import Chance, small_disk


@dataclass(frozen=True)
class Tried:
    """What became of it."""

    ended: Ended
    scene: Scene
    reported: int | None
    """What ``surgeproof report`` exits with; None: it cannot be told."""

    def wrong(self, fault: Fault) -> str:
        """What should not be so; empty where all is well."""
        found = []
        if self.ended.code not in fault.code:
            found.append(f"exit code {self.ended.code}")
        if not re.search(fault.says, self.ended.last_line):
            found.append(f"it does not say {fault.says!r}")
        if "Traceback" in self.ended.said:
            found.append("a traceback")
        if self.ended.left:
            found.append(f"processes are left: {self.ended.left}")
        if fault.kept and self.reported != self.ended.code:
            found.append(f"its report exits with {self.reported}")
        return "; ".join(found)


def tried(fault: Fault, home: Path, target: TargetProcess, seed: int) -> Tried:
    """Run a replay, strike, and see how it ends."""
    with ExitStack() as others:
        if fault.disk:
            others.enter_context(small_disk(home, fault.disk))
        env = fault.env | (fault.makes_env(home) if fault.makes_env else {})
        scene = Scene(
            home, target.url, target, env=env, limits=fault.limits, launch=fault.launch, seed=seed,
            others=others,
        )  # fmt: skip
        scene.start()
        try:
            scene.wait_until(fault.at)
            Chance(seed, fault.within_s).wait()
            fault.strike(scene)
            ended = scene.end()
        finally:
            with suppress(ProcessLookupError):  # it was killed
                os.kill(target.pid, signal.SIGCONT)
        return Tried(ended=ended, scene=scene, reported=reported(scene) if fault.kept else None)


def reported(scene: Scene) -> int | None:
    """The exit code of a report on what is left."""
    with suppress(SurgeproofError):
        return read_report(RunFolder.open(scene.folder)).exit_code
    return None


def fresh_target() -> TargetProcess:
    """The reference target, as quick as it can be."""
    return TargetProcess(REFERENCE)
