"""Validity: whether the instrument really sent what was planned, judged before anything else.

Each limit says from where on a fault of the generator could decide a verdict. What is below, be it
seen once or by a hair, is no impairment.

*Cut short*, *accounted for*, *kept*: exact; counting has no noise. Whose fate is not written down (rows
that another program deleted, say) might have been among those that fail. Where ``forgotten`` is asked,
that objective counts them, unless they were lost with a worker.

*Unsent.* Whoever was not sent might have been among those that fail: the unsent may be a tenth of the
smallest share that an objective leaves over (p95: 5 %, so 0.5 %; errors 1 %: 0.1 %), and never more
than ``UNSENT_MOST``. Where no error is allowed, nobody may be unsent.

*Strays.* A start within 20 ms of its instant is on time, yet may fall into the next bin of 100 ms, so
a bin is held against everything that timely starts can make of the plan
(:func:`simulator.outcomes.instrument.strays`); only visits beyond that count, in the worst of all bins. Chance
makes bursts as well: the plan's instants are a Poisson process, and of its n bins one exceeds
its rate r by k - r in every second launch, where P(Poisson(r) > k) = 0.5 / n. A crowd of strays below
that is one that the plan might have held by itself. (One standard deviation, which stood here, is what
*one* bin does in every third launch; of 600 bins at 6/s it stopped every run.) r is the rate of the
busiest second: what is no burst there is none elsewhere.

*Start lag.* 20 ms is what a human cannot feel, and 5 % of the objective what cannot decide it. One
start in a hundred may be later, and one in any case where there are 20: below that no quantile is
told, and above it one visit decides none. More may be, and later, where what was found is so far from
what was asked that it would have come out the same (:mod:`simulator.verdict.validity.room`): then the limit is the
delay that the figures bear, which even the latest start must keep. One visit may start late, be seen late and be told by
a clock that is wrong, so these add up, and so does whom they touched: what one gate spends is not another's any more.

*Event loop.* What comes in while the loop oversleeps is seen late. Of an oversleep of length L only
the first L - limit is late by more than the limit, which is 50 ms (a probe's own rhythm: what lies
below is not measured), or again 5 % of the objective. One answer in a hundred may be, as of the
starts. So 50.18 ms count for next to nothing, and an oversleep of 2 s at the opening for all that came
within it. Again more may be where the figures bear the longest oversleep of as many, after the latest start.

*Processor.* It is an indirect sign, for lags are measured themselves: near saturation they explode
(tried with Locust: at 99 % of a core its p99 lag rose tenfold). A beat is a second, and one second is
no state: two in a row above 85 % are, and so is one with nothing idle in it (99 %).

*Workers*, where a master leads them: each sends a part of the plan that nobody else does, so that with one
that is lost nobody knows what the target would have done. *Clocks*: what a worker calls an instant may be
wrong by its clock's bound, which may be half of the start lag that is allowed: so much is then left for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy.special import gammainc

from simulator.outcomes.instrument import Instrument
from simulator.outcomes.pulses import SECOND_NS
from simulator.outcomes.store import COMPLETE
from simulator.system.objectives import Objectives
from simulator.verdict.criteria import Asks, Criterion, Outcome
from simulator.verdict.reasons import (
    Accounts,
    Busy,
    Clocks,
    Ended,
    HeldUp,
    Kept,
    Lost,
    Mistimed,
    NotSent,
    Plain,
    Reason,
)
from simulator.verdict.validity.delays import Delays

UNSENT_OF_LEFT = 0.1
UNSENT_MOST = 0.005
UNASKED = 0.01
"""The share that is left over where no objective leaves one: p99, the finest usual one."""
CHANCE = 0.5
LAG_FLOOR_S = 0.020
SHARE_OF_OBJECTIVE = 0.05
LOOP_LAG_FLOOR_S = 0.050
HELD_UP_SHARE = 0.01
CPU_SHARE = 0.85
CPU_SATURATED = 0.99


Room = Callable[[float], float]
"""The longest delay of so many visits, in seconds, that leaves each objective where it is."""
SENT_WITHIN_S = 1.0
"""Who is later than this is not sent: no start can be."""


def none(_: float) -> float:
    """Nothing is known of the figures."""
    return 0.0


def judge_instrument(
    instrument: Instrument, objectives: Objectives, room: Room = none
) -> tuple[Criterion, ...]:
    """Every reason why the replay might say nothing about the target.

    ``room``: what the figures that it found bear (:func:`simulator.verdict.validity.room.room_s`).
    """
    loop_limit_s = lag_limit_s(objectives, LOOP_LAG_FLOOR_S)
    delays = Delays.of(instrument, lag_limit_s(objectives), loop_limit_s)
    return (
        _complete(instrument),
        *_workers(instrument, clock_limit_ns(objectives) / SECOND_NS),
        _accounted(instrument),
        *([] if counts_the_missing(objectives, instrument) else [_kept(instrument)]),
        _unsent(instrument, unsent_limit(objectives)),
        _strays(instrument),
        _lag(instrument, delays, room),
        _cpu(instrument),
        _loop_lag(instrument, delays, room),
    )


def counts_the_missing(objectives: Objectives, instrument: Instrument) -> bool:
    """Whether an objective counts whose fate is not known; what was lost with a worker no target forgot."""
    return objectives.line.forgotten is not None and not instrument.lost


def lag_limit_s(objectives: Objectives, floor_s: float = LAG_FLOOR_S) -> float:
    """The largest lag that cannot decide an objective."""
    limits_ns = [limit for asked in objectives.journeys for _, limit in asked.quantiles_ns]
    smallest_s = min(limits_ns, default=0) / 1e9
    return max(floor_s, SHARE_OF_OBJECTIVE * smallest_s)


def clock_limit_ns(objectives: Objectives) -> int:
    """By how much a worker's clock may be wrong: half of the lag, which leaves the other half for the lag itself."""
    return round(lag_limit_s(objectives) * SECOND_NS / 2)


