"""A replay by several workers over real processes: one surge, whoever sends which part of it."""

from __future__ import annotations

import os
import signal
import socketserver
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from scenarios.http.line import LineSettings
from scenarios.replay.beats import Beat
from scenarios.replay.replay import Replay
from scenarios.replay.workers import SECRET_VARIABLE, Workers
from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from simulator.errors import InvalidRun, Stopped
from simulator.outcomes.rows import Fate
from simulator.outcomes.workers import Worker
from simulator.plan.plan import Plan
from simulator.system.objectives import Objectives
from simulator.verdict.criteria import Asks, Outcome
from simulator.verdict.validity.gates import judge_instrument
from tests.end_to_end.command import start, surgeproof
from tests.end_to_end.test_replay import (
    CHEAP,
    DEAR,
    PART,
    Run,
    assert_everybody_is_accounted_for,
    once,
    plan,
    run,
    target,
)
from tests.hanging import HUNG_S
from tests.loopback import free_port, serving

__all__ = ["run", "target"]


def by_workers(
    run: Run,
    plan: Plan,
    url: str,
    here: int,
    progress: Callable[[Beat], None] | None = None,
) -> tuple[Worker, ...]:
    """Send it by so many processes; what is known of them then."""
    Replay(
        plan, target=url, folder=run.folder, db=run.db, part_name=PART, in_flight_cap=1000,
        progress=progress, workers=Workers(here=here),
    ).send()  # fmt: skip
    return run.instrument().workers


def sent_by(run: Run) -> dict[int, set[int]]:
    """Whose beats say how many: the visitors of each worker, by the rows' order in the plan."""
    with closing(sqlite3.connect(run.db)) as db:
        rows = db.execute("SELECT visitor FROM planned ORDER BY arrived, visitor").fetchall()
        workers = [row[0] for row in db.execute("SELECT worker FROM workers ORDER BY worker")]
    return {worker: {visitor for (visitor,) in rows[worker :: len(workers)]} for worker in workers}


def senders() -> list[psutil.Process]:
    """The workers of a replay of this process."""
    children = psutil.Process().children()
    return [each for each in children if "--master" in each.cmdline()]


@pytest.mark.parametrize(
    "here", [1, 2, pytest.param(4, marks=pytest.mark.slow)], ids=["one", "two", "four"]
)
def test_what_is_sent_is_the_plan_exactly_however_many_send_it(
    run: Run, target: TargetProcess, here: int
) -> None:
    """Each visitor once, at his planned instant; each worker its own part, and none missing."""
    target.set_line(LineSettings())
    small = plan(60, 2, 3)
    workers = by_workers(run, small, target.url, here)

    assert_everybody_is_accounted_for(run, small)
    unsent = run.fates()[Fate.UNSENT]
    assert sum(worker.planned for worker in workers) == run.instrument().planned
    assert sum(worker.started or 0 for worker in workers) == run.instrument().planned - unsent
    assert max(w.planned for w in workers) - min(w.planned for w in workers) <= 1
    assert run.locust_counts()["POST", "/signup"][0] == len(run.rows().attempts)
    assert run.instrument().ended == "complete"
    assert outcomes(run, Asks.WORKERS_LOST) == [Outcome.HOLDS] * (here > 1)


def outcomes(run: Run, asks: Asks) -> list[Outcome]:
    found = judge_instrument(run.instrument(), Objectives())
    return [one.outcome for one in found if one.asks is asks]


def after(seconds: float, act: Callable[[], None]) -> Callable[[Beat], None]:
    """Once the surge has gone on for so long."""
    acting = once(act)
    return lambda beat: acting(beat) if beat.at_ns > seconds * 10**9 else None


@pytest.mark.slow
def test_a_killed_worker_makes_it_inconclusive_and_is_named(
    run: Run, target: TargetProcess
) -> None:
    """The other one sends its part to the end, and nobody sends the killed one's."""
    target.set_line(LineSettings())
    small = plan(60, 8, 9)
    workers = by_workers(run, small, target.url, 2, after(2, lambda: senders().pop().kill()))

    (lost,) = [worker for worker in workers if worker.lost]
    (other,) = [worker for worker in workers if not worker.lost]
    assert lost.lost is not None
    assert "was killed (SIGKILL)" in lost.lost
    assert other.started == other.planned
    assert outcomes(run, Asks.WORKERS_LOST) == [Outcome.INCONCLUSIVE]
    seen = {int(row["visitor"]) for row in run.rows().visits}
    assert sent_by(run)[other.number] <= seen
    assert len(seen & sent_by(run)[lost.number]) < lost.planned


