"""What a replay's rows say of its services, held against rows whose services are known."""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from reports.run.comparison.comparison import Comparison
from reports.run.facts import Standing
from reports.run.folder import observed_part
from reports.run.report.report import VariantReport
from simulator import Compiled
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import UNKNOWN, Block, Provenance, Result
from simulator.outcomes.store import append, open_part
from tests.validation.runs.launches import launch_text
from tests.validation.runs.loads import QUICK, Kind, Load
from tests.validation.runs.measured import given
from tests.validation.runs.recovered import Sent, recovered_means
from tests.validation.servers.configurations import CONFIGURATIONS

SYSTEM = """
[[station]]
name = "target"
servers = 1
waiting_room = 1000
service = { law = "lognormal", mean = "40 ms", cv = 0.3 }

[station.serves]
"POST /signup" = { law = "lognormal", mean = "40 ms", cv = 0.3 }
"""
SLOWER = SYSTEM.replace("40 ms", "48 ms")
"""What the server really was."""
LABEL = "as written"


def sent(system: str) -> Sent:
    launch = launch_text(Load(kind=Kind.FLAT, share=0.8), 16.0, QUICK, CONFIGURATIONS[0])
    return Sent(launch=launch, system=system, seed=3)


@pytest.fixture(scope="module")
def rows() -> Block:
    plan = sent(SLOWER).plan()
    return Compiled().simulate(plan.timetable(1000), plan.system).rows()


@pytest.fixture
def db(rows: Block) -> Iterator[sqlite3.Connection]:
    """The rows as a replay keeps them whose target tells nothing of its services."""
    attempts = rows.attempts.copy()
    attempts["started"] = UNKNOWN
    with closing(sqlite3.connect(":memory:")) as kept:
        part = open_part(kept, observed_part(LABEL), Provenance.OBSERVED, 15 * 10**9, 23 * 10**9)
        append(kept, part, replace(rows, attempts=attempts))
        yield kept


def test_with_one_server_waits_and_services_are_known_exactly(
    db: sqlite3.Connection, rows: Block
) -> None:
    """Who is served one after the other began when he came, or when the one before had ended."""
    found = recovered_means(sent(SYSTEM), db, LABEL)
    served = rows.attempts[rows.attempts["result"] == Result.SUCCESS]
    took, waited = served["finished"] - served["started"], served["started"] - served["sent"]
    assert found.service_s == pytest.approx(float(np.mean(took)) / 1e9, abs=1e-9)
    assert found.wait_s == pytest.approx(float(np.mean(waited)) / 1e9, abs=1e-9)


def test_with_another_number_of_servers_they_are_not(db: sqlite3.Connection) -> None:
    """Two would have begun to work on the second while the first was served: nobody waits so long."""
    one, two = (
        recovered_means(sent(text), db, LABEL)
        for text in (SYSTEM, SYSTEM.replace("servers = 1", "servers = 2"))
    )
    assert one.wait_s is not None
    assert two.wait_s is not None
    assert two.wait_s < one.wait_s / 2


def test_what_the_replay_itself_predicted_again_is_read_by_its_step() -> None:
    """As :mod:`reports.run.past.again` keeps it."""
    empty = Summary.empty(bin_ns=10**9, horizon_ns=10**9, end_ns=2 * 10**9, layout=Layout())
    packed = zlib.compress(json.dumps(empty.to_json()).encode())
    variant = VariantReport(
        label=LABEL, launch=None, rehearsal=None, observed=None, instrument=None,
        comparison=Comparison(variant=LABEL, launch_standing=Standing.PREDICTED, lines=()), verdicts=(),
    )  # fmt: skip
    with closing(sqlite3.connect(":memory:")) as kept:
        assert given(kept, variant) == {}
        kept.execute("CREATE TABLE again (variant, step, engine, launch, summary)")
        for step in ("machine", "service"):
            kept.execute("INSERT INTO again VALUES (?, ?, 'compiled', 0, ?)", (LABEL, step, packed))
        found = given(kept, variant)
    assert set(found) == {"machine", "services"}
    assert found["services"]["served"] == 0.0
    assert found["services"]["response_p50"] is None
