"""Candidates: which single changes are worth simulating, after what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.capacity import visits_per_s
from simulator.diagnosis import Diagnosis
from simulator.launches import Prediction
from simulator.system import System
from simulator.trouble import Sign, Trouble
from simulator.tweak import Turn, Tweak, tweak_of_line, tweaks_of_people, tweaks_of_station

HARD_LAUNCHES = (0.80, 0.85, 0.90, 0.95, 0.98)
"""Of the launches in order of their arrivals, those at these shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Changes by more or less, and those of another kind."""

    sized: tuple[Tweak, ...] = ()
    """They can be compared by their size."""
    other: tuple[Tweak, ...] = ()
    """A line where there was none, a deadline where there was none: not more of something."""


def usual_first(diagnoses: Sequence[Diagnosis]) -> tuple[Trouble | None, int]:
    """Where it began in the most launches (one of these troubles), and in how many."""
    places = Counter(each.first and (each.first.cause, each.first.station) for each in diagnoses)
    (place, launches), *_ = places.most_common(1)
    same = [
        each.first
        for each in diagnoses
        if each.first and (each.first.cause, each.first.station) == place
    ]
    middle = sorted(same, key=lambda trouble: trouble.began_ns)
    return (middle[len(middle) // 2] if middle else None), launches


def candidates(
    system: System, diagnoses: Sequence[Diagnosis], prediction: Prediction
) -> Candidates:
    """What might have helped: at the station where it began, in the line, and by the people."""
    first, _ = usual_first(diagnoses)
    capacity_per_s = visits_per_s(system, prediction.launches[0].step_shares)
    if first is None:
        late = any(each.line_began_ns is not None for each in diagnoses)
        faster = tweak_of_line(system, capacity_per_s, faster=True) if late else None
        return Candidates(sized=(faster,) if faster else ())
    refuses = first.sign is Sign.TURNED_AWAY
    found = list(tweaks_of_station(system, first.cause, refuses=refuses))
    if first.station != first.cause:
        found += tweaks_of_station(system, first.station, refuses=refuses)
    slower = tweak_of_line(system, capacity_per_s, faster=False)
    found += [slower] if slower else []
    found += tweaks_of_people(system)
    other = {Turn.LINE, Turn.DEADLINE}
    return Candidates(
        sized=tuple(tweak for tweak in found if tweak.turn not in other),
        other=tuple(tweak for tweak in found if tweak.turn in other),
    )


def hard_launches(prediction: Prediction) -> list[int]:
    """A few launches with many arrivals: what holds for them holds for most."""
    arrivals = [summary.arrivals for summary in prediction.launches]
    order = sorted(range(len(arrivals)), key=lambda launch: (arrivals[launch], launch))
    ranks = {int(share * (len(order) - 1)) for share in HARD_LAUNCHES}
    return [order[rank] for rank in sorted(ranks, reverse=True)]
