"""Run folders: ``runs/<scenario>-<UTC instant>/``, everything that is kept of one run.

::

    scenario.toml   the scenario as it was resolved
    stations.toml   the stations, where the target was measured for it
    prediction.json what was predicted, sealed before the first visitor was sent
    run.sqlite      what was asked, predicted and observed (reports/run/store.py says how)
    verdict.json    report.html     report.md     junit.xml     rebuilt from run.sqlite alone
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reports.run import store
from reports.run.facts import Ending, PlanFacts, RunFacts
from reports.run.past.again import Again
from reports.run.past.sealed import Seal, canonical, sha256_of
from simulator.errors import Damaged, UsageError
from simulator.host.files import private, private_folder, unkept, unwritten, write_private
from simulator.outcomes.looks import read_looks
from simulator.outcomes.machine import Machine, read_machine
from simulator.outcomes.rows import Block
from simulator.outcomes.store import read_part
from simulator.plan.launches import Prediction
from simulator.plan.plan import Plan, Subject
from simulator.verdict.line.promises import Promises

INSTANT = "%Y%m%dT%H%M%SZ"
NAMED = re.compile(r".+-(\d{8}T\d{6}Z)")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One run, on disk."""

    path: Path

    @classmethod
    def create(cls, root: Path, scenario: str, instant: datetime) -> RunFolder:
        """A new folder for a run that starts at ``instant`` (which knows its time zone).

        Nobody but its owner may read it: answers of a target lie in it.

        Raises UsageError or NotKept where it cannot be made.
        """
        plain = re.sub(r"[^A-Za-z0-9._]+", "-", scenario).strip("-.") or "launch"
        path = root / f"{plain}-{instant.astimezone(UTC).strftime(INSTANT)}"
        while path.exists():  # another run of this second
            path = path.with_name(f"{path.name}-{secrets.token_hex(2)}")
        folder = cls(path)
        try:
            private_folder(path)
            os.close(private(folder.database, os.O_EXCL))
        except FileExistsError as error:
            raise UsageError(f"{path}: already exists; start the run again") from error
        except OSError as error:
            raise unwritten(path, error) from error
        with store.connection(folder.database):
            return folder

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """An existing run.

        Raises UsageError where there is none, Damaged where there was one.
        """
        folder = cls(path)
        if not folder.database.is_file():
            was_one = path.is_dir() and bool(_instant(path))
            raise (Damaged if was_one else UsageError)(
                f"{path}: is not a run folder (there is no run.sqlite in it)"
            )
        return folder

    @classmethod
    def latest(cls, root: Path) -> RunFolder:
        """The run that started last.

        Raises UsageError where there is none.
        """
        runs = cls.by_instant(root)
        if not runs:
            raise UsageError(f"{root}: no runs here yet; name a run folder, or make a run first")
        return runs[-1]

    @classmethod
    def by_instant(cls, root: Path) -> list[RunFolder]:
        """All runs there, in the order in which they started."""
        paths = [
            path for path in root.glob("*") if _instant(path) and (path / "run.sqlite").exists()
        ]
        return [cls(path) for path in sorted(paths, key=_instant)]

    @property
    def database(self) -> Path:
        return self.path / "run.sqlite"

    @property
    def stations(self) -> Path:
        return self.path / "stations.toml"

    @property
    def page(self) -> Path:
        return self.path / "report.html"

    @property
    def markdown(self) -> Path:
        return self.path / "report.md"

    @property
    def junit(self) -> Path:
        return self.path / "junit.xml"

    @property
    def verdict(self) -> Path:
        return self.path / "verdict.json"

    def save_scenario(self, toml: str) -> None:
        """Keep the scenario as it was resolved."""
        self.write(self.path / "scenario.toml", toml)

    def save_facts(self, facts: RunFacts) -> None:
        """Keep what the run is about; saying it again replaces it."""
        with store.connection(self.database) as db:
            store.write_run(db, facts)

    def save_ending(self, ending: Ending) -> None:
        """Keep how the run ended, where no verdict says it."""
        with store.connection(self.database) as db:
            store.write_ending(db, ending)

    def save_plan(self, variant: str, plan: Plan, timetable_sha256: str = "") -> None:
        """Keep what the reports need to know of a plan; the first variant is the one that decides."""
        with store.connection(self.database) as db:
            store.write_plan(db, variant, PlanFacts.of(plan, timetable_sha256))

    def save_prediction(self, variant: str, subject: Subject, prediction: Prediction) -> None:
        """Keep a prediction, launch by launch; several engines may each have theirs."""
        with store.connection(self.database) as db:
            store.write_prediction(db, variant, subject, prediction)

    def save_seal(self, seal: Seal, document: Mapping[str, Any]) -> None:
        """Write what is sealed, and keep its hash."""
        self.write(self.path / seal.file, canonical(document))
        with store.connection(self.database) as db:
            store.write_seal(db, seal)

    def seal(self, variant: str, document: Mapping[str, Any]) -> Seal:
        """Seal a prediction: its file is named after how many were sealed before it."""
        before = len(list(self.path.glob("prediction*.json")))
        seal = Seal(
            variant=variant,
            file="prediction.json" if not before else f"prediction-{before + 1}.json",
            sha256=sha256_of(document),
            sealed_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        )
        self.save_seal(seal, document)
        return seal

    def save_promises(self, variant: str, promises: Promises) -> None:
        """Keep what the line of a variant promises."""
        with store.connection(self.database) as db:
            store.write_promises(db, variant, promises)

    def save_again(self, variant: str, again: Again) -> None:
        """Keep what was learned of a variant after it took place."""
        with store.connection(self.database) as db:
            store.write_again(db, variant, again)

    def observed_rows(self, variant: str) -> Block | None:
        """What was observed of a variant, row by row; None where nothing was."""
        with store.reading(self.database) as db:
            try:
                return read_part(db, observed_part(variant)).rows()
            except KeyError:
                return None

    def looks(self, variant: str) -> int:
        """How often people in line looked while a variant was replayed; 0 where there was none."""
        with store.reading(self.database) as db:
            return len(read_looks(db, observed_part(variant)))

    def machine(self, variant: str) -> Machine | None:
        """What was seen of the machine while a variant was replayed; None where nobody looked."""
        with store.reading(self.database) as db:
            return read_machine(db, observed_part(variant))

    def write(self, path: Path, text: str) -> None:
        """Write a file of the folder, wholly or not at all.

        Raises NotKept.
        """
        draft = path.with_name(f".{path.name}.draft")
        try:
            write_private(draft, text)
            draft.replace(path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise unkept(path, error) from error


def observed_part(variant: str) -> str:
    """What the observed outcomes of a variant are called in the store."""
    return f"{variant}/observed"


def _instant(path: Path) -> str:
    named = NAMED.fullmatch(path.name)
    return named.group(1) if named else ""
