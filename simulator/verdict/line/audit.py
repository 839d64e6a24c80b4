"""The audit of a line: everything that is found of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.outcomes.rows import Fate, Rows
from simulator.units import FOREVER
from simulator.verdict.line.announced import Announced, announced
from simulator.verdict.line.entries import Entries, entries
from simulator.verdict.line.overtaking import Overtaking, overtaking
from simulator.verdict.line.places import (
    Backwards,
    Lost,
    Shared,
    backwards,
    lost,
    shared,
)
from simulator.verdict.line.promises import Promises
from simulator.verdict.line.stints import stints_of

Finding = Lost | Shared | Overtaking | Backwards | Announced | Entries
"""What a criterion rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was found; None where the line tells too little of it, or promised nothing."""

    promises: Promises
    lost: Lost
    shared: Shared | None
    overtaking: Overtaking | None
    backwards: Backwards | None
    announced: Announced | None
    entries: Entries | None


def audit_line(looks: Rows, visits: Rows, promises: Promises) -> Audit | None:
    """The audit of what people were told; None where nobody was told anything.

    ``looks`` are each visitor's in their order, ``visits`` tell who is of which people.
    """
    people = dict(zip(visits["visitor"].tolist(), visits["people"].tolist(), strict=True))
    stints = stints_of(looks, people, promises)
    if not len(stints):
        return None
    gone = (stints.left < FOREVER).sum() + (visits["fate"] == Fate.RENEGED).sum()
    return Audit(
        promises=promises,
        lost=lost(stints),
        shared=shared(looks),
        overtaking=overtaking(stints, promises),
        backwards=backwards(looks, promises),
        announced=announced(stints, looks, promises, float(np.clip(gone / len(stints), 0, 1))),
        entries=entries(stints, promises),
    )
