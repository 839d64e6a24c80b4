"""``surgeproof learn``: a file of stations that knows what a replay showed of their services."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reports.run import store
from reports.run.folder import RunFolder, observed_part
from reports.run.past.sealed import stations_of
from reports.run.report import VariantReport, read_report
from reports.sentences import words
from scenarios.library import shelf as library
from scenarios.probe.measured import taken
from scenarios.rehearsal.sendable import sendable
from simulator.errors import UsageError
from simulator.host.files import write_new
from simulator.outcomes.rows import Block
from simulator.outcomes.store import read_part
from simulator.plan.meaning.system import system_of
from simulator.scenario.document.toml_text import toml_text
from simulator.scenario.scenario import read_stations, stations_document
from simulator.scenario.words.stations import Station
from simulator.system.pace import Pace
from simulator.system.stations import Station as Served
from simulator.system.system import System
from simulator.verdict.truth.learned import Belief, learned
from simulator.verdict.truth.played.services import Services
from simulator.verdict.truth.recovered import recovered
from simulator.verdict.truth.took import Took, took_by
from surgeproof.endings import harmless

DIGITS = 4
AND = ", "
"""Between those who measured a station."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a replay taught of one station."""

    took: Took
    before: Belief
    after: Belief
    written: str
    """What the file says of it so far."""

    def __str__(self) -> str:
        took = self.took
        return (
            f"{took.station}: {took.services:,} services took {took.ratio:.2f} times as long as was likely"
            f" ({took.low:.2f} to {took.high:.2f}); service_factor {self.written} ->"
            f" {_in_words(self.after)}"
        )


def run(path: Path, *, system: Path, write: Path | None, variant: str | None) -> int:
    """Say what the replay taught, and write the stations that know it.

    Raises UsageError where the run has nothing to teach, ScenarioError where the stations do not fit it.
    """
    folder = RunFolder.open(path)
    observed = observed_variant(read_report(folder).variants, str(path), variant)
    text = library.read_named(system)
    stations = read_stations(text, str(system))
    require_new(folder.path.name, stations, system)
    met = system_met(folder, observed.label, stations)
    met = require_met(observed, folder, met, system)
    found = recovered(rows_of(folder, observed.label), met)
    lessons = {each.took.station: each for each in lessons_of(met, found, stations)}
    said = [*map(str, lessons.values()), *untaught(found)]
    for line in said:
        print(harmless(line))
    if not lessons:
        raise UsageError(f"{path}: teaches nothing of the stations of {system}")
    if write is not None:
        head = [f"{system}, with what {folder.path.name} showed ({observed.label}).", *said]
        try:
            document = stations_document(text, str(system))
            write_new(write, taught(document, lessons, head, folder.path.name))
        except FileExistsError:
            raise taken(write) from None
        print(f"written: {write}")
    return 0


def observed_variant(
    variants: tuple[VariantReport, ...], where: str, wanted: str | None
) -> VariantReport:
    """The variant of that name, or the first one, if it was replayed."""
    seen = [each for each in variants if each.observed is not None]
    found = next((each for each in seen if wanted in (None, each.label)), None)
    if found is None:
        known = ", ".join(f'"{each.label}"' for each in seen)
        named = f'"{wanted}" was not replayed, but {known}' if known else "nothing was replayed"
        raise UsageError(f"{where}: {named}, so there is nothing to learn from it")
    return found


def system_met(folder: RunFolder, label: str, stations: tuple[Station, ...]) -> System:
    """What the visitors of a rehearsal met, if its target is these stations."""
    name = str(folder.path / "scenario.toml")
    scenario = library.load(name, allow_files=True)
    if label in scenario.words.variant and scenario.variant != label:
        scenario = library.load(name, variant=label, allow_files=True)
    sent = sendable(scenario, stations).scenario
    return replace(system_of(sent, stations), changes=())


def rows_of(folder: RunFolder, label: str) -> Block:
    """What was observed.

    Raises Damaged where the store cannot be read.
    """
    db: sqlite3.Connection
    with store.reading(folder.database) as db, store.legible(str(folder.database)):
        return read_part(db, observed_part(label)).rows()


