"""What is true of every line: who is called when, and how many are in."""

from __future__ import annotations

import numpy as np

from simulator import draws
from simulator.demand import Ints
from simulator.duration import Duration
from simulator.invariants_visits import of
from simulator.outcomes import UNKNOWN, Fate
from simulator.sample_path import Flags, SamplePath
from simulator.spacing import tokens_missing
from simulator.system import (
    NS_PER_MINUTE,
    UNBOUNDED,
    Batches,
    Feedback,
    Lever,
    LineKind,
    Policy,
    Slots,
    TokenBucket,
)


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
    calls_expire = path.system.waitlist.call_expires_ns < draws.FOREVER
    return stays and not calls_expire and path.system.order is not Policy.RANDOM


def beyond_the_release(path: SamplePath) -> Ints:
    """Who entered though the line had nothing left to let him in with."""
    release, entries = path.system.waitlist.release, entries_by_instant(path)
    if len(path.openings_ns) and not (path.told_at_once or by_minute(path)):
        return np.empty(0, np.int64)
    instants_ns = path.visits["let_in"][entries]
    wrong: Flags
    if isinstance(release, Slots):
        wrong = beyond_each_minute(path, release, instants_ns)
    elif not path.told_at_once:
        wrong = np.arange(1, len(entries) + 1) > callable_by(path, instants_ns)
    elif isinstance(release, TokenBucket):
        wrong = without_token(path, release, instants_ns.tolist())
    elif isinstance(release, Batches):
        offset_ns = instants_ns - path.system.waitlist.opens_ns
        wrong = (offset_ns % release.every_ns != 0) | (rank_among(instants_ns) >= release.size)
    else:
        wrong = within_a_spacing(instants_ns, shortest_ns(path))
    return of(path.visits["visitor"][entries], wrong)


def entries_by_instant(path: SamplePath) -> Ints:
    """The indices of the visits that were released, in the order of their entry."""
    entries = np.flatnonzero(path.released)
    return entries[np.lexsort((path.visits["visitor"][entries], path.visits["let_in"][entries]))]


def without_token(path: SamplePath, bucket: TokenBucket, instants_ns: list[int]) -> Flags:
    changes = path.changes(Lever.RELEASE_SPACING_NS)
    return np.array(tokens_missing(bucket, changes, instants_ns), np.bool_)


