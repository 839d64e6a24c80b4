"""What the words of the line mean to an engine."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.scenario.words.terms import for_ever
from simulator.scenario.words.waitlist import Feedback as FeedbackWords
from simulator.scenario.words.waitlist import Release
from simulator.scenario.words.waitlist import Slots as SlotsWords
from simulator.scenario.words.waitlist import Waitlist as WaitlistWords
from simulator.system.line import (
    Batches,
    Feedback,
    LineKind,
    Policy,
    ShareOfCapacity,
    Signal,
    Slots,
    TokenBucket,
    Waitlist,
)
from simulator.system.line import Release as SystemRelease
from simulator.text.quantities import parse_duration
from simulator.units import MILLION, UNBOUNDED

SHUFFLES = "shuffle-then-fifo"
POLICIES = {
    "open": Policy.OPEN,
    "fifo": Policy.FIFO,
    "random": Policy.RANDOM,
    SHUFFLES: Policy.FIFO,
    "priority": Policy.PRIORITY,
}
KINDS = {"room": LineKind.ROOM, "list": LineKind.LIST}
SIGNALS = {"in-flight": Signal.IN_FLIGHT, "p95": Signal.P95}


def waitlist_of(
    waitlist: WaitlistWords,
    set_later: Iterable[str | None],
    slowest_per_s: float,
    mixes: tuple[tuple[float, ...], ...] = (),
) -> Waitlist:
    """The line in numbers; a share of capacity is one of what the slowest station can serve.

    ``set_later`` are the policies that operators set; ``mixes`` the steps that groups come to.
    """
    release = waitlist.release
    released = {} if release is None else {"release": release_of(release, slowest_per_s)}
    share = None if release is None else release.share_of_capacity
    return Waitlist(
        policy=POLICIES[waitlist.policy],
        kind=KINDS[waitlist.kind],
        poll_every_ns=waitlist.poll_every_ns,
        opens_ns=waitlist.opens_ns,
        shuffles=SHUFFLES in (waitlist.policy, *set_later),
        places=waitlist.places or UNBOUNDED,
        call_expires_ns=for_ever(waitlist.call_expires_ns),
        expired_to_end=waitlist.expired == "to the end",
        follows=None if share is None else ShareOfCapacity(share=share, mixes=mixes),
        **released,
    )


def release_of(release: Release, slowest_per_s: float) -> SystemRelease:
    """How fast the line is let in, in numbers."""
    if release.batch is not None:
        return Batches(size=release.batch.size, every_ns=release.batch.every_ns)
    if release.slots is not None:
        return slots_of(release.slots)
    if release.feedback is not None:
        return feedback_of(release.feedback)
    rate_per_s = release.rate_per_s or (release.share_of_capacity or 0.0) * slowest_per_s
    return TokenBucket.at_rate(rate_per_s, release.burst)


def slots_of(slots: SlotsWords) -> Slots:
    """Sessions in numbers."""
    return Slots(
        total=slots.total,
        session_ns=slots.session_ns,
        per_minute=slots.per_minute or UNBOUNDED,
        renews=slots.renews,
        early=slots.early_release,
        by_minute=slots.dialect == "by-minute",
        ghost_ns=slots.ghost_ns,
        blind_ns=slots.blind_ns,
    )


def feedback_of(feedback: FeedbackWords) -> Feedback:
    """A rate that follows a measurement, in numbers."""
    limit = feedback.limit
    return Feedback(
        signal=SIGNALS[feedback.signal],
        limit=limit if isinstance(limit, int) else parse_duration(limit),
        every_ns=feedback.every_ns,
        delay_periods=feedback.delay,
        first_rate=millionths(feedback.first_per_s),
        lowest_rate=millionths(feedback.lowest_per_s),
        highest_rate=millionths(feedback.highest_per_s),
        step_rate=millionths(feedback.step_per_s),
        cut_thousandths=round(feedback.cut * 1000),
    )


def millionths(rate_per_s: float) -> int:
    """A rate in millionths of a person a second, at least one."""
    return max(1, round(rate_per_s * MILLION))
