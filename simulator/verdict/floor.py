"""Floor: nothing holds in which hardly anybody was served.

Of those who came, at least half are served, whatever else is asked: readers, bots, and whoever
is rightly refused have come as well. Those the generator did not send have not. Not counted are
people of whom an objective of the file says how many there may be: with ``never_let_in`` those
who came to the line and did not get in, with ``left`` those who lost patience, with the
``errors`` of a journey those let in on it who got nothing. Who may still be served after the
end of what was seen makes the share an interval, as everywhere, and so does who still stands in
line at the horizon: then it is nobody's failure yet, and no pass either. That half is enough, and
not nine in ten, is a choice: below it most people would call the launch a failure.

The same is asked of each of several journeys: many who are served on one do not make up for those
who are on another.
"""

from __future__ import annotations

from dataclasses import replace

from simulator.outcomes.counts.histogram import samples_needed
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.reading import Reading
from simulator.outcomes.figures.shares import FLOOR, KEPT_OUT, errors_of, not_served
from simulator.outcomes.rows import Fate
from simulator.system.objectives import Objectives
from simulator.verdict.criteria import Asks, Criterion, Outcome, conclusion
from simulator.verdict.readings import against, criterion_of
from simulator.verdict.reasons import FewServed, FewServedOn, Plain


def floor_of(objectives: Objectives, summary: Summary, *, closes: bool = True) -> Criterion:
    """Of all who came; where these keep it, of the first journey that does not."""
    whole = _of_all(objectives, summary)
    if whole.outcome is not Outcome.HOLDS:
        return whole
    parts = _of_journeys(objectives, summary, closes=closes)
    decided = conclusion(parts) if parts else Outcome.HOLDS
    if decided is Outcome.HOLDS:
        return whole
    return next(one for one in parts if one.outcome is decided)


def _of_all(objectives: Objectives, summary: Summary) -> Criterion:
    reading = not_served(objectives, summary, closes=False)
    if not reading.samples:
        return criterion_of(
            Asks.NOT_SERVED, FLOOR, reading, Outcome.INCONCLUSIVE, Plain.NOBODY_CAME
        )
    outside = int(summary.fates[list(KEPT_OUT)].sum())
    reason = FewServed(
        served=int(summary.fates[Fate.SERVED]),
        came=reading.samples,
        kept_out=outside / max(1, summary.came_to_line),
        line=outside > int(summary.fates[[Fate.GAVE_UP, Fate.UNFINISHED]].sum()),
    )
    return criterion_of(Asks.NOT_SERVED, FLOOR, reading, against(FLOOR, reading), reason)


def _of_journeys(objectives: Objectives, summary: Summary, *, closes: bool) -> list[Criterion]:
    """Of those let in on each of several journeys, unless an objective says how many errors it may have.

    As many must have been let in as a median needs: of three people two fail by chance. Where the
    launch goes on after the end of what was seen, those still under way say nothing.
    """
    names = summary.layout.journeys
    judged = {asked.journey for asked in objectives.journeys if asked.errors is not None}
    found = []
    for number, name in enumerate(names):
        reading = errors_of(number)(summary)
        if len(names) == 1 or name in judged or reading.samples < samples_needed(0.5):
            continue
        outcome = against(FLOOR, reading)
        if outcome is Outcome.FAILS or closes:
            found.append(_of_journey(number, reading, outcome, summary))
    return found


def _of_journey(number: int, reading: Reading, outcome: Outcome, summary: Summary) -> Criterion:
    name = summary.layout.journeys[number]
    served = int(summary.fates_of_journeys[number, Fate.SERVED])
    reason = FewServedOn(journey=name, served=served, let_in=reading.samples)
    found = criterion_of(Asks.NOT_SERVED, FLOOR, reading, outcome, reason)
    return replace(found, journey=name)
