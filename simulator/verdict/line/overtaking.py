"""Overtaking: who was let in before somebody who had joined earlier.

B has overtaken A if A had his place before B asked for one, and A asked once more, and was told to wait,
after B had seen that he is let in. Then B was called while A was not, at whichever instants the answers were
made. Looks that are far apart hide overtaking, and never make any.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.units import FOREVER, NS_PER_S, Ints
from simulator.verdict.line.promises import Order, Promises
from simulator.verdict.line.stints import NEVER, Stints


@dataclass(frozen=True, slots=True, kw_only=True)
class Inversion:
    """One who was let in before somebody who had joined earlier; instants in seconds after the opening."""

    visitor: int
    by: int
    """Who was overtaken, and who overtook."""
    joined_s: float
    """When the first had his place, at the latest,"""
    by_joined_s: float
    """when the other asked for one, at the earliest,"""
    by_entered_s: float
    """when he had seen that he is in,"""
    waited_s: float
    """and when the first asked once more, and was told to wait."""

    @property
    def lag_s(self) -> float:
        """For how long he was told to wait after the other had entered, at least."""
        return self.waited_s - self.by_entered_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaking:
    """How often it was seen, and the worst of it."""

    waited: int
    """How many stints were told to wait at all."""
    people: int = 0
    """Who were overtaken."""
    inversions: int = 0
    """Pairs of one who was overtaken and one who overtook him."""
    worst: Inversion | None = None
    """The one that lasted longest; None: there was none."""


def overtaking(stints: Stints, promises: Promises) -> Overtaking | None:
    """What there was of it; None where no order is promised, or nobody waited."""
    waited = stints.waited > NEVER
    if promises.order is Order.ANY or not waited.any():
        return None
    groups = stints.group if promises.order is Order.BY_CLASS else np.zeros(len(stints), np.int64)
    found = [
        _within(stints.chosen(waited & (groups == group)), stints.chosen(groups == group), promises)
        for group in np.unique(groups[waited])
    ]
    seen = [each.worst for each in found if each.worst is not None]
    return Overtaking(
        waited=int(waited.sum()),
        people=sum(each.people for each in found),
        inversions=sum(each.inversions for each in found),
        worst=max(seen, key=lambda each: each.lag_s, default=None),
    )


def _within(waiting: Stints, all_: Stints, promises: Promises) -> Overtaking:
    """Of one class: ``waiting`` are those who were told to wait."""
    entered = all_.chosen(all_.entered < FOREVER)
    order = np.argsort(entered.joined_sent, kind="stable")
    joined, seen = entered.joined_sent[order], entered.entered[order]
    after = np.searchsorted(joined, waiting.joined_seen + promises.alike_ns, side="right")
    earliest, who = _earliest_from(seen)
    lag_ns = waiting.waited - earliest[after]
    people = int((lag_ns > 0).sum())
    if not people:
        return Overtaking(waited=len(waiting))
    worst = int(lag_ns.argmax())
    by = int(who[after[worst]])
    return Overtaking(
        waited=len(waiting),
        people=people,
        inversions=pairs(seen, after, waiting.waited),
        worst=Inversion(
            visitor=int(waiting.visitor[worst]),
            by=int(entered.visitor[order][by]),
            joined_s=int(waiting.joined_seen[worst]) / NS_PER_S,
            by_joined_s=int(joined[by]) / NS_PER_S,
            by_entered_s=int(seen[by]) / NS_PER_S,
            waited_s=int(waiting.waited[worst]) / NS_PER_S,
        ),
    )


def _earliest_from(seen: Ints) -> tuple[Ints, Ints]:
    """From each row on: the smallest value, and where it stands; FOREVER behind the last row."""
    smallest = np.append(np.minimum.accumulate(seen[::-1])[::-1], FOREVER)
    where = np.arange(len(seen))
    is_new = seen == smallest[:-1]
    at = np.where(is_new, where, len(seen))
    return smallest, np.append(np.minimum.accumulate(at[::-1])[::-1], 0)


def pairs(seen: Ints, after: Ints, until: Ints) -> int:
    """How many pairs (i, j) there are with j >= after[i] and seen[j] < until[i], in n log n.

    Values are put into a tree of counts (Fenwick's) from the last row to the first, and each question is
    asked as soon as its rows are in.
    """
    ranks = np.argsort(np.argsort(seen, kind="stable")) + 1
    below = np.searchsorted(np.sort(seen), until)
    tree, total, row = [0] * (len(seen) + 1), 0, len(seen)
    for question in np.argsort(-after, kind="stable").tolist():
        while row > after[question]:
            row -= 1
            node = int(ranks[row])
            while node <= len(seen):
                tree[node] += 1
                node += node & -node
        node = int(below[question])
        while node > 0:
            total += tree[node]
            node &= node - 1
    return total
