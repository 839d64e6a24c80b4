"""The gauntlet as one JSON object, for other programs, and what is sealed of it.

Its keys are told in :mod:`reports.schema.documents.gauntlet`. Sealed is the object without "sealed", as canonical JSON:
keys in order, no white space.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

from reports.gauntlet.row import Row
from reports.run.past.sealed import sha256_of
from reports.sentences.change import remedy_text
from simulator.advice.gauntlet.gauntlet import Gauntlet
from simulator.advice.gauntlet.trial import Break, Trial
from simulator.outcomes.figures.figures import figures_of
from simulator.system.system import System
from simulator.units import NS_PER_S
from simulator.verdict.criteria import Outcome

FORMAT = 1


def record(found: Gauntlet) -> dict[str, Any]:
    """Everything that was predicted, as plain values."""
    said = {
        "format": FORMAT,
        "document": "gauntlet",
        "host": found.host.name,
        "expect": found.expect,
        "seed": found.seed,
        "outcome": str(found.outcome),
        "left_out": list(found.host.left_out),
        "trials": [trial_record(each) for each in found.trials],
        "refused": [{"launch": each.name, "why": each.why} for each in found.refused],
    }
    return {**said, "sealed": seal_of(said)}


def record_text(found: Gauntlet) -> str:
    """The same as strict JSON."""
    return json.dumps(record(found), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def seal_of(said: dict[str, Any]) -> str:
    """Of what is said, but for the seal itself.

    >>> seal_of({"b": 1, "a": 2}) == seal_of({"a": 2, "b": 1, "sealed": "x"})
    True
    """
    return sha256_of({key: value for key, value in said.items() if key != "sealed"})


def trial_record(trial: Trial) -> dict[str, Any]:
    """One launch."""
    row, system = asdict(Row.of(trial)), trial.plan.system
    return {
        "launch": row.pop("name"),
        **row,
        "outcome": str(trial.outcome),
        "lost": trial.lost,
        "breaks": trial.breaks and break_record(trial.breaks, system),
        "smallest_change": trial.fix and remedy_text(trial.fix, system),
        "together": trial.together
        and [
            {
                "what": str(tweak.turn),
                "station": system.stations[tweak.station].name,
                "now": tweak.now,
                "then": value,
            }
            for tweak, value in trial.together.changes
        ],
        "launches": {
            "simulated": len(trial.verdict.launches),
            "hold": trial.verdict.launches.count(Outcome.HOLDS),
        },
        "figures": figures_record(trial),
    }


def break_record(broken: Break, system: System) -> dict[str, Any]:
    """What breaks first."""
    station = None if broken.station is None else system.stations[broken.station].name
    where = None if broken.at is None else system.stations[broken.at].name
    return {
        "began_s": broken.began_ns / NS_PER_S,
        "station": station,
        "supply": broken.supply and str(broken.supply),
        "at": where,
        "sign": broken.sign and str(broken.sign),
        "launches": broken.launches,
    }


def figures_record(trial: Trial) -> dict[str, Any]:
    """Every figure with the middle 95 % of launches; null where there is no number."""
    found = {}
    for figure in figures_of(trial.prediction.launches[0].layout):
        estimate = trial.prediction.estimate(figure)
        values = {"value": estimate.mean, "from": estimate.from_, "to": estimate.to}
        found[figure.key] = {
            key: value if math.isfinite(value) else None for key, value in values.items()
        }
    return found
