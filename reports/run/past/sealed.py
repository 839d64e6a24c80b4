"""Sealed: a prediction as it was before the first visitor came, in a file whose hash is kept.

The file is canonical JSON, so that anybody can hash it again with the usual tools::

    {"format": 1, "scenario", "variant", "seed", "launches", "timetable_sha256", "versions",
     "stations": [{"name", "servers", "instances", "service_mean_s", "inflation",
                   "pace": {"starts_ns", "factors"}}],
     "figures": [{"key", "unit", "launch": {"median", "from", "to"} | null, "rehearsal": {...} | null}]}

A station without a pace has none. ``from`` and ``to`` are the middle 95 % of launches; a number that is
none is null. A run of several variants seals each before its own visitors are sent, in a file of its own. Reports hash the file once
more: one that was changed or is gone is not the prediction that was sealed.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.run.comparison.cells import Cell
from reports.run.comparison.comparison import compare
from simulator.plan.launches import Prediction
from simulator.plan.plan import Plan
from simulator.system.stations import Station

FORMAT = 2
"""1 said the mean of the launches where this says their median."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What was sealed of one variant."""

    variant: str
    file: str
    """Its name in the run's folder."""
    sha256: str
    sealed_at: str
    """In UTC; before the first visitor was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A seal, and whether the file is still the one that was sealed."""

    seal: Seal
    intact: bool

    @property
    def sentence(self) -> str:
        """What is to be said of it."""
        said = f"sha256 {self.seal.sha256} of {self.seal.file}, {self.seal.sealed_at}"
        if self.intact:
            return f"{said}, before the first visitor was sent"
        return f"{said}: the file was changed or removed since, so it counts as not sealed"


def checked(seal: Seal | None, folder: Path) -> Checked | None:
    """Hash the file once more; None where nothing was sealed, as in runs of older versions."""
    if seal is None:
        return None
    try:
        found = sha256_of_text((folder / seal.file).read_bytes())
    except OSError:
        found = ""
    return Checked(seal=seal, intact=found == seal.sha256)


def canonical(document: Mapping[str, Any]) -> str:
    """JSON of which there is but one: keys in their order, no white space, no NaN.

    >>> canonical({"b": 1.5, "a": [1, None]})
    '{"a":[1,null],"b":1.5}'
    """
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256_of(document: Mapping[str, Any]) -> str:
    """Of its canonical JSON."""
    return sha256_of_text(canonical(document).encode())


def sha256_of_text(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def sealed_document(
    variant: str,
    rehearsal: Plan,
    timetable_sha256: str,
    versions: Mapping[str, str],
    *,
    of_launch: Prediction,
    of_rehearsal: Prediction,
) -> dict[str, Any]:
    """Everything that is predicted, as plain values."""
    found = compare(variant, launch=of_launch, rehearsal=of_rehearsal)
    return {
        "format": FORMAT,
        "scenario": rehearsal.scenario,
        "variant": variant,
        "seed": rehearsal.seed,
        "launches": len(of_rehearsal.launches),
        "timetable_sha256": timetable_sha256,
        "versions": dict(versions),
        "stations": stations_of(rehearsal.system.stations),
        "figures": [
            {
                "key": line.figure.key,
                "unit": line.figure.unit,
                "launch": cell_of(line.launch),
                "rehearsal": cell_of(line.rehearsal),
            }
            for line in found.lines
        ],
    }


def stations_of(stations: Sequence[Station]) -> list[dict[str, Any]]:
    return [
        {
            "name": station.name,
            "servers": station.servers,
            "instances": station.instances,
            "service_mean_s": number(station.service.mean_ns() / 1e9),
            "inflation": list(station.inflation),
            **pace_of(station),
        }
        for station in stations
    ]


def pace_of(station: Station) -> dict[str, Any]:
    """What it is expected to be slowed down by, where that is anything."""
    if station.pace is None:
        return {}
    pace = station.pace
    return {"pace": {"starts_ns": list(pace.starts_ns), "factors": list(pace.factors)}}


def cell_of(cell: Cell | None) -> dict[str, float | None] | None:
    if cell is None:
        return None
    return {"median": number(cell.value), "from": number(cell.from_), "to": number(cell.to)}


def number(value: float) -> float | None:
    return value if math.isfinite(value) else None
