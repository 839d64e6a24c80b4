"""``python -m tests.faults.table``: every fault with many seeds, and docs/faults.md.

Each try is kept as a line of JSON, so that a later session goes on where an earlier one ended; the page is made
of these lines, and can be made of them again.

    python -m tests.faults.table --seeds 20 --at-once 4     everything: hours
    python -m tests.faults.table --seeds 20 --resume        what is still missing of it
    python -m tests.faults.table --page                     the page alone
    python -m tests.faults.table --resume --again           what went wrong, once more

A fault whose exit code 0 would be a false pass is counted as such, whatever else it did. The exit code of this
command is 1 where anything was wrong, or where a try that was asked for is missing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.end_to_end.command import TooLate
from tests.faults.catalogue import FAULTS
from tests.faults.fault import GCC, ROOT, Fault
from tests.faults.strikes import may_mount
from tests.faults.table.kept import Kept, keep, mend, read
from tests.faults.table.page import page
from tests.faults.tried import fresh_target, tried

DOCS = Path(__file__).parents[3] / "docs"
ROWS = DOCS / "faults.jsonl"
MOST_SAID = 160
Try = tuple[str, int]
"""A fault and a seed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try what is not kept yet, and write the page."""
    options = parser().parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGHUP):  # nohup and a shell's & have both ignored
        signal.signal(number, signal.SIG_DFL)
    path: Path = options.rows
    if path.exists() and not (options.resume or options.page):
        sys.exit(f"{path} is there already: add --resume, or take it away")
    mend(path)
    if not options.page:
        known = {
            (each.fault, each.seed) for each in counted(path) if not (options.again and each.wrong)
        }
        for left_out, why in lacking(options.only):
            print(f"{left_out}: left out, {why}", flush=True)
        for seed in range(options.seeds):
            wanted = [(name, seed) for name in chosen(options.only) if (name, seed) not in known]
            for found in every(wanted, options.at_once):
                keep(path, found)
                print(told(found), flush=True)
    rows = counted(path)
    if not rows:
        sys.exit(f"{path} has no row yet, so there is no page: try without --page")
    (options.docs / "faults.md").write_text(page(rows))
    lack = [] if options.page else [*missing(rows, chosen(options.only), options.seeds)]
    for name, seed in lack:
        print(f"{name} | {seed} | missing: try again with --resume", flush=True)
    return int(bool(lack) or any(each.wrong for each in rows))


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m tests.faults.table", description=__doc__)
    found.formatter_class = argparse.RawDescriptionHelpFormatter
    found.add_argument("--seeds", type=int, default=20)
    found.add_argument("--at-once", type=int, default=1, metavar="N")
    found.add_argument("--resume", action="store_true", help="go on with what is kept")
    found.add_argument("--again", action="store_true", help="with --resume: what went wrong, too")
    found.add_argument("--only", action="append", default=[], metavar="FAULT")
    found.add_argument("--rows", type=Path, default=ROWS, metavar="FILE")
    found.add_argument("--page", action="store_true", help="write the page, and try nothing")
    found.add_argument("--docs", type=Path, default=DOCS, metavar="FOLDER")
    return found


def counted(path: Path) -> list[Kept]:
    """The latest of each try."""
    return [*{(each.fault, each.seed): each for each in read(path)}.values()]


def missing(rows: Sequence[Kept], names: Sequence[str], seeds: int) -> Iterator[Try]:
    """What was asked for, and never came so far that the fault could strike."""
    known = {(each.fault, each.seed) for each in rows}
    for name in names:
        yield from ((name, seed) for seed in range(seeds) if (name, seed) not in known)


def chosen(only: Sequence[str]) -> list[str]:
    """The faults of these names that can be tried here, or all of them."""
    for name in only:
        if name not in FAULTS:
            sys.exit(f"no fault {name!r}; there are {', '.join(FAULTS)}")
    return [name for name in only or FAULTS if not cannot(FAULTS[name])]


def lacking(only: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Those that cannot, and why."""
    for name in only or FAULTS:
        if why := cannot(FAULTS[name]):
            yield name, why


def cannot(fault: Fault) -> str:
    """Why a fault cannot be tried here; empty where it can."""
    if fault.needs == ROOT and not may_mount():
        return "only root has a disk or a clock of its own"
    if fault.needs == GCC and shutil.which("gcc") is None:
        return "it needs gcc"
    return ""


def every(wanted: Sequence[Try], at_once: int) -> Iterator[Kept]:
    """Several at once; afterwards, one by one, those that are about the machine's processor."""
    beside = [each for each in wanted if not FAULTS[each[0]].alone]
    with ThreadPoolExecutor(at_once) as pool:
        for done in as_completed([pool.submit(once, *each) for each in beside]):
            yield from done.result()
    for each in wanted:
        if FAULTS[each[0]].alone:
            yield from once(*each)


def once(name: str, seed: int) -> list[Kept]:
    """What came of it; nothing, to be tried again, where the replay was over before the fault could strike."""
    try:
        return [one(name, seed)]
    except TooLate as missed:
        print(f"{name} | {seed} | not tried: {' '.join(str(missed).split())[-200:]}", flush=True)
        return []


def one(name: str, seed: int) -> Kept:
    fault = FAULTS[name]
    with tempfile.TemporaryDirectory() as home, fresh_target() as target:
        found = tried(fault, Path(home), target, seed)
        said = found.ended.last_line.partition("; report: ")[0]
        return Kept(
            fault=name,
            seed=seed,
            code=found.ended.code,
            said=said.replace(f"{home}{os.sep}", "")[:MOST_SAID],
            wrong=found.wrong(fault),
            went_on_s=None if found.went_on_s is None else round(found.went_on_s, 3),
        )


def told(found: Kept) -> str:
    wrong = f" !! {found.wrong}" if found.wrong else ""
    return f"{found.fault} | {found.seed} | {found.code} | {found.said}{wrong}"


if __name__ == "__main__":
    sys.exit(main())
