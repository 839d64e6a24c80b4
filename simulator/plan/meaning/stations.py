"""What the words of a station mean to an engine."""

from __future__ import annotations

from typing import TypedDict

from simulator.scenario.words.stations import Autoscaler as AutoscalerWords
from simulator.scenario.words.stations import ColdStart as ColdWords
from simulator.scenario.words.stations import Failures as FailuresWords
from simulator.scenario.words.stations import Quota as QuotaWords
from simulator.scenario.words.stations import Station as StationWords
from simulator.scenario.words.terms import for_ever
from simulator.system.line import TokenBucket
from simulator.system.stations import Autoscaler, Balance, ColdStart, Failures, Station, StationKind
from simulator.units import UNBOUNDED

KINDS = {"pool": StationKind.POOL, "cpu": StationKind.CPU, "quota": StationKind.QUOTA}
BALANCES = {
    "shared": Balance.SHARED,
    "round-robin": Balance.ROUND_ROBIN,
    "random": Balance.RANDOM,
    "least-busy": Balance.LEAST_BUSY,
}


class Quota(TypedDict, total=False):
    """Fields of a :class:`Station` of which only a quota says anything."""

    quota: TokenBucket
    per_day: int
    per_day_from_opening: int


def station_of(station: StationWords) -> Station:
    """A station in numbers."""
    allowed: Quota = {} if station.quota is None else quota_of(station.quota)
    return Station(
        name=station.name,
        kind=KINDS[station.kind],
        servers=station.servers_each or 1,
        waiting_room=station.waiting_room,
        service=station.service.duration,
        round_trip_ns=station.round_trip_ns,
        cores=station.cores or 1,
        sheds_after_ns=for_ever(station.sheds_after_ns),
        retry_after_ns=station.retry_after_ns,
        instances=station.instances.count,
        balance=BALANCES[station.balance],
        autoscaler=autoscaler_of(station.autoscaler),
        failures=failures_of(station.failures),
        cold=cold_of(station.cold_start),
        inflation=station.inflation or (1.0,),
        **allowed,
    )


def quota_of(quota: QuotaWords) -> Quota:
    """What a quota allows, in numbers."""
    bucket = TokenBucket.at_rate(quota.rate_per_s, quota.burst)
    return {
        "quota": bucket,
        "per_day": quota.per_day or UNBOUNDED,
        "per_day_from_opening": quota.per_day_from_opening or UNBOUNDED,
    }


def autoscaler_of(autoscaler: AutoscalerWords | None) -> Autoscaler | None:
    """How instances follow the utilisation, in numbers."""
    if autoscaler is None:
        return None
    return Autoscaler(
        every_ns=autoscaler.every_ns,
        window_periods=autoscaler.window_periods,
        target_thousandths=round(autoscaler.target * 1000),
        boot_ns=autoscaler.boot_ns,
        cooldown_ns=autoscaler.cooldown_ns,
        floor=autoscaler.floor,
        ceiling=autoscaler.ceiling,
    )


def failures_of(failures: FailuresWords | None) -> Failures | None:
    """How instances fail, in numbers."""
    if failures is None:
        return None
    return Failures(runs=failures.runs.duration, repair=failures.repair.duration)


def cold_of(cold: ColdWords | None) -> ColdStart | None:
    """How instances start, in numbers."""
    if cold is None:
        return None
    return ColdStart(
        slowdown_thousandths=round(cold.slowdown * 1000),
        for_ns=cold.for_ns,
        at_opening=cold.at_opening,
    )
