"""An explanation as plain values for a program."""

from __future__ import annotations

from typing import Any

from reports.files.record import number
from reports.sentences.change import remedy_text
from reports.sentences.explanation import Explanation
from simulator.advice.change.candidates import usual_first
from simulator.advice.change.remedy import Remedy
from simulator.system.system import System
from simulator.units import NS_PER_S


def explanation_record(explanation: Explanation) -> dict[str, Any]:
    """What :class:`reports.sentences.explanation.Explanation` says."""
    system = explanation.system
    first, launches = usual_first(explanation.told)
    failing = explanation.failing
    return {
        "lines": explanation.lines,
        "launches": {"simulated": len(explanation.diagnoses), "do_not_hold": sum(failing)},
        "first": first
        and {
            "station": system.stations[first.station].name,
            "sign": str(first.sign),
            "cause": system.stations[first.cause].name,
            "supply": first.supply and str(first.supply),
            "began_s": first.began_ns / NS_PER_S,
            "launches": launches,
        },
        "smallest_change": explanation.remedy and _remedy_record(explanation.remedy, system),
        "other_changes": [_remedy_record(one, system) for one in explanation.others],
    }


def _remedy_record(remedy: Remedy, system: System) -> dict[str, Any]:
    return {
        "what": str(remedy.tweak.turn),
        "station": system.stations[remedy.tweak.station].name,
        "now": remedy.tweak.now,
        "then": remedy.value,
        "holds": remedy.holds,
        "launches": remedy.launches,
        "toll": remedy.toll
        and {
            "wait_p95": number(remedy.toll.wait_p95_s, "s"),
            "never_let_in": remedy.toll.never_let_in,
            "left": remedy.toll.left,
        },
        "text": remedy_text(remedy, system),
    }
