"""A launch is probed, checked and sent to a server, and its accounts are counted in the database."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenarios.library import shelf as library
from simulator.outcomes.rows import Result
from simulator.outcomes.store import read_part
from tests.end_to_end.command import Done, surgeproof
from tests.real.cases import Case
from tests.real.running import wait_until_idle

UNHEARD = (Result.TIMED_OUT, Result.UNFINISHED, Result.FAILED)
"""Attempts that the server may have served, and nobody was told: of those that failed, some had no answer."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What a replay reported, and what the server's database says."""

    case: Case
    sent: int
    served: int
    """As the report says."""
    made: frozenset[int]
    """The visitors whose attempt at the step that makes an account succeeded."""
    unheard: frozenset[int]
    """Those who had no success there, and an attempt that the server may have served."""
    unknown: int
    """How many more than are served there may be, as the report says."""
    accounts: int
    """How many have come to the database since before the replay."""
    owners: frozenset[int]
    """The visitors whose addresses they have."""
    failed: str
    """The most frequent answer that was no success."""
    exit_code: int
    last_line: str


def counted(case: Case, folder: Path) -> Counted:
    """One line of the table. What the commands said lies in the folder."""
    with case.start(folder) as running:
        system, launch = folder / "system.toml", running.launch or case.file
        variant = [] if case.variant is None else ["--variant", case.variant]
        told(folder, "check", surgeproof("check", launch, *variant), (0,))
        found = surgeproof(
            "probe", "--target", running.site.url, "--like", running.launch or case.probed, "--write", system,
            *probing(case), cwd=folder,
        )  # fmt: skip
        told(folder, "probe", found, (0,))
        before = running.site.ask(case.accounts)
        with running.meanwhile():
            sent = surgeproof(
                "replay", launch, "--target", running.site.url, "--system", system,
                "--runs", folder / "runs", *variant, cwd=folder,
            )  # fmt: skip
        told(folder, "replay", sent, (0, 1, 3))
        wait_until_idle(running.site.leader)
        addresses = Counter(running.site.ask(case.accounts)) - Counter(before)
    (run,) = (folder / "runs").iterdir()
    return of_run(case, run, addresses.elements(), sent)


def told(folder: Path, verb: str, done: Done, codes: tuple[int, ...]) -> None:
    """Keep what a command said; it ended as one of these, and showed nobody a traceback."""
    said = f"{done.stdout}\n{done.stderr}"
    (folder / f"{verb}.txt").write_text(said, "utf-8")
    assert done.returncode in codes, f"surgeproof {verb} ended with {done.returncode}: {said}"
    assert "Traceback" not in said, said


def of_run(case: Case, run: Path, addresses: Iterable[str], sent: Done) -> Counted:
    """What a run's folder says."""
    report = json.loads((run / "verdict.json").read_text("utf-8"))
    (variant,) = report["variants"]
    figures = {line["key"]: line["rehearsal_observed"] for line in variant["figures"]}
    with closing(sqlite3.connect(run / "run.sqlite")) as db:
        (part,) = db.execute("SELECT name FROM parts WHERE name LIKE '%/observed'").fetchone()
        rows = read_part(db, part).rows()
    step = step_of(case)
    tries = rows.attempts[rows.attempts["step"] == step]
    made = {int(row["visitor"]) for row in tries if row["result"] == Result.SUCCESS}
    open_ = {int(row["visitor"]) for row in tries if row["result"] in UNHEARD}
    owners = [owner(address) for address in addresses]
    return Counted(
        case=case,
        sent=int(figures["arrivals"]["value"]),
        served=int(figures["served"]["value"]),
        made=frozenset(made),
        unheard=frozenset(open_ - made),
        unknown=int(variant["unheard"]["at_most"]),
        accounts=len(owners),
        owners=frozenset(owners),
        failed=most_frequent(variant["answers"]),
        exit_code=sent.returncode,
        last_line=(sent.stdout.strip().splitlines() or [""])[-1],
    )


def owner(address: str) -> int:
    """The number of the visitor to whom an address was given."""
    found = re.fullmatch(r"visitor-(\d+)@.+\.invalid", address)
    assert found is not None, address
    return int(found[1])


def step_of(case: Case) -> int:
    """The number of the step that makes an account: the launches have one journey."""
    (journey,) = library.load(str(case.file)).words.journey
    return [step.name for step in journey.step].index(case.made_by)


def probing(case: Case) -> list[str]:
    """How gently."""
    return ["--requests", "10", "--servers", "2", "--waiting-room", "2048"]


def most_frequent(answers: list[dict[str, Any]]) -> str:
    """As reports say it."""
    failed = [one for one in answers if one["result"] != "success"]
    if not failed:
        return ""
    first = max(failed, key=lambda one: int(one["count"]))
    return f"{first['status'] or 'no answer'} × {first['count']:,}: {first['reason']}"
