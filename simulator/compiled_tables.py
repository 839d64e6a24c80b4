"""A launch laid down in the memory of the compiled engine, as it is at the opening."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator import compiled_layout as layout
from simulator import draws
from simulator.compiled_layout import BATCHES, BUCKET, BY_MINUTE, CELLS, SLOTS
from simulator.compiled_words import needs_order, patience_is_an_event
from simulator.draws import FOREVER
from simulator.duration import Duration
from simulator.engine import CONTROL, FAILS, FEEDBACK, PUBLISH, SCALING
from simulator.outcomes import UNKNOWN
from simulator.system import (
    MILLION,
    Balance,
    Batches,
    Call,
    Feedback,
    LineKind,
    People,
    Policy,
    Release,
    Slots,
    Station,
    StationKind,
    Step,
    System,
    TokenBucket,
)
from simulator.timetable import Timetable

Event = tuple[int, int, int, int]
"""Key, visitor (or kind), tag, record."""


def bits_of(number: float) -> int:
    """The bits of a float, as an integer."""
    (bits,) = struct.unpack("<q", struct.pack("<d", number))
    return int(bits)


def signed(key: int) -> int:
    """The same 64 bits as a signed integer."""
    return key - (1 << 64) if key >> 63 else key


@dataclass(slots=True)
class Tables:
    """Words that are laid down one after the other, and the first events."""

    words: list[int] = field(default_factory=lambda: [0] * CELLS)
    events: list[Event] = field(default_factory=list)

    def lay(self, words: list[int]) -> int:
        """Lay words down; returns their address."""
        address = len(self.words)
        self.words += words
        return address

    def record(self, size: int, words: Mapping[int, int]) -> int:
        """Lay down a record of which some words are not 0."""
        return self.lay([words.get(offset, 0) for offset in range(size)])

    def law(self, law: Duration) -> int:
        knots = self.lay([bits_of(knot) for knot in law.knots])
        return self.lay(
            [law.law, bits_of(law.location), bits_of(law.scale), knots, knots + len(law.knots)]
        )

    def plan(self, at_ns: int, before_ns: int, kind: int, name: int, record: int) -> None:
        """An event that machines make, if it is in time."""
        if at_ns < before_ns:
            key = at_ns << layout.CLASS_BITS | CONTROL
            self.events.append((key, kind, name, record))


def tables_of(timetable: Timetable, system: System) -> Tables:
    """Everything but the blocks, which nobody has yet."""
    tables = Tables()
    horizon_ns = min(timetable.horizon_ns, timetable.end_ns)
    cells = {layout.END: timetable.end_ns, layout.CLOSES: horizon_ns}
    cells |= {layout.KEYS + role: signed(key) for role, key in enumerate(timetable.keys)}
    stations = [
        station_table(tables, timetable, number, station)
        for number, station in enumerate(system.stations)
    ]
    cells |= step_tables(tables, system, stations)
    cells |= people_tables(tables, system)
    cells |= change_tables(tables, system, stations)
    cells |= line_cells(system)
    cells |= release_cells(tables, system.waitlist.release, horizon_ns)
    most = max(tables.words[station + layout.INSTANCES] for station in stations)
    cells[layout.MOST_AT_ONCE] = most + 8
    for cell, word in cells.items():
        tables.words[cell] = word
    return tables


# Stations -----------------------------------------------------------------------------------------


def station_table(tables: Tables, timetable: Timetable, number: int, station: Station) -> int:
    """A station and its instances; returns its address."""
    is_quota = station.kind is StationKind.QUOTA
    is_shared = is_quota or station.balance is Balance.SHARED
    units = 1 if is_quota or not is_shared else station.instances
    servers = 0 if is_quota else station.servers
    count = 1 if is_shared else most_instances(station)
    ups = 1 if is_shared else station.instances
    words = {
        layout.KIND: station.kind,
        layout.NUMBER: number,
        layout.BALANCE: Balance.SHARED if is_quota else station.balance,
        layout.INSTANCES: count,
        layout.ROUND_TRIP: station.round_trip_ns,
        layout.SHEDS_AFTER: station.sheds_after_ns,
        layout.RETRY_AFTER: station.retry_after_ns,
        layout.SERVERS_EACH: servers,
        layout.CORES_EACH: station.cores,
        layout.ROOMS: units,
        layout.UNITS: units,
        layout.UPS: ups,
        layout.UP_INDEXES: tables.lay(list(range(count))),
        layout.QUOTA_SPACING: station.quota.spacing_ns,
        layout.QUOTA_BURST: station.quota.burst,
        layout.PER_DAY: station.per_day,
        layout.SERVERS_UP: ups * units * servers,
    }
    words |= load_words(tables, count, ups) if station.balance is Balance.LEAST_BUSY else {}
    words |= cold_and_failure_words(tables, station)
    words |= scaling_words(tables, station)
    address = tables.record(layout.STATION_SIZE, words)
    instances = [
        instance_words(station, index, address, units) | {layout.STATE: state}
        for index, state in enumerate([layout.UP] * ups + [layout.GONE] * (count - ups))
    ]
    first = tables.lay([])
    tables.words[address + layout.FIRST_INSTANCE] = first
    for index, instance in enumerate(instances):
        tables.record(layout.INSTANCE_SIZE, instance)
        if index < ups and station.failures is not None:
            plan_failure(tables, timetable, first + index * layout.INSTANCE_SIZE, number, index, station.failures.runs)
    if station.autoscaler is not None:
        at_ns, name = station.autoscaler.every_ns, number << layout.INDEX_BITS
        tables.plan(at_ns, timetable.end_ns, SCALING, name, address)
    return address


def most_instances(station: Station) -> int:
    ceiling = station.autoscaler.ceiling if station.autoscaler is not None else 0
    return max(station.instances, ceiling)


def load_words(tables: Tables, count: int, ups: int) -> dict[int, int]:
    """A tree of which each node is the smaller of the two below it; nobody is there yet."""
    leaves = 1 << (count - 1).bit_length()
    tree = [FOREVER] * leaves + list(range(ups)) + [FOREVER] * (leaves - ups)
    for node in reversed(range(1, leaves)):
        tree[node] = min(tree[2 * node], tree[2 * node + 1])
    return {layout.LOADS: tables.lay(tree), layout.LEAVES: leaves}


def cold_and_failure_words(tables: Tables, station: Station) -> dict[int, int]:
    words = {}
    if station.cold is not None:
        words[layout.COLD_LASTS] = station.cold.for_ns
        words[layout.SLOWDOWN] = station.cold.slowdown_thousandths
    if station.failures is not None:
        words[layout.HAS_FAILURES] = 1
        words[layout.RUNS] = tables.law(station.failures.runs)
        words[layout.REPAIR] = tables.law(station.failures.repair)
    return words


def scaling_words(tables: Tables, station: Station) -> dict[int, int]:
    scaler = station.autoscaler
    if scaler is None:
        return {}
    return {
        layout.SCALES_EVERY: scaler.every_ns,
        layout.WINDOW: scaler.window_periods,
        layout.TARGET: scaler.target_thousandths,
        layout.BOOT_LASTS: scaler.boot_ns,
        layout.COOLDOWN: scaler.cooldown_ns,
        layout.FLOOR: scaler.floor,
        layout.CEILING: scaler.ceiling,
        layout.LAST_ACTION: UNKNOWN,
        layout.AREAS: tables.lay([0] * (2 * (scaler.window_periods + 1))),
    }


def instance_words(station: Station, index: int, address: int, units: int) -> dict[int, int]:
    cold = station.cold
    is_up = index < station.instances
    return {
        layout.OF_STATION: address,
        layout.INDEX: index,
        layout.SERVERS: 0 if station.kind is StationKind.QUOTA else units * station.servers,
        layout.ROOM: units * station.waiting_room,
        layout.CORES: units * station.cores,
        layout.TOKEN_AT: UNKNOWN,
        layout.COLD_UNTIL: cold.for_ns if cold is not None and cold.at_opening else 0,
        layout.STARTS: 0 if is_up else -1,
        layout.FAILS_AT: UNKNOWN,
    }


def plan_failure(
    tables: Tables, timetable: Timetable, instance: int, number: int, index: int, runs: Duration
) -> None:
    """The first failure of an instance that is up at the opening."""
    name = number << layout.INDEX_BITS | index
    at_ns = timetable.duration_ns(runs, draws.RUN, name)
    tables.words[instance + layout.FAILS_AT] = at_ns
    tables.plan(at_ns, timetable.end_ns, FAILS, name, instance)


# Steps, people and changes ------------------------------------------------------------------------


def step_tables(tables: Tables, system: System, stations: list[int]) -> dict[int, int]:
    last = {system.first_step(i) + len(j.steps) - 1 for i, j in enumerate(system.journeys)}
    records = [
        step_words(tables, system, stations, number) | {layout.IS_LAST: number in last}
        for number in range(len(system.steps))
    ]
    first = tables.lay([])
    for record in records:
        tables.record(layout.STEP_SIZE, record)
    return {layout.STEPS: first, layout.STATIONS: stations[0]}


def step_words(
    tables: Tables, system: System, stations: list[int], number: int
) -> dict[int, int]:
    step = system.steps[number]
    words = {
        layout.STATION: stations[step.station],
        layout.SERVICE: tables.law(system.service_of(number)),
        layout.THINK: tables.law(step.think),
        layout.IS_SURE: is_sure(system.stations[step.station], step),
        layout.CALLED_JOBS: len(step.calls),
        layout.FIRST_CALL: call_tables(tables, system, stations, step.calls),
    }
    if step.holds is not None:
        words[layout.SEAT] = stations[step.holds.station]
        words[layout.SEAT_LASTS] = tables.law(step.holds.lasts)
    return words


def is_sure(station: Station, step: Step) -> bool:
    """Whether the end of an attempt is known when its service begins, unless its client ends it."""
    return (
        station.kind is not StationKind.CPU
        and station.failures is None
        and not step.calls
        and step.holds is None
    )


def call_tables(
    tables: Tables, system: System, stations: list[int], calls: tuple[Call, ...]
) -> int:
    laws = [
        tables.law(system.stations[call.station].service if call.service is None else call.service)
        for call in calls
    ]
    first = tables.lay([])
    for call, law in zip(calls, laws, strict=True):
        tables.lay([stations[call.station], law])
    return first


def people_tables(tables: Tables, system: System) -> dict[int, int]:
    records = [group_words(tables, group, system) for group in system.people]
    first = tables.lay([])
    for record in records:
        tables.record(layout.GROUP_SIZE, record)
    return {layout.PEOPLE: first}


def group_words(tables: Tables, group: People, system: System) -> dict[int, int]:
    retries, refers = group.retries, group.refers
    words = {
        layout.FIRST_STEP: system.first_step(group.journey),
        layout.RANK: group.rank,
        layout.CLIENT_TIMEOUT: group.client_timeout_ns,
        layout.CANCELS: group.cancels,
        layout.MOST_ATTEMPTS: retries.attempts,
        layout.BACKOFF: retries.backoff_ns,
        layout.CAP: retries.cap_ns,
        layout.JITTER: retries.jitter,
        layout.BUDGET_ADDS: retries.budget_millionths,
        layout.BUDGET_HOLDS: retries.budget_burst * MILLION,
        layout.BUDGET: retries.budget_burst * MILLION,
        layout.HONOURS: bits_of(group.honours_retry_after),
        layout.GIVES_UP_AFTER: group.gives_up_after_ns,
        layout.PATIENCE: tables.law(group.patience),
        layout.BALKS: tables.law(group.balks),
        layout.SILENT: bits_of(group.silent),
        layout.SHOWS_UP: bits_of(group.shows_up),
        layout.ANSWERS_AFTER: tables.law(group.answers_after),
        layout.REFRESHES: tables.law(group.refreshes),
    }
    if refers is not None:
        words[layout.REFERS] = bits_of(refers.share)
        words[layout.REFERS_AFTER] = tables.law(refers.after)
        words[layout.REFERS_PLACES] = refers.places
    return words


def change_tables(tables: Tables, system: System, stations: list[int]) -> dict[int, int]:
    first = tables.lay([])
    for change in system.changes:
        tables.lay([change.at_ns, change.lever, change.value, stations[change.station]])
    return {layout.NEXT_CHANGE: first, layout.LAST_CHANGE: tables.lay([])}


# The line -----------------------------------------------------------------------------------------


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
        layout.POLL_EVERY: waitlist.poll_every_ns,
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
