"""Rows folded by group of people, compiled: as :class:`simulator.outcomes.counts.groups.Groups`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy import uintp

from simulator.engine.compiled.bucket import bucket_of
from simulator.engine.compiled.code import inlined, kept
from simulator.engine.compiled.fold.tally import recorded
from simulator.outcomes.counts.durations import BUCKETS, LONGEST_NS, LOW_32
from simulator.outcomes.counts.groups import Group, Groups
from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.timetable.draws import COMPONENT_SHIFT
from simulator.units import Ints

SERVED, RENEGED, WAITING = int(Fate.SERVED), int(Fate.RENEGED), int(Fate.WAITING)
UNFINISHED, NO_SHOW = int(Fate.UNFINISHED), int(Fate.NO_SHOW)
NOT_FINISHED = int(Result.UNFINISHED)
WAIT, RESPONSE, CENSORED_WAIT, CENSORED_RESPONSE, LEFT = range(5)
SHORTEST, LONGEST = range(2)


class GroupTally(NamedTuple):
    """What is counted of each group; nothing where there is only one."""

    closes_ns: int
    end_ns: int
    name_of_group: Ints
    name_of_component: Ints
    place_of_step: Ints
    timeout_of_place_ns: Ints
    fates: Ints
    overdue: Ints
    counts: Ints
    """Of each group waits and responses that ended, the same of those that did not, and waits broken off."""
    infinite: Ints
    sums: Ints
    """Of a histogram, in two parts."""
    extremes: Ints
    """The shortest and the longest duration of a histogram."""


def group_tally_of(layout: Layout, *, horizon_ns: int, end_ns: int) -> GroupTally:
    """Nothing yet."""
    groups = len(layout.people)
    extremes = np.zeros((groups, 5, 2), np.int64)
    extremes[:] = LONGEST_NS, -1
    return GroupTally(
        closes_ns=min(horizon_ns, end_ns),
        end_ns=end_ns,
        name_of_group=layout.people_of_group if groups else np.zeros(0, np.int64),
        name_of_component=layout.name_of_component,
        place_of_step=layout.place_of_step,
        timeout_of_place_ns=layout.timeout_of_place_ns,
        fates=np.zeros((groups, len(Fate)), np.int64),
        overdue=np.zeros(groups, np.int64),
        counts=np.zeros((groups, 5, BUCKETS), np.int64),
        infinite=np.zeros(groups, np.int64),
        sums=np.zeros((groups, 5, 2), np.int64),
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
def fold_groups(
    tally: GroupTally, visits: Ints, many_visits: int, attempts: Ints, many_attempts: int
) -> None:
    """Count the first rows of both tables."""
    if len(tally.fates) == 0:
        return
    for i in range(many_visits):
        visit = visits[uintp(i)]
        group = tally.name_of_group[uintp(visit[1])]
        lined, entered, fate = visit[3] != UNKNOWN, visit[4] != UNKNOWN, visit[6]
        began_ns = visit[4] if lined else visit[2]
        tally.fates[uintp(group), uintp(fate)] += 1
        if lined and entered:
            record(tally, group, WAIT, visit[4] - visit[2])
        if lined and fate in (RENEGED, NO_SHOW):
            record(tally, group, LEFT, visit[5] - visit[2])
        if fate == SERVED:
            record(tally, group, RESPONSE, visit[5] - began_ns)
        elif entered and fate == UNFINISHED:
            record(tally, group, CENSORED_RESPONSE, max(0, tally.end_ns - began_ns))
        elif entered:
            tally.infinite[uintp(group)] += 1
        elif fate == WAITING:
            record(tally, group, CENSORED_WAIT, max(0, tally.closes_ns - visit[2]))
    for i in range(many_attempts):
        attempt = attempts[uintp(i)]
        component = attempt[0] >> COMPONENT_SHIFT
        if is_overdue(tally, attempt) and component < len(tally.name_of_component):
            tally.overdue[uintp(tally.name_of_component[uintp(component)])] += 1


@inlined
def is_overdue(tally: GroupTally, attempt: Ints) -> bool:
    """Whether it has no answer at the end, though no client would have waited longer."""
    if attempt[6] != NOT_FINISHED:
        return False
    until_ns = attempt[5] if attempt[5] != UNKNOWN else tally.end_ns
    place = tally.place_of_step[uintp(attempt[1])]
    return bool(until_ns - attempt[3] >= tally.timeout_of_place_ns[uintp(place)])


def groups_of(tally: GroupTally) -> Groups:
    """What was counted."""
    return Groups([group_of(tally, number) for number in range(len(tally.fates))])


def group_of(tally: GroupTally, number: int) -> Group:
    """One of them."""
    ended_wait, ended_response, waiting, under_way, left = (
        recorded(tally.counts[number, each], tally.sums[number, each], tally.extremes[number, each])
        for each in range(5)
    )
    return Group(
        tally.fates[number].copy(),
        Histogram(ended=ended_wait, censored=waiting, left=left),
        Histogram(ended=ended_response, infinite=int(tally.infinite[number]), censored=under_way),
        int(tally.overdue[number]),
    )
