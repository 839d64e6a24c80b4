"""Explanation: what happens in a launch and why, in ten lines for whoever plans it.

Every figure is a mean over the simulated launches (an instant: their median), read from their
counts. What ran out first is what did so in most launches.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reports import words
from reports.remedy_text import remedy_text
from simulator.candidates import usual_first
from simulator.capacity import Supply
from simulator.crowd import Crowd
from simulator.deadlock import holding_cycle
from simulator.diagnosis import OUTSIDE, Diagnosis
from simulator.outcomes import Fate
from simulator.quantities import NS_PER_S
from simulator.remedy import Remedy
from simulator.system import System
from simulator.system_line import Policy
from simulator.trouble import Sign, Trouble

OUTSIDE_TEXT = {
    Fate.TURNED_AWAY: "find the line full",
    Fate.BALKED: "find it too long",
    Fate.RENEGED: "lose patience",
    Fate.NO_SHOW: "do not come when called",
    Fate.WAITING: "still stand in line at the end",
    Fate.UNSENT: "are never sent",
}
SIGN_TEXT = {
    Sign.TURNED_AWAY: "attempts are turned away",
    Sign.TIMED_OUT: "answers come later than clients wait for them",
    Sign.FAILED: "attempts break",
    Sign.LATE: "answers come later than the objective allows",
}

SUPPLY_TEXT = {
    Supply.SERVERS: "the servers of",
    Supply.CORES: "the cores of",
    Supply.TOKENS: "the quota of",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What can be said of the launches of one plan."""

    system: System
    diagnoses: tuple[Diagnosis, ...]
    searched: bool
    """Whether a remedy was looked for: the launch is predicted not to hold."""
    peaks: str = ""
    """How many come in the busiest windows, as :func:`simulator.peaks.in_words` says it."""
    remedy: Remedy | None = None
    """The smallest single change that would have held."""
    others: tuple[Remedy, ...] = ()
    """Changes of another kind that would have held as well."""

    @property
    def lines(self) -> list[str]:
        """Ten at most."""
        return [
            self._demand(),
            *self._first(),
            *self._line(),
            *self._crowd(),
            self._outside(),
            self._inside(),
            *(list(self._standstill()) or self._ending()),
            *self._change(),
        ]

    @property
    def heading(self) -> str:
        """What the lines are about."""
        return f"what happens, predicted (mean of {words.times(len(self.diagnoses), 'launch')})"

    @property
    def smallest_change(self) -> str:
        """For the verdict: what would have held; empty where it was not found."""
        found = [remedy for remedy in (self.remedy, *self.others) if remedy]
        return f"smallest change that holds: {remedy_text(found[0], self.system)}" if found else ""

    def _mean(self, read: Callable[[Diagnosis], float]) -> float:
        return statistics.fmean(read(each) for each in self.diagnoses)

    def _count(self, read: Callable[[Diagnosis], float]) -> str:
        return words.count(self._mean(read))

    def _demand(self) -> str:
        best = words.rate(self._mean(lambda each: each.best_per_s))
        within = words.duration(self.diagnoses[0].best_within_ns / NS_PER_S)
        come = f": {self.peaks}" if self.peaks else ""
        return (
            f"{self._count(lambda each: each.arrivals)} people come{come};"
            f" {self._count(lambda each: each.good)} are served in time, at most {best} within {within}."
        )

    def _first(self) -> Iterator[str]:
        first, launches = usual_first(self.diagnoses)
        if first is None:
            if all(each.line_began_ns is None for each in self.diagnoses):
                yield "No station runs out."
            return
        of = words.times(len(self.diagnoses), "launch")
        share = words.percent(round(self._mean(lambda each: share_at(each, first.station)), 3))
        yield (
            f"First to run out: {self._supply(first)}, {after(first.began_ns / NS_PER_S)}"
            f" (in {launches:,} of {of}). {self._sign(first)}; {share} of all attempts that fail or"
            " come late do so there."
        )
        yield from self._second(first)

    def _second(self, first: Trouble) -> Iterator[str]:
        """Another station, where most launches have trouble at one."""
        later = [
            next((one for one in each.troubles if one.station != first.station), None)
            for each in self.diagnoses
        ]
        known = sorted((one for one in later if one), key=lambda trouble: trouble.began_ns)
        if 2 * len(known) > len(later):
            second = known[len(known) // 2]
            name = self.system.stations[second.station].name
            yield f"Then {name}, {after(second.began_ns / NS_PER_S)}: {SIGN_TEXT[second.sign]}."

    def _supply(self, trouble: Trouble) -> str:
        name = self.system.stations[trouble.cause].name
        return f"{SUPPLY_TEXT[trouble.supply]} {name}" if trouble.supply else name

    def _sign(self, trouble: Trouble) -> str:
        said = SIGN_TEXT[trouble.sign]
        if trouble.cause != trouble.station:
            said += f" at {self.system.stations[trouble.station].name}, which needs it"
        return said[0].upper() + said[1:]

    def _line(self) -> Iterator[str]:
        crowds = [each.line for each in self.diagnoses if each.line]
        if not crowds:
            if self.system.waitlist.policy is Policy.OPEN:
                yield "There is no line: everybody is let in at once."
            return
        began = [each.line_began_ns for each in self.diagnoses if each.line_began_ns is not None]
        yield f"The line grows to {crowd_text(crowds)}." + (
            f" It keeps people out or too long {after(statistics.median(began) / NS_PER_S)}."
            if 2 * len(began) > len(self.diagnoses)
            else ""
        )

    def _crowd(self) -> Iterator[str]:
        first, _ = usual_first(self.diagnoses)
        if first is None:
            return
        crowds = [crowd for each in self.diagnoses if (crowd := each.crowds[first.station])]
        if crowds:
            name = self.system.stations[first.station].name
            yield f"Waiting at {name}: up to {crowd_text(crowds)}."

    def _outside(self) -> str:
        total = self._mean(lambda each: sum(each.fates[fate] for fate in OUTSIDE))
        if not total:
            return "Everybody gets in."
        share = words.percent(total / self._mean(lambda each: each.arrivals))
        means = {fate: self._mean(fate_of(fate)) for fate in OUTSIDE}
        parts = [
            f"{words.count(mean)} {OUTSIDE_TEXT[fate]}" for fate, mean in means.items() if mean
        ]
        return f"{words.count(total)} never get in ({share}): {', '.join(parts)}."

    def _inside(self) -> str:
        gave_up = self._count(fate_of(Fate.GAVE_UP))
        unfinished = self._mean(fate_of(Fate.UNFINISHED))
        left = f", {words.count(unfinished)} are not done at the end" if unfinished else ""
        return f"Of those let in {self._count(fate_of(Fate.SERVED))} are served, {gave_up} give up{left}."

    def _standstill(self) -> Iterator[str]:
        instants = [each.deadlock_ns for each in self.diagnoses if each.deadlock_ns is not None]
        cycle = holding_cycle(self.system)
        if not cycle or 2 * len(instants) <= len(self.diagnoses):
            return
        names = [self.system.stations[number].name for number in cycle]
        waits = [
            f"every server of {name} is held by work that waits for {after_it}"
            for name, after_it in zip(names, [*names[1:], names[0]], strict=True)
        ]
        when = after(statistics.median(instants) / NS_PER_S)
        yield f"Deadlock {when}: {', and '.join(waits)}; nothing succeeds any more."

    def _ending(self) -> Iterator[str]:
        endings = [each.ending for each in self.diagnoses]
        lost = [ending for ending in endings if not ending.recovered]
        if 2 * len(lost) <= len(endings):
            return
        wanted = words.figure(statistics.fmean(one.wanted_per_s for one in lost), "1/s")
        good = words.figure(statistics.fmean(one.goodput_per_s for one in lost), "1/s")
        since = words.duration(lost[0].from_ns / NS_PER_S)
        said = f"From {since} to the end {wanted} are let in and {good} served in time"
        if 2 * sum(one.metastable for one in lost) > len(lost):
            asked = words.percent(statistics.fmean(one.asked for one in lost))
            need = words.percent(statistics.fmean(one.need for one in lost))
            yield (
                f"{said}: metastable, it does not recover by itself. They need {need} of what there"
                f" is, and with all that is tried again {asked}."
            )
        else:
            yield f"{said}."

    def _change(self) -> Iterator[str]:
        if not self.searched:
            return
        if self.remedy:
            yield f"Smallest single change that holds: {remedy_text(self.remedy, self.system)}."
        elif not self.others:
            yield "No single change that was tried would have held."
        if self.others:
            said = "; or ".join(remedy_text(one, self.system) for one in self.others)
            yield f"{'Or' if self.remedy else 'What holds:'} {said}."


def after(seconds: float) -> str:
    """An instant, as people say it."""
    return f"{words.duration(seconds)} after the opening" if seconds else "at the opening"


def crowd_text(crowds: Sequence[Crowd]) -> str:
    """How many, when, and for how long."""
    peak = words.count(statistics.fmean(crowd.peak for crowd in crowds))
    when = after(statistics.median(crowd.peak_ns for crowd in crowds) / NS_PER_S)
    longest = words.duration(statistics.fmean(crowd.longest_ns for crowd in crowds) / NS_PER_S)
    return f"{peak} people ({when}); the longest wait is {longest}"


def fate_of(fate: Fate) -> Callable[[Diagnosis], float]:
    return lambda each: each.fates[fate]


def share_at(diagnosis: Diagnosis, station: int) -> float:
    """Which share of all bad attempts a station has."""
    return sum(one.share for one in diagnosis.troubles if one.station == station)
