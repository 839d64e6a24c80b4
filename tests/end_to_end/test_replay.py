"""The replay over real processes: parent, Locust's child, and the reference target."""

import os
import re
import resource
import signal
import socket
import socketserver
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from scenarios.http.allow import check_target
from scenarios.http.line import LineSettings, Policy
from scenarios.machine.here import fingerprint
from scenarios.machine.scraper import Scraper
from scenarios.replay.beats import Beat
from scenarios.replay.replay import Replay
from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from simulator.errors import InvalidRun, NotKept, Stopped, Unreachable, UsageError
from simulator.outcomes.answered import BY_PROTOCOL, LINE, read_answers
from simulator.outcomes.counts.told import read_told
from simulator.outcomes.instrument import Instrument, read_instrument
from simulator.outcomes.machine import read_machine
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Result
from simulator.outcomes.store import read_part
from simulator.plan.plan import Plan, Subject
from simulator.system.line import Policy as PlannedPolicy
from simulator.system.line import TokenBucket, Waitlist
from simulator.system.objectives import Objectives
from simulator.system.people import People, Retries
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable import draws
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.verdict.criteria import Asks, Outcome
from simulator.verdict.validity.gates import judge_instrument
from tests.end_to_end.command import wait_until
from tests.hanging import HUNG_S
from tests.loopback import serving

S, MS = 1_000_000_000, 1_000_000
PART = "observed"
CHEAP, DEAR = 10, 16
"""Hash costs of some 2 and 120 ms."""

PEOPLE = People(
    name="all",
    client_timeout_ns=10 * S,
    retries=Retries(attempts=3, backoff_ns=100 * MS, cap_ns=200 * MS),
)


