"""What the replay's child is told: one JSON file in the run's folder, and nothing secret in it.

The planned arrivals themselves lie in the run's store, where the reports read them too; the orders
hold their fingerprint, so that what was predicted is what is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from simulator.demand import Demand
from simulator.duration import Duration
from simulator.journey_words import Request
from simulator.system_people import People
from simulator.timetable import Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where the target takes what belongs to no step."""

    line_path: str = "/line"
    health_path: str = "/healthz"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOrders:
    """What a visitor does in one step."""

    request: Request
    think: Duration
    """How long he thinks before it."""
    round_trip_ns: int
    """What network and client add to an attempt, by the plan: an answer is seen that much later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Everything the child needs beside the planned rows."""

    url: str
    host: str
    address: str
    """The one resolved address: the child resolves nothing itself."""
    db: Path
    part: int
    run: str
    """A word that no other run has: it keeps the visitors' e-mail addresses apart."""
    people: tuple[People, ...]
    steps: tuple[StepOrders, ...]
    """By their numbers in the system that is rehearsed."""
    journeys: tuple[tuple[int, ...], ...]
    """The numbers of the steps of each."""
    lined: bool
    """Whether visitors join the line first; else they are in at once."""
    leaves_aloud: bool
    """Whether who loses patience says so."""
    poll_every_ns: int
    """How often to look, where the target does not say."""
    seed: int
    launch: int
    """Of the timetable, whose draws are the visitors' luck."""
    horizon_ns: int
    end_ns: int
    in_flight_cap: int
    max_lag_ns: int
    timetable_sha256: str
    parent_pid: int
    """Without its parent the child stops."""
    endpoints: Endpoints = field(default_factory=Endpoints)

    def luck(self) -> Timetable:
        """The plan's draws for whatever visitors do; its arrivals lie in the run's store."""
        return Timetable(
            demand=Demand(components=()),
            horizon_ns=self.horizon_ns,
            end_ns=self.end_ns,
            seed=self.seed,
            launch=self.launch,
        )


ORDERS = TypeAdapter(Orders)


def write_orders(path: Path, orders: Orders) -> None:
    path.write_bytes(ORDERS.dump_json(orders, indent=2))


def read_orders(path: Path) -> Orders:
    return ORDERS.validate_json(path.read_bytes())
