"""Criteria: one thing that is asked, what was found, and what follows from it."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from reports import words
from simulator.outcomes.counts.histogram import samples_needed
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.figures import (
    FLOOR,
    KEPT_OUT,
    Reading,
    errors_of,
    left,
    never_let_in,
    not_served,
    quantile_of,
    response_of,
)
from simulator.outcomes.figures.intervals import ENOUGH_LAUNCHES, Estimate
from simulator.outcomes.rows import Fate
from simulator.system.objectives import JourneyObjective, Objectives
from simulator.units import FOREVER, NS_PER_S


class Outcome(enum.StrEnum):
    """What can be said."""

    HOLDS = "holds"
    FAILS = "does not hold"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not applicable"


class Asks(enum.StrEnum):
    """What an objective asks about: names are for people, and a journey may be called "wait"."""

    RESPONSE = "response"
    ERRORS = "errors"
    WAIT = "wait"
    NEVER_LET_IN = "never let in"
    LEFT = "left the line"
    FORGOTTEN = "forgotten"
    NOT_SERVED = "not served"


class Kind(enum.StrEnum):
    """What a criterion speaks of: the generator, the launch, or how many launches hold."""

    INSTRUMENT = "instrument"
    OBJECTIVE = "objective"
    LAUNCHES = "launches"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that is asked. Figures of unit "s" are in seconds."""

    kind: Kind
    asks: Asks | None = None
    """None: it is no objective."""
    journey: str = ""
    """Whose responses or errors are asked about; empty where it is nobody's."""
    name: str
    """As people read it."""
    limit: float
    """What is allowed at most (for launches that hold: at least)."""
    measured: float
    """NaN where nothing could be measured; infinite for what never ended."""
    unit: str
    outcome: Outcome
    reason: str
    """A sentence without its full stop."""
    open: bool = False
    """Whether what was measured is a lower bound: not all of it was seen to its end."""

    @property
    def strain(self) -> float:
        """How much of what is allowed was used: 1 at the limit. NaN where it cannot be said."""
        if math.isnan(self.measured) or math.isnan(self.limit):
            return math.nan
        if self.limit == 0:
            return 0.0 if self.measured == 0 else math.inf
        return self.measured / self.limit

    @property
    def of_line(self) -> bool:
        """Whether it speaks of the line in front of everything."""
        return self.asks in (Asks.WAIT, Asks.NEVER_LET_IN, Asks.LEFT)

    @property
    def found(self) -> str:
        """What was measured, as people read it."""
        return words.bound(self.measured, self.unit, open_=self.open)

    @property
    def asked(self) -> str:
        """What is allowed, as people write it."""
        return words.figure(self.limit, self.unit)

    def __str__(self) -> str:
        """The figure against its objective."""
        if self.unit == "s" and math.isinf(self.measured):
            return f"{self.name}: {self._unserved} never finish (objective {self.asked})"
        return f"{self.name} {self.found} (objective {self.asked})"

    @property
    def _unserved(self) -> str:
        """How many lie beyond the quantile that the name ends in, as "p95"."""
        beyond = 100.0 - float(self.name.rpartition("p")[2])
        return f"more than {beyond:.6g} %"


def conclusion(criteria: Iterable[Criterion]) -> Outcome:
    """A failure decides; without one, whatever cannot be judged does."""
    outcomes = {criterion.outcome for criterion in criteria}
    for decisive in (Outcome.FAILS, Outcome.INCONCLUSIVE, Outcome.HOLDS):
        if decisive in outcomes:
            return decisive
    return Outcome.INCONCLUSIVE


def judge_objectives(
    objectives: Objectives,
    summary: Summary,
    forgotten: int | None = 0,
    *,
    closes: bool = True,
) -> tuple[Criterion, ...]:
    """Every objective against one Summary, and the floor (:func:`floor_of`) where it is not kept.

    ``forgotten`` is None where nobody knows how many were; nobody can be in a prediction: there every
    visit has a fate by construction. ``closes``: whether the line closes for good at the end of the
    Summary, as that of a launch does. That of a rehearsal goes on: who still stands in it may yet be
    let in.
    """
    floor = floor_of(objectives, summary, closes=closes)
    kept = floor.outcome is Outcome.HOLDS
    return (
        *judge_asked(objectives, summary, forgotten, closes=closes),
        *(() if kept else (floor,)),
    )


