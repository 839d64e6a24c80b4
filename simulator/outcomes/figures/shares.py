"""Shares of people: who got an answer, who got in, and who went without what he came for."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.reading import Read, Reading, between
from simulator.outcomes.rows import Fate
from simulator.system.objectives import Objectives

KEPT_OUT = (Fate.TURNED_AWAY, Fate.BALKED, Fate.RENEGED, Fate.NO_SHOW, Fate.WAITING)
"""The fates of those who came to the line and were never let in."""
FLOOR = 0.5
"""The largest share of those who came that may go without what they came for, if nothing is said."""


def errors_of(journey: int) -> Read:
    """Reads the share of those let in on a journey who left without what they came for.

    Whose end nobody saw is no success. Who was still under way at the end, and had waited for an
    answer longer than any client of the journey does, is an error; all others under way may become
    one or not, so that the share lies between two bounds: none of them, and all of them. Where the
    clients have no timeout, nothing but an answer can tell.
    """
    return errors_on([journey])


def errors_on(journeys: Sequence[int]) -> Read:
    """The same of several journeys together."""

    def read(summary: Summary) -> Reading:
        let_in = sum(summary.let_in_of(journey) for journey in journeys)
        gave_up, under_way, overdue = (
            sum(int(counts[journey]) for journey in journeys)
            for counts in (
                summary.fates_of_journeys[:, Fate.GAVE_UP],
                summary.fates_of_journeys[:, Fate.UNFINISHED],
                summary.overdue,
            )
        )
        known = min(overdue, under_way)
        return between(gave_up + known, under_way - known, let_in)

    return read


def never_let_in(*, closes: bool = True) -> Read:
    """Reads the share of those who came to the line who had not been let in at the end.

    Where the line does not close then, nobody knows of those who still stand in it.
    """

    def read(summary: Summary) -> Reading:
        waiting = int(summary.fates[Fate.WAITING])
        out = int(summary.fates[list(KEPT_OUT)].sum())
        unseen = 0 if closes else waiting
        return between(out - unseen, unseen, summary.came_to_line)

    return read


def left(*, closes: bool = True) -> Read:
    """Reads the share of those who stood in line who left it since their patience ran out."""

    def read(summary: Summary) -> Reading:
        waiting = 0 if closes else int(summary.fates[Fate.WAITING])
        return between(int(summary.fates[Fate.RENEGED]), waiting, summary.stood_in_line)

    return read


def not_served(objectives: Objectives, summary: Summary, *, closes: bool = True) -> Reading:
    """The share of those who came who went without what they came for.

    Without those of whom an objective says how many there may be.
    """
    fates = summary.fates_of_journeys.copy()
    line = objectives.line
    if line.never_let_in is not None:
        fates[:, list(KEPT_OUT)] = 0
    elif line.left is not None:
        fates[:, Fate.RENEGED] = 0
    for asked in objectives.journeys:
        if asked.errors is not None:
            journey = summary.layout.journeys.index(asked.journey)
            fates[journey, [Fate.GAVE_UP, Fate.UNFINISHED]] = 0
    open_fates = [Fate.UNFINISHED] if closes else [Fate.UNFINISHED, Fate.WAITING]
    came = summary.arrivals - int(summary.fates[Fate.UNSENT])
    unseen = int(fates[:, open_fates].sum())
    lost = int(fates[:, [*KEPT_OUT, Fate.GAVE_UP, Fate.UNFINISHED]].sum())
    return between(lost - unseen, unseen, came)
