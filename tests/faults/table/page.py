"""docs/faults.md, of the rows that are kept."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from simulator.text.wording import format_count
from tests.faults.catalogue import FAULTS
from tests.faults.fault import Fault
from tests.faults.scene import rehearsing
from tests.faults.table.kept import Kept

HEAD = """# Faults of a replay: how each ends

A run whose own instrument failed must say so, and must never say "holds". Each fault below was done to replays of
the [small launch](../tests/launches/files.py) against the reference target, {seeds} each; a seed draws another launch and
another instant at which the fault strikes. `python -m tests.faults.table --seeds {most}` makes this page again, and `--resume` goes on with
the [rows](faults.jsonl) of earlier sessions.

**{tries} replays of {faults} faults: {false} false {passes}, {wrong}.** Exit codes: 0 holds, 1 does not hold, 3 inconclusive, 4 stopped, 128 + n
ended by signal n.{untried} *A pass would be false* where a replay cannot be whole after the fault: 0 is an error there.
{busy}
Besides its exit code each replay was asked: whether its last line and its reasons name the fault, whether a report made afterwards says
the same, whether any process is left, whether any row is missing that was there when the fault struck, and (where who measures lives
on) whether the target made an account that the run knows no attempt of.

*Load went on for*: from the fault to the last request that was sent, where the fault is to end it; median, and worst.

| fault | replays | expected | exit codes seen | a pass would be | load went on for | what the last line says |
|---|---:|---|---|---|---:|---|
"""
BUSY = """The machine was shared with other work meanwhile: {n} of the {of} replays after which a pass would be right were inconclusive for that.
"""
ALLOWED, FALSE = "right", "false"
HOLDS, INCONCLUSIVE = 0, 3
LONGEST = 150


def page(tries: Sequence[Kept]) -> str:
    """The table, and what it comes to."""
    known = [each for each in tries if each.fault in FAULTS]
    tried = Counter(each.fault for each in known)
    many = [tried[name] for name in FAULTS]
    false = sum(is_false_pass(each) for each in known)
    wrong = sum(bool(each.wrong) for each in known)
    seeds = f"{min(many)} seeds" if min(many) == max(many) else f"{min(many)} to {max(many)} seeds"
    head = HEAD.format(
        seeds=seeds, most=max(many), tries=format_count(len(known)), faults=len(tried),
        false=false or "no", passes="pass" if false == 1 else "passes",
        wrong=f"{wrong} ended otherwise than expected" if wrong else "none ended otherwise than expected",
        busy=busy(known), untried=untried(len(FAULTS) - len(tried)),
    )  # fmt: skip
    rows = [
        row(name, fault, [each for each in known if each.fault == name])
        for name, fault in FAULTS.items()
    ]
    return head + "".join(f"{each}\n" for each in rows)


def untried(n: int) -> str:
    """How many of the faults have no row yet."""
    return f" {n} of the faults below {'was' if n == 1 else 'were'} never tried." if n else ""


def is_false_pass(one: Kept) -> bool:
    return one.code == HOLDS and FAULTS[one.fault].never_passes


def busy(tries: Sequence[Kept]) -> str:
    """How many a busy machine kept from passing."""
    might = [each for each in tries if not FAULTS[each.fault].never_passes]
    n = sum(each.code == INCONCLUSIVE for each in might)
    return f"\n{BUSY.format(n=n, of=len(might))}" if n else ""


def row(name: str, fault: Fault, tries: Sequence[Kept]) -> str:
    expected = " or ".join(map(str, fault.code))
    passes = FALSE if fault.never_passes else ALLOWED
    if not tries:
        return f"| {name} | 0 | {expected} |  | {passes} |  | not tried |"
    codes = Counter(each.code for each in tries)
    seen = ", ".join(
        str(code) if len(codes) == 1 else f"{code} ({n} times)" for code, n in sorted(codes.items())
    )
    said = tries[0].said.partition("; report:")[0].replace("|", "\\|")
    short = said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
    return f"| {name} | {len(tries)} | {expected} | {seen} | {passes} | {went_on(fault, tries)} | {short} |"


def went_on(fault: Fault, tries: Sequence[Kept]) -> str:
    """How long the load went on after a fault that is to end it."""
    known = [each.went_on_s for each in tries if each.went_on_s is not None]
    if fault.at is not rehearsing or min(fault.code) < 4 or not known:
        return ""
    return f"{statistics.median(known):.1f} s, {max(known):.1f} s"
