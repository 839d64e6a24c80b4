"""Lines and releases drawn at random."""

from collections.abc import Callable

from simulator.system.line import (
    Batches,
    Feedback,
    LineKind,
    Policy,
    Release,
    Signal,
    Slots,
    TokenBucket,
    Waitlist,
)
from simulator.units import FOREVER, UNBOUNDED
from tests.agreement.drawn.dice import MINUTES, Dice


def line_of(dice: Dice) -> Waitlist:
    release = release_of(dice)
    if isinstance(release, Slots) and release.by_minute:
        return line_by_minute(dice, release)
    # Somebody whose call expires at its own instant would be called again at once, for ever.
    soonest = 1 if isinstance(release, Slots) else 0
    return Waitlist(
        policy=policy_of(dice),
        kind=dice.one_of(list(LineKind)),
        release=release,
        poll_every_ns=dice.one_of([0, 0, 1, 3, 7]) * dice.tick_ns,
        opens_ns=dice.ns(1, 12) if dice.has() else 0,
        shuffles=dice.has_more(),
        places=dice.one_of([0, 4, 9, 15]) if dice.has_more() else UNBOUNDED,
        call_expires_ns=dice.ns(soonest, 8) if dice.has_more() else FOREVER,
        expired_to_end=dice.one_of([False, True]),
    )


def line_by_minute(dice: Dice, slots: Slots) -> Waitlist:
    """Its dialect knows one order, and no calls."""
    return Waitlist(
        policy=dice.one_of([Policy.OPEN, Policy.FIFO, Policy.FIFO]),
        release=slots,
        poll_every_ns=dice.ns(1, 5),
        opens_ns=dice.ns(1, 10) if dice.has() else 0,
        places=dice.one_of([2, 6, 12]) if dice.has() else UNBOUNDED,
    )


def policy_of(dice: Dice) -> Policy:
    in_order = [Policy.OPEN, Policy.OPEN, *[Policy.FIFO] * 3]
    return dice.one_of(in_order if dice.is_plain else [*in_order, Policy.RANDOM, Policy.PRIORITY])


def release_of(dice: Dice) -> Release:
    if dice.is_plain:
        return bucket_of(dice)
    makers: list[Callable[[Dice], Release]] = [
        bucket_of,
        bucket_of,
        batches_of,
        slots_of,
        feedback_of,
    ]
    if dice.tick_ns == MINUTES:
        makers += [slots_of, by_minute_of, by_minute_of]
    return dice.one_of(makers)(dice)


def bucket_of(dice: Dice) -> TokenBucket:
    return TokenBucket(
        spacing_ns=dice.one_of([1, 1, 1, 2, 4]) * dice.tick_ns, burst=dice.whole(1, 4)
    )


def batches_of(dice: Dice) -> Batches:
    return Batches(size=dice.whole(1, 7), every_ns=dice.ns(1, 9))


def slots_of(dice: Dice) -> Slots:
    return Slots(
        total=dice.whole(1, 8),
        session_ns=dice.ns(1, 12),
        per_minute=dice.whole(1, 4) if dice.has() else UNBOUNDED,
        renews=dice.one_of([False, True]),
        early=dice.one_of([False, True]),
        remembers=dice.whole(1, 3),
    )


def by_minute_of(dice: Dice) -> Slots:
    return Slots(
        total=dice.whole(1, 8),
        session_ns=dice.ns(1, 12),
        per_minute=dice.whole(1, 6) if dice.whole(0, 2) else UNBOUNDED,
        renews=dice.one_of([False, True]),
        early=dice.one_of([False, True]),
        by_minute=True,
        ghost_ns=dice.ns(0, 8) if dice.has() else 0,
        blind_ns=dice.ns(1, 8) if dice.has() else 0,
        remembers=dice.whole(1, 3),
    )


def feedback_of(dice: Dice) -> Feedback:
    signal = dice.one_of(list(Signal))
    return Feedback(
        signal=signal,
        limit=dice.whole(0, 4) if signal is Signal.IN_FLIGHT else dice.ns(0, 30),
        every_ns=dice.one_of([1, 3, 7, 15, 30]) * dice.tick_ns,
        delay_periods=dice.one_of([0, 0, 1, 2]),
        first_rate=dice.rate(dice.one_of([1, 1, 2, 4])),
        lowest_rate=dice.rate(dice.whole(8, 12)),
        highest_rate=dice.rate(1) * dice.whole(1, 3),
        step_rate=dice.rate(dice.whole(2, 30)),
        cut_thousandths=dice.one_of([300, 500, 850]),
    )
