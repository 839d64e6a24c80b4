"""Explanation: what happens in a launch and why, in ten lines for whoever plans it.

Launches that do not hold are told apart from the others: a mean of both would describe neither. What
took the most is what did so in most launches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports.sentences import words
from reports.sentences.change import remedy_text
from reports.sentences.story.story import Story
from simulator.advice.change.candidates import line_at_fault, usual_first
from simulator.advice.change.remedy import Prescription, Remedy
from simulator.advice.change.toll import Toll
from simulator.advice.why.diagnosis import Diagnosis
from simulator.system.capacity import Supply
from simulator.system.system import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What can be said of the launches of one plan."""

    system: System
    diagnoses: tuple[Diagnosis, ...]
    failing: tuple[bool, ...] = ()
    """Which of them do not hold; empty: nobody asked."""
    searched: bool
    """Whether a remedy was looked for: the launch is predicted not to hold."""
    peaks: str = ""
    """How many come in the busiest windows, as :func:`simulator.plan.peaks.in_words` says it."""
    remedy: Remedy | None = None
    """The smallest single change that would have held."""
    others: tuple[Remedy, ...] = ()
    """Changes of another kind that would have held as well."""
    tried: int = 1
    """How many things were turned in search of one."""
    ran_out: bool = False
    """Whether the search ended before all of them had been tried in every size."""
    tolerated: Toll | None = None
    """What a change might cost people in the line."""

    @property
    def prescription(self) -> Prescription:
        """What would have held, as it was found."""
        return Prescription(
            remedy=self.remedy,
            others=self.others,
            tried=self.tried if self.searched else 0,
            ran_out=self.ran_out,
            tolerated=self.tolerated,
        )

    @property
    def mixed(self) -> bool:
        """Whether some launches fail, and others do not."""
        return any(self.failing) and not all(self.failing)

    @property
    def lines(self) -> list[str]:
        """Ten at most."""
        if not self.mixed:
            return [*Story(self.system, self.diagnoses, self.peaks).lines(), *self._change()]
        return [self._good(), *self._bad(), *self._change()]

    @property
    def told(self) -> tuple[Diagnosis, ...]:
        """Of which launches most is told: of those that do not hold, where there are any."""
        return self._part(failing=True).diagnoses if self.mixed else self.diagnoses

    def _part(self, *, failing: bool) -> Story:
        pairs = zip(self.diagnoses, self.failing, strict=True)
        return Story(self.system, tuple(each for each, fails in pairs if fails is failing))

    def _good(self) -> str:
        story = self._part(failing=False)
        of = words.times(len(self.diagnoses), "launch")
        return f"In {len(story.diagnoses):,} of {of} nothing breaks: {story.summary()}."

    def _bad(self) -> list[str]:
        story = self._part(failing=True)
        first, *others = story.lines(whole=False)
        many = f"In {len(story.diagnoses):,} of {words.times(len(self.diagnoses), 'launch')}"
        return [f"{many}, which do not hold and are described from here on: {first}", *others]

    @property
    def heading(self) -> str:
        """What the lines are about."""
        launches = words.times(len(self.diagnoses), "launch")
        if not self.mixed:
            return f"what happens, predicted (mean of {launches})"
        return f"what happens, predicted ({launches}, of which {sum(self.failing):,} do not hold)"

    @property
    def smallest_change(self) -> str:
        """For the verdict: what would have held, or what alone can help; empty where nobody knows."""
        found = [remedy for remedy in (self.remedy, *self.others) if remedy]
        if found:
            return f"smallest change that holds: {remedy_text(found[0], self.system)}"
        first, _ = usual_first(self.told)
        if first and not line_at_fault(self.told) and first.supply is Supply.TIME:
            slow = self.system.stations[first.cause].name
            return f"try first: a faster {slow}, or more time for it (more servers do not help)"
        return ""

    def _change(self) -> Iterator[str]:
        if not self.searched:
            return
        if not self.remedy and not self.others:
            yield self._none()
            return
        allowed = self._allowed()
        if self.remedy:
            said = f"Smallest single change that holds: {remedy_text(self.remedy, self.system)}."
            yield said + ("" if self.others else allowed)
        if self.others:
            said = "; or ".join(remedy_text(one, self.system) for one in self.others)
            yield f"{'Or' if self.remedy else 'What holds:'} {said}.{allowed}"

    def _none(self) -> str:
        if not self.tried:
            return "No change was tried: no station ran out, and no line held people up."
        if self.ran_out:
            return (
                "No single change was found that holds; the search ended before every size was"
                f" tried.{self._allowed()}"
            )
        return f"No single change that was tried would have held.{self._allowed()}"

    def _allowed(self) -> str:
        """What a change may cost where there is a line, or one was tried."""
        if self.tolerated is None:
            return ""
        return (
            f" (A change counts only if at most {words.percent(self.tolerated.never_let_in)} never"
            f" get in and {words.percent(self.tolerated.left)} leave the line.)"
        )
