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

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from simulator.advice.change.turn import Turn
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.search.judge import Judging
from simulator.advice.size.search.least import least, least_of_narrow
from simulator.advice.size.search.space import Places, Space, moved, spread

PACES = {Turn.RELEASE, Turn.BATCH, Turn.SLOTS, Turn.PER_MINUTE}
"""More of these lets people in faster."""
LOOKS = 7
"""In so many places what costs nothing is tried."""
GROWTHS = 40
"""So often more is bought where launches fail, before the search gives up and buys ample of all."""
ROUGH = 64
"""What costs nothing is found to one in so many of its places."""
ROUNDS = 3
"""So often all knobs are lowered one after the other."""
SLOWER = (0.95, 0.9, 0.8)
"""Of a pace that many launches bear and the most do not."""
PAIR_STEPS = (1, 2, 4)
"""So many places one knob of a pair is lowered."""

Holds = Callable[[Candidate], bool]


@dataclass(kw_only=True)
class Search:
    """A search among combinations."""

    space: Space
    judge: Judging
    start: Places
    """Where it begins to look along each axis."""
    places_of: dict[int, str]
    """The place that each knob is about: a station's name, or "the line"."""
    bounds: dict[int, int] = field(default_factory=dict, init=False)
    """The least place of each knob that is bought with which all others, ample, hold."""

    def cheapest(self) -> Candidate | None:
        """The cheapest that is likely to hold; None: nothing in range was found to."""
        ample = self.ample()
        if ample is None:
            return None
        return self._candidate(self._ready(self._found(ample)))

    def _ready(self, found: Places) -> Places:
        """The same where it is ready; else with people let in a little more slowly, or with more bought."""
        tries = (found, *self._slower(found))
        if self.space.bought:
            for each in tries:
                if self._likely(each) and self.judge.ready(self._candidate(each)):
                    return each
        return self.grown(found, self.judge.ready) or found

    def _slower(self, places: Places) -> Iterator[Places]:
        for number in self.space.set:
            if self._turn(number) in PACES:
                axis, value = (
                    self.space.axes[number],
                    self.space.axes[number].values[places[number]],
                )
                slower = dict.fromkeys(axis.nearest(value * share) for share in SLOWER)
                yield from (moved(places, number, each) for each in slower if each < places[number])

    def _found(self, ample: Places) -> Places:
        """The cheapest that is likely to hold, with what costs nothing set for people."""
        if not self.space.bought:
            return self.polished(ample)
        base = self._slowest(ample)
        self._find_bounds(base)
        corner = base
        for number, bound in self.bounds.items():
            corner = moved(corner, number, bound)
        grown = self.grown(corner, self.judge.promising) or base
        found = self.paired(self.lowered(grown))
        found = self.polished(self.likely(found) or self.likely(base) or found)
        for _ in range(ROUNDS):
            # More people who are let in make a share of them that fails smaller: less may do.
            lower = self.lowered(found)
            if lower == found:
                break
            likely = self.likely(lower)
            if likely is None or self.space.cost(likely) >= self.space.cost(found):
                break
            found = self.polished(likely)
        return found

    def beyond(self, candidate: Candidate, place: str) -> Candidate | None:
        """The next one, after launches with this one failed at that place; None: there is none."""
        raised = self._raised(self.space.places(candidate), place, Counter())
        if raised is None:
            return None
        return self._candidate(self.grown(raised, self.judge.ready) or raised)

    # Enough of everything

    def ample(self) -> Places | None:
        """As much as can be bought, with what costs nothing set so that it holds; None: it never does."""
        places = self.at_most(self.start)
        if self._promising(places):
            return places
        return next((each for each in self._settings(places) if self._promising(each)), None)

    def at_most(self, places: Places) -> Places:
        """As much as can be bought, and people let in as fast as they can be; all else as it is."""
        paces = [number for number in self.space.set if self._turn(number) in PACES]
        for number in [*self.space.bought, *paces]:
            places = moved(places, number, self.space.axes[number].last)
        return places

    def _settings(self, places: Places) -> Iterator[Places]:
        """Everything else at other places: each alone, then all of them."""
        free = [*self.space.set, *(n for n in self.space.bought if self._narrow(n))]
        for number in free:
            for place in spread(0, self.space.axes[number].last, LOOKS):
                yield moved(places, number, place)
        for share in spread(0, 4, 5):
            both = places
            for number in free:
                both = moved(both, number, self.space.axes[number].last * share // 4)
            yield both

    def _slowest(self, ample: Places) -> Places:
        """People let in as slowly as holds: so the least has to be bought."""
        for number in self.space.set:
            if self.space.knobs[number].tweak.turn in PACES:
                start = self.start[number]
                found = self._least(ample, number, low=0, high=ample[number], start=start)
                ample = moved(ample, number, ample[number] if found is None else found)
        return ample

    # What is bought

    def _find_bounds(self, base: Places) -> None:
        for number in self.space.bought:
            start = self.start[number]
            found = self._least(base, number, low=0, high=base[number], start=start)
            self.bounds[number] = base[number] if found is None else found

    def grown(self, places: Places, holds: Holds) -> Places | None:
        """More of what launches fail for, until it holds; None: the range ends before."""
        steps: Counter[int] = Counter()
        fails: Places | None = None
        for _ in range(GROWTHS):
            candidate = self._candidate(places)
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
            if holds(self._candidate(middle)):
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
            if named == place and (self._knob(number).bought or self._turn(number) in PACES)
        ]

    def _below_last(self, places: Places, numbers: list[int]) -> list[int]:
        return [number for number in numbers if places[number] < self.space.axes[number].last]

    def lowered(self, places: Places) -> Places:
        """Each knob as low as it goes, the dearest first, until none goes lower."""
        for _ in range(ROUNDS):
            before = places
            for number in self.space.bought:
                found = self._least(
                    places, number, low=0, high=places[number], start=places[number]
                )
                places = moved(places, number, places[number] if found is None else found)
            if places == before:
                break
        return places

    def paired(self, places: Places) -> Places:
        """Two knobs against one another, as long as that makes it cheaper."""
        while True:
            cheaper = next((each for each in self._pairs(places) if self._promising(each)), None)
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

    # What costs nothing

    def polished(self, places: Places) -> Places:
        """What costs nothing set so that fewer are lost, they wait less, and less is changed."""
        for number in self.space.set:
            looks = [each for each in self._looks(places, number) if self._promising(each)]
            for each in self._best_first([*looks, places]):
                if each == places or self._likely(each):
                    places = each
                    break
        return places

    def _looks(self, places: Places, number: int) -> Iterator[Places]:
        """Other places of one knob, if anybody is lost or waits, or it is not as it was."""
        axis, here = self.space.axes[number], places[number]
        now = axis.nearest(self._knob(number).now)
        looks = {now}
        tried = self.judge.tried(self._candidate(places))
        if tried.lost or tried.wait_p95_s:
            if self._turn(number) in PACES:
                looks |= {here + 1, here + 4, *spread(here, axis.last, LOOKS)}
            else:
                looks |= {axis.nearest(axis.values[here] * factor) for factor in (0.5, 2.0)}
        yield from (
            moved(places, number, place)
            for place in sorted(looks - {here})
            if 0 <= place <= axis.last
        )

    def _best_first(self, found: list[Places]) -> list[Places]:
        """By what they cost people in the launches that all of them were played in, then by the change."""
        trials = {each: self.judge.tried(self._candidate(each)) for each in found}
        common = set.intersection(*({t.launch for t in tried.trials} for tried in trials.values()))

        def worth(each: Places) -> tuple[float, float, float]:
            tried = trials[each].in_launches(common)
            return round(tried.lost_share, 3), felt(tried.wait_p95_s), self.space.change(each)

        return sorted(found, key=worth)

    # Shorthands

    def _least(self, places: Places, number: int, *, low: int, high: int, start: int) -> int | None:
        def passes(place: int) -> bool:
            return self._promising(moved(places, number, place))

        if self._narrow(number):
            return least_of_narrow(passes, low=low, high=high)
        fine = 1 if self._knob(number).bought else max(1, self.space.axes[number].last // ROUGH)
        return least(passes, low=low, high=high, start=start, fine=fine)

    def _promising(self, places: Places) -> bool:
        return self.judge.promising(self._candidate(places))

    def _likely(self, places: Places) -> bool:
        candidate = self._candidate(places)
        return self.judge.promising(candidate) and self.judge.likely(candidate)

    def _candidate(self, places: Places) -> Candidate:
        return self.space.candidate(places)

    def _knob(self, number: int) -> Knob:
        return self.space.knobs[number]

    def _turn(self, number: int) -> Turn:
        return self._knob(number).tweak.turn

    def _narrow(self, number: int) -> bool:
        tweak = self._knob(number).tweak
        return tweak.slows and self._knob(number).bought


def felt(wait_s: float) -> float:
    """A wait as people tell it from another: not below a second, and above it to a twentieth."""
    return wait_s if math.isinf(wait_s) else float(round(20 * math.log(max(1.0, wait_s))))