def judge_asked(
    objectives: Objectives, summary: Summary, forgotten: int | None = 0, *, closes: bool = True
) -> tuple[Criterion, ...]:
    """What the file asks, and nothing else; as many criteria for every Summary."""
    several, line = len(objectives.journeys) > 1, objectives.line
    found = [
        criterion
        for asked in objectives.journeys
        for criterion in _of_journey(asked, summary, several=several)
    ]
    found.extend(_wait(quantile, limit, summary) for quantile, limit in line.wait_quantiles_ns)
    if line.never_let_in is not None:
        read = never_let_in(closes=closes)
        found.append(_of_line(Asks.NEVER_LET_IN, line.never_let_in, read(summary)))
    if line.left is not None:
        found.append(_of_line(Asks.LEFT, line.left, left(closes=closes)(summary)))
    if line.forgotten is not None:
        found.append(_forgotten(line.forgotten, forgotten))
    return tuple(found)


def _of_journey(asked: JourneyObjective, summary: Summary, *, several: bool) -> list[Criterion]:
    journey = summary.layout.journeys.index(asked.journey)
    found = [
        _quantile(
            f"{asked.journey} {words.quantile_name(quantile)}",
            limit_ns,
            response_of(journey, quantile)(summary),
            Asks.RESPONSE,
        )
        for quantile, limit_ns in asked.quantiles_ns
    ]
    if asked.errors is not None:
        name = f"{asked.journey} errors" if several else "errors"
        timeout = summary.layout.timeout_of_journey_ns[journey] < FOREVER
        found.append(_errors(name, asked.errors, errors_of(journey)(summary), timeout=timeout))
    return [replace(one, journey=asked.journey) for one in found]


def _quantile(name: str, limit_ns: int, reading: Reading, asks: Asks) -> Criterion:
    limit_s = limit_ns / NS_PER_S
    if not reading.enough:
        said = too_few(reading) if reading.samples else "nobody was let in"
        return _criterion(asks, name, limit_s, "s", reading, Outcome.INCONCLUSIVE, said)
    said = f"over {words.times(reading.samples, 'visit')}"
    outcome = against(limit_s, reading)
    if reading.open:
        said += ", not all of which had ended when all was over"
    return _criterion(asks, name, limit_s, "s", reading, outcome, said)


def against(limit: float, reading: Reading) -> Outcome:
    """What a figure that lies between two bounds says of its limit.

    It fails if even the least that it can be exceeds the limit, and holds only if the most that it
    can be is within.
    """
    if reading.value > limit:
        return Outcome.FAILS
    return Outcome.HOLDS if reading.most <= limit else Outcome.INCONCLUSIVE


def _criterion(
    asks: Asks, name: str, limit: float, unit: str, reading: Reading, outcome: Outcome, reason: str
) -> Criterion:
    """What holds is told by the most that it can be, all else by the least."""
    holds = outcome is Outcome.HOLDS
    value = reading.most if holds else reading.value
    return Criterion(
        kind=Kind.OBJECTIVE,
        asks=asks,
        name=name,
        limit=limit,
        measured=value if reading.enough else math.nan,
        unit=unit,
        outcome=outcome,
        reason=reason,
        open=reading.open and reading.enough and not holds,
    )


def _wait(quantile: float, limit_ns: int, summary: Summary) -> Criterion:
    name = f"wait {words.quantile_name(quantile)}"
    if summary.bins.joined.any():
        reading = quantile_of(lambda s: s.wait, quantile)(summary)
        return _quantile(name, limit_ns, reading, Asks.WAIT)
    return Criterion(
        kind=Kind.OBJECTIVE,
        asks=Asks.WAIT,
        name=name,
        limit=limit_ns / NS_PER_S,
        measured=math.nan,
        unit="s",
        outcome=Outcome.NOT_APPLICABLE,
        reason="there was no line",
    )


def _of_line(asks: Asks, limit: float, reading: Reading) -> Criterion:
    """A share of those who came to the line."""
    if not reading.samples:
        no_line = "there was no line"
        return _criterion(asks, str(asks), limit, "share", reading, Outcome.NOT_APPLICABLE, no_line)
    outcome, reason = against(limit, reading), f"of {reading.samples:,} in the line"
    if reading.open:
        waiting = words.count(reading.unseen)
        reason += f", {waiting} of whom still stood in it at the end"
    if outcome is Outcome.INCONCLUSIVE:
        reason += ": a longer rehearsal would tell"
    return _criterion(asks, str(asks), limit, "share", reading, outcome, reason)


def _errors(name: str, limit: float, reading: Reading, *, timeout: bool) -> Criterion:
    if not reading.samples:
        return _criterion(
            Asks.ERRORS, name, limit, "share", reading, Outcome.INCONCLUSIVE, "nobody was let in"
        )
    outcome, reason = against(limit, reading), f"of {reading.samples:,} let in"
    if reading.open:
        reason = f"{words.count(reading.unseen)} {reason} still had no answer at the end"
    if outcome is Outcome.INCONCLUSIVE:
        reason += f": {'a longer drain' if timeout else 'a client timeout'} would tell"
    return _criterion(Asks.ERRORS, name, limit, "share", reading, outcome, reason)


