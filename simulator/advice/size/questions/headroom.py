"""Headroom: how many times the likely demand a system bears.

The factor is doubled or halved until the answer changes, and then halved in between, in ratio. That
is sound as far as more people never help: every launch has the luck of the smaller one and more
people besides (:mod:`simulator.plan.sized`). On a single path somebody more may help (he keeps another
from being turned away later); over the launches that are asked he does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from simulator.advice.change.smallest import FINENESS
from simulator.advice.size.answers.cases import Headroom
from simulator.advice.size.knobs import Candidate
from simulator.advice.size.questions.aids.few import Few
from simulator.advice.size.questions.aids.worlds import Sized

LARGEST = 16.0
SMALLEST = 1 / 16
"""A system that does not bear a sixteenth of the demand bears none of it."""


def headroom(sized: Sized, candidate: Candidate, few: Few, *, largest: float = LARGEST) -> Headroom:
    """The largest factor of the likely demand at which enough of the few launches hold.

    Of a larger demand fewer are played.
    """
    holds, fails = bounds(
        lambda factor: few.lighter(factor).hold(sized.at(factor), candidate), largest=largest
    )
    judged = bool(holds) or few.lighter(fails).fail(sized.at(fails), candidate)
    return Headroom(breaks_at=holds, searched_to=min(fails, largest), judged=judged)


def bounds(
    holds: Callable[[float], bool],
    *,
    start: float = 1.0,
    largest: float = LARGEST,
    fineness: float = FINENESS,
) -> tuple[float, float]:
    """The largest factor that holds, and the smallest that does not, within a fineness of one another.

    0 and the smallest that was tried, where none holds; the largest and infinity, where all do.
    """
    good, bad = _bracket(holds, start, largest)
    if good == 0.0 or math.isinf(bad):
        return good, bad
    while bad > fineness * good:
        middle = math.sqrt(good * bad)
        if holds(middle):
            good = middle
        else:
            bad = middle
    return good, bad


def _bracket(holds: Callable[[float], bool], start: float, largest: float) -> tuple[float, float]:
    if not holds(start):
        return _below(holds, start)
    good = start
    while good < largest:
        further = min(2.0 * good, largest)
        if not holds(further):
            return good, further
        good = further
    return good, math.inf


def _below(holds: Callable[[float], bool], bad: float) -> tuple[float, float]:
    while bad > SMALLEST:
        if holds(bad / 2.0):
            return bad / 2.0, bad
        bad /= 2.0
    return 0.0, bad