def shortest_ns(path: SamplePath) -> int:
    """The shortest time there ever is between two tokens of the line."""
    release = path.system.waitlist.release
    changed = [change.value for change in path.changes(Lever.RELEASE_SPACING_NS)]
    if isinstance(release, Feedback):
        rates = (release.first_rate, release.highest_rate, release.lowest_rate)
        return min([max(1, 10**15 // rate) for rate in rates] + changed)
    assert isinstance(release, TokenBucket)
    return min([release.spacing_ns, *changed])


def callable_by(path: SamplePath, instants_ns: Ints) -> Ints:
    """How many calls the release can have made by each instant at the very most."""
    line = path.system.waitlist
    since_ns = instants_ns - line.opens_ns
    if isinstance(line.release, Batches):
        return np.asarray(line.release.size * (since_ns // line.release.every_ns + 1))
    burst = line.release.burst if isinstance(line.release, TokenBucket) else 1
    return np.asarray(burst + since_ns // shortest_ns(path))


def rank_among(instants_ns: Ints) -> Ints:
    """How many of the same instant come before each, in sorted instants."""
    first = np.searchsorted(instants_ns, instants_ns)
    return np.asarray(np.arange(len(instants_ns)) - first)


def within_a_spacing(instants_ns: Ints, spacing_ns: int) -> Flags:
    return np.append(spacing_ns, np.diff(instants_ns))[: len(instants_ns)] < spacing_ns


def beyond_each_minute(path: SamplePath, slots: Slots, instants_ns: Ints) -> Flags:
    if slots.blind_ns > 0 or slots.per_minute == UNBOUNDED:
        return np.zeros(len(instants_ns), np.bool_)
    minute = instants_ns // NS_PER_MINUTE
    if slots.by_minute or path.told_at_once:
        return rank_among(minute) >= slots.per_minute
    return np.arange(len(minute)) >= slots.per_minute * (minute + 1)


def beyond_the_slots(path: SamplePath) -> Ints:
    """Who entered while as many sessions as there are slots went on, where that is promised."""
    release = path.system.waitlist.release
    opens = path.system.waitlist.policy is Policy.OPEN or len(path.openings_ns) > 0
    if not isinstance(release, Slots) or opens or release.blind_ns > 0:
        return np.empty(0, np.int64)
    entered = np.flatnonzero(path.visits["let_in"] != UNKNOWN)
    visitors, starts_ns = path.visits["visitor"][entered], path.visits["let_in"][entered]
    ends_ns = session_ends_ns(path, release, entered)
    return over(visitors, starts_ns, ends_ns, path.most(Lever.SLOTS, release.total))


def session_ends_ns(path: SamplePath, slots: Slots, entered: Ints) -> Ints:
    rows, sent = path.visits[entered], path.attempts
    ends_ns = {int(row["visitor"]): int(row["let_in"]) + slots.session_ns for row in rows}
    if slots.renews:
        for visitor, sent_ns in zip(sent["visitor"].tolist(), sent["sent"].tolist(), strict=True):
            if sent_ns < ends_ns[visitor]:
                ends_ns[visitor] = sent_ns + slots.session_ns
    lasts_ns = np.array([ends_ns[visitor] for visitor in rows["visitor"].tolist()], np.int64)
    early = slots.early & (rows["ended"] != UNKNOWN)
    return np.asarray(np.where(early, np.minimum(lasts_ns, rows["ended"]), lasts_ns))


def over(visitors: Ints, starts_ns: Ints, ends_ns: Ints, most: int) -> Ints:
    """Whose stay begins while ``most`` stays go on; one that ends at that instant is over."""
    order = np.lexsort((visitors, starts_ns))
    begun = np.arange(1, len(order) + 1)
    ended = np.searchsorted(np.sort(ends_ns), starts_ns[order], side="right")
    # One of no length that begins later at this instant counts as ended, not yet as begun: too few.
    return of(visitors[order], begun - ended > most)


def ahead_of_earlier_minutes(path: SamplePath) -> Ints:
    """By minute: who entered while somebody of an earlier minute had his place."""
    line, rows = path.system.waitlist, path.visits
    if not isinstance(line.release, Slots) or not line.release.by_minute:
        return np.empty(0, np.int64)
    left_ns = path.left_line_ns.copy()
    gone = rows["fate"] == Fate.RENEGED
    looks_ns = (rows["ended"] - rows["joined"]) // line.poll_every_ns * line.poll_every_ns
    ghosts_ns = rows["joined"] + looks_ns + line.release.ghost_ns
    left_ns[gone] = np.maximum(left_ns[gone], ghosts_ns[gone])
    lined = np.flatnonzero(rows["joined"] != UNKNOWN)
    minute = rows["joined"][lined] // NS_PER_MINUTE
    order = np.argsort(minute, kind="stable")
    lined, minute = lined[order], minute[order]
    latest_ns = np.maximum.accumulate(np.append(-1, left_ns[lined]))
    before_ns = latest_ns[np.searchsorted(minute, minute)]
    ahead = path.released[lined] & (before_ns > rows["let_in"][lined])
    return of(rows["visitor"][lined], ahead)


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
    if path.told_at_once and line.call_expires_ns == draws.FOREVER:
        least, most = standing(path)
        joined = rows["joined"] != UNKNOWN
        wrong |= (fate == Fate.TURNED_AWAY) & (most < line.places)
        wrong |= joined & (least >= line.places)
        if isinstance(line.release, TokenBucket) and not path.changes(Lever.RELEASE_SPACING_NS):
            limit_ns = balking_ns(path)
            wrong |= (fate == Fate.BALKED) & (most * line.release.spacing_ns <= limit_ns)
            wrong |= joined & (least * line.release.spacing_ns > limit_ns)
    return of(rows["visitor"], wrong)


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
    if path.system.waitlist.call_expires_ns < draws.FOREVER:
        return np.empty(0, np.int64)
    faithful = np.array([people.shows_up >= 1.0 for people in path.system.people])
    absent = path.visits["fate"] == Fate.NO_SHOW
    return of(path.visits["visitor"], absent & faithful[path.visits["people"]])
