"""The cheapest combination that holds.

With one knob it is the least value that holds. With several, each has a bound: the least value with
which the launch holds while all others are ample; below it nothing does, whatever else there is. The
search starts where all are at their bounds. If that holds, nothing is cheaper. If not, more is bought
where launches fail, ever more of it, until it holds; then each knob is lowered again as far as it goes,
the dearest first, and two are moved against one another as long as that saves anything.

What costs nothing (a rate of the line, a waiting room) is set first so that the least has to be bought:
the line as slow as its objectives bear; and when all is bought, so that the fewest are lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from simulator.advice.size.knobs import Candidate
from simulator.advice.size.search.free import PACES, ample, polished, slower, slowest
from simulator.advice.size.search.ground import Ground
from simulator.advice.size.search.space import Places, moved

GROWTHS = 40
"""So often more is bought where launches fail, before the search gives up and buys ample of all."""
ROUNDS = 3
"""So often all knobs are lowered one after the other."""
PAIR_STEPS = (1, 2, 4)
"""So many places one knob of a pair is lowered."""

Holds = Callable[[Candidate], bool]


@dataclass(kw_only=True)
class Search(Ground):
    """A search among combinations."""

    places_of: dict[int, str]
    """The place that each knob is about: a station's name, or "the line"."""
    bounds: dict[int, int] = field(default_factory=dict, init=False)
    """The least place of each knob that is bought with which all others, ample, hold."""

    def cheapest(self) -> Candidate | None:
        """The cheapest that is likely to hold; None: nothing in range was found to."""
        enough = ample(self)
        if enough is None:
            return None
        return self.candidate(self._ready(self._found(enough)))

    def _ready(self, found: Places) -> Places:
        """The same where it is ready; else with people let in a little more slowly, or with more bought."""
        tries = (found, *slower(self, found))
        if self.space.bought:
            for each in tries:
                if self.is_likely(each) and self.judge.ready(self.candidate(each)):
                    return each
        return self.grown(found, self.judge.ready) or found

    def _found(self, enough: Places) -> Places:
        """The cheapest that is likely to hold, with what costs nothing set for people."""
        if not self.space.bought:
            return polished(self, enough)
        base = slowest(self, enough)
        self._find_bounds(base)
        corner = base
        for number, bound in self.bounds.items():
            corner = moved(corner, number, bound)
        grown = self.grown(corner, self.judge.promising) or base
        found = self.paired(self.lowered(grown))
        found = polished(self, self.likely(found) or self.likely(base) or found)
        for _ in range(ROUNDS):
            # More people who are let in make a share of them that fails smaller: less may do.
            lower = self.lowered(found)
            if lower == found:
                break
            likely = self.likely(lower)
            if likely is None or self.space.cost(likely) >= self.space.cost(found):
                break
            found = polished(self, likely)
        return found

    def beyond(self, candidate: Candidate, place: str) -> Candidate | None:
        """The next one, after launches with this one failed at that place; None: there is none."""
        raised = self._raised(self.space.places(candidate), place, Counter())
        if raised is None:
            return None
        return self.candidate(self.grown(raised, self.judge.ready) or raised)

    # What is bought

    def _find_bounds(self, base: Places) -> None:
        for number in self.space.bought:
            start = self.start[number]
            found = self.least(base, number, high=base[number], start=start)
            self.bounds[number] = base[number] if found is None else found

    def grown(self, places: Places, holds: Holds) -> Places | None:
        """More of what launches fail for, until it holds; None: the range ends before."""
        steps: Counter[int] = Counter()
        fails: Places | None = None
        for _ in range(GROWTHS):
            candidate = self.candidate(places)
            if holds(candidate):
                return places if fails is None else self._back(fails, places, holds)
            raised = self._raised(places, self.judge.at_fault(candidate), steps)
            if raised is None:
                return None
            fails, places = places, raised
        return None

    def _back(self, fails: Places, places: Places, holds: Holds) -> Places:
        """As far back to what fails as it still holds: the last step may have been too long."""
        while max(abs(high - low) for low, high in zip(fails, places, strict=True)) > 1:
            middle = tuple((low + high) // 2 for low, high in zip(fails, places, strict=True))
            if holds(self.candidate(middle)):
                places = middle
            else:
                fails = middle
        return places

    def _raised(self, places: Places, place: str, steps: Counter[int]) -> Places | None:
        """A step further, twice as long as the last, where it went wrong; None: there is no more."""
        numbers = self._below_last(places, self.that_help(place)) or self._below_last(
            places, self.space.bought
        )
        if not numbers:
            return None
        for number in numbers:
            further = places[number] + 2 ** steps[number]
            places = moved(places, number, min(self.space.axes[number].last, further))
            steps[number] += 1
        return places

    def that_help(self, place: str) -> list[int]:
        """The knobs that serve more at a place: what is bought there, or the pace of the line."""
        return [
            number
            for number, named in self.places_of.items()
            if named == place and (self.knob(number).bought or self.turn(number) in PACES)
        ]

    def _below_last(self, places: Places, numbers: list[int]) -> list[int]:
        return [number for number in numbers if places[number] < self.space.axes[number].last]

    def lowered(self, places: Places) -> Places:
        """Each knob as low as it goes, the dearest first, until none goes lower."""
        for _ in range(ROUNDS):
            before = places
            for number in self.space.bought:
                found = self.least(places, number, high=places[number], start=places[number])
                places = moved(places, number, places[number] if found is None else found)
            if places == before:
                break
        return places

    def paired(self, places: Places) -> Places:
        """Two knobs against one another, as long as that makes it cheaper."""
        while True:
            cheaper = next((each for each in self._pairs(places) if self.is_promising(each)), None)
            if cheaper is None:
                return places
            places = self.lowered(cheaper)

    def _pairs(self, places: Places) -> Iterator[Places]:
        """Less of one and, as far as it is cheaper still, more of another."""
        cost = self.space.cost(places)
        for less in self.space.bought:
            for more in self.space.bought:
                for down in PAIR_STEPS:
                    if less == more or places[less] < down:
                        continue
                    lower = moved(places, less, places[less] - down)
                    room = range(places[more] + 1, self.space.axes[more].last + 1)
                    higher = [
                        each
                        for place in room[: 4 * down]
                        if self.space.cost(each := moved(lower, more, place)) < cost
                    ]
                    if higher:
                        yield higher[-1]

    def likely(self, places: Places) -> Places | None:
        """The same, or as much more as it takes to hold in many launches."""
        return self.grown(places, self.judge.likely)