def lessons_of(
    met: System, found: Mapping[str, Services], stations: tuple[Station, ...]
) -> Iterator[Lesson]:
    """In the order of the file."""
    said = {station.name: belief_of(station) for station in stations}
    for took in took_by(met, found):
        before = said[took.station]
        station = next(each for each in stations if each.name == took.station)
        yield Lesson(
            took=took, before=before, after=learned(before, took), written=written_in(station)
        )


def written_in(station: Station) -> str:
    """The factor as the file has it."""
    factor = station.service_factor
    if factor is None:
        return "1"
    return f"{factor.likely:.2f} ({factor.low:.2f} to {factor.high:.2f})"


def belief_of(station: Station) -> Belief:
    """What the file says of all its services."""
    factor = station.service_factor
    if factor is None:
        return Belief(likely=1.0, spread=0.0)
    return Belief.of(factor.low, factor.likely, factor.high)


def untaught(found: Mapping[str, Services]) -> Iterator[str]:
    """Of which stations nothing was learned, and why."""
    for name, services in found.items():
        if services.why_not is not None:
            yield f"{name}: nothing learned: {services.why_not}"


def require_new(run: str, stations: Iterable[Station], system: Path) -> None:
    """One run is one occasion, however often it is read.

    Raises UsageError where the stations have learned from it.
    """
    for station in stations:
        if run in (station.measured or "").split(AND):
            raise UsageError(f"{system}: {station.name} has learned from {run} already")


def require_met(observed: VariantReport, folder: RunFolder, met: System, system: Path) -> System:
    """The system that the run was predicted with: that of the file, with what else slowed its stations down.

    Raises UsageError where the run was predicted with other stations than the file has.
    """
    if observed.seal is None or not observed.seal.intact:
        return met  # nobody knows with which
    sealed = json.loads((folder.path / observed.seal.seal.file).read_text("utf-8"))["stations"]
    before = {each["name"]: each for each in sealed}
    now = {each["name"]: each for each in stations_of(met.stations)}
    if before.keys() != now.keys():
        raise UsageError(
            f"{system}: has {', '.join(now)}, and {folder.path} was predicted with {', '.join(before)}:"
            " name the file that it was predicted with"
        )
    paces = {name: before[name].pop("pace", None) for name in before}
    for name, each in now.items():
        if each != before[name]:
            raise UsageError(
                f"{system}: {name} is not as {folder.path} was predicted with it (mean service"
                f" {in_s(each)} here, {in_s(before[name])} there): name the file that it was predicted with"
            )
    return replace(met, stations=tuple(with_pace(each, paces[each.name]) for each in met.stations))


def with_pace(station: Served, sealed: Mapping[str, Any] | None) -> Served:
    """A station as it was predicted beside what else used its cores."""
    if sealed is None:
        return station
    return replace(station, pace=Pace.of(sealed["starts_ns"], sealed["factors"]))


def in_s(station: Mapping[str, Any]) -> str:
    return words.figure(station["service_mean_s"], "s")


def taught(
    document: Mapping[str, Any], lessons: Mapping[str, Lesson], head: list[str], run: str
) -> str:
    """The file of stations, in which what was measured stands as it did, and its factor is new.

    What measured it names the run as well.
    """
    new = deepcopy(dict(document))
    for station in new["station"]:
        if station["name"] in lessons:
            after = lessons[station["name"]].after
            low, high = after.deciles
            values = {"low": low, "likely": after.likely, "high": high}
            station["measured"] = AND.join(filter(None, [station.get("measured"), run]))
            station["service_factor"] = {key: round(each, DIGITS) for key, each in values.items()}
    return "".join(f"# {line}\n" for line in head) + "\n" + toml_text(new)


def _in_words(belief: Belief) -> str:
    low, high = belief.deciles
    return (
        f"{belief.likely:.2f}" if low == high else f"{belief.likely:.2f} ({low:.2f} to {high:.2f})"
    )