def unsent_limit(objectives: Objectives) -> float:
    """The share of unsent visits that cannot decide an objective."""
    left = [1 - quantile for asked in objectives.journeys for quantile, _ in asked.quantiles_ns]
    left += [1 - quantile for quantile, _ in objectives.line.wait_quantiles_ns]
    left += [asked.errors for asked in objectives.journeys if asked.errors is not None]
    return min(UNSENT_MOST, UNSENT_OF_LEFT * min(left, default=UNASKED))


def strays_limit(instrument: Instrument) -> int:
    """By how many visits chance lets one bin of such a plan exceed its rate, in every second launch.

    P(X > k) of a Poisson count is the regularised incomplete gamma function P(k + 1, rate).
    """
    rate = instrument.busiest_second / 10
    count = int(rate)
    while gammainc(count + 1, rate) > CHANCE / max(instrument.bins, 1):
        count += 1
    return count - int(rate)


def _criterion(asks: Asks, measured: float, limit: float, reason: Reason) -> Criterion:
    return Criterion(
        asks=asks,
        limit=limit,
        measured=measured,
        outcome=Outcome.HOLDS if measured <= limit else Outcome.INCONCLUSIVE,
        reason=reason,
    )


def _complete(instrument: Instrument) -> Criterion:
    ended = instrument.ended
    return _criterion(Asks.CUT_SHORT, float(ended != COMPLETE), 0.0, Ended(how=ended))


def _accounted(instrument: Instrument) -> Criterion:
    reported = instrument.unsent_reported
    gap = math.nan if reported is None else float(abs(instrument.unsent - reported))
    reason = Accounts(
        planned=instrument.planned,
        started=instrument.started,
        unsent=instrument.unsent,
        reported=reported,
    )
    return _criterion(Asks.UNACCOUNTED, gap, 0.0, reason)


