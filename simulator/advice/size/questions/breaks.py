"""What breaks first, second, third: each mended, then the next.

The demand rises, or falls, to where the system just does not hold any more: there the weakest place
shows, and not whatever takes the most once everything is overrun. The knob that is at fault is turned
by the smallest step that mends this one place, and the demand rises again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.advice.size.answers.cases import Break
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.player import THE_LINE, Player
from simulator.advice.size.questions.aids.faults import (
    Fault,
    Turning,
    begins_ns,
    fault_of,
    mended,
)
from simulator.advice.size.questions.aids.few import Few
from simulator.advice.size.questions.aids.steps import border, outward
from simulator.advice.size.questions.aids.worlds import Sized
from simulator.advice.size.questions.headroom import bounds

FINENESS = 1.1
"""A factor of the demand is found to a tenth: what is asked is the order, and about when."""
TOLD = 3
MOST = 6
"""So often something is mended, at most; where today's demand is not borne, all of it may be told."""
KNOBS_TRIED = 2
"""At a station that has several: the likeliest, and another one."""
BEYOND = 2.0
"""What breaks beyond today's demand is mended for twice of where it broke."""
FARTHEST = 4.0
"""What breaks only beyond so many times the likely demand is no news."""

FURTHER = (1.0, 1.1, 1.25, 1.5, 2.0)
"""So many times the factor at which it just fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """The change that mended a fault."""

    turning: Turning
    value: float
    candidate: Candidate


def breaks(sized: Sized, candidate: Candidate, few: Few) -> tuple[Break, ...]:
    """What breaks of a system, in the order in which it does.

    What breaks again, once more people reach it, is the same break: it is mended further. But what
    had to be mended for today's demand is told with that.
    """
    found: dict[tuple[str, str], Break] = {}
    for each in _one_by_one(sized, candidate, few, lambda: len(found) >= TOLD):
        beyond = each.mended_for > 1.0
        first = found.get((each.place, each.mended_by))
        if first is None:
            found[each.place, each.mended_by] = each
        elif first.mended_for > 1.0 or not beyond:
            again = replace(first, mended_at=each.mended_at, mended_for=each.mended_for)
            found[each.place, each.mended_by] = again
    return tuple(found.values())


def _one_by_one(
    sized: Sized, candidate: Candidate, few: Few, enough: Callable[[], bool]
) -> Iterator[Break]:
    """Each as it is found; once today's demand is borne, until enough are."""
    fails_at = 1.0
    for _ in range(MOST):
        bears, fails_at = _breaks_at(sized, candidate, few, start=max(1.0, fails_at))
        if math.isinf(fails_at) or (bears >= 1.0 and enough()):
            return
        fault = _fault_at(sized, candidate, few, fails_at)
        if fault is None:
            return
        target = 1.0 if bears < 1.0 else BEYOND * fails_at
        mend = mend_of(sized.at(target), candidate, fault, few.lighter(target))
        at_ns = begins_ns(sized.at(max(1.0, fails_at)), candidate, fault, few.parts[0])
        from_ = fails_at if bears else 0.0
        yield _told(sized.player.knobs, fault, mend, fails_at=from_, at_ns=at_ns, target=target)
        if mend is None:
            return
        candidate = mend.candidate


def _fault_at(sized: Sized, candidate: Candidate, few: Few, fails_at: float) -> Fault | None:
    """What breaks where it just fails; a little further, where nothing that is counted shows it there.

    A journey may be late though no single step of it is: then the step shows that takes the longest.
    Where none ever does, and the line keeps people too long, it is the line.
    """
    fault = None
    for further in FURTHER:
        there = sized.at(further * fails_at)
        few.lighter(further * fails_at).fail(there, candidate)
        fault = fault_of(there, candidate, few.failing(there, candidate)) or fault
        if fault is not None and fault.place:
            return fault
    return replace(fault, place=THE_LINE) if fault is not None and fault.by_line else fault


def _breaks_at(
    sized: Sized, candidate: Candidate, few: Few, *, start: float
) -> tuple[float, float]:
    """The largest factor of the likely demand at which a system does not fail, and the next, at which it does.

    Of a small part of the demand too few may come to judge: nothing breaks there.
    """
    return bounds(
        lambda factor: not few.lighter(factor).fail(sized.at(factor), candidate),
        start=start,
        largest=max(start, FARTHEST),
        fineness=FINENESS,
    )


def _told(
    knobs: Sequence[Knob],
    fault: Fault,
    mend: Mend | None,
    *,
    fails_at: float,
    at_ns: int | None,
    target: float,
) -> Break:
    likeliest = mend.turning if mend else next(iter(fault.turnings), None)
    return Break(
        place=fault.place,
        asks=fault.asks,
        journey=fault.journey,
        at_ns=at_ns,
        demand_factor=fails_at,
        mended_by=knobs[likeliest.number].key if likeliest else "",
        mended_at=mend.value if mend else None,
        mended_for=target,
    )


def mend_of(player: Player, candidate: Candidate, fault: Fault, few: Few) -> Mend | None:
    """The smallest change of one knob with which nothing breaks in that place; None: there is none."""
    for turning in fault.turnings[:KNOBS_TRIED]:
        value = _smallest(player, candidate, fault, turning, few)
        if value is not None:
            changed = candidate.with_value(turning.number, value)
            return Mend(turning=turning, value=value, candidate=changed)
    return None


def _smallest(
    player: Player, candidate: Candidate, fault: Fault, turning: Turning, few: Few
) -> float | None:
    knob, now = player.knobs[turning.number], candidate.values[turning.number]

    def does(value: float) -> bool:
        return mended(player, candidate.with_value(turning.number, value), fault, few)

    does_not = now
    for value in outward(knob, now, up=turning.up):
        if does(value):
            return border(knob, does_not, value, does)
        does_not = value
    return None
