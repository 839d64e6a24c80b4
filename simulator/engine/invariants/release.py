"""What is true of every release of a line: how many are let in, and by when."""

from __future__ import annotations

import numpy as np

from simulator.engine.invariants.line import by_minute
from simulator.engine.invariants.offenders import of, over, rank_among
from simulator.engine.invariants.path import Flags, SamplePath
from simulator.engine.invariants.spacing import tokens_missing
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.line import Batches, Feedback, Policy, Slots, TokenBucket
from simulator.system.system import Lever
from simulator.units import NS_PER_MINUTE, UNBOUNDED, Ints


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
