"""A made-up run for tests of the reports: a small launch, simulated, and "observed" with some lag.

The observed part is simulated too, with service times of another launch that are slower by a tenth,
and written into the store as the replay's child would write it.
"""

import functools
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from reports.run.facts import Given, Milestone, RunFacts, Standing
from reports.run.folder import RunFolder, observed_part
from reports.run.store import connection
from simulator.engine.compiled.engine import Compiled
from simulator.outcomes.rows import UNKNOWN, Block, Outcomes, Provenance
from simulator.outcomes.store import append, end_part, open_part
from simulator.plan.launches import Prediction, play
from simulator.plan.plan import Plan, Subject
from simulator.system.line import Policy, TokenBucket, Waitlist
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives
from simulator.system.people import People, Retries
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration

MS = 1_000_000
S = 1_000_000_000
STARTED = datetime(2026, 3, 1, 20, 15, 30, tzinfo=UTC)
LINE, NO_LINE = "line", "no-line"
LAUNCHES = 60
ENGINE = Compiled()

OBJECTIVES = {
    Subject.LAUNCH: Objectives(
        journeys=(
            JourneyObjective(
                journey="signup", quantiles_ns=((0.95, 2 * S), (0.99, 4 * S)), errors=0.01
            ),
        ),
        line=LineObjective(forgotten=0),
    ),
    Subject.REHEARSAL: Objectives(
        journeys=(JourneyObjective(journey="signup", quantiles_ns=((0.95, 2 * S),), errors=0.01),),
        line=LineObjective(forgotten=0),
    ),
}