@pytest.mark.slow
@pytest.mark.parametrize("here", [2, 4], ids=["two", "four"])
def test_who_stops_it_stops_all_workers_and_stands_as_the_reason(
    run: Run, target: TargetProcess, here: int
) -> None:
    """None of them is lost: they stop because they are told to."""
    target.set_line(LineSettings())
    small, wishes = plan(60, 8, 9), list[str]()
    with pytest.raises(Stopped, match="somebody wants it"):
        Replay(
            small, target=target.url, folder=run.folder, db=run.db, part_name=PART, in_flight_cap=1000,
            progress=after(2, lambda: wishes.append("somebody wants it")), halt=lambda: "".join(wishes),
            workers=Workers(here=here),
        ).send()  # fmt: skip
    found = run.instrument()
    assert found.ended == "stopped: somebody wants it"
    assert [worker.lost for worker in found.workers] == [None] * here
    assert_everybody_is_accounted_for(run, small)
    assert run.fates()[Fate.UNSENT] > 0


@pytest.mark.slow
def test_the_only_worker_that_is_lost_in_the_drain_lets_nothing_pass(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody has been sent, and many still wait for their answers: what becomes of them nobody sees."""
    monkeypatch.setenv(SECRET_VARIABLE, "one secret of them all")
    listen, small = f"127.0.0.1:{free_port()}", plan(60, 2, 12)
    worker = start("worker", "--master", listen, "--name", "west")
    with (
        TargetProcess(Settings(workers=1, queue=256, hash_cost=DEAR)) as slow,
        pytest.raises(InvalidRun, match="the replay was interrupted before its end"),
    ):
        Replay(
            small, target=slow.url, folder=run.folder, db=run.db, part_name=PART, in_flight_cap=1000,
            progress=after(3, worker.terminate), workers=Workers(here=0, elsewhere=1, listen=listen),
        ).send()  # fmt: skip
    _, said = worker.communicate(timeout=HUNG_S)
    assert worker.returncode == 143, said
    assert [each.lost for each in run.instrument().workers] == [
        "it was told to end before its part was sent"
    ]
    assert outcomes(run, Asks.WORKERS_LOST) == [Outcome.INCONCLUSIVE]
    assert outcomes(run, Asks.CUT_SHORT) == [Outcome.INCONCLUSIVE]


@pytest.mark.slow
def test_a_worker_that_is_frozen_for_eight_seconds_is_named_and_sends_no_backlog(
    run: Run, target: TargetProcess
) -> None:
    target.set_line(LineSettings())
    small = plan(30, 14, 15)
    frozen: list[psutil.Process] = []
    began_ns: list[int] = []

    def act(beat: Beat) -> None:
        if not frozen:
            frozen.append(senders()[0])
            frozen[0].suspend()
            began_ns.append(beat.at_ns)
        elif beat.at_ns > began_ns[0] + 8 * 10**9 and frozen[0].status() == psutil.STATUS_STOPPED:
            frozen[0].resume()

    workers = by_workers(run, small, target.url, 2, act)

    (lost,) = [worker for worker in workers if worker.lost]
    assert lost.lost == "it showed no sign of life for 5 s"
    assert_everybody_is_accounted_for(run, small)
    assert run.instrument().late == run.fates()[Fate.UNSENT] > 0
    assert outcomes(run, Asks.WORKERS_LOST) == [Outcome.INCONCLUSIVE]


@pytest.mark.slow
def test_a_killed_master_ends_its_workers_and_what_they_told_is_kept(
    run: Run, target: TargetProcess
) -> None:
    target.set_line(LineSettings())

    def act() -> None:
        (master,) = [each for each in psutil.Process().children() if "--listen" in each.cmdline()]
        master.kill()

    with pytest.raises(InvalidRun, match=r"was killed \(SIGKILL\)"):
        by_workers(run, plan(60, 8, 9), target.url, 2, after(2, act))
    assert senders() == []
    assert run.instrument().ended is None
    assert run.fates()[Fate.SERVED] > 0


@pytest.mark.slow
def test_a_target_that_dies_stops_all_workers(run: Run) -> None:
    small = plan(60, 8, 9)
    with (
        TargetProcess(Settings(workers=1, hash_cost=CHEAP)) as target,
        pytest.raises(Stopped, match="the target died"),
    ):
        by_workers(run, small, target.url, 2, after(2, lambda: os.kill(target.pid, signal.SIGKILL)))
    assert_everybody_is_accounted_for(run, small)
    assert run.fates()[Fate.UNSENT] > 0


@pytest.mark.slow
def test_no_worker_is_sent_to_what_cannot_be_spoken_to(run: Run) -> None:
    """It ends as with one process: the target broke, and not those who would send."""
    server = socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)
    with (
        serving(server) as url,
        pytest.raises(Stopped, match=r"nobody was sent, since GET /healthz failed"),
    ):
        by_workers(run, plan(60, 1, 2), url, 2)
    ended = run.instrument().ended
    assert ended is not None
    assert ended.startswith("stopped: nobody was sent")


@pytest.mark.slow
def test_a_worker_that_never_comes_is_told(
    run: Run, target: TargetProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenarios.replay.workers.HERE_S", 3.0)
    monkeypatch.setattr("scenarios.replay.workers.names", lambda many: ["only one"])
    with pytest.raises(InvalidRun, match="1 of 2 workers came within 3 s"):
        by_workers(run, plan(60, 1, 2), target.url, 2)


@pytest.mark.slow
def test_workers_that_come_by_themselves_send_it_all(
    run: Run, target: TargetProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from other machines: each started by hand, with the same secret."""
    monkeypatch.setenv(SECRET_VARIABLE, "one secret of them all")
    target.set_line(LineSettings())
    listen, small = f"127.0.0.1:{free_port()}", plan(60, 2, 3)
    started = [start("worker", "--master", listen, "--name", name) for name in ("east", "west")]
    Replay(
        small, target=target.url, folder=run.folder, db=run.db, part_name=PART, in_flight_cap=1000,
        workers=Workers(here=0, elsewhere=2, listen=listen),
    ).send()  # fmt: skip
    ended = [worker.communicate(timeout=HUNG_S)[1] for worker in started]

    assert_everybody_is_accounted_for(run, small)
    assert [worker.name for worker in run.instrument().workers] == ["east", "west"]
    assert [worker.returncode for worker in started] == [0, 0], ended
    assert all("the replay is over" in said for said in ended)


@pytest.mark.slow
def test_a_worker_too_many_says_that_it_sent_nobody(
    run: Run, target: TargetProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, "one secret of them all")
    target.set_line(LineSettings())
    listen, small = f"127.0.0.1:{free_port()}", plan(60, 6, 7)
    started = [start("worker", "--master", listen, "--name", f"worker {n}") for n in range(3)]
    Replay(
        small, target=target.url, folder=run.folder, db=run.db, part_name=PART, in_flight_cap=1000,
        workers=Workers(here=0, elsewhere=2, listen=listen),
    ).send()  # fmt: skip
    ended = [worker.communicate(timeout=HUNG_S)[1] for worker in started]
    assert [worker.returncode for worker in started] == [0, 0, 0], ended
    assert sorted("it got no part of the plan" in said for said in ended) == [False, False, True]
    assert sorted("the replay is over" in said for said in ended) == [False, True, True]


@pytest.mark.slow
def test_a_worker_with_another_secret_is_no_worker_and_both_ends_say_so(
    run: Run, target: TargetProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = "one secret of them all", "another secret of theirs"
    monkeypatch.setattr("scenarios.replay.workers.ELSEWHERE_S", 12.0)
    monkeypatch.setenv(SECRET_VARIABLE, ours)
    listen = f"127.0.0.1:{free_port()}"
    stranger = start("worker", "--master", listen, env={SECRET_VARIABLE: theirs})
    team = Workers(here=0, elsewhere=1, listen=listen)
    with pytest.raises(InvalidRun, match=r"0 of 1 workers came.*does not know this") as told:
        Replay(
            plan(60, 1, 2), target=target.url, folder=run.folder, db=run.db, part_name=PART,
            workers=team,
        ).send()  # fmt: skip
    _, said = stranger.communicate(timeout=HUNG_S)

    assert stranger.returncode == 3
    assert f"does not know this worker's {SECRET_VARIABLE}" in said
    logs = "".join(log.read_text() for log in run.folder.glob("*.log"))
    for secret in (ours, theirs):
        assert secret not in said + logs + str(told.value)
    assert set(run.fates()) <= {Fate.UNSENT}


@pytest.mark.slow
def test_a_worker_whose_master_never_comes_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("surgeproof.verbs.sending.worker.ELSEWHERE_S", 3.0)
    address = f"127.0.0.1:{free_port()}"
    done = surgeproof(
        "worker", "--master", address, env={SECRET_VARIABLE: "one secret of them all"}
    )
    assert done.returncode == 3
    assert f"no replay was reached at {address} within 3 s" in done.stderr


@pytest.mark.slow
def test_a_worker_of_another_version_is_told_and_so_is_its_master(
    run: Run, target: TargetProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever else that version means by its orders: of those it reads nothing."""
    monkeypatch.setenv(SECRET_VARIABLE, "one secret of them all")
    older = tmp_path / "older"
    older.mkdir()
    (older / "sitecustomize.py").write_text(
        "import importlib.metadata as m\n"
        "found = m.version\n"
        "m.version = lambda name: '0.0.1' if name == 'surgeproof' else found(name)\n"
    )
    listen = f"127.0.0.1:{free_port()}"
    worker = start("worker", "--master", listen, "--name", "old", env={"PYTHONPATH": str(older)})
    with pytest.raises(
        InvalidRun, match=r"old cannot send its part: the master is surgeproof .* 0\.0\.1"
    ):
        Replay(
            plan(60, 1, 2), target=target.url, folder=run.folder, db=run.db, part_name=PART,
            workers=Workers(here=0, elsewhere=1, listen=listen),
        ).send()  # fmt: skip
    _, said = worker.communicate(timeout=HUNG_S)
    assert worker.returncode == 3
    assert "0.0.1: install the same" in said
