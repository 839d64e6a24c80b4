"""The stations of a launch and their instances, as tables of the compiled engine."""

from __future__ import annotations

from simulator.engine.compiled import limits
from simulator.engine.compiled.loop.memory.layout import stations
from simulator.engine.compiled.loop.memory.opening.tables import LARGEST, Tables, bits_of
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
        stations.KIND: station.kind,
        stations.HAS_SPEED: station.kind is StationKind.CPU or station.is_inflated,
        stations.NUMBER: number,
        stations.BALANCE: Balance.SHARED if is_quota else station.balance,
        stations.INSTANCES: count,
        stations.ROUND_TRIP: station.round_trip_ns,
        stations.SHEDS_AFTER: station.sheds_after_ns,
        stations.RETRY_AFTER: station.retry_after_ns,
        stations.SERVERS_EACH: servers,
        stations.CORES_EACH: station.cores,
        stations.ROOMS: units,
        stations.UNITS: units,
        stations.UPS: ups,
        stations.UP_INDEXES: tables.lay(list(range(count))),
        stations.QUOTA_SPACING: station.quota.spacing_ns,
        stations.QUOTA_BURST: station.quota.burst,
        stations.PER_DAY: station.per_day,
        stations.PER_DAY_FROM_OPENING: station.per_day_from_opening,
        stations.SERVERS_UP: ups * units * servers,
        stations.NOTED_THERE: ups * units * there_of(station),
        stations.NOTED_INSTANCES: ups * units,
    }
    words |= load_words(tables, count, ups) if station.balance is Balance.LEAST_BUSY else {}
    words |= inflation_words(tables, station)
    words |= pace_words(tables, station)
    words |= cold_and_failure_words(tables, station)
    words |= scaling_words(tables, station)
    address = tables.record(stations.STATION_SIZE, words)
    tables.stations.append(address)
    instances = [
        instance_words(station, index, address, units) | {stations.STATE: state}
        for index, state in enumerate([stations.UP] * ups + [stations.GONE] * (count - ups))
    ]
    if is_quota and station.per_day < UNBOUNDED:
        instances[0][stations.LATEST_TOKENS] = tables.lay([0] * station.per_day)
    addresses = [tables.record(stations.INSTANCE_SIZE, instance) for instance in instances]
    tables.words[address + stations.FIRST_INSTANCE] = addresses[0]
    tables.words[address + stations.INSTANCE_LIST] = tables.lay(addresses)
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
    return {stations.LOADS: tables.lay(tree), stations.LEAVES: leaves}


def inflation_words(tables: Tables, station: Station) -> dict[int, int]:
    if not station.is_inflated:
        return {}
    factors = tables.lay([bits_of(factor) for factor in station.inflation])
    return {stations.INFLATION: factors, stations.FACTORS: len(station.inflation)}


def pace_words(tables: Tables, station: Station) -> dict[int, int]:
    if station.pace is None:
        return {}
    steps = zip(station.pace.starts_ns, map(bits_of, station.pace.factors), strict=True)
    return {stations.PACE: tables.lay([word for step in (*steps, (LARGEST, 0)) for word in step])}


def cold_and_failure_words(tables: Tables, station: Station) -> dict[int, int]:
    words = {}
    if station.cold is not None:
        words[stations.COLD_LASTS] = station.cold.for_ns
        words[stations.SLOWDOWN] = station.cold.slowdown_thousandths
    if station.failures is not None:
        words[stations.HAS_FAILURES] = 1
        words[stations.RUNS] = tables.law(station.failures.runs)
        words[stations.REPAIR] = tables.law(station.failures.repair)
    return words


def scaling_words(tables: Tables, station: Station) -> dict[int, int]:
    scaler = station.autoscaler
    if scaler is None:
        return {}
    return {
        stations.SCALES_EVERY: scaler.every_ns,
        stations.WINDOW: scaler.window_periods,
        stations.TARGET: scaler.target_thousandths,
        stations.BOOT_LASTS: scaler.boot_ns,
        stations.COOLDOWN: scaler.cooldown_ns,
        stations.FLOOR: scaler.floor,
        stations.CEILING: scaler.ceiling,
        stations.LAST_ACTION: UNKNOWN,
        stations.AREAS: tables.lay([0] * (2 * (scaler.window_periods + 1))),
    }


def instance_words(station: Station, index: int, address: int, units: int) -> dict[int, int]:
    cold = station.cold
    is_up = index < station.instances
    return {
        stations.OF_STATION: address,
        stations.INDEX: index,
        stations.SERVERS: 0 if station.kind is StationKind.QUOTA else units * station.servers,
        stations.ROOM: units * station.waiting_room,
        stations.CORES: units * station.cores,
        stations.TOKEN_AT: UNKNOWN,
        stations.COLD_UNTIL: cold.for_ns if cold is not None and cold.at_opening else 0,
        stations.STARTS: 0 if is_up else -1,
        stations.FAILS_AT: UNKNOWN,
    }


def plan_failure(
    tables: Tables, timetable: Timetable, instance: int, number: int, index: int, runs: Duration
) -> None:
    """The first failure of an instance that is up at the opening."""
    name = number << limits.INDEX_BITS | index
    at_ns = timetable.duration_ns(runs, draws.RUN, name)
    tables.words[instance + stations.FAILS_AT] = at_ns
    tables.plan(at_ns, timetable.end_ns, FAILS, name, instance)
