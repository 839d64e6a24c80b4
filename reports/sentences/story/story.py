"""Story: what happens in launches of one fate, and why.

Every figure is a mean over them (an instant: their median), read from their counts; where they differ
much, as under an uncertain demand, it is the range. What happens in some of them only is said of these.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reports.sentences import words
from reports.sentences.story.several import after, alike, among, sentence, since, spread
from reports.sentences.story.trouble import run_out
from simulator.advice.change.candidates import usual_first
from simulator.advice.why.crowd import Crowd
from simulator.advice.why.deadlock import holding_cycle
from simulator.advice.why.diagnosis import OUTSIDE, Diagnosis
from simulator.advice.why.ending import Ending
from simulator.outcomes.rows import Fate
from simulator.system.system import System
from simulator.units import NS_PER_S

OUTSIDE_TEXT = {
    Fate.TURNED_AWAY: "find the line full",
    Fate.BALKED: "find it too long",
    Fate.RENEGED: "lose patience",
    Fate.NO_SHOW: "do not come when called",
    Fate.WAITING: "still stand in line at the end",
    Fate.UNSENT: "are never sent",
}

Read = Callable[[Diagnosis], float]


@dataclass(frozen=True, slots=True)
class Story:
    """What can be said of launches of one fate."""

    system: System
    diagnoses: tuple[Diagnosis, ...]
    peaks: str = ""
    """How many are expected in the busiest windows; empty of launches that differ from the expected."""

    def lines(self, *, whole: bool = True) -> list[str]:
        """Eight at most; seven without the whole of it."""
        return [
            f"{self.demand()}.",
            *run_out(self.system, self.diagnoses),
            *self._line(),
            *(self._crowd() if whole else ()),
            self._outside(),
            self._inside(),
            *(list(self._standstill()) or self._ending()),
        ]

    def summary(self) -> str:
        """All of it in one line, without a full stop."""
        parts = [
            f"{self._come()}, {self._busiest()}",
            f"{self._spread(fate_of(Fate.SERVED))} are served",
        ]
        for read, text in ((fate_of(Fate.GAVE_UP), "give up"), (kept_out, "never get in")):
            if any(read(each) for each in self.diagnoses):
                parts.append(f"{self._spread(read)} {text}")
        return ", ".join(parts)

    def _come(self) -> str:
        count = self._spread(lambda each: each.arrivals)
        return f"{count} {words.people(count)} {'comes' if count == '1' else 'come'}"

    def _spread(self, read: Read, of: Sequence[Diagnosis] | None = None) -> str:
        """A mean count, or the range."""
        return spread([read(each) for each in (self.diagnoses if of is None else of)], words.count)

    def _of(self, part: int) -> str:
        """In how many launches, where it is not in all of them."""
        return among(part, len(self.diagnoses))

    def _highest(self, read: Read) -> str:
        """The mean of highest rates, or the highest of all, with the window in which it was reached."""
        rates = [read(each) for each in self.diagnoses]
        rate = words.rate(statistics.fmean(rates) if alike(rates) else max(rates))
        return f"{rate} within {words.duration(self.diagnoses[0].best_within_ns / NS_PER_S)}"

    def _busiest(self) -> str:
        """Of launches that differ, what was counted; what is expected is not theirs."""
        return f"up to {self._highest(lambda each: each.busiest_per_s)}"

    def demand(self) -> str:
        """Who comes and how many are served, without a full stop."""
        come = f": {self.peaks}" if self.peaks else f", {self._busiest()}"
        return (
            f"{self._come()}{come};"
            f" {self._spread(lambda each: each.good)} are served in time, at most"
            f" {self._highest(lambda each: each.best_per_s)}"
        )

    def _line(self) -> Iterator[str]:
        crowds = [each.line for each in self.diagnoses if each.line]
        if not crowds:
            if not self.system.has_line:
                yield "There is no line: everybody is let in at once."
            return
        began = [each.line_began_ns for each in self.diagnoses if each.line_began_ns is not None]
        lined, late = self._of(len(crowds)), self._of(len(began))
        said = f"{f'{lined} the' if lined else 'the'} line grows to {crowd_text(crowds)}."
        yield sentence(said) + (
            f" {sentence(f'{late} waits' if late else 'waits')} exceed the objective or people drop"
            f" out from {since(statistics.median(began) / NS_PER_S)} on."
            if began
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
        some = [each for each in self.diagnoses if kept_out(each)]
        if not some:
            return "Everybody gets in."
        part = self._of(len(some))
        shares = spread([kept_out(each) / each.arrivals for each in some], words.percent)
        said = f"{self._spread(kept_out, some)} never get in ({shares}): {self._why(some)}."
        return f"{sentence(part)} {said} In the others everybody does." if part else said

    def _why(self, some: Sequence[Diagnosis]) -> str:
        totals = {fate: sum(each.fates[fate] for each in some) for fate in OUTSIDE}
        if alike([float(kept_out(each)) for each in some]):
            means = {fate: total / len(some) for fate, total in totals.items() if total}
            return ", ".join(f"{words.count(m)} {OUTSIDE_TEXT[fate]}" for fate, m in means.items())
        by_size = sorted((fate for fate in totals if totals[fate]), key=lambda fate: -totals[fate])
        return ", ".join(OUTSIDE_TEXT[fate] for fate in by_size)

    def _inside(self) -> str:
        said = f"Of those let in {self._spread(fate_of(Fate.SERVED))} are served"
        give_up = [each for each in self.diagnoses if each.fates[Fate.GAVE_UP]]
        if len(give_up) in (0, len(self.diagnoses)):
            said += f", {self._spread(fate_of(Fate.GAVE_UP))} give up"
        else:
            part, people = self._of(len(give_up)), self._spread(fate_of(Fate.GAVE_UP), give_up)
            said += f"; {part} {people} give up, in the others nobody"
        left = [each for each in self.diagnoses if each.fates[Fate.UNFINISHED]]
        if left:
            part, people = self._of(len(left)), self._spread(fate_of(Fate.UNFINISHED), left)
            said += f", {f'{part} ' if part else ''}{people} are not done at the end"
        return f"{said}."

    def _standstill(self) -> Iterator[str]:
        instants = [each.deadlock_ns for each in self.diagnoses if each.deadlock_ns is not None]
        cycle = holding_cycle(self.system)
        if not cycle or not instants:
            return
        names = [self.system.stations[number].name for number in cycle]
        waits = [
            f"every server of {name} is held by work that waits for {after_it}"
            for name, after_it in zip(names, [*names[1:], names[0]], strict=True)
        ]
        when, part = after(statistics.median(instants) / NS_PER_S), self._of(len(instants))
        yield (
            f"Deadlock {when}{f' ({part})' if part else ''}: {', and '.join(waits)};"
            " nothing succeeds any more."
        )

    def _ending(self) -> Iterator[str]:
        lost = [each.ending for each in self.diagnoses if not each.ending.recovered]
        held = [ending for ending in lost if ending.metastable]
        if held:
            yield from self._metastable(held)
        elif lost:
            yield f"{self._at_the_end(lost)}."

    def _metastable(self, held: Sequence[Ending]) -> Iterator[str]:
        asked = spread([one.asked for one in held], words.percent)
        need = spread([one.need for one in held], words.percent)
        yield (
            f"{self._at_the_end(held)}: metastable, it does not recover by itself."
            f" Load is {need} of capacity, {asked} with retries."
        )

    def _at_the_end(self, lost: Sequence[Ending]) -> str:
        wanted = spread([one.wanted_per_s for one in lost], rate)
        good = spread([one.goodput_per_s for one in lost], rate)
        since, part = words.duration(lost[0].from_ns / NS_PER_S), self._of(len(lost))
        return sentence(
            f"{f'{part}, from' if part else 'from'} {since} to the end {wanted} are let in and"
            f" {good} served in time"
        )


def rate(per_s: float) -> str:
    return words.figure(per_s, "1/s")


def crowd_text(crowds: Sequence[Crowd]) -> str:
    """How many, when, and for how long."""
    peak = spread([float(crowd.peak) for crowd in crowds], words.count)
    when = after(statistics.median(crowd.peak_ns for crowd in crowds) / NS_PER_S)
    longest = spread([crowd.longest_ns / NS_PER_S for crowd in crowds], words.duration)
    if any(crowd.longest_open for crowd in crowds):
        longest = f"more than {longest}"
    return f"{peak} {words.people(peak)} ({when}); the longest wait is {longest}"


def fate_of(fate: Fate) -> Read:
    return lambda each: float(each.fates[fate])


def kept_out(diagnosis: Diagnosis) -> float:
    """How many never got in."""
    return float(sum(diagnosis.fates[fate] for fate in OUTSIDE))
