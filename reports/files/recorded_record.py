"""A prediction beside what its logs recorded, as one JSON object for other programs.

::

    {"format": 1, "document": "recorded", "launch": str, "opening": str, "visits": int, "requests": int, "strays": int,
     "hosts": int, "timed": bool,
     "prediction": {"outcome": "predicted right" | "predicted wrong" | "unknown", "p": float | null, "sentence": str},
     "waterfalls": [as in reports.files.record, with the step and part "demand"],
     "figures": [{"key", "label", "unit", "predicted", "recorded", "error", "within"}]}

Cells are as in :mod:`reports.files.record`; what no log can tell is null. "strays" are requests of visits
that began before the log; "timed": whether each line says how long its request took.
"""

from __future__ import annotations

import math
from typing import Any

from reports.files.record import cell_record, waterfall_record
from reports.run.comparison import Line
from reports.run.past.recorded import Recorded

FORMAT = 1


def recorded_record(found: Recorded) -> dict[str, Any]:
    """Everything that is said of it, as plain values."""
    return {
        "format": FORMAT,
        "document": "recorded",
        "launch": found.launch,
        "opening": found.opening,
        "visits": found.visits,
        "requests": found.attempts,
        "strays": found.strays,
        "hosts": found.clients,
        "timed": found.timed,
        "prediction": {
            "outcome": str(found.came.outcome),
            "p": None if math.isnan(found.came.verdict.p) else found.came.verdict.p,
            "sentence": found.came.sentence,
        },
        "waterfalls": [waterfall_record(each) for each in found.waterfalls],
        "figures": [line_record(line) for line in found.comparison.lines],
    }


def line_record(line: Line) -> dict[str, Any]:
    unit = line.figure.unit
    return {
        "key": line.figure.key,
        "label": line.figure.label,
        "unit": unit,
        "predicted": cell_record(line.rehearsal, unit),
        "recorded": cell_record(line.observed, unit),
        "error": line.error,
        "within": line.within,
    }
