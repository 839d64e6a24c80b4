"""What is true of every line: who stands in it, for how long, and in which order."""

from __future__ import annotations

import numpy as np

from simulator.engine.invariants.offenders import of
from simulator.engine.invariants.path import SamplePath
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.line import LineKind, Policy, Slots, TokenBucket
from simulator.system.system import Lever
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.units import FOREVER, UNBOUNDED, Ints


def impatient_late(path: SamplePath) -> Ints:
    """Who left the line, entered it or stands in it at odds with his patience."""
    rows, ends_ns = path.visits, path.patience_ns
    fate = rows["fate"]
    wrong = (fate == Fate.RENEGED) & (rows["ended"] != ends_ns)
    wrong |= (fate == Fate.NO_SHOW) & (rows["ended"] > ends_ns)
    wrong |= (fate == Fate.WAITING) & (ends_ns < path.closes_ns)
    return of(rows["visitor"], wrong | (rows["let_in"] > ends_ns))


def absent_area(path: SamplePath) -> Ints:
    """Whom Little's law misses: the area under the number in line is not the sum of the stays."""
    lined = path.visits["joined"] != UNKNOWN
    joined, left = path.visits["joined"][lined], path.left_line_ns[lined]
    times = np.unique(np.concatenate([joined, left]))
    present = np.searchsorted(np.sort(joined), times, side="right")
    present -= np.searchsorted(np.sort(left), times, side="right")
    area = int((present[:-1] * np.diff(times)).sum())
    wrong = left < joined
    if area == int((left - joined).sum()) and (present >= 0).all() and not wrong.any():
        return np.empty(0, np.int64)
    return of(path.visits["visitor"][lined], wrong)


def off_their_looks(path: SamplePath) -> Ints:
    """Who entered from the line without looking at that instant."""
    every_ns, rows = path.system.waitlist.poll_every_ns, path.visits
    if every_ns == 0:
        return np.empty(0, np.int64)
    wrong = path.released & ((rows["let_in"] - rows["joined"]) % every_ns != 0)
    if not by_minute(path):
        called = (rows["joined"] != UNKNOWN) & (rows["let_in"] != UNKNOWN)
        wrong = called & ((rows["let_in"] - rows["joined"]) % every_ns != 0)
    return of(rows["visitor"], wrong)


def before_the_line_opens(path: SamplePath) -> Ints:
    """Who was called before the line opens, though no policy opened it."""
    if len(path.openings_ns):
        return np.empty(0, np.int64)
    early = path.released & (path.visits["let_in"] < path.system.waitlist.opens_ns)
    return of(path.visits["visitor"], early)


def overtaken(path: SamplePath) -> Ints:
    """Who entered although somebody of his class, who came before him, was still in line."""
    line, broken = path.system.waitlist, [np.empty(0, np.int64)]
    if not path.told_at_once or not keeps_its_order(path):
        return broken[0]
    rows = path.visits
    standing = (rows["joined"] != UNKNOWN) & (rows["fate"] != Fate.NO_SHOW)
    ranks = np.array([people.rank for people in path.system.people])[rows["people"]]
    ranks = ranks if path.system.order is Policy.PRIORITY else np.zeros_like(ranks)
    drawn = line.shuffles * (rows["joined"] < line.opens_ns)
    for rank in np.unique(ranks):
        his = np.flatnonzero(standing & (ranks == rank) & (drawn == 0))
        his = his[np.lexsort((rows["visitor"][his], rows["joined"][his]))]
        left_ns = path.left_line_ns[his]
        before_ns = np.maximum.accumulate(np.append(-1, left_ns))[:-1]
        entered = rows["let_in"][his] != UNKNOWN
        broken.append(rows["visitor"][his][entered & (before_ns > left_ns)])
    return np.unique(np.concatenate(broken))


def keeps_its_order(path: SamplePath) -> bool:
    """Whether nobody goes to the end, or moves ahead, once he has joined."""
    stays = all(
        people.refreshes == Duration.never() and people.refers is None
        for people in path.system.people
    )
    calls_expire = path.system.waitlist.call_expires_ns < FOREVER
    return stays and not calls_expire and path.system.order is not Policy.RANDOM


def by_minute(path: SamplePath) -> bool:
    release = path.system.waitlist.release
    return isinstance(release, Slots) and release.by_minute