def _kept(instrument: Instrument) -> Criterion:
    missing = instrument.planned - instrument.recorded
    reason = Kept(planned=instrument.planned, missing=missing, by_workers=bool(instrument.lost))
    return _criterion(Asks.FATES_NOT_KEPT, float(missing), 0.0, reason)


def _unsent(instrument: Instrument, limit: float) -> Criterion:
    if not instrument.planned:
        return _criterion(Asks.UNSENT, math.nan, limit, Plain.NOTHING_PLANNED)
    reason = NotSent(
        planned=instrument.planned,
        unsent=instrument.unsent,
        late=instrument.late,
        at_cap=instrument.at_cap,
    )
    return _criterion(Asks.UNSENT, instrument.unsent / instrument.planned, limit, reason)


def _strays(instrument: Instrument) -> Criterion:
    limit, reason = float(strays_limit(instrument)), Mistimed(busiest=instrument.busiest_bin)
    return _criterion(Asks.MISTIMED, float(instrument.worst_bin), limit, reason)


def _lag(instrument: Instrument, delays: Delays, room: Room) -> Criterion:
    lag_ns, limit_s = instrument.lag_p99_ns, delays.start_limit_s
    if lag_ns is None:
        return _criterion(Asks.START_LAG, math.nan, limit_s, Plain.NOTHING_STARTED)
    if lag_ns > limit_s * SECOND_NS:
        borne_s = room(delays.starts + delays.seen)
        if delays.longest_s <= borne_s:
            limit_s = max(limit_s, min(borne_s - delays.after_start_s, SENT_WITHIN_S))
    return _criterion(Asks.START_LAG, lag_ns / 1e9, limit_s, Plain.STARTS)


def _cpu(instrument: Instrument) -> Criterion:
    if not instrument.beats:
        return _criterion(Asks.GENERATOR_CPU, math.nan, CPU_SHARE, Plain.NO_BEATS)
    saturated = instrument.cpu_share_peak >= CPU_SATURATED
    share = instrument.cpu_share_peak if saturated else instrument.cpu_share_sustained
    reason = Busy(share=share, seconds=1 if saturated else 2, worker=instrument.busiest)
    return _criterion(Asks.GENERATOR_CPU, share, CPU_SHARE, reason)


def _loop_lag(instrument: Instrument, delays: Delays, room: Room) -> Criterion:
    if not instrument.beats:
        return _criterion(Asks.LOOP_LAG, math.nan, HELD_UP_SHARE, Plain.NO_BEATS)
    limit_s, most = delays.loop_limit_s, HELD_UP_SHARE
    share = instrument.held_up(round(limit_s * SECOND_NS))
    longest_s = instrument.loop_lag_max_ns / SECOND_NS
    reason = HeldUp(share=share, limit_s=limit_s, longest_s=longest_s, worker=instrument.slowest)
    while most < share and delays.longest_s <= room(
        delays.starts + (most + HELD_UP_SHARE) * instrument.started
    ):
        most += HELD_UP_SHARE
    return _criterion(Asks.LOOP_LAG, share, most, reason)


def _workers(instrument: Instrument, limit_s: float) -> tuple[Criterion, ...]:
    """Of workers that a master led, be it one: that each came to its end, and kept his time."""
    workers = instrument.workers
    if not instrument.is_led:
        return ()
    lost = tuple((each.name, str(each.lost)) for each in instrument.lost)
    worst = max(workers, key=lambda each: each.bound_ns)
    bound_s = worst.bound_ns / SECOND_NS
    clocks = Clocks(workers=len(workers), worker=worst.name, bound_s=bound_s)
    return (
        _criterion(Asks.WORKERS_LOST, float(len(lost)), 0.0, Lost(workers=len(workers), lost=lost)),
        _criterion(Asks.CLOCKS, bound_s, limit_s, clocks),
    )
