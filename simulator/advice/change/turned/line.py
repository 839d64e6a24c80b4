"""A line with one thing set to another value, or a line where there was none."""

from __future__ import annotations

from dataclasses import replace

from simulator.advice.change.turn import Turn
from simulator.system.line import (
    Batches,
    Feedback,
    LineKind,
    Policy,
    Release,
    Slots,
    TokenBucket,
    Waitlist,
)
from simulator.system.system import Lever, System


def with_line(system: System, turn: Turn, value: float) -> System:
    """The system with its line turned; what operators set later of its rate moves along."""
    if turn is Turn.LINE:
        line = Waitlist(policy=Policy.FIFO, kind=LineKind.ROOM, release=TokenBucket.at_rate(value))
        return replace(system, waitlist=line)
    if turn is Turn.NO_LINE:
        kept = tuple(change for change in system.changes if change.lever is not Lever.POLICY)
        line = replace(system.waitlist, policy=Policy.OPEN)
        return replace(system, waitlist=line, changes=kept)
    line = _set_line(system.waitlist, turn, value)
    if turn is not Turn.RELEASE:
        return replace(system, waitlist=line)
    before = rate_of(system.waitlist.release)
    changes = tuple(
        replace(change, value=max(1, round(change.value * before / value)))
        if change.lever is Lever.RELEASE_SPACING_NS
        else change
        for change in system.changes
    )
    return replace(system, waitlist=line, changes=changes)


def _set_line(line: Waitlist, turn: Turn, value: float) -> Waitlist:
    """The line with one of its own figures set."""
    if turn is Turn.POLL:
        return replace(line, poll_every_ns=max(1, round(value)))
    if turn is Turn.PLACES:
        return replace(line, places=round(value))
    return replace(line, release=released(line.release, value, turn))


def rate_of(release: Release) -> float:
    """What a release is turned by: tokens a second, people a batch, or sessions."""
    if isinstance(release, TokenBucket):
        return release.rate_per_s
    if isinstance(release, Batches):
        return float(release.size)
    if isinstance(release, Slots):
        return float(release.total)
    return release.highest_rate / 1e6


def released(release: Release, value: float, turn: Turn = Turn.RELEASE) -> Release:
    """The release turned to a value."""
    if isinstance(release, TokenBucket):
        return TokenBucket.at_rate(value, release.burst)
    if isinstance(release, Batches):
        if turn is Turn.BATCH_EVERY:
            return replace(release, every_ns=max(1, round(value)))
        return replace(release, size=round(value))
    if isinstance(release, Slots):
        return _with_slots(release, value, turn)
    return _fed_back(release, round(value * 1e6))


def _with_slots(slots: Slots, value: float, turn: Turn) -> Slots:
    if turn is Turn.SESSION:
        return replace(slots, session_ns=max(1, round(value)))
    if turn is Turn.PER_MINUTE:
        return replace(slots, per_minute=round(value))
    if turn is Turn.EARLY:
        return replace(slots, early=True)
    return replace(slots, total=round(value))


def _fed_back(release: Feedback, highest: int) -> Feedback:
    return replace(
        release,
        highest_rate=highest,
        first_rate=min(release.first_rate, highest),
        lowest_rate=min(release.lowest_rate, highest),
    )
