"""The faults of a replay, each with when it strikes, what it is, and how the replay may then end."""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults import strikes
from tests.faults.scene import (
    Scene,
    at_once,
    draining,
    predicting,
    rehearsing,
    reporting,
    starting_the_child,
)
from tests.faults.strikes import Strike, nothing, signalled, to_the_child, to_the_target
from tests.launches.files import LAUNCH

TARGET_DIED = "the target died"
GONE = r"was removed or replaced while the run went on.*leave the run's folder alone"
KILL, STOP, TERM, INT, HUP = (
    signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGHUP,
)  # fmt: skip
MORE_THAN_IS_SERVED = LAUNCH.replace("300]]", "2400]]")
"""1.2 times as many: 64 soon wait."""
LONG = LAUNCH.replace('for = "3 s"', 'for = "8 s"')
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
NO_HOME = {"HOME": "", "XDG_CACHE_HOME": "/dev/null/none"}


def stopping(words: str) -> str:
    return f"{LONG}\n[replay.stop]\n{words}\n"


@dataclass(frozen=True)
class Fault:
    """One that strikes when the replay is so far; how it then ends."""

    at: Callable[[Scene], bool] = at_once
    strike: Strike = nothing
    code: tuple[int, ...] = (3,)
    says: str = ""
    """What its last line matches."""
    within_s: float = 0.0
    """How long after it is so far it strikes at most: by the seed."""
    limits: dict[int, int] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    makes_env: Callable[[Path], dict[str, str]] | None = None
    disk: str = ""
    """How large the disk is on which it runs."""
    launch: str = LAUNCH
    kept: bool = True
    """Whether the run can be reported afterwards."""

    @property
    def never_passes(self) -> bool:
        """Whether exit code 0 would be a false pass."""
        return 0 not in self.code


def in_the_middle(strike: Strike, code: int | tuple[int, ...] = 3, says: str = "") -> Fault:
    """One that strikes within the surge, while at least half of the visitors are still to come."""
    codes = code if isinstance(code, tuple) else (code,)
    return Fault(rehearsing, strike, codes, says, within_s=2.5, launch=LONG)


PHASES = (
    ("while predicting", predicting, True), ("before the opening", starting_the_child, True),
    ("while rehearsing", rehearsing, True), ("in the drain", draining, True),
    ("while the reports are written", reporting, False),
)  # fmt: skip
ENDS = ((HUP, "SIGHUP", "hung up"), (INT, "Ctrl-C", "interrupted"), (TERM, "SIGTERM", "terminated"))

FAULTS = {
    "the generator is killed": in_the_middle(to_the_child(KILL), 3, r"was killed \(SIGKILL\)"),
    "the generator is killed before it begins": Fault(starting_the_child, to_the_child(KILL), says="SIGKILL"),
    "the generator is told to end": in_the_middle(to_the_child(TERM), 3, "the replay was interrupted before its end"),
    "the generator is frozen": in_the_middle(to_the_child(STOP), 3, "no sign of life"),
    "the generator is frozen for 8 s": in_the_middle(
        strikes.frozen_for(strikes.FROZEN_S, strikes.the_child), 3, "instrument was impaired"),
    "the generator is starved": in_the_middle(strikes.starved, 3, "instrument was impaired"),
    "the command is frozen for 8 s": in_the_middle(
        strikes.frozen_for(strikes.FROZEN_S, strikes.the_parent), (0, 3), "report: "),
    "the target is killed": in_the_middle(to_the_target(KILL), 4, TARGET_DIED),
    "the target is frozen": in_the_middle(to_the_target(STOP), (1, 3, 4), "report: "),
    "the target is killed and comes back": in_the_middle(strikes.restarted, (0, 1, 3, 4), "report: "),
    "the run's folder is removed": Fault(rehearsing, strikes.without_the_folder, says=GONE, kept=False, within_s=1.5),
    "the run's folder is removed while predicting":
        Fault(predicting, strikes.without_the_folder, says=GONE, kept=False),
    "the database is removed": Fault(rehearsing, strikes.without_the_database, says=GONE, kept=False, within_s=1.5),
    "the database is overwritten":
        Fault(rehearsing, strikes.with_a_broken_database, says="damaged|overwrote", kept=False, within_s=1.5),
    "the disk is full (file size limit)": Fault(limits={resource.RLIMIT_FSIZE: 200_000}, launch=LONG, says=r"ulimit -f"),
    "the disk is full at the end (file size limit)":
        Fault(limits={resource.RLIMIT_FSIZE: 300_000}, says=r"report.html.*ulimit -f", kept=False),
    "the disk gets full": Fault(rehearsing, strikes.filled, says="full|space", kept=False, within_s=1.5, disk="3m", launch=LONG),
    "the plan is changed before it is read":
        Fault(starting_the_child, strikes.with_another_plan, says="not the timetable that was predicted"),
    "a part of the plan is deleted": in_the_middle(strikes.without_a_part_of_the_plan, 3, "instrument was impaired"),
    "a part of what was measured is deleted":
        in_the_middle(strikes.without_a_part_of_what_was_measured, 3, "instrument was impaired"),
    "the wall clock is set": Fault(makes_env=strikes.wall_clock, code=(0, 3), says="report: "),
    "64 open files": Fault(limits={resource.RLIMIT_NOFILE: 64}, launch=MORE_THAN_IS_SERVED, says=r"raise the limit \(ulimit -n"),
    "SIGUSR1": in_the_middle(signalled(signal.SIGUSR1), 4, r"stopped by a signal \(SIGUSR1\)"),
    "the stop file is made": Fault(
        rehearsing, strikes.touched, (4,), "stopped by the file", within_s=2.5, launch=stopping('file = "stop"')),
    "the target is frozen, and p95 is watched": Fault(
        rehearsing, to_the_target(STOP), (4,), r"took longer than 1 s \(replay.stop.p95\)", within_s=2.5,
        launch=stopping('p95 = "1 s"')),
    "the target is frozen, and its health is watched": Fault(
        rehearsing, to_the_target(STOP), (4,), "failed twice in a row", within_s=2.5, launch=stopping('health = "/healthz"')),
    "no HOME": Fault(env=NO_HOME, code=(0, 3)),
    "an ASCII terminal": Fault(env=ASCII, code=(0, 3)),
    "python -O": Fault(env={"PYTHONOPTIMIZE": "1"}, code=(0, 3)),
    **{
        f"{name} {when}": Fault(at, signalled(number), (128 + number,), said, kept=kept)
        for number, name, said in ENDS
        for when, at, kept in PHASES
    },
}  # fmt: skip
IN_THE_QUICK_SUITE = ("SIGHUP while rehearsing", "the run's folder is removed", "64 open files")
"""A child or a target that is killed: tests/end_to_end/test_replay.py, too."""
