"""The stations of a launch and their instances, as tables of the compiled engine."""

from __future__ import annotations

from simulator.engine.compiled import limits
from simulator.engine.compiled.loop.memory import layout
from simulator.engine.compiled.loop.memory.opening.tables import Tables
from simulator.engine.rules import FAILS, SCALING
from simulator.outcomes.rows import UNKNOWN
from simulator.system.stations import Balance, Station, StationKind
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import FOREVER, UNBOUNDED


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
        layout.PER_DAY_FROM_OPENING: station.per_day_from_opening,
        layout.SERVERS_UP: ups * units * servers,
        layout.NOTED_THERE: ups * units * there_of(station),
        layout.NOTED_INSTANCES: ups * units,
    }
    words |= load_words(tables, count, ups) if station.balance is Balance.LEAST_BUSY else {}
    words |= cold_and_failure_words(tables, station)
    words |= scaling_words(tables, station)
    address = tables.record(layout.STATION_SIZE, words)
    tables.stations.append(address)
    instances = [
        instance_words(station, index, address, units) | {layout.STATE: state}
        for index, state in enumerate([layout.UP] * ups + [layout.GONE] * (count - ups))
    ]
    if is_quota and station.per_day < UNBOUNDED:
        instances[0][layout.LATEST_TOKENS] = tables.lay([0] * station.per_day)
    addresses = [tables.record(layout.INSTANCE_SIZE, instance) for instance in instances]
    tables.words[address + layout.FIRST_INSTANCE] = addresses[0]
    tables.words[address + layout.INSTANCE_LIST] = tables.lay(addresses)
    if station.failures is not None:
        for index, instance in enumerate(addresses[:ups]):
            plan_failure(tables, timetable, instance, number, index, station.failures.runs)
    if station.autoscaler is not None:
        at_ns, name = station.autoscaler.every_ns, number << limits.INDEX_BITS
        tables.plan(at_ns, timetable.end_ns, SCALING, name, address)
    return address


def there_of(station: Station) -> int:
    """What an instance has to be busy with."""
    if station.kind is StationKind.QUOTA:
        return 1
    return station.cores if station.kind is StationKind.CPU else station.servers


def most_instances(station: Station) -> int:
    """At first; failures may call for more."""
    scaler = station.autoscaler
    wanted = 0 if scaler is None else max(scaler.floor, scaler.ceiling)
    return max(station.instances, wanted)


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
    name = number << limits.INDEX_BITS | index
    at_ns = timetable.duration_ns(runs, draws.RUN, name)
    tables.words[instance + layout.FAILS_AT] = at_ns
    tables.plan(at_ns, timetable.end_ns, FAILS, name, instance)
