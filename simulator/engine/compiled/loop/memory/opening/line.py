"""The line and its release, as cells of the compiled engine."""

from __future__ import annotations

from simulator.engine.compiled.limits import LAST_END_NS, needs_order, patience_is_an_event
from simulator.engine.compiled.loop.memory.layout import cells
from simulator.engine.compiled.loop.memory.opening.tables import Tables
from simulator.engine.rules import FEEDBACK, PUBLISH
from simulator.system.line import Batches, Feedback, LineKind, Policy, Release, Slots, TokenBucket
from simulator.system.system import System
from simulator.units import FOREVER


def line_cells(system: System) -> dict[int, int]:
    waitlist = system.waitlist
    order = cells.BY_JOINING
    if system.order is Policy.RANDOM:
        order = cells.BY_LOT
    elif needs_order(system):
        order = cells.BY_KEY
    return {
        cells.POLICY: waitlist.policy,
        cells.OPENS: waitlist.opens_ns,
        cells.IS_LIST: waitlist.kind is LineKind.LIST,
        cells.ORDER: order,
        cells.BY_RANK: system.order is Policy.PRIORITY,
        cells.SHUFFLES: waitlist.shuffles,
        cells.PLACES: waitlist.places,
        cells.POLL_EVERY: min(waitlist.poll_every_ns, LAST_END_NS),
        cells.CALL_EXPIRES: waitlist.call_expires_ns,
        cells.EXPIRED_TO_END: waitlist.expired_to_end,
        cells.LEAVES_BY_EVENT: patience_is_an_event(system),
        cells.RELEASE_AT: FOREVER,
        cells.LAST_BATCH: -1,
        cells.CALLS_MINUTE: -1,
    }


def release_cells(tables: Tables, release: Release, horizon_ns: int) -> dict[int, int]:
    if isinstance(release, TokenBucket):
        return {
            cells.RELEASE_KIND: cells.BUCKET,
            cells.SPACING: release.spacing_ns,
            cells.BURST: release.burst,
        }
    if isinstance(release, Batches):
        return {
            cells.RELEASE_KIND: cells.BATCHES,
            cells.BATCH_SIZE: release.size,
            cells.BATCH_EVERY: release.every_ns,
        }
    if isinstance(release, Slots):
        return slot_cells(tables, release, horizon_ns)
    return feedback_cells(tables, release, horizon_ns)


def slot_cells(tables: Tables, slots: Slots, horizon_ns: int) -> dict[int, int]:
    if slots.by_minute and slots.blind_ns > 0:
        tables.plan(0, horizon_ns, PUBLISH, 0, 0)
    return {
        cells.RELEASE_KIND: cells.BY_MINUTE if slots.by_minute else cells.SLOTS,
        cells.HAS_SLOTS: 1,
        cells.TOTAL: slots.total,
        cells.SESSION_LASTS: slots.session_ns,
        cells.HELD: slots.session_ns,
        cells.REMEMBERS: slots.remembers,
        cells.PER_MINUTE: slots.per_minute,
        cells.RENEWS: slots.renews,
        cells.EARLY: slots.early,
        cells.GHOST_LASTS: slots.ghost_ns,
        cells.BLIND: slots.blind_ns,
    }


def feedback_cells(tables: Tables, feedback: Feedback, horizon_ns: int) -> dict[int, int]:
    tables.plan(feedback.every_ns, horizon_ns, FEEDBACK, 0, 0)
    return {
        cells.RELEASE_KIND: cells.BUCKET,
        cells.SPACING: max(1, 10**15 // feedback.first_rate),
        cells.BURST: 1,
        cells.HAS_FEEDBACK: 1,
        cells.SIGNAL: feedback.signal,
        cells.SIGNAL_LIMIT: feedback.limit,
        cells.FEEDBACK_EVERY: feedback.every_ns,
        cells.FEEDBACK_DELAY: feedback.delay_periods,
        cells.MEASURED: tables.lay([0] * (feedback.delay_periods + 1)),
        cells.RATE: feedback.first_rate,
        cells.LOWEST_RATE: feedback.lowest_rate,
        cells.HIGHEST_RATE: feedback.highest_rate,
        cells.STEP_RATE: feedback.step_rate,
        cells.CUT: feedback.cut_thousandths,
    }