def wrongly_at_the_door(path: SamplePath) -> Ints:
    """Who was turned away, balked or joined although the line was not so."""
    line, rows = path.system.waitlist, path.visits
    fate = rows["fate"]
    never = [people.balks == Duration.never() for people in path.system.people]
    wrong = (fate == Fate.TURNED_AWAY) & (line.places == UNBOUNDED)
    wrong |= (fate == Fate.BALKED) & np.array(never)[rows["people"]]
    if path.told_at_once and line.call_expires_ns == FOREVER:
        least, most = standing(path)
        joined = rows["joined"] != UNKNOWN
        wrong |= (fate == Fate.TURNED_AWAY) & (most < line.places)
        wrong |= joined & (least >= line.places)
        if isinstance(line.release, TokenBucket) and not path.changes(Lever.RELEASE_SPACING_NS):
            limit_ns = balking_ns(path)
            places = (
                limit_ns // line.release.spacing_ns
            )  # not places * spacing, which 64 bits may not hold
            wrong |= (fate == Fate.BALKED) & (most <= places)
            wrong |= joined & (least > places) & (limit_ns < FOREVER)
        elif by_sessions_alone(path):
            limit_ns, (shortest_ns, longest_ns) = (
                balking_ns(path),
                waits_for_slots(path, least, most),
            )
            wrong |= (fate == Fate.BALKED) & (longest_ns <= limit_ns)
            wrong |= joined & (shortest_ns > limit_ns)
    return of(rows["visitor"], wrong)


def by_sessions_alone(path: SamplePath) -> bool:
    """Whether the rows tell which slots are taken, each of which is held as long as any other."""
    line, release = path.system.waitlist, path.system.waitlist.release
    return (
        isinstance(release, Slots)
        and not (release.renews or release.early or release.by_minute)
        and release.per_minute == UNBOUNDED
        and not path.changes(Lever.SLOTS)
        and line.kind is LineKind.ROOM
        and all(people.silent == 0.0 and people.shows_up >= 1.0 for people in path.system.people)
    )


def waits_for_slots(path: SamplePath, least: Ints, most: Ints) -> tuple[Ints, Ints]:
    """Between which waits there is the announced one, with so many places taken in the line."""
    release, rows = path.system.waitlist.release, path.visits
    assert isinstance(release, Slots)
    began_ns = np.sort(rows["let_in"][rows["let_in"] != UNKNOWN])
    ends_ns, now_ns = began_ns + release.session_ns, rows["arrived"]
    before, over = np.searchsorted(began_ns, now_ns), np.searchsorted(ends_ns, now_ns)
    fewest = before - np.searchsorted(ends_ns, now_ns, side="right")
    most_taken = np.searchsorted(began_ns, now_ns, side="right") - over
    shortest_ns, longest_ns = (
        np.maximum(0, ahead + 1 + taken - release.total) * release.session_ns // release.total
        for ahead, taken in ((least, fewest), (most, most_taken))
    )
    return shortest_ns, longest_ns


def balking_ns(path: SamplePath) -> Ints:
    """The longest wait that each visitor would stand in line for."""
    limit_ns = np.empty(len(path.visits), np.int64)
    for group, people in enumerate(path.system.people):
        his = np.flatnonzero(path.visits["people"] == group)
        limit_ns[his] = path.drawn_ns(people.balks, draws.BALKING, path.visits["visitor"][his])
    return limit_ns


def standing(path: SamplePath) -> tuple[Ints, Ints]:
    """Between which numbers there are places taken as each visitor comes.

    Rows do not say how long a silent one keeps his place, nor what came first at one instant.
    """
    rows, left_ns = path.visits, path.left_line_ns
    order = np.lexsort((rows["visitor"], rows["arrived"]))
    arrived_ns, joins = rows["arrived"][order], rows["joined"][order] != UNKNOWN
    before = np.cumsum(joins) - joins
    lined = rows["joined"] != UNKNOWN
    silent = path.system.waitlist.kind is LineKind.LIST or any(
        people.silent > 0 for people in path.system.people
    )
    lets_go = lined & ~(silent & (rows["fate"] == Fate.RENEGED))
    least, most = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    least[order] = before - np.searchsorted(np.sort(left_ns[lined]), arrived_ns, side="right")
    most[order] = before - np.searchsorted(np.sort(left_ns[lets_go]), arrived_ns, side="left")
    return least, most


def needlessly_absent(path: SamplePath) -> Ints:
    """Who did not come when he was called, though his group always does and calls stand."""
    if path.system.waitlist.call_expires_ns < FOREVER:
        return np.empty(0, np.int64)
    faithful = np.array([people.shows_up >= 1.0 for people in path.system.people])
    absent = path.visits["fate"] == Fate.NO_SHOW
    return of(path.visits["visitor"], absent & faithful[path.visits["people"]])
