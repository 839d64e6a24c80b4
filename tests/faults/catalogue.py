"""The faults of a replay, each with when it strikes, what it is, and how the replay may then end."""

from __future__ import annotations

import resource
import signal
from dataclasses import replace

from tests.faults import strikes
from tests.faults.fault import GCC, LONG, MORE_THAN_IS_SERVED, ROOT, Fault, in_the_middle
from tests.faults.scene import (
    draining,
    judging,
    predicting,
    rehearsing,
    reporting,
    starting_the_child,
)
from tests.faults.strikes import signalled, to_the_child, to_the_target
from tests.faults.workers import AMONG_WORKERS

TARGET_DIED = "the target died"
GONE = r"was removed or replaced while the run went on.*leave the run's folder alone"
IMPAIRED = "instrument was impaired"
KILL, STOP, TERM, INT, HUP = (
    signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGHUP,
)  # fmt: skip
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
NO_HOME = {"HOME": "", "XDG_CACHE_HOME": "/dev/null/none"}


def stopping(words: str) -> str:
    return f"{LONG}\n[replay.stop]\n{words}\n"


PHASES = (
    ("while predicting", predicting, True), ("before the opening", starting_the_child, True),
    ("while rehearsing", rehearsing, True), ("in the drain", draining, True),
    ("while it is judged", judging, True), ("while the reports are written", reporting, False),
)  # fmt: skip
ENDS = ((HUP, "SIGHUP", "hung up"), (INT, "Ctrl-C", "interrupted"), (TERM, "SIGTERM", "terminated"))

FAULTS = {
    "the generator is killed": in_the_middle(to_the_child(KILL), 3, r"was killed \(SIGKILL\)", silences=True),
    "the generator is killed before it begins": Fault(starting_the_child, to_the_child(KILL), says="SIGKILL"),
    "the generator is told to end": in_the_middle(to_the_child(TERM), 3, "the replay was interrupted before its end"),
    "the generator is frozen": in_the_middle(to_the_child(STOP), 3, "no sign of life", silences=True),
    "the generator is frozen for 8 s": in_the_middle(
        strikes.frozen_for(strikes.FROZEN_S, strikes.the_child), 3, IMPAIRED),
    "the generator is starved": replace(
        in_the_middle(strikes.starved_process(strikes.the_child), 3, IMPAIRED), alone=True),
    "the command is frozen for 8 s": in_the_middle(
        strikes.frozen_for(strikes.FROZEN_S, strikes.the_parent), (0, 3), "report: "),
    "the target is killed": in_the_middle(to_the_target(KILL), 4, TARGET_DIED),
    "the target is frozen": in_the_middle(to_the_target(STOP), (1, 3, 4), "report: "),
    "the target is killed and comes back": in_the_middle(strikes.restarted, (0, 1, 3, 4), "report: "),
    "the run's folder is removed": Fault(rehearsing, strikes.without_the_folder, says=GONE, kept=False, spoils=True, within_s=1.5),
    "the run's folder is removed while predicting":
        Fault(predicting, strikes.without_the_folder, says=GONE, kept=False, spoils=True),
    "the database is removed": Fault(rehearsing, strikes.without_the_database, says=GONE, kept=False, spoils=True, within_s=1.5),
    "the database is overwritten":
        Fault(rehearsing, strikes.with_a_broken_database, says="damaged|overwrote", kept=False, spoils=True, within_s=1.5),
    "the disk is full (file size limit)":
        Fault(limits={resource.RLIMIT_FSIZE: 200_000}, launch=LONG, says=r"ulimit -f", kept=False),
    "the disk is full in the middle (file size limit)":
        replace(in_the_middle(strikes.files_may_not_grow, 3, r"ulimit -f", silences=True), kept=False),
    "the disk is full at the end (file size limit)":
        Fault(limits={resource.RLIMIT_FSIZE: 300_000}, says=r"report.html.*ulimit -f", kept=False),
    "the disk gets full": Fault(rehearsing, strikes.filled, says="full|space", kept=False, within_s=1.5,
        launch=LONG, around=(strikes.small_disk("3m"),), needs=ROOT, silences=True),
    "the plan is changed before it is read":
        Fault(starting_the_child, strikes.with_another_plan, says="not the timetable that was predicted"),
    "the plan is cut short before it is read": Fault(starting_the_child, strikes.cut_short, says="timetable|plan"),
    "a part of the plan is deleted": in_the_middle(strikes.without_a_part_of_the_plan, 3, IMPAIRED),
    "a part of what was measured is deleted":
        replace(in_the_middle(strikes.without_a_part_of_what_was_measured, 3, IMPAIRED), spoils=True),
    "the wall clock is set": Fault(around=(strikes.wall_clock_set,), needs=GCC, code=(0, 3), says="report: "),
    "64 open files": Fault(limits={resource.RLIMIT_NOFILE: 64}, launch=MORE_THAN_IS_SERVED, says=r"raise the limit \(ulimit -n"),
    "files run out in the middle": in_the_middle(strikes.without_files, 3, r"no more files can be opened here: raise the limit"),
    "the second of two replays to one target": Fault(
        around=(strikes.another_replay,), says=r"another replay or probe \(process \d+\) is being sent to", kept=False, silences=True,
        launch=LONG),
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
    **AMONG_WORKERS,
}  # fmt: skip
IN_THE_QUICK_SUITE = ("SIGHUP while rehearsing", "the run's folder is removed", "64 open files")
"""A child or a target that is killed: tests/end_to_end/test_replay.py, too."""
