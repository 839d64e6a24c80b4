"""The services of a replay as they were, and what the same launch comes to with them.

The plan is made anew of the files that the replay was given, with its seed: the same people at the same
instants, and the same luck.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reports.run.folder import observed_part
from scenarios.rehearsal.sendable import sendable
from simulator import Compiled, Plan, Prediction, parse, predict
from simulator.outcomes.rows import Rows
from simulator.outcomes.store import read_part
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import read_stations
from simulator.units import NS_PER_S
from simulator.verdict.truth.as_served import as_served
from simulator.verdict.truth.recovered import recovered
from simulator.verdict.truth.services import Services

LAUNCHES = 100
"""As many as the replay predicts with."""


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
class AsServed:
    """What the rows of a replay say of its services."""

    service_s: float | None
    """From their begin to the answer, on average, of those that were answered."""
    wait_s: float | None
    """From sending to their begin, likewise."""
    prediction: Prediction | None


def as_they_were(sent: Sent, db: sqlite3.Connection, label: str, *, again: bool) -> AsServed:
    """``again``: whether the launch is predicted with them."""
    plan, rows = sent.plan(), read_part(db, observed_part(label)).rows()
    services = recovered(rows, plan.system)
    service_s, wait_s = means_s(services, rows.attempts)
    given = as_served(plan, services) if again else None
    found = None if given is None else predict(given, Compiled(), LAUNCHES)
    return AsServed(service_s=service_s, wait_s=wait_s, prediction=found)


def means_s(services: Mapping[str, Services], attempts: Rows) -> tuple[float | None, float | None]:
    """The mean service and the mean wait of all that was answered; None where nothing was recovered."""
    took, waited = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for each in services.values():
        answered = each.answered == 1
        mine = attempts[each.row[answered]]
        took.append(mine["finished"] - each.begun_ns[answered])
        waited.append(each.begun_ns[answered] - mine["sent"])
    both = [np.concatenate(found) for found in (took, waited)]
    if not both[0].size:
        return None, None
    service_s, wait_s = (float(found.mean()) / NS_PER_S for found in both)
    return service_s, max(0.0, wait_s)
