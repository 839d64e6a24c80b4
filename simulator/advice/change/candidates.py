"""Candidates: which single changes are worth simulating, after what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.advice.change.offered import (
    tweak_of_line,
    tweaks_of_faster_line,
    tweaks_of_people,
    tweaks_of_station,
)
from simulator.advice.change.turn import AT_ONCE, OF_CAPACITY, Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.why.diagnosis import Diagnosis
from simulator.advice.why.trouble import Sign, Trouble
from simulator.plan.launches import Prediction
from simulator.system.capacity import Supply, scarcest, visits_per_s
from simulator.system.line import Feedback, Slots
from simulator.system.system import System

HARD_LAUNCHES = (0.80, 0.85, 0.90, 0.95)
"""Of the launches in order of their arrivals, those at these shares, beside the hardest that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Changes by more or less, and those of another kind."""

    sized: tuple[Tweak, ...] = ()
    """They can be compared by their size."""
    other: tuple[Tweak, ...] = ()
    """Not more of the same: a line or a deadline where there was none, servers instead of another
    release. Each is looked for by itself."""


def usual_first(diagnoses: Sequence[Diagnosis]) -> tuple[Trouble | None, int]:
    """What took the most in the most launches (one of these troubles), and in how many.

    None where no launch had trouble at a station.
    """
    known = [each.first for each in diagnoses if each.first]
    if not known:
        return None, len(diagnoses)
    places = Counter((trouble.cause, trouble.station) for trouble in known)
    (place, launches), *_ = places.most_common(1)
    same = [trouble for trouble in known if (trouble.cause, trouble.station) == place]
    sign = _usual_sign(same)
    middle = sorted((one for one in same if one.sign is sign), key=lambda one: one.began_ns)
    return middle[len(middle) // 2], launches


def _usual_sign(same: Sequence[Trouble]) -> Sign:
    """In the most launches; of those in as many, what took the most attempts in them all."""
    launches = Counter(trouble.sign for trouble in same)
    taken: Counter[Sign] = Counter()
    for trouble in same:
        taken[trouble.sign] += trouble.attempts
    return max(launches, key=lambda sign: (launches[sign], taken[sign]))


def candidates(
    system: System, diagnoses: Sequence[Diagnosis], prediction: Prediction
) -> Candidates:
    """What might have helped: at the station that took the most, in the line, and by the people.

    The diagnoses are those of the launches that do not hold.
    """
    shares = prediction.launches[0].step_shares
    capacity_per_s = visits_per_s(system, shares)
    first, launches = usual_first(diagnoses)
    late = line_at_fault(diagnoses)
    if late and 2 * launches < len(diagnoses):
        first = None  # in most of them it is the line
    found = list(_of_trouble(system, first, capacity_per_s)) if first else []
    faster = list(tweaks_of_faster_line(system, capacity_per_s)) if late else []
    serving = list(_serving(system, shares)) if late else []
    if first:
        found = list(dict.fromkeys([*found, *faster, *serving]))
        return _apart(found, apart={Turn.LINE, *AT_ONCE})
    # Letting people in faster and serving more of them are two ways; a planner chooses.
    return _apart([*faster, *serving], apart={*OF_CAPACITY, *AT_ONCE})


def line_at_fault(diagnoses: Sequence[Diagnosis]) -> bool:
    """Whether the line kept people out, or too long."""
    return any(each.line_began_ns is not None for each in diagnoses)


def _apart(found: Sequence[Tweak], *, apart: set[Turn]) -> Candidates:
    return Candidates(
        sized=tuple(tweak for tweak in found if tweak.turn not in apart),
        other=tuple(tweak for tweak in found if tweak.turn in apart),
    )


def _of_trouble(system: System, first: Trouble, capacity_per_s: float) -> Iterator[Tweak]:
    """Where a station took the most: more of it, fewer people at a time, and other clients."""
    if first.supply is Supply.TIME:
        yield from tweaks_of_people(system)
        return
    refuses = first.sign is Sign.TURNED_AWAY
    yield from tweaks_of_station(system, first.cause, refuses=refuses)
    if first.station != first.cause:
        yield from tweaks_of_station(system, first.station, refuses=refuses)
    slower = tweak_of_line(system, capacity_per_s, faster=False)
    if slower:
        yield slower
    yield from tweaks_of_people(system)


def _serving(system: System, shares: Sequence[float]) -> Iterator[Tweak]:
    """More at the slowest stations, where the line is let in by what they serve."""
    line = system.waitlist
    if line.follows is None and not isinstance(line.release, Slots | Feedback):
        return
    for station in scarcest(system, line.follows.mixes if line.follows else [shares]):
        for tweak in tweaks_of_station(system, station, refuses=False):
            if tweak.turn in OF_CAPACITY:
                yield tweak


def hard_launches(prediction: Prediction, spare: int = 0) -> list[int]:
    """A few launches with many arrivals, the easiest first: what holds for them holds for most.

    The last of them is the hardest but ``spare``, as many as need not hold. Where demand is
    uncertain it may be a thousand times as large as another: what fails already in those that are
    smaller is not tried there.
    """
    arrivals = [summary.arrivals for summary in prediction.launches]
    order = sorted(range(len(arrivals)), key=lambda launch: (arrivals[launch], launch))
    hardest = max(0, len(order) - 1 - spare)
    ranks = {hardest, *(int(share * hardest) for share in HARD_LAUNCHES)}
    return [order[rank] for rank in sorted(ranks)]
