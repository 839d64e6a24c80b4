"""A prediction beside what its logs recorded, as one JSON object for other programs.

Its keys are told in :mod:`reports.schema.documents.recorded`; cells are as in :mod:`reports.files.record`.
"""

from __future__ import annotations

import math
from typing import Any

from reports.files.record import cell_record, waterfall_record
from reports.run.comparison.comparison import Line
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
