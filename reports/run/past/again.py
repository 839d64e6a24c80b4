"""Again: the rehearsal predicted once more, after it took place, with what was learned in it.

With the machine as fast as it was, and with the services as long as they were: what remains between the
last of these and what was observed is the queue's own error (:mod:`simulator.verdict.truth`).
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import Prediction
from simulator.verdict.truth.machine.changed import Changed
from simulator.verdict.truth.parts import Step
from simulator.verdict.truth.suspects.found import Suspect
from simulator.verdict.truth.took import Took

SCHEMA = """
CREATE TABLE IF NOT EXISTS again (
    variant TEXT NOT NULL, step TEXT NOT NULL, engine TEXT NOT NULL, launch INTEGER NOT NULL,
    summary BLOB NOT NULL,
    PRIMARY KEY (variant, step, launch)
) WITHOUT ROWID;
"""
"""``step`` is what was as observed in it: "machine", "at most" or "service"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How far machine and services were from what had been probed."""

    took: tuple[Took, ...] = ()
    changed: Changed | None = None
    suspects: tuple[Suspect, ...] = ()
    untold: str = ""
    """Why the parts of the prediction's error are not known; empty: nothing was in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What is known of one variant after it took place."""

    measured: Measured = Measured()
    predictions: Mapping[Step, Prediction] = field(default_factory=dict)


NOT_YET = Again()
MEASURED = TypeAdapter(Measured)

Pack = Callable[[Summary], bytes]
Unpack = Callable[[bytes], Summary]


def write_again(db: sqlite3.Connection, variant: str, again: Again, pack: Pack) -> None:
    """Keep it; saying it again replaces it."""
    rows = [
        (variant, str(step), prediction.engine, number, pack(summary))
        for step, prediction in again.predictions.items()
        for number, summary in enumerate(prediction.launches)
    ]
    measured = json.dumps(finite(MEASURED.dump_python(again.measured, mode="json")))
    with db:
        db.execute("DELETE FROM again WHERE variant = ?", (variant,))
        db.executemany("INSERT INTO again VALUES (?, ?, ?, ?, ?)", rows)
        db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (key_of(variant), measured))


def read_again(db: sqlite3.Connection, variant: str, unpack: Unpack) -> Again:
    """What was kept; nothing where the run did not get so far, or is of an older version."""
    found = db.execute("SELECT value FROM facts WHERE key = ?", (key_of(variant),)).fetchone()
    if found is None:
        return NOT_YET
    launches: dict[tuple[Step, str], list[Summary]] = {}
    for step, engine, packed in db.execute(
        "SELECT step, engine, summary FROM again WHERE variant = ? ORDER BY step, launch",
        (variant,),
    ):
        launches.setdefault((Step(step), engine), []).append(unpack(packed))
    return Again(
        measured=MEASURED.validate_json(found[0]),
        predictions={
            step: Prediction(engine=engine, launches=each)
            for (step, engine), each in launches.items()
        },
    )


def key_of(variant: str) -> str:
    return f"measured/{variant}"


def finite(value: Any) -> Any:
    """The same with words for the numbers that JSON does not know; pydantic reads them back."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    return value