def system(policy: Policy, servers: int = 4, mean_ms: float = 80.0) -> System:
    """About 50 signups a second; the line lets in three quarters of that."""
    return System(
        people=(
            People(
                name="everybody",
                client_timeout_ns=2 * S,
                retries=Retries(attempts=3, backoff_ns=S // 2, cap_ns=2 * S),
                patience=Duration.exponential(60 * S),
            ),
        ),
        stations=(
            Station(
                name="signup",
                servers=servers,
                waiting_room=40,
                service=Duration.lognormal(mean_ms * MS, 0.5),
                round_trip_ns=2 * MS,
            ),
        ),
        waitlist=Waitlist(policy=policy, release=TokenBucket.at_rate(servers * 9.4, burst=4)),
    )


def surge(people: float, horizon_s: int) -> Demand:
    """A crowd at the door that thins out."""
    edges = np.arange(horizon_s + 1)
    mass = -people * np.diff(np.exp(-edges / (horizon_s / 3)))
    return Demand(components=(Component.of(0, edges * S, mass),))


def plan(subject: Subject, policy: Policy) -> Plan:
    full = subject is Subject.LAUNCH
    horizon_s = 120 if full else 16
    return Plan(
        subject=subject, scenario="made-up", variant=None,
        demand=surge(6000 if full else 1250, horizon_s),
        system=system(policy, servers=3 if full else 4), objectives=OBJECTIVES[subject],
        horizon_ns=horizon_s * S, end_ns=(horizon_s + 8) * S, bin_ns=S if full else S // 5,
        demand_factor=1.0 if full else 0.25, seed=7,
    )  # fmt: skip


@functools.cache
def predicted(subject: Subject, policy: Policy) -> Prediction:
    launches = [play(plan(subject, policy), ENGINE, launch) for launch in range(LAUNCHES)]
    return Prediction(engine=ENGINE.name, launches=launches)


@functools.cache
def observed(policy: Policy) -> Block:
    """What a target that is a little slower than measured makes of the same timetable."""
    rehearsal = plan(Subject.REHEARSAL, policy)
    slower = replace(rehearsal, system=system(policy, mean_ms=84.0))
    outcomes: Outcomes = ENGINE.simulate(slower.timetable(1000), slower.system)
    return outcomes.rows()


def with_lag(block: Block) -> Block:
    """Every visit starts 1 to 6 ms behind its instant."""
    visits = block.visits.copy()
    lag = (1 + np.arange(len(visits)) % 6) * MS
    lined = visits["joined"] != UNKNOWN
    visits["joined"][lined] += lag[lined]
    for column in ("let_in", "ended"):
        known = visits[column] != UNKNOWN
        visits[column][known] += lag[known]
    return Block(visits=visits, attempts=block.attempts)


def facts(**changes: object) -> RunFacts:
    made = RunFacts(
        scenario="made-up",
        title="A made-up launch",
        story="Six thousand people come within two minutes.",
        started_at=STARTED,
        seed=7,
        target="http://127.0.0.1:8000",
        probe="One signup takes 80 ms of a worker (p95 150 ms); 2 ms of network and client apart.",
        demand_factor=0.25,
        demand_factor_reason="one core can send so much",
        agreement="readable and compiled agree on all rows",
        versions={"surgeproof": "0.1.0", "locust": "2.47.0"},
        assumptions=(
            Given(
                key="surge.opening.people",
                value="6,000",
                standing=Standing.SOURCED,
                source="A newspaper",
                url="https://example.org/launch",
            ),
            Given(key="station.signup.servers", value="4", standing=Standing.MEASURED),
            Given(
                key="people.everybody.patience",
                value="60 s",
                standing=Standing.ASSUMED,
                source="nobody published it",
            ),
        ),
        milestones=(
            Milestone(label="2,000 waiting", at_ns=60 * S, value=2000, source="A newspaper"),
            Milestone(label="1,700 waiting", at_ns=110 * S, value=1700, source="A newspaper"),
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


POLICIES = {LINE: Policy.FIFO, NO_LINE: Policy.OPEN}


def made_run(
    root: Path, run_facts: RunFacts | None = None, ended: str | None = "complete"
) -> RunFolder:
    """The folder of a finished run (``ended=None``: of one whose replay was killed)."""
    run_facts = run_facts or facts()
    folder = RunFolder.create(root, run_facts.scenario, run_facts.started_at)
    folder.database.write_bytes(_database(ended))
    folder.save_facts(run_facts)
    return folder


@functools.cache
def _database(ended: str | None) -> bytes:
    """The database of such a run but for its facts, made once and copied into each folder."""
    with tempfile.TemporaryDirectory() as root:
        folder = RunFolder.create(Path(root), "made-up", STARTED)
        for label, policy in POLICIES.items():
            for subject in Subject:
                of_subject = plan(subject, policy)
                rehearsal = subject is Subject.REHEARSAL
                sha256 = of_subject.timetable().sha256 if rehearsal else ""
                folder.save_plan(label, of_subject, sha256)
                folder.save_prediction(label, subject, predicted(subject, policy))
            observe(folder, label, with_lag(observed(policy)), ended)
        return folder.database.read_bytes()


def observe(
    folder: RunFolder,
    label: str,
    block: Block,
    ended: str | None = "complete",
    sent: Plan | None = None,
) -> None:
    """Write what the replay's child would have written of the plan that it sent."""
    rehearsal = sent or plan(Subject.REHEARSAL, POLICIES[label])
    with connection(folder.database) as db:
        part = open_part(
            db, observed_part(label), Provenance.OBSERVED, rehearsal.horizon_ns, rehearsal.end_ns
        )
        visits = block.visits
        with db:
            db.executemany("INSERT INTO planned VALUES (?, ?, ?, ?)", _planned(part, visits))
            db.executemany(
                "INSERT INTO beats VALUES (?, 0, ?, ?, 0, 0, 0, 0, 0, ?, ?)",
                _beats(part, rehearsal.end_ns),
            )
        append(db, part, block)
        if ended:
            end_part(db, part, ended, len(visits), len(visits), 0)


def _planned(part: int, visits: np.ndarray) -> Iterator[tuple[int, ...]]:
    for visit in visits:
        yield part, int(visit["visitor"]), int(visit["people"]), int(visit["arrived"])


def _beats(part: int, end_ns: int) -> Iterator[tuple[object, ...]]:
    for second in range(1, end_ns // S + 1):
        yield part, second * S, second, 0.2 + 0.3 / second, 4 * MS
