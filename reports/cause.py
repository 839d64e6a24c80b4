"""The first cause of a failure, and the smallest thing that might mend it, from the counts alone."""

from __future__ import annotations

import numpy as np

from reports import words
from reports.criteria import Criterion
from simulator.outcomes import Result
from simulator.quantities import NS_PER_S
from simulator.summary import Summary


def first_cause(worst: Criterion, summary: Summary, launches: int = 1) -> str:
    """What went wrong most.

    ``launches`` is how many were merged into the summary: counts are said per launch.
    """
    if worst.name == "forgotten":
        return "visitors were started and never heard of again"
    if worst.name.startswith("wait "):
        return "more people came than the line lets in"
    turned_away = int(summary.results[Result.TURNED_AWAY])
    timed_out = int(summary.results[Result.TIMED_OUT])
    failed = int(summary.results[Result.FAILED])
    most = max(turned_away, timed_out, failed)
    if not most:
        return "the servers were slower than that, although they refused nobody"
    number = words.times(max(1, round(most / launches)), "attempt")
    if most == failed:
        return f"the target broke {number}"
    if most == timed_out:
        return f"answers came later than people wait for them ({number})"
    first = int(np.argmax(summary.bins.turned_away > 0)) * summary.bin_ns / NS_PER_S
    since = f"from {words.duration(first)} on" if first else "from the opening on"
    return f"the server turned people away {since} ({number})"


def smallest_hint(worst: Criterion, summary: Summary) -> str:
    """What to try first."""
    if worst.name == "forgotten":
        return "try first: look for the lost visitors in the target's own records"
    if worst.name.startswith("wait "):
        return "try first: let people in faster, as far as the servers bear it"
    if summary.bins.joined.any():
        return "try first: let people in more slowly, or add servers"
    return "try first: let people in through a line, or add servers"
