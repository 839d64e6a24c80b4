"""Sealed: a prediction as it was before the first visitor came, in a file whose hash is kept.

The file is canonical JSON, so that anybody can hash it again with the usual tools::

    {"format": 1, "scenario", "variant", "seed", "launches", "timetable_sha256", "versions",
     "stations": [{"name", "servers", "instances", "service_mean_s", "inflation",
                   "pace": {"starts_ns", "factors"}}],
     "figures": [{"key", "unit", "launch": {"median", "from", "to"} | null, "rehearsal": {...} | null}]}

A station without a pace has none. ``from`` and ``to`` are the middle 95 % of launches; a number that is
none is null. A run of several variants seals each before its own visitors are sent, in a file of its own. Reports hash the file once
more, and hold the figures that they show against it: those come from the run's store, in which the hash lies as well. A file that was
changed or is gone, or other figures, are not the prediction that was sealed.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.run.comparison.cells import Cell
from reports.run.comparison.comparison import Comparison, compare
from simulator.plan.launches import Prediction
from simulator.plan.plan import Plan
from simulator.system.stations import Station

FORMAT = 2
"""1 said the mean of the launches where this says their median."""
MOST_NAMED = 2
"""So many figures that are not as sealed are named."""


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
    """A seal, and whether the file is still the one that was sealed, and says what the reports show."""

    seal: Seal
    intact: bool
    otherwise: tuple[str, ...] = ()
    """The figures that the file has otherwise than the run's store, from which reports are made."""

    @property
    def sentence(self) -> str:
        """What is to be said of it."""
        said = f"sha256 {self.seal.sha256} of {self.seal.file}, {self.seal.sealed_at}"
        if self.intact:
            return f"{said}, before the first visitor was sent"
        if self.otherwise:
            return f"{said}: {listed(self.otherwise)} not as sealed, so the figures count as not sealed"
        return f"{said}: the file was changed or removed since, so it counts as not sealed"


def checked(seal: Seal | None, folder: Path, shown: Comparison) -> Checked | None:
    """Hash the file once more, and hold what is shown against it; None where nothing was sealed, as in runs of older versions."""
    if seal is None:
        return None
    try:
        text = (folder / seal.file).read_bytes()
    except OSError:
        return Checked(seal=seal, intact=False)
    if sha256_of_text(text) != seal.sha256:
        return Checked(seal=seal, intact=False)
    otherwise = tuple(differing(json.loads(text).get("figures", ()), shown))
    return Checked(seal=seal, intact=not otherwise, otherwise=otherwise)


def differing(sealed: Sequence[Mapping[str, Any]], shown: Comparison) -> Iterator[str]:
    """The figures of which something else was sealed than is shown, as they are called.

    What a figure had when it was sealed is compared: an older version knew fewer of them, and less of each.
    """
    lines = {line.figure.key: line for line in shown.lines}
    for figure in sealed:
        line = lines.get(figure["key"])
        cells = (line.launch, line.rehearsal) if line else (None, None)
        for was, cell in zip((figure["launch"], figure["rehearsal"]), cells, strict=True):
            now = cell_of(cell)
            if (was is None) != (now is None) or (
                was and now and any(now.get(word, each) != each for word, each in was.items())
            ):
                yield line.figure.label if line else figure["key"]
                break


def listed(labels: Sequence[str]) -> str:
    """The first of them.

    >>> listed(["served"]), listed(["served", "errors", "goodput", "let in"])
    ('served is', 'served, errors and 2 more are')
    """
    named, more = ", ".join(labels[:MOST_NAMED]), len(labels) - MOST_NAMED
    return (
        f"{named} and {more} more are"
        if more > 0
        else f"{named} {'is' if len(labels) == 1 else 'are'}"
    )


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