def floor_of(objectives: Objectives, summary: Summary, *, closes: bool = True) -> Criterion:
    """Nothing holds in which hardly anybody was served.

    Of those who came, at least half are served, whatever else is asked: readers, bots, and whoever
    is rightly refused have come as well. Those the generator did not send have not. Not counted are
    people of whom an objective of the file says how many there may be: with ``never_let_in`` those
    who came to the line and did not get in, with ``left`` those who lost patience, with the
    ``errors`` of a journey those let in on it who got nothing. Who may still be served after the
    end of what was seen makes the share an interval, as everywhere, and so does who still stands in
    line at the horizon: then it is nobody's failure yet, and no pass either. That half is enough, and
    not nine in ten, is a choice: below it most people would call the launch a failure.

    The same is asked of each of several journeys (:func:`_floors_of_journeys`): many who are served
    on one do not make up for those who are on another.
    """
    whole = _floor_of_all(objectives, summary)
    if whole.outcome is not Outcome.HOLDS:
        return whole
    parts = _floors_of_journeys(objectives, summary, closes=closes)
    decided = conclusion(parts) if parts else Outcome.HOLDS
    return (
        whole if decided is Outcome.HOLDS else next(one for one in parts if one.outcome is decided)
    )


def _floor_of_all(objectives: Objectives, summary: Summary) -> Criterion:
    reading = not_served(objectives, summary, closes=False)
    if not reading.samples:
        return _criterion(
            Asks.NOT_SERVED,
            Asks.NOT_SERVED.value,
            FLOOR,
            "share",
            reading,
            Outcome.INCONCLUSIVE,
            "nobody came",
        )
    outcome = against(FLOOR, reading)
    served = int(summary.fates[Fate.SERVED])
    reason = (
        f"{served:,} of the {reading.samples:,} who came were served, and no objective allows so few:"
        f" {_allowance(summary)}"
    )
    return _criterion(
        Asks.NOT_SERVED, Asks.NOT_SERVED.value, FLOOR, "share", reading, outcome, reason
    )


def _floors_of_journeys(
    objectives: Objectives, summary: Summary, *, closes: bool
) -> list[Criterion]:
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
            found.append(_floor_of_journey(name, reading, outcome, summary))
    return found


def _floor_of_journey(name: str, reading: Reading, outcome: Outcome, summary: Summary) -> Criterion:
    number = summary.layout.journeys.index(name)
    served = int(summary.fates_of_journeys[number, Fate.SERVED])
    reason = (
        f"{served:,} of the {reading.samples:,} let in for {name} were served, and no objective"
        f" allows so few: if that is meant, write errors in [objectives.{name}]"
    )
    named = f"{name} {Asks.NOT_SERVED.value}"
    found = _criterion(Asks.NOT_SERVED, named, FLOOR, "share", reading, outcome, reason)
    return replace(found, journey=name)


def _allowance(summary: Summary) -> str:
    """How a file says that so few are enough: of those whom most of them were lost to."""
    lost_outside = int(summary.fates[list(KEPT_OUT)].sum())
    share = words.percent(lost_outside / max(1, summary.came_to_line))
    if lost_outside > int(summary.fates[[Fate.GAVE_UP, Fate.UNFINISHED]].sum()):
        return f"if that is meant, write never_let_in in [objectives.line] (here {share})"
    return "if that is meant, write errors in the objectives of the journey"


def _forgotten(limit: int, forgotten: int | None) -> Criterion:
    if forgotten is None:
        outcome, reason = Outcome.INCONCLUSIVE, "the replay was cut short"
    else:
        outcome = Outcome.HOLDS if forgotten <= limit else Outcome.FAILS
        reason = "no recorded outcome (giving up does not count)"
    return Criterion(
        kind=Kind.OBJECTIVE,
        asks=Asks.FORGOTTEN,
        name="forgotten",
        limit=float(limit),
        measured=math.nan if forgotten is None else float(forgotten),
        unit="",
        outcome=outcome,
        reason=reason,
    )


def too_few(reading: Reading) -> str:
    """The words for a figure that its samples do not carry."""
    return f"too few, {reading.samples:,} of {reading.needed:,}"


def too_few_launches(estimate: Estimate) -> str:
    """The words for the middle 95 % of launches that are too few to have one; else nothing."""
    if estimate.launches >= ENOUGH_LAUNCHES:
        return ""
    return f"too few, {estimate.launches:,} of {ENOUGH_LAUNCHES}"
