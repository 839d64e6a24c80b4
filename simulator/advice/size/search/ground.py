"""The ground of a search: places on the axes of knobs, and whether the launch holds there."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.advice.change.turn import Turn
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.search.judge import Judging
from simulator.advice.size.search.least import least, least_of_narrow
from simulator.advice.size.search.space import Places, Space, moved

ROUGH = 64
"""What costs nothing is found to one in so many of its places."""


@dataclass(kw_only=True)
class Ground:
    """What can be had, and who judges it."""

    space: Space
    judge: Judging
    start: Places
    """Where it begins to look along each axis."""

    def least(self, places: Places, number: int, *, high: int, start: int) -> int | None:
        """The least place of a knob, all others as they are, that is promising."""

        def passes(place: int) -> bool:
            return self.is_promising(moved(places, number, place))

        if self.is_narrow(number):
            return least_of_narrow(passes, low=0, high=high)
        fine = 1 if self.knob(number).bought else max(1, self.space.axes[number].last // ROUGH)
        return least(passes, low=0, high=high, start=start, fine=fine)

    def is_promising(self, places: Places) -> bool:
        return self.judge.promising(self.candidate(places))

    def is_likely(self, places: Places) -> bool:
        candidate = self.candidate(places)
        return self.judge.promising(candidate) and self.judge.likely(candidate)

    def candidate(self, places: Places) -> Candidate:
        return self.space.candidate(places)

    def knob(self, number: int) -> Knob:
        return self.space.knobs[number]

    def turn(self, number: int) -> Turn:
        return self.knob(number).tweak.turn

    def is_narrow(self, number: int) -> bool:
        """Whether too much of what is bought does harm as well."""
        knob = self.knob(number)
        return knob.tweak.slows and knob.bought
