"""How long services took in a replay and how long people waited for them, where no target tells.

The plan is made anew of the files that the replay was given, with its seed: the same people at the same
instants.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reports.run.folder import observed_part
from scenarios.rehearsal.sendable import sendable
from simulator import Compiled, Plan, parse
from simulator.outcomes.rows import Rows
from simulator.outcomes.store import read_part
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import read_stations
from simulator.units import NS_PER_S
from simulator.verdict.truth.played.services import Services
from simulator.verdict.truth.recovered import recovered


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a replay was given."""

    launch: str
    system: str
    seed: int

    @classmethod
    def of(cls, folder: Path, seed: int) -> Sent:
        """The files of a folder."""
        launch, system = (
            (folder / name).read_text("utf-8") for name in ("launch.toml", "system.toml")
        )
        return cls(launch=launch, system=system, seed=seed)

    def plan(self) -> Plan:
        """As the replay has it."""
        scenario, stations = (
            parse(self.launch, "launch.toml"),
            read_stations(self.system, "system.toml"),
        )
        sent = sendable(scenario, stations).scenario
        return arriving(resolve(scenario), Compiled()).rehearsal(
            stations, seed=self.seed, sent=sent
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Of all that was answered; None where nothing was recovered."""

    service_s: float | None
    """From the begin of a service to its answer."""
    wait_s: float | None
    """From sending to that begin."""


def recovered_means(sent: Sent, db: sqlite3.Connection, label: str) -> Means:
    """By the discipline of the stations, from the rows of a variant."""
    rows = read_part(db, observed_part(label)).rows()
    return means_of(recovered(rows, sent.plan().system), rows.attempts)


def means_of(services: Mapping[str, Services], attempts: Rows) -> Means:
    """Over all stations."""
    took, waited = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for each in services.values():
        answered = each.answered == 1
        mine = attempts[each.row[answered]]
        took.append(mine["finished"] - each.begun_ns[answered])
        waited.append(each.begun_ns[answered] - mine["sent"])
    services_ns, waits_ns = np.concatenate(took), np.concatenate(waited)
    if not services_ns.size:
        return Means(service_s=None, wait_s=None)
    wait_s = max(0.0, float(waits_ns.mean()) / NS_PER_S)
    return Means(service_s=float(services_ns.mean()) / NS_PER_S, wait_s=wait_s)
