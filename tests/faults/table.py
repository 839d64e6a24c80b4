"""Every fault with many seeds, and docs/faults.md: ``python -m tests.faults.table [--seeds 20] [--resume]``.

Each try is kept as a line of JSON beside this module's folder in ``--kept`` (a scratch file), so that a session
that ended early is resumed. A fault whose exit code 0 would be a false pass is counted as such, whatever else
it did. The exit code of this command is 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from simulator.text.wording import format_count
from tests.faults.catalogue import FAULTS, Fault
from tests.faults.scene import rehearsing
from tests.faults.strikes import may_mount
from tests.faults.tried import fresh_target, tried

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
HEAD = """# Faults of a replay: how each ends

A run whose own instrument failed must say so, and must never say "holds". Each fault below was done to replays of
the [small launch](../tests/launches/files.py) against the reference target, {seeds} seeds each; a seed draws another launch and
another instant at which the fault strikes. `python -m tests.faults.table --seeds {most}` makes this page again.

**{tries} replays, {false} false {passes}.** Exit codes: 0 holds, 1 does not hold, 3 inconclusive, 4 stopped, 128 + n
ended by signal n. How long the load went on is told where the fault is to end it: until the last request that was sent, in the median
replay and in the worst.

| fault | replays | exit codes | a pass would be | load went on for | what the last line says |
|---|---:|---|---|---:|---|
"""
ALLOWED = "right"
FALSE = "false"
LONGEST = 150


@dataclass(frozen=True)
class Kept:
    """One try, as it is written down."""

    fault: str
    seed: int
    code: int
    said: str
    wrong: str
    went_on_s: float | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Try what is not kept yet, and write the page."""
    parser = argparse.ArgumentParser(prog="tests.faults.table", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "faults.jsonl")
    parser.add_argument("--resume", action="store_true", help="go on with what is kept")
    parser.add_argument("--only", action="append", metavar="FAULT", help="this one alone")
    parser.add_argument("--no-page", action="store_true", help="write no page")
    options = parser.parse_args(arguments)
    if not options.resume:
        options.kept.unlink(missing_ok=True)
    for number in (signal.SIGINT, signal.SIGHUP):  # nohup and a shell's & have both ignored
        signal.signal(number, signal.SIG_DFL)
    known = {(each.fault, each.seed): each for each in kept(options.kept)}
    for seed in range(options.seeds):
        for name, fault in FAULTS.items():
            if (options.only and name not in options.only) or (name, seed) in known:
                continue
            if why := cannot(fault):
                print(f"{name}: left out, {why}", flush=True)
                continue
            found = known[name, seed] = one(name, fault, seed)
            with options.kept.open("a") as file:
                file.write(f"{json.dumps(asdict(found))}\n")
            print(
                f"{name} | {seed} | {found.code} | {found.said} {found.wrong and '!! '}{found.wrong}",
                flush=True,
            )
    if not options.no_page:
        PAGE.write_text(page([*known.values()]))
    return int(any(each.wrong for each in known.values()))


def cannot(fault: Fault) -> str:
    """Why a fault cannot be tried here; empty where it can."""
    if fault.disk and not may_mount():
        return "only root has a disk of its own"
    if fault.makes_env is not None and shutil.which("gcc") is None:
        return "it needs gcc"
    return ""


def one(name: str, fault: Fault, seed: int) -> Kept:
    with tempfile.TemporaryDirectory() as home, fresh_target() as target:
        found = tried(fault, Path(home), target, seed)
        said = found.ended.last_line.replace(home, "").replace(f"{os.sep}{os.sep}", os.sep)
        wrong = found.wrong(fault)
    return Kept(
        fault=name,
        seed=seed,
        code=found.ended.code,
        said=said,
        wrong=wrong,
        went_on_s=found.went_on_s,
    )


def kept(file: Path) -> Iterator[Kept]:
    """What was tried before."""
    if file.exists():
        for line in file.read_text().splitlines():
            yield Kept(**json.loads(line))


def page(tries: Sequence[Kept]) -> str:
    """The table."""
    rows = [
        row(name, fault, [each for each in tries if each.fault == name])
        for name, fault in FAULTS.items()
    ]
    false = sum(each.code == 0 and FAULTS[each.fault].never_passes for each in tries)
    many = Counter(each.fault for each in tries).values()
    seeds = f"{min(many)}" if min(many) == max(many) else f"{min(many)} to {max(many)}"
    head = HEAD.format(
        seeds=seeds, most=max(many), tries=format_count(len(tries)), false=false or "no",
        passes="pass" if false == 1 else "passes",
    )  # fmt: skip
    return head + "".join(f"{each}\n" for each in rows if each)


def row(name: str, fault: Fault, tries: Sequence[Kept]) -> str:
    if not tries:
        return ""
    codes = Counter(each.code for each in tries)
    told = ", ".join(
        str(code) if len(codes) == 1 else f"{code} ({n} times)" for code, n in sorted(codes.items())
    )
    said = tries[0].said.partition("; report:")[0].replace("|", "\\|")
    short = said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
    passes = FALSE if fault.never_passes else ALLOWED
    return f"| {name} | {len(tries)} | {told} | {passes} | {went_on(fault, tries)} | {short} |"


def went_on(fault: Fault, tries: Sequence[Kept]) -> str:
    """How long the load went on after a fault that is to end it."""
    known = [each.went_on_s for each in tries if each.went_on_s is not None]
    if fault.at is not rehearsing or min(fault.code) < 4 or not known:
        return ""
    return f"{statistics.median(known):.1f} s, {max(known):.1f} s"


if __name__ == "__main__":
    sys.exit(main())
