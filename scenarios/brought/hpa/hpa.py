"""An autoscaler's manifest, laid over a station of a launch: settings, as --set takes them, and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scenarios.brought.hpa.manifest import Manifest, manifests_in
from scenarios.brought.hpa.scaler import EVERY_S, Scaler, scaler_of
from simulator.errors import UsageError
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.journeys import stations_needed
from simulator.scenario.words.stations import Station
from simulator.text.quantities import WrongQuantity, parse_duration
from simulator.text.wording import format_duration, format_share
from simulator.units import NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """What an autoscaler says of a station."""

    station: str
    settings: tuple[str, ...]
    """Each as --set takes it; those given by hand go after them."""
    said: tuple[str, ...]
    """What was understood, then a note for whatever the simulator does otherwise than the cluster."""


def scaled(
    raw: bytes,
    file: str,
    scenario: Scenario,
    *,
    station: str | None = None,
    boot: str | None = None,
    per_pod: int | None = None,
) -> Scaled:
    """The station of a launch with the autoscaler of a manifest.

    Pods are instances. ``station`` names it where it is not the only pool; ``boot`` is how long a new
    pod takes until it works, and ``per_pod`` how many requests one works on at the same time: both are
    asked for where neither manifest nor launch says it.

    Raises UsageError.
    """
    manifest, met = matched(manifests_in(raw, file), pools_of(scenario, station), file)
    scaler = scaler_of(manifest, boot_of(met, boot, file))
    pod = pod_of(met, scaler, per_pod, file)
    ceiling = scaler.ceiling if scaler.grows else pod.count
    key = f"station.{met.name}"
    autoscaler = (
        f'{{ every = "{EVERY_S} s", window = "{EVERY_S} s", target = {scaler.target:g},'
        f' boot = "{exactly(scaler.boot_ns)}", cooldown = "{exactly(scaler.cooldown_ns)}",'
        f" floor = {scaler.floor}, ceiling = {ceiling} }}"
    )
    understood = (
        f"{met.name}: {scaler.floor} to {ceiling} pods of {pod.servers}"
        f" {'server' if pod.servers == 1 else 'servers'}, {pod.count} at the opening; aims at"
        f" {format_share(scaler.target)} busy, decides every {EVERY_S} s, and a new pod works after"
        f" {format_duration(scaler.boot_ns)}"
    )
    notes = (*pod.notes, *scaler.notes)
    return Scaled(
        station=met.name,
        settings=(f"{key}.autoscaler={autoscaler}", *(f"{key}.{each}" for each in pod.settings)),
        said=(understood, *(f"note: {each}" for each in notes)),
    )


def pools_of(scenario: Scenario, named: str | None) -> tuple[Station, ...]:
    """The stations that an autoscaler may be meant for: the one that is named, or every pool.

    Raises UsageError.
    """
    needed = stations_needed(scenario.words.journey)
    there = [each for each in scenario.words.station if each.name in needed]
    having = tuple(each for each in there if each.kind != "quota")
    if named is not None:
        found = tuple(each for each in having if each.name == named)
        if not found:
            known = ", ".join(each.name for each in having) or "none"
            raise UsageError(
                f"--station {named}: no station of that name has servers; there is: {known}"
            )
        return found
    found = tuple(each for each in having if each.kind == "pool") or having
    if not found:
        raise UsageError("--from-hpa: no station of the launch has servers")
    return found


def matched(
    manifests: Sequence[Manifest], stations: Sequence[Station], file: str
) -> tuple[Manifest, Station]:
    """The one pair there is, or the one whose names are alike.

    Raises UsageError.
    """
    if len(manifests) == len(stations) == 1:
        return manifests[0], stations[0]
    alike = [
        (manifest, station)
        for manifest in manifests
        for station in stations
        if station.name in manifest.names
    ]
    if len(alike) == 1:
        return alike[0]
    if len(manifests) == 1:
        names = ", ".join(each.name for each in stations)
        raise UsageError(f"{file}: which station is it of? add --station, one of {names}")
    names = ", ".join(each.name or "(no name)" for each in manifests)
    raise UsageError(
        f"{file}: holds {len(manifests)} autoscalers ({names}), and not one alone has a station's name; give"
        " one of them: kubectl get hpa NAME -o yaml"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """What one instance is, and how many there are at the opening."""

    servers: int
    count: int
    settings: tuple[str, ...]
    """Without the station's key."""
    notes: tuple[str, ...]


def pod_of(station: Station, scaler: Scaler, per_pod: int | None, file: str) -> Pod:
    """Raises UsageError where nobody says how large a pod is."""
    if station.is_bought_by_instance:
        count = within(station.instances.count, scaler)
        servers, there = station.servers_each or 1, station.instances.count
        settings: tuple[str, ...] = () if count == there else (f"instances={count}",)
        if per_pod not in (None, servers):
            raise UsageError(
                f"--per-pod {per_pod}: station.{station.name} has {servers} servers in each instance; leave one out"
            )
        return Pod(
            servers=servers, count=count, settings=settings, notes=tuple(moved(there, count))
        )
    if station.kind == "cpu":
        raise UsageError(
            f"{file}: scales pods, and station.{station.name} says no instances: write instances, and of each its"
            " cores, servers and waiting_room"
        )
    together = station.servers_each or 1
    if per_pod is None:
        raise UsageError(
            f"{file}: scales pods, and station.{station.name} has {together} servers and no instances: how many"
            " requests does one pod work on at the same time? add --per-pod 8"
        )
    there = -(-together // per_pod)
    count = within(there, scaler)
    return Pod(
        servers=per_pod,
        count=count,
        settings=tuple(divided(station, per_pod, there, count)),
        notes=tuple(moved(there, count)),
    )


def divided(station: Station, per_pod: int, there: int, count: int) -> Iterator[str]:
    """What stood for all pods together, for each of them."""
    yield f"servers={per_pod}"
    yield f"instances={count}"
    yield f"waiting_room={-(-station.waiting_room // there)}"
    if station.cost is not None:  # of a server until now, and of a pod from now on
        per_hour = f"{station.cost.per_hour * per_pod:.9f}".rstrip("0").rstrip(".")
        yield f"cost={per_hour} {station.cost.currency}/h"


def exactly(ns: int) -> str:
    """A duration that is read as it was.

    >>> exactly(40_000_000_000), exactly(1_500_000_000)
    ('40 s', '1500000000 ns')
    """
    return f"{ns} ns" if ns % NS_PER_S else f"{ns // NS_PER_S} s"


def within(count: int, scaler: Scaler) -> int:
    return min(max(count, scaler.floor), scaler.ceiling)


def moved(there: int, count: int) -> Iterator[str]:
    if count != there:
        yield f"the launch has {there} at the opening, which the autoscaler does not allow: {count}"


def boot_of(station: Station, boot: str | None, file: str) -> int:
    """How long a new pod takes, in ns.

    Raises UsageError where nobody says it.
    """
    if boot is not None:
        try:
            return parse_duration(boot)
        except WrongQuantity as wrong:
            raise UsageError(f"--boot: {wrong.problem}; {wrong.remedy}") from None
    if station.autoscaler is not None:
        return station.autoscaler.boot_ns
    raise UsageError(
        f"{file}: does not say how long a new pod takes until it works (image, start, readiness): add"
        ' --boot "40 s"'
    )
