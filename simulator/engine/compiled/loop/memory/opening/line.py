"""The line and its release, as cells of the compiled engine."""

from __future__ import annotations

from simulator.engine.compiled.limits import LAST_END_NS, needs_order, patience_is_an_event
from simulator.engine.compiled.loop.memory import layout
from simulator.engine.compiled.loop.memory.layout import BATCHES, BUCKET, BY_MINUTE, SLOTS
from simulator.engine.compiled.loop.memory.opening.tables import Tables
from simulator.engine.rules import FEEDBACK, PUBLISH
from simulator.system.line import Batches, Feedback, LineKind, Policy, Release, Slots, TokenBucket
from simulator.system.system import System
from simulator.units import FOREVER


def line_cells(system: System) -> dict[int, int]:
    waitlist = system.waitlist
    order = layout.BY_JOINING
    if system.order is Policy.RANDOM:
        order = layout.BY_LOT
    elif needs_order(system):
        order = layout.BY_KEY
    return {
        layout.POLICY: waitlist.policy,
        layout.OPENS: waitlist.opens_ns,
        layout.IS_LIST: waitlist.kind is LineKind.LIST,
        layout.ORDER: order,
        layout.BY_RANK: system.order is Policy.PRIORITY,
        layout.SHUFFLES: waitlist.shuffles,
        layout.PLACES: waitlist.places,
        layout.POLL_EVERY: min(waitlist.poll_every_ns, LAST_END_NS),
        layout.CALL_EXPIRES: waitlist.call_expires_ns,
        layout.EXPIRED_TO_END: waitlist.expired_to_end,
        layout.LEAVES_BY_EVENT: patience_is_an_event(system),
        layout.RELEASE_AT: FOREVER,
        layout.LAST_BATCH: -1,
        layout.CALLS_MINUTE: -1,
    }


def release_cells(tables: Tables, release: Release, horizon_ns: int) -> dict[int, int]:
    if isinstance(release, TokenBucket):
        return {
            layout.RELEASE_KIND: BUCKET,
            layout.SPACING: release.spacing_ns,
            layout.BURST: release.burst,
        }
    if isinstance(release, Batches):
        return {
            layout.RELEASE_KIND: BATCHES,
            layout.BATCH_SIZE: release.size,
            layout.BATCH_EVERY: release.every_ns,
        }
    if isinstance(release, Slots):
        return slot_cells(tables, release, horizon_ns)
    return feedback_cells(tables, release, horizon_ns)


def slot_cells(tables: Tables, slots: Slots, horizon_ns: int) -> dict[int, int]:
    if slots.by_minute and slots.blind_ns > 0:
        tables.plan(0, horizon_ns, PUBLISH, 0, 0)
    return {
        layout.RELEASE_KIND: BY_MINUTE if slots.by_minute else SLOTS,
        layout.HAS_SLOTS: 1,
        layout.TOTAL: slots.total,
        layout.SESSION_LASTS: slots.session_ns,
        layout.HELD: slots.session_ns,
        layout.REMEMBERS: slots.remembers,
        layout.PER_MINUTE: slots.per_minute,
        layout.RENEWS: slots.renews,
        layout.EARLY: slots.early,
        layout.GHOST_LASTS: slots.ghost_ns,
        layout.BLIND: slots.blind_ns,
    }


def feedback_cells(tables: Tables, feedback: Feedback, horizon_ns: int) -> dict[int, int]:
    tables.plan(feedback.every_ns, horizon_ns, FEEDBACK, 0, 0)
    return {
        layout.RELEASE_KIND: BUCKET,
        layout.SPACING: max(1, 10**15 // feedback.first_rate),
        layout.BURST: 1,
        layout.HAS_FEEDBACK: 1,
        layout.SIGNAL: feedback.signal,
        layout.SIGNAL_LIMIT: feedback.limit,
        layout.FEEDBACK_EVERY: feedback.every_ns,
        layout.FEEDBACK_DELAY: feedback.delay_periods,
        layout.MEASURED: tables.lay([0] * (feedback.delay_periods + 1)),
        layout.RATE: feedback.first_rate,
        layout.LOWEST_RATE: feedback.lowest_rate,
        layout.HIGHEST_RATE: feedback.highest_rate,
        layout.STEP_RATE: feedback.step_rate,
        layout.CUT: feedback.cut_thousandths,
    }
