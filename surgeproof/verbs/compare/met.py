"""What a run was predicted with, and what was observed of it: as who learns from it needs them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reports.run import store
from reports.run.folder import RunFolder, observed_part
from reports.run.past.sealed import stations_of
from reports.run.report.report import VariantReport
from reports.sentences import words
from scenarios.library import shelf as library
from scenarios.rehearsal.sendable import sendable
from simulator.errors import UsageError
from simulator.outcomes.rows import Block
from simulator.outcomes.store import read_part
from simulator.plan.meaning.system import system_of
from simulator.scenario.words.stations import Station
from simulator.system.pace import Pace
from simulator.system.stations import Station as Served
from simulator.system.system import System


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
