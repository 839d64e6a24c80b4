"""Every launch of the library, rehearsed against one reference target: slow, one after the other."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scenarios.library import shelf as library
from scenarios.rehearsal.sendable import sendable
from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from tests.end_to_end.command import surgeproof

pytestmark = pytest.mark.slow
IN_TIME_S = 90.0


@pytest.fixture(scope="module")
def target() -> Iterator[TargetProcess]:
    with TargetProcess(Settings(workers=1, outbox=True)) as running:
        yield running


@pytest.mark.parametrize("name", library.names())
def test_a_launch_of_the_library_is_rehearsed_within_a_minute_and_a_half(
    name: str, target: TargetProcess, tmp_path: Path
) -> None:
    done = surgeproof(
        *("replay", name, "--target", target.url, "--runs", str(tmp_path), "--launches", "2"),
        env={"SURGEPROOF_TARGET_TOKEN": target.token},
    )

    assert done.returncode in (0, 1, 3), done.stderr
    (folder,) = tmp_path.iterdir()
    with closing(sqlite3.connect(folder / "run.sqlite")) as db:
        [(how, planned, started, unsent)] = db.execute(
            "SELECT how, planned, started, unsent FROM ends"
        ).fetchall()
        steps = db.execute("SELECT count(DISTINCT step) FROM attempts").fetchone()
        rows = db.execute("SELECT count(*) FROM visits").fetchone()
    assert how == "complete", done.stdout
    assert planned == started + unsent == rows[0]
    assert planned > 0
    assert steps[0] > 0
    said = " ".join(done.stdout.split())
    for each in sendable(library.load(name)).left_out:
        assert str(each) in said
    assert from_orders_to_last_word_s(folder) < IN_TIME_S


def from_orders_to_last_word_s(folder: Path) -> float:
    """How long the load generator was at it: it is given its orders, and its log ends with it."""
    orders, log = folder / "orders-1.json", folder / "replay-1.log"
    return log.stat().st_mtime - orders.stat().st_mtime
