"""What the replay's child is told: one JSON file in the run's folder, and nothing secret in it.

The planned arrivals themselves lie in a file beside it (:mod:`scenarios.replay.keeping.plan_file`); the
orders hold their fingerprint, so that what was predicted is what is sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import TypeAdapter

from scenarios.http.allow import Target
from scenarios.http.manners import Manners
from scenarios.rehearsal.brought import Brought
from scenarios.rehearsal.recorded import Replayed
from scenarios.replay.templates import Templates
from simulator.host.files import unkept, write_private
from simulator.plan.plan import Plan
from simulator.scenario.words.rehearsal.requests import Request
from simulator.system.line import LineKind
from simulator.system.people import People
from simulator.system.system import System
from simulator.timetable.demand import Demand
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.verdict.validity.gates import clock_limit_ns

MAX_LAG_NS = 1_000_000_000
POLL_EVERY_NS = 1_000_000_000
"""How often to look where neither plan nor target says it."""

MOST_PRESENT = 250_000
"""People of one process, whether they have a request under way, or wait, think or pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOrders:
    """What a visitor does in one step."""

    request: Request | None
    """None: the user of a locustfile, who takes the journey, knows."""
    think: Duration
    """How long he thinks before it."""
    round_trip_ns: int
    """What network and client add to an attempt, by the plan: an answer is seen that much later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOrders:
    """How visitors get their mails, which the parent hands on."""

    capture: dict[str, str]
    """What is found in them, by the names of the placeholders."""
    within_ns: int
    by_command: bool = False
    """Whether each mail is asked for; else they come by themselves."""


@dataclass(frozen=True, kw_only=True)
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
    brought: tuple[Brought | None, ...] = ()
    """By the same numbers, who takes each of them where it is not one of our own visitors."""
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
    """How many may have a request under way; who comes meanwhile is not sent."""
    max_lag_ns: int
    clock_bound_ns: int
    """By how much a worker's clock may be wrong."""
    timetable_sha256: str
    manners: Manners = field(default_factory=Manners)
    mail: MailOrders | None = None
    recorded: Replayed | None = None
    """What the visits ask for, where requests of a recording are replayed."""

    @cached_property
    def templates(self) -> Templates:
        """All requests, read once."""
        return Templates((step.request for step in self.steps), self.manners, self.run)

    def luck(self) -> Timetable:
        """The plan's draws for whatever visitors do; its arrivals lie beside the orders."""
        return Timetable(
            demand=Demand(components=()),
            horizon_ns=self.horizon_ns,
            end_ns=self.end_ns,
            seed=self.seed,
            launch=self.launch,
        )


def orders_for(
    plan: Plan,
    target: Target,
    address: str,
    db: Path,
    part: int,
    manners: Manners,
    requests: Sequence[Request | None],
    *,
    in_flight_cap: int,
    brought: tuple[Brought | None, ...] = (),
    mail: MailOrders | None = None,
    run: str | None = None,
    recorded: Replayed | None = None,
) -> Orders:
    """What the child needs to know of the plan."""
    system, timetable = plan.system, plan.timetable()
    return Orders(
        url=target.url,
        host=target.host,
        address=address,
        db=db.resolve(),
        part=part,
        run=run or new_run(),
        people=system.people,
        steps=steps_of(system, requests),
        journeys=tuple(
            tuple(range(first, first + len(journey.steps)))
            for number, journey in enumerate(system.journeys)
            for first in [system.first_step(number)]
        ),
        brought=brought,
        lined=plan.system.has_line,
        leaves_aloud=system.waitlist.kind is LineKind.ROOM,
        poll_every_ns=system.waitlist.poll_every_ns or POLL_EVERY_NS,
        seed=timetable.seed,
        launch=timetable.launch,
        horizon_ns=plan.horizon_ns,
        end_ns=plan.end_ns,
        in_flight_cap=in_flight_cap,
        max_lag_ns=MAX_LAG_NS,
        clock_bound_ns=clock_limit_ns(plan.objectives),
        timetable_sha256=timetable.sha256,
        manners=manners,
        mail=mail,
        recorded=recorded,
    )


def new_run() -> str:
    """A word that no other run has."""
    return f"run-{secrets.token_hex(6)}"


def steps_of(system: System, requests: Sequence[Request | None]) -> tuple[StepOrders, ...]:
    """What is done in each step of a system."""
    return tuple(
        StepOrders(
            request=request,
            think=step.think,
            round_trip_ns=system.stations[step.station].round_trip_ns,
        )
        for step, request in zip(system.steps, requests, strict=True)
    )


ORDERS = TypeAdapter(Orders)


def write_orders(path: Path, orders: Orders) -> None:
    """Raises NotKept where they cannot be written."""
    try:
        write_private(path, in_json(orders))
    except OSError as error:
        raise unkept(path, error) from error


def in_json(orders: Orders) -> str:
    """What a request does not say stays unsaid: its words are the file's own, by their names there."""
    return ORDERS.dump_json(orders, indent=2, by_alias=True, exclude_unset=True).decode()


def read_orders(path: Path) -> Orders:
    return orders_of(path.read_bytes())


def orders_of(text: str | bytes) -> Orders:
    return ORDERS.validate_json(text)
