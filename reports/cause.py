"""The first cause of a failure, and what to try first, from the counts of a launch alone."""

from __future__ import annotations

from reports import words
from reports.criteria import NOT_SERVED, Criterion
from simulator.diagnosis import TOLERATED_SHARE
from simulator.figures import KEPT_OUT
from simulator.outcomes import Fate
from simulator.quantities import NS_PER_S
from simulator.summary import Summary
from simulator.trouble import SIGNS, Sign, troubles_of


def first_cause(worst: Criterion, summary: Summary, launches: int = 1) -> str:
    """What went wrong first.

    ``launches`` is how many were merged into the summary: counts are said per launch.
    """
    if worst.name == "forgotten":
        return "visitors were started and never heard of again"
    if worst.of_line or (worst.name == NOT_SERVED and outside(summary)):
        return "more people came than the line lets in"
    troubles = troubles_of(summary, TOLERATED_SHARE) or troubles_of(summary, 0.0)
    if not troubles or troubles[0].sign is Sign.LATE:
        return slower(summary, launches)
    first, layout = troubles[0], summary.layout
    several = len(layout.stations) > 1
    counts = getattr(summary.steps, SIGNS[first.sign])[layout.places_at(first.station)]
    number = words.times(max(1, round(int(counts.sum()) / launches)), "attempt")
    name = layout.stations[first.station]
    if first.sign is Sign.FAILED:
        return f"{name if several else 'the target'} broke {number}"
    if first.sign is Sign.TIMED_OUT:
        answers = f"answers of {name}" if several else "answers"
        return f"{answers} came later than people wait for them ({number})"
    began_s = first.began_ns / NS_PER_S
    since = f"from {words.duration(began_s)} on" if began_s else "from the opening on"
    return f"{name if several else 'the server'} turned people away {since} ({number})"


def outside(summary: Summary) -> bool:
    """Whether more people were lost in the line than after it."""
    inside = summary.fates[Fate.GAVE_UP] + summary.fates[Fate.UNFINISHED]
    return bool(summary.fates[list(KEPT_OUT)].sum() > inside)


def slower(summary: Summary, launches: int) -> str:
    """That answers came late before anything else went wrong."""
    refused = round(int(summary.steps.turned_away.sum()) / launches)
    if not refused:
        return "the servers were slower than that, although they refused nobody"
    return f"the servers were slower than that, and turned {words.times(refused, 'attempt')} away"


def smallest_hint(worst: Criterion, summary: Summary) -> str:
    """What to try first."""
    if worst.name == "forgotten":
        return "try first: look for the lost visitors in the target's own records"
    if worst.of_line or (worst.name == NOT_SERVED and outside(summary)):
        return "try first: let people in faster, as far as the servers bear it"
    troubles = troubles_of(summary, TOLERATED_SHARE)
    if troubles and troubles[0].sign is Sign.FAILED:
        return "try first: look at what the target answers, and whether it knows these requests"
    if summary.bins.joined.any():
        return "try first: let people in more slowly, or add servers"
    return "try first: let people in through a line, or add servers"