def plan(
    per_s: float,
    horizon_s: float,
    end_s: float,
    *,
    policy: PlannedPolicy = PlannedPolicy.OPEN,
    people: People = PEOPLE,
) -> Plan:
    horizon_ns = round(horizon_s * S)
    return Plan(
        subject=Subject.REHEARSAL,
        scenario="small",
        variant=None,
        demand=Demand(components=(Component.of(0, [0, horizon_ns], [per_s * horizon_s]),)),
        system=System(
            people=(people,),
            stations=(
                Station(name="signup", servers=1, waiting_room=64, service=Duration.fixed(MS)),
            ),
            waitlist=Waitlist(policy=policy, release=TokenBucket.at_rate(30), poll_every_ns=S // 2),
        ),
        objectives=Objectives(),
        horizon_ns=horizon_ns,
        end_ns=round(end_s * S),
        bin_ns=100 * MS,
        seed=11,
    )


@dataclass(frozen=True)
class Run:
    """A run's folder, and what lies in it."""

    folder: Path

    @property
    def db(self) -> Path:
        return self.folder / "run.sqlite"

    def replay(
        self,
        plan: Plan,
        target: str,
        *,
        progress: Callable[[Beat], None] | None = None,
        in_flight_cap: int = 1000,
        scraper: Scraper | None = None,
    ) -> None:
        Replay(
            plan, target=target, folder=self.folder, db=self.db, part_name=PART,
            in_flight_cap=in_flight_cap, progress=progress, scraper=scraper,
        ).send()  # fmt: skip

    def rows(self) -> Block:
        with closing(sqlite3.connect(self.db)) as store:
            return read_part(store, PART).rows()

    def instrument(self) -> Instrument:
        with closing(sqlite3.connect(self.db)) as store:
            return read_instrument(store, PART)

    def fates(self) -> Counter[Fate]:
        return Counter(Fate(fate) for fate in self.rows().visits["fate"].tolist())

    def results(self) -> Counter[Result]:
        return Counter(Result(result) for result in self.rows().attempts["result"].tolist())

    def locust_counts(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Requests and failures in Locust's own statistics, as its log ends with them."""
        log = (self.folder / "replay-1.log").read_text()
        rows = re.findall(r"^(GET|POST|DELETE) +(\S+) +(\d+) +(\d+)\(", log, re.MULTILINE)
        return {(method, name): (int(all_), int(failed)) for method, name, all_, failed in rows}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


@pytest.fixture(scope="module")
def target() -> Iterator[TargetProcess]:
    with TargetProcess(Settings(workers=1, queue=64, hash_cost=CHEAP)) as running:
        yield running


@pytest.fixture(scope="module")
def lined(target: TargetProcess, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Plan]:
    """A rehearsal with a line that lets in about half of those who come; a few lose patience."""
    target.set_line(
        LineSettings(policy=Policy.FIFO, release_rate_per_s=30, burst=1, poll_every_s=0.5)
    )
    people = replace(PEOPLE, patience=Duration.exponential(6 * S))
    small = plan(60, 3, 4, policy=PlannedPolicy.FIFO, people=people)
    run = Run(tmp_path_factory.mktemp("lined"))
    run.replay(small, target.url, scraper=Scraper(check_target(target.url), "/metrics", 7.0))
    return run, small


def test_the_machine_is_watched_meanwhile(lined: tuple[Run, Plan], target: TargetProcess) -> None:
    """The target is on this machine: the yardstick is beside it, and its waits are its own."""
    run, small = lined
    with closing(sqlite3.connect(run.db)) as store:
        seen = read_machine(store, PART)
    assert seen is not None
    assert seen.here == fingerprint()
    assert len(seen.at_ns) > 0
    assert seen.at_ns.min() > 0
    assert len(seen.strain) > 0
    assert seen.mean("target_cpu") > 0
    assert seen.mean("generator_cpu") > 0
    assert all(0 < each.at_ns < small.end_ns + 60 * S for each in seen.strain)


def test_what_was_seen_of_the_machine_and_cannot_be_kept_is_told(
    run: Run, target: TargetProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise NotKept("the disk is full")

    monkeypatch.setattr("scenarios.replay.replay.Seen.keep", full)
    target.set_line(LineSettings())
    with pytest.raises(NotKept, match="the disk is full"):
        run.replay(plan(20, 1, 2), target.url)
    assert run.instrument().ended == "complete"


def test_the_targets_own_metrics_are_on_the_same_axis(lined: tuple[Run, Plan]) -> None:
    run, small = lined
    with closing(sqlite3.connect(run.db)) as store:
        told = read_told(store, PART)
    assert told is not None
    assert (told.failed, told.left_out) == (0, 0)
    assert all(0 <= at_ns < small.end_ns + 60 * S for each in told.courses for at_ns in each.at_ns)
    grown = [each for each in told.courses if each.series.grows and each.moves]
    assert grown
    assert all((np.diff(each.values) >= 0).all() for each in grown)


def planned(plan: Plan) -> dict[int, tuple[int, int]]:
    return {
        visitor: (people, arrived)
        for rows in plan.timetable().arrivals()
        for visitor, people, arrived in zip(
            rows.visitor.tolist(), rows.people.tolist(), rows.arrived_ns.tolist(), strict=True
        )
    }


def assert_everybody_is_accounted_for(run: Run, plan: Plan) -> None:
    """Planned = started + unsent, and each planned visitor has one row with his planned instant."""
    rows, instrument = run.rows().visits, run.instrument()
    found = {row["visitor"]: (row["people"], row["arrived"]) for row in rows}
    assert found == planned(plan)
    assert len(rows) == len(found) == instrument.planned
    assert instrument.planned == instrument.started + instrument.unsent
    assert instrument.unsent == instrument.unsent_reported == run.fates()[Fate.UNSENT]


def test_the_whole_plan_is_sent(lined: tuple[Run, Plan]) -> None:
    run, plan = lined
    assert_everybody_is_accounted_for(run, plan)
    assert run.instrument().unsent == 0
    assert run.instrument().ended == "complete"


def test_instants_follow_one_another(lined: tuple[Run, Plan]) -> None:
    visits, attempts = lined[0].rows().visits, lined[0].rows().attempts

    assert (visits["joined"] >= visits["arrived"]).all()
    entered = visits[visits["let_in"] != UNKNOWN]
    assert len(entered) > 0
    assert (entered["let_in"] > entered["joined"]).all()
    assert (entered["let_in"] < lined[1].horizon_ns).all()
    ended = entered[entered["ended"] != UNKNOWN]
    assert (ended["ended"] > ended["let_in"]).all()
    done = attempts[attempts["finished"] != UNKNOWN]
    assert (done["finished"] > done["sent"]).all()
    told = done[done["started"] != UNKNOWN]
    assert (told["result"] == Result.SUCCESS).sum() == len(told) == lined[0].fates()[Fate.SERVED]
    assert ((told["sent"] <= told["started"]) & (told["started"] < told["finished"])).all()


def test_locusts_own_counts_are_ours(lined: tuple[Run, Plan]) -> None:
    """Except what was abandoned: a look that patience or the horizon cut short."""
    run, fates, results = lined[0], lined[0].fates(), lined[0].results()
    counts = run.locust_counts()

    assert fates[Fate.RENEGED] > 0
    assert fates[Fate.WAITING] > 0
    joins = sum(fates.values())
    assert joins - fates[Fate.WAITING] <= counts["POST", "/line"][0] <= joins
    assert counts["DELETE", "/line/[ticket]"][0] <= fates[Fate.RENEGED]
    assert counts["POST", "/signup"] == (sum(results.values()), 0)
    assert sum(failed for _, failed in counts.values()) == 0


def test_the_reference_target_is_held_to_its_protocol(lined: tuple[Run, Plan]) -> None:
    with closing(sqlite3.connect(lined[0].db)) as store:
        answers = read_answers(store, PART)

    served = [one for one in answers if one.step != LINE and one.result is Result.SUCCESS]
    assert [(one.status, one.reason, one.count) for one in served] == [
        (201, BY_PROTOCOL, lined[0].results()[Result.SUCCESS])
    ]
    counted = Counter[Result]()
    for one in answers:
        counted[one.result] += one.count if one.step != LINE else 0
    assert counted + Counter() == lined[0].results() - Counter(
        {Result.UNFINISHED: lined[0].results()[Result.UNFINISHED]}
    )
    assert {one.status for one in answers if one.step == LINE} <= {0, 200, 202, 204}


def test_the_patience_of_who_reneged_was_the_plans(lined: tuple[Run, Plan]) -> None:
    run, plan = lined
    visits, law = run.rows().visits, plan.system.people[0].patience
    timetable = plan.timetable()
    left = visits[visits["fate"] == Fate.RENEGED]

    ends = [
        row["arrived"] + timetable.duration_ns(law, draws.PATIENCE, int(row["visitor"]))
        for row in left
    ]
    assert (left["ended"] >= ends).all()


def test_without_a_line_refusals_are_retried_and_counted(run: Run) -> None:
    few = plan(60, 0.5, 5.5)
    with TargetProcess(Settings(workers=1, queue=1, hash_cost=DEAR)) as small:
        run.replay(few, small.url)

    attempts, fates, results = run.rows().attempts, run.fates(), run.results()
    assert_everybody_is_accounted_for(run, few)
    assert set(results) == {Result.SUCCESS, Result.TURNED_AWAY}
    assert fates[Fate.GAVE_UP] > 0
    assert run.locust_counts()["POST", "/signup"] == (len(attempts), results[Result.TURNED_AWAY])
    for visit in run.rows().visits:
        own = attempts[attempts["visitor"] == visit["visitor"]]
        assert own["attempt"].tolist() == list(range(len(own)))
        assert visit["joined"] == UNKNOWN
        assert visit["let_in"] <= own["sent"][0]
        assert visit["ended"] == own["finished"][-1]
        assert (own["sent"][1:] > own["finished"][:-1]).all()


def test_a_stalled_target_is_timeouts_and_not_a_dead_one(run: Run) -> None:
    people = replace(PEOPLE, client_timeout_ns=300 * MS, retries=Retries(attempts=1))
    with TargetProcess(Settings(workers=1, hash_cost=CHEAP)) as target:
        run.replay(plan(60, 3, 4, people=people), target.url, progress=once(stop(target)))
        os.kill(target.pid, signal.SIGCONT)

    attempts = run.rows().attempts
    late = attempts[attempts["result"] == Result.TIMED_OUT]
    assert set(run.results()) == {Result.SUCCESS, Result.TIMED_OUT}
    assert ((late["finished"] - late["sent"]) >= 300 * MS).all()
    assert run.fates()[Fate.GAVE_UP] == len(late) > 0
    assert run.instrument().ended == "complete"


def test_at_the_in_flight_cap_visitors_are_counted_and_not_sent(run: Run) -> None:
    small = plan(60, 0.5, 1.5)
    with TargetProcess(Settings(workers=1, hash_cost=DEAR)) as target:
        run.replay(small, target.url, in_flight_cap=3)
    instrument = run.instrument()
    assert_everybody_is_accounted_for(run, small)
    assert instrument.unsent == instrument.at_cap > 0
    assert instrument.late == 0


def test_a_frozen_generator_sends_no_stale_backlog(run: Run, target: TargetProcess) -> None:
    """Frozen for longer than the maximum lag, it counts whom it missed by more than that."""
    target.set_line(LineSettings())
    small, frozen_s = plan(60, 4, 5), 1.5

    def freeze() -> None:
        child = child_of(os.getpid())
        os.kill(child, signal.SIGSTOP)
        threading.Timer(frozen_s, os.kill, (child, signal.SIGCONT)).start()

    run.replay(small, target.url, progress=once(freeze))

    instrument = run.instrument()
    assert_everybody_is_accounted_for(run, small)
    assert instrument.unsent == instrument.late > 0
    assert instrument.tardy > 0


def test_a_generator_that_is_frozen_at_the_end_is_no_targets_fault(run: Run) -> None:
    """Across the end of the drain: whoever waited for an answer was seen no more, and the last beat says why."""
    small, frozen_s, frozen = plan(60, 2, 4), 2.5, threading.Event()

    def freeze(beat: Beat) -> None:
        if beat.at_ns > 2.5 * S and not frozen.is_set():
            frozen.set()
            child = child_of(os.getpid())
            os.kill(child, signal.SIGSTOP)
            threading.Timer(frozen_s, os.kill, (child, signal.SIGCONT)).start()

    with TargetProcess(Settings(workers=1, queue=256, hash_cost=DEAR)) as slow:
        run.replay(small, slow.url, progress=freeze)

    assert_everybody_is_accounted_for(run, small)
    gates = judge_instrument(run.instrument(), Objectives())
    (loop,) = (one for one in gates if one.asks is Asks.LOOP_LAG)
    assert loop.outcome is Outcome.INCONCLUSIVE


def test_a_target_that_dies_stops_the_run(run: Run) -> None:
    small = plan(60, 6, 7)
    with (
        TargetProcess(Settings(workers=1, hash_cost=CHEAP)) as target,
        pytest.raises(Stopped, match="the target died"),
    ):
        run.replay(small, target.url, progress=once(lambda: os.kill(target.pid, signal.SIGKILL)))

    assert_everybody_is_accounted_for(run, small)
    assert run.fates()[Fate.SERVED] > 0
    assert run.fates()[Fate.UNSENT] > 0
    assert Result.FAILED in run.results()
    assert str(run.instrument().ended).startswith("stopped: ")


def test_nobody_is_sent_to_what_cannot_be_spoken_to(run: Run) -> None:
    """It accepts connections, and hangs up."""
    server = socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)
    with (
        serving(server) as url,
        pytest.raises(Stopped, match=r"nobody was sent, since GET /healthz failed"),
    ):
        run.replay(plan(60, 1, 2), url)

    assert_everybody_is_accounted_for(run, plan(60, 1, 2))
    assert set(run.fates()) == {Fate.UNSENT}


def test_a_killed_child_leaves_what_it_had_measured(run: Run, target: TargetProcess) -> None:
    target.set_line(LineSettings())
    with pytest.raises(InvalidRun, match=r"was killed \(SIGKILL\)"):
        run.replay(
            plan(60, 6, 7),
            target.url,
            progress=once(lambda: os.kill(child_of(os.getpid()), signal.SIGKILL)),
        )

    assert run.instrument().ended is None
    assert run.fates()[Fate.SERVED] > 0


def test_a_child_that_can_write_no_file_any_more_goes_on(run: Run, target: TargetProcess) -> None:
    """Its rows go to its parent; that its log cannot be written hurts nobody."""
    target.set_line(LineSettings())

    def fill_the_disk() -> None:
        resource.prlimit(child_of(os.getpid()), resource.RLIMIT_FSIZE, (1, 1))

    small = plan(60, 2, 3)
    run.replay(small, target.url, progress=once(fill_the_disk))

    assert_everybody_is_accounted_for(run, small)
    assert run.instrument().ended == "complete"


PARENT = """
import sys
from tests.end_to_end.test_replay import Run, plan
from pathlib import Path

def beat(_):
    print("beat", flush=True)

Run(Path(sys.argv[1])).replay(plan(60, 6, 7), sys.argv[2], progress=beat)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "killed"])
def test_when_the_parent_ends_so_does_the_child(
    run: Run, target: TargetProcess, number: signal.Signals
) -> None:
    target.set_line(LineSettings())
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(run.folder), target.url],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"beat\n"
        child = child_of(parent.pid)
        parent.send_signal(number)
        assert parent.wait(HUNG_S) == -number

    wait_for_the_end_of(child)
    assert_everybody_is_accounted_for(run, plan(60, 6, 7))
    assert run.instrument().ended == "interrupted"
    assert run.fates()[Fate.SERVED] > 0


def test_a_strange_package_of_the_same_name_is_not_taken_for_ours(
    run: Run, target: TargetProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(InvalidRun, match="do not come from one installation"):
        run.replay(plan(10, 1, 2), target.url)


def test_nobody_answers(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(Unreachable, match="nothing answers"):
        run.replay(plan(10, 1, 2), url)
    assert list(run.folder.iterdir()) == []


def test_the_page_needs_a_free_port(run: Run, target: TargetProcess) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} cannot be used"):
            Replay(
                plan(10, 1, 2), target=target.url, folder=run.folder, db=run.db, part_name=PART,
                web_port=port,
            ).send()  # fmt: skip


def test_a_part_is_filled_once(lined: tuple[Run, Plan], target: TargetProcess) -> None:
    run, small = lined
    with pytest.raises(UsageError, match="already holds a part named observed"):
        run.replay(small, target.url)


def once(act: Callable[[], None]) -> Callable[[Beat], None]:
    """At the first beat, and never again."""
    done = threading.Event()

    def beat(_: Beat) -> None:
        if not done.is_set():
            done.set()
            act()

    return beat


def stop(target: TargetProcess) -> Callable[[], None]:
    return lambda: os.kill(target.pid, signal.SIGSTOP)


def child_of(parent: int) -> int:
    """The replay's child of that process."""
    found = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    for line in found.splitlines():
        pid, ppid, args = line.split(None, 2)
        if int(ppid) == parent and "scenarios.replay.child.__main__" in args:
            return int(pid)
    raise AssertionError(found)


def wait_for_the_end_of(pid: int) -> None:
    """Fails if the process lives on."""
    wait_until(lambda: not is_alive(pid))


def is_alive(pid: int) -> bool:
    """Whether it runs; one that nobody has waited for (Z) does not."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")
