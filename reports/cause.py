"""The first cause of a failure, and the smallest thing that might mend it, from the counts alone."""

from __future__ import annotations

import numpy as np

from reports import words
from reports.criteria import Criterion
from simulator.outcomes import Fate, Result
from simulator.summary import NS_PER_S, Summary


def first_cause(summary: Summary, launches: int = 1) -> str:
    """What went wrong most among those let in; empty where nothing did.

    ``launches`` is how many were merged into the summary: counts are said per launch.
    """
    turned_away = int(summary.results[Result.TURNED_AWAY])
    timed_out = int(summary.results[Result.TIMED_OUT])
    failed = int(summary.results[Result.FAILED])
    worst = max(turned_away, timed_out, failed)
    if not worst:
        return _line_alone(summary)
    number = words.times(max(1, round(worst / launches)), "attempt")
    if worst == failed:
        return f"the target broke {number}"
    if worst == timed_out:
        return f"answers came later than people wait for them ({number})"
    first = int(np.argmax(summary.bins.turned_away > 0)) * summary.bin_ns / NS_PER_S
    since = f"from {words.duration(first)} on" if first else "from the opening on"
    return f"the server turned people away {since} ({number})"


def _line_alone(summary: Summary) -> str:
    left = int(summary.fates[Fate.RENEGED] + summary.fates[Fate.WAITING])
    return "more people came than the line lets in" if left else ""


def smallest_hint(worst: Criterion, summary: Summary) -> str:
    """What to try first."""
    if worst.name == "forgotten":
        return "try first: look for the lost visitors in the target's own records"
    if worst.name.startswith("wait "):
        return "try first: let people in faster, as far as the servers bear it"
    if summary.bins.joined.any():
        return "try first: let people in more slowly, or add servers"
    return "try first: let people in through a line, or add servers"
