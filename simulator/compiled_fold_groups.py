"""Visits folded by group of people, compiled: as :meth:`simulator.groups_of_people.Groups.add`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy import uintp

from simulator.compiled_bucket import bucket_of
from simulator.compiled_code import inlined, kept
from simulator.demand import Ints
from simulator.durations import BUCKETS, LONGEST_NS, LOW_32, Durations
from simulator.groups_of_people import Group, Groups
from simulator.histogram import Histogram
from simulator.layout import Layout
from simulator.outcomes import UNKNOWN, Fate

SERVED = int(Fate.SERVED)
WAIT, RESPONSE = range(2)
SHORTEST, LONGEST = range(2)


class GroupTally(NamedTuple):
    """What is counted of each group; nothing where there is only one."""

    name_of_group: Ints
    fates: Ints
    counts: Ints
    """Of each group a histogram of waits and one of responses."""
    infinite: Ints
    sums: Ints
    """Of a histogram, in two parts."""
    extremes: Ints
    """The shortest and the longest duration of a histogram."""


def group_tally_of(layout: Layout) -> GroupTally:
    """Nothing yet."""
    groups = len(layout.people)
    extremes = np.zeros((groups, 2, 2), np.int64)
    extremes[:] = LONGEST_NS, -1
    return GroupTally(
        name_of_group=layout.people_of_group if groups else np.zeros(0, np.int64),
        fates=np.zeros((groups, len(Fate)), np.int64),
        counts=np.zeros((groups, 2, BUCKETS), np.int64),
        infinite=np.zeros(groups, np.int64),
        sums=np.zeros((groups, 2, 2), np.int64),
        extremes=extremes,
    )


@inlined
def record(tally: GroupTally, group: int, which: int, value_ns: int) -> None:
    at = uintp(group)
    tally.counts[at, uintp(which), uintp(bucket_of(value_ns))] += 1
    tally.sums[at, uintp(which), 0] += value_ns >> 32
    tally.sums[at, uintp(which), 1] += value_ns & LOW_32
    positive_ns, ends = max(value_ns, 0), tally.extremes[at, uintp(which)]
    ends[SHORTEST] = min(ends[SHORTEST], positive_ns)
    ends[LONGEST] = max(ends[LONGEST], positive_ns)


@kept
def fold_groups(tally: GroupTally, visits: Ints, many: int) -> None:
    """Count the first rows."""
    if len(tally.fates) == 0:
        return
    for i in range(many):
        visit = visits[uintp(i)]
        group = tally.name_of_group[uintp(visit[1])]
        lined, entered, served = visit[3] != UNKNOWN, visit[4] != UNKNOWN, visit[6] == SERVED
        tally.fates[uintp(group), uintp(visit[6])] += 1
        if lined and entered:
            record(tally, group, WAIT, visit[4] - visit[2])
        if served:
            record(tally, group, RESPONSE, visit[5] - (visit[4] if lined else visit[2]))
        elif entered:
            tally.infinite[uintp(group)] += 1


def groups_of(tally: GroupTally) -> Groups:
    """What was counted."""

    def histogram(group: int, which: int, infinite: int = 0) -> Histogram:
        (high, low), (least_ns, most_ns) = (
            part[group, which].tolist() for part in (tally.sums, tally.extremes)
        )
        counts = tally.counts[group, which].copy()
        return Histogram(Durations(counts, (high << 32) + low, least_ns, most_ns), infinite)

    return Groups(
        [
            Group(
                tally.fates[group].copy(),
                histogram(group, WAIT),
                histogram(group, RESPONSE, int(tally.infinite[group])),
            )
            for group in range(len(tally.fates))
        ]
    )
