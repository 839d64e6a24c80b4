"""What costs nothing, as a rate of the line or a waiting room: set so that the least has to be bought, or fewest are lost."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.advice.change.turn import Turn
from simulator.advice.size.search.ground import Ground
from simulator.advice.size.search.space import Places, moved, spread

PACES = {Turn.RELEASE, Turn.BATCH, Turn.SLOTS, Turn.PER_MINUTE}
"""More of these lets people in faster."""
LOOKS = 7
"""In so many places what costs nothing is tried."""
SLOWER = (0.95, 0.9, 0.8)
"""Of a pace that many launches bear and the most do not."""


def ample(ground: Ground) -> Places | None:
    """As much as can be bought, with what costs nothing set so that it holds; None: it never does."""
    places = at_most(ground, ground.start)
    if ground.is_promising(places):
        return places
    return next((each for each in settings(ground, places) if ground.is_promising(each)), None)


def at_most(ground: Ground, places: Places) -> Places:
    """As much as can be bought, and people let in as fast as they can be; all else as it is."""
    paces = [number for number in ground.space.set if ground.turn(number) in PACES]
    for number in [*ground.space.bought, *paces]:
        places = moved(places, number, ground.space.axes[number].last)
    return places


def settings(ground: Ground, places: Places) -> Iterator[Places]:
    """Everything else at other places: each alone, then all of them."""
    free = [*ground.space.set, *(n for n in ground.space.bought if ground.is_narrow(n))]
    for number in free:
        for place in spread(0, ground.space.axes[number].last, LOOKS):
            yield moved(places, number, place)
    for share in spread(0, 4, 5):
        both = places
        for number in free:
            both = moved(both, number, ground.space.axes[number].last * share // 4)
        yield both


def slowest(ground: Ground, enough: Places) -> Places:
    """People let in as slowly as holds: so the least has to be bought."""
    for number in ground.space.set:
        if ground.space.knobs[number].tweak.turn in PACES:
            start = ground.start[number]
            found = ground.least(enough, number, high=enough[number], start=start)
            enough = moved(enough, number, enough[number] if found is None else found)
    return enough


def slower(ground: Ground, places: Places) -> Iterator[Places]:
    """People let in a little more slowly."""
    for number in ground.space.set:
        if ground.turn(number) in PACES:
            axis, here = ground.space.axes[number], places[number]
            paces = dict.fromkeys(axis.nearest(axis.values[here] * share) for share in SLOWER)
            yield from (moved(places, number, each) for each in paces if each < here)


def polished(ground: Ground, places: Places) -> Places:
    """What costs nothing set so that fewer are lost, they wait less, and less is changed."""
    for number in ground.space.set:
        looks = [each for each in looks_of(ground, places, number) if ground.is_promising(each)]
        for each in best_first(ground, [*looks, places]):
            if each == places or ground.is_likely(each):
                places = each
                break
    return places


def looks_of(ground: Ground, places: Places, number: int) -> Iterator[Places]:
    """Other places of one knob, if anybody is lost or waits, or it is not as it was."""
    axis, here = ground.space.axes[number], places[number]
    now = axis.nearest(ground.knob(number).now)
    looks = {now}
    tried = ground.judge.tried(ground.candidate(places))
    if tried.lost or tried.wait_p95_s:
        if ground.turn(number) in PACES:
            looks |= {here + 1, here + 4, *spread(here, axis.last, LOOKS)}
        else:
            looks |= {axis.nearest(axis.values[here] * factor) for factor in (0.5, 2.0)}
    yield from (
        moved(places, number, place) for place in sorted(looks - {here}) if 0 <= place <= axis.last
    )


def best_first(ground: Ground, found: list[Places]) -> list[Places]:
    """By what they cost people in the launches that all of them were played in, then by the change."""
    trials = {each: ground.judge.tried(ground.candidate(each)) for each in found}
    common = set.intersection(*({t.launch for t in tried.trials} for tried in trials.values()))

    def worth(each: Places) -> tuple[float, float, float]:
        tried = trials[each].in_launches(common)
        return round(tried.lost_share, 3), felt(tried.wait_p95_s), ground.space.change(each)

    return sorted(found, key=worth)


def felt(wait_s: float) -> float:
    """A wait as people tell it from another: not below a second, and above it to a twentieth."""
    return wait_s if math.isinf(wait_s) else float(round(20 * math.log(max(1.0, wait_s))))
