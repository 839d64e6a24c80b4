"""A replay by workers on several machines: their networks are slow and are cut, their clocks differ, are set, and jump.

All are on this machine, in namespaces (:mod:`tests.machines`); what needs root or is not there is said, and skipped.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from scenarios.http.allow import ALLOW_VARIABLE
from simulator.outcomes.workers import Worker
from tests.end_to_end.command import wait_until
from tests.faults.strikes import WALL_CLOCK_SET, wrong_clocks
from tests.hanging import HUNG_S
from tests.machines.network import Ordered, network, why_not
from tests.machines.replayed import LEAD, TARGET, Replay, Replayed, launch
from tests.machines.switch import Way

pytestmark = pytest.mark.slow

US, S = 1_000, 1_000_000_000
EAST = Ordered(name="east", way=Way(there_s=0.010, back_s=0.010, jitter_s=0.002), ahead_s=3_600)
WEST = Ordered(
    name="west", way=Way(there_s=0.010, back_s=0.050, jitter_s=0.005), ahead_s=200 * 86_400
)
"""Far, and farther on the way back: by half of the difference its clock is mistaken, which nobody can know."""
NORTH = Ordered(name="north", way=Way(there_s=0.015, back_s=0.015))
SOUTH = Ordered(name="south", way=Way(there_s=0.008, back_s=0.008, jitter_s=0.001), ahead_s=7)
FIXED = (Ordered(name=LEAD, ahead_s=1_000), Ordered(name=TARGET, ahead_s=50))
CREWS = {1: (WEST,), 2: (EAST, WEST), 4: (EAST, WEST, NORTH, SOUTH)}
JUMP_S, JUMPS = 0.4, "{}.jumps"
FAST_BY, SURGE_S = 0.02, 4
BLINK_S = 1.0
"""Shorter than a worker may be silent, by more than TCP takes to send again what was lost."""
SILENT = "it showed no sign of life for 5 s"


@pytest.fixture(scope="module", autouse=True)
def possible() -> None:
    why = why_not() or ("wrong clocks need gcc" if shutil.which("gcc") is None else "")
    if why:
        pytest.skip(why)


@contextmanager
def replaying(
    home: Path,
    crew: Sequence[Ordered],
    *,
    written: str | None = None,
    env: Mapping[str, Mapping[str, str]] | None = None,
) -> Iterator[Replay]:
    """By workers whose wall clocks are set again and again, and whose monotonic clocks jump once they are told."""
    wrong = wrong_clocks(home, WALL_CLOCK_SET | {"CLOCK_JUMPS_BY_S": str(JUMP_S)})
    special: dict[str, Mapping[str, str]] = dict(env or {})
    for each in crew:
        jumps = {"CLOCK_JUMPS_WITH": str(home / JUMPS.format(each.name))}
        special[each.name] = {**wrong, **jumps, **special.get(each.name, {})}
    with network(*FIXED, *crew) as net:
        yield Replay(net, home, [each.name for each in crew], written=written, env=special)


@pytest.fixture(scope="module")
def crews(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Replayed]:
    """The same launch by one, two and four machines."""
    found = {}
    for many, crew in CREWS.items():
        with replaying(tmp_path_factory.mktemp("crew"), crew) as replay:
            found[many] = replay.end()
    return found


def ways(name: str) -> Way:
    return next(each.way for each in CREWS[4] if each.name == name)


def error_ns(found: Replayed, worker: Worker) -> int:
    """By how much its clock's offset was mistaken."""
    return worker.offset_ns - found.net.ahead_ns(worker.name, LEAD)


def said(found: Replayed, name: str) -> str:
    return " ".join(found.ended[name].said.split())


def lost(found: Replayed) -> dict[str, str]:
    return {worker.name: worker.lost for worker in found.workers if worker.lost}


@pytest.mark.parametrize("many", CREWS)
def test_what_machines_send_together_is_the_plan_exactly(
    crews: dict[int, Replayed], many: int
) -> None:
    """By the workers' rows, and by what the target saw: each visitor once, and nobody else."""
    found, sent = crews[many], crews[many].sent()
    assert found.ended[LEAD].code in (0, 3), said(found, LEAD)  # 3: too busy a machine
    assert {name: found.ended[name].code for name in found.ended if name != LEAD} == {
        each.name: 0 for each in CREWS[many]
    }
    assert [worker.name for worker in sent.workers] == sorted(each.name for each in CREWS[many])
    assert sent.is_exact
    assert sorted(who for who, _ in found.came()) == sorted(sent.planned)
    assert lost(found) == {}


def test_all_of_them_send_one_timetable(crews: dict[int, Replayed]) -> None:
    assert len({found.sent().timetable_sha256 for found in crews.values()}) == 1
    first, *others = (found.sent().came for found in crews.values())
    assert all(other == first for other in others)


@pytest.mark.parametrize("many", CREWS)
def test_each_clock_is_known_within_its_bound(crews: dict[int, Replayed], many: int) -> None:
    """However far it is ahead, and however its wall clock is set."""
    for worker in crews[many].workers:
        assert abs(error_ns(crews[many], worker)) <= worker.bound_ns
        assert worker.bound_ns >= ways(worker.name).round_trip_s / 2 * S


@pytest.mark.parametrize("many", CREWS)
def test_visitors_come_at_their_instants_within_the_bound(
    crews: dict[int, Replayed], many: int
) -> None:
    """By the target's own clock: a connection and a request take two ways there and one back.

    What a busy machine adds makes all later and nobody sooner, so the quickest of each worker tells of its clock.
    """
    for worker in crews[many].workers:
        visits, way = crews[many].visits(worker), ways(worker.name)
        path_ns, error = (2 * way.there_s + way.back_s) * S, error_ns(crews[many], worker)
        assert len(visits) == worker.planned > 20
        late_ns = [visit.came_ns - visit.planned_ns - path_ns for visit in visits]
        assert error - US <= min(late_ns) <= worker.bound_ns
        for visit in visits:
            assert visit.sent_ns + error + path_ns - US <= visit.came_ns
            assert visit.came_ns <= visit.finished_ns + error - way.back_s * S + US


@pytest.mark.parametrize("many", [1, 2])
def test_a_clock_that_jumps_in_the_middle_is_named(tmp_path: Path, many: int) -> None:
    """Also that of a worker that is alone."""
    with replaying(tmp_path, CREWS[many]) as replay:
        replay.wait_for_the_middle()
        (tmp_path / JUMPS.format("west")).touch()
        found = replay.end()
    bounds = {worker.name: worker.bound_ns for worker in found.workers}
    assert bounds.pop("west") >= JUMP_S * S
    assert all(bound < JUMP_S * S / 2 for bound in bounds.values())
    assert found.ended[LEAD].code == 3, said(found, LEAD)
    assert "the clock of west was only known to" in said(found, LEAD)


@pytest.mark.parametrize("many", [1, 2])
def test_a_clock_that_is_fast_is_named(tmp_path: Path, many: int) -> None:
    """By that clock everything is as it should be, so nothing else would tell of it."""
    fast = {"CLOCK_IS_FAST_BY": str(FAST_BY)}
    with replaying(tmp_path, CREWS[many], env={"west": fast}) as replay:
        found = replay.end()
    assert found.workers[-1].bound_ns >= FAST_BY * SURGE_S * S
    assert found.ended[LEAD].code == 3, said(found, LEAD)
    assert "the clock of west was only known to" in said(found, LEAD)


@pytest.mark.parametrize("many", [1, 2])
def test_a_machine_that_is_cut_off_for_too_long_is_named(tmp_path: Path, many: int) -> None:
    """It ends by itself, cut off as it is, and the others send their part to the end."""
    with replaying(tmp_path, CREWS[many]) as replay:
        replay.wait_for_the_middle()
        replay.net.cut("west")
        found = replay.end()
    assert found.ended[LEAD].code == 3, said(found, LEAD)
    assert lost(found) == {"west": SILENT}
    assert f"workers lost: 1 of {many}: west: {SILENT}" in said(found, LEAD)
    assert found.ended["west"].code == 3
    assert "the master was not heard for 5 s, so sending was stopped" in said(found, "west")
    for worker in found.workers:
        if worker.name != "west":
            assert len(found.visits(worker)) == worker.started == worker.planned
            assert found.ended[worker.name].code == 0


def test_a_network_that_fails_for_a_moment_loses_nothing(tmp_path: Path) -> None:
    with replaying(tmp_path, CREWS[2]) as replay:
        replay.wait_for_the_middle()
        replay.net.cut("west")
        time.sleep(BLINK_S)
        replay.net.mend()
        found = replay.end()
    assert lost(found) == {}
    assert found.sent().is_exact
    assert sorted(who for who, _ in found.came()) == sorted(found.sent().planned)


def test_a_machine_that_alone_hears_nothing_of_the_target_is_named_and_the_target_not_blamed(
    tmp_path: Path,
) -> None:
    """What it sends is swallowed: no connection breaks, so its visitors' failures look like the target's."""
    with replaying(tmp_path, CREWS[2], written=launch("8 s")) as replay:
        replay.wait_for_the_middle()
        replay.net.cut("west", TARGET)
        found = replay.end()
    assert found.ended[LEAD].code == 3, said(found, LEAD)
    assert lost(found).keys() == {"west"}
    assert "visitors that it sent had an answer from the target" in lost(found)["west"]
    assert "workers lost: 1 of 2: west: none of the last" in said(found, LEAD)


def test_a_machine_that_is_too_far_away_for_the_objectives_sends_nobody(tmp_path: Path) -> None:
    with replaying(tmp_path, CREWS[2], written=launch(p50="800 ms")) as replay:
        found = replay.end()
    assert found.ended[LEAD].code == 3
    assert "the clock of west is known to" in said(found, LEAD)
    assert "and the objectives need 20 ms" in said(found, LEAD)
    assert found.came() == []


def test_each_machine_must_be_allowed_to_send_to_another_one(tmp_path: Path) -> None:
    """What the one that leads may do says nothing of what the others may."""
    with replaying(tmp_path, CREWS[2], env={"west": {ALLOW_VARIABLE: ""}}) as replay:
        found = replay.end()
    address = found.net[TARGET].address
    assert (found.ended[LEAD].code, found.ended["west"].code) == (3, 5)
    assert f"west cannot send its part: {address} ({address}) is not this" in said(found, LEAD)
    assert f"set {ALLOW_VARIABLE}={address}" in said(found, "west")
    assert found.came() == []


def test_nor_may_the_one_that_leads(tmp_path: Path) -> None:
    with replaying(tmp_path, CREWS[1], env={LEAD: {ALLOW_VARIABLE: ""}}) as replay:
        assert replay.lead.wait(HUNG_S) == 5
        assert "was not allowed" in replay.log(LEAD).read_text()


def test_nothing_is_left_of_machines_whatever_ends_them(tmp_path: Path) -> None:
    seen: list[psutil.Process] = []
    left: list[Path] = []

    def fail() -> None:
        with network(*FIXED) as net:
            sleeping = psutil.Process(net[LEAD].start(tmp_path / "log", "sleep", "1000").pid)
            wait_until(lambda: bool(sleeping.children()))
            seen.extend([sleeping, *sleeping.children()])
            left.append(space_of(seen[-1].pid))
            left.extend(Path("/sys/class/net", net[name].port.device) for name in (LEAD, TARGET))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not any(process.is_running() for process in seen)
    assert set(left).isdisjoint({*spaces(), *Path("/sys/class/net").iterdir()})


def space_of(process: int) -> Path:
    """The network namespace in which it lives."""
    return Path(f"/proc/{process}/ns/net").readlink()


def spaces() -> Iterator[Path]:
    """Those in which anybody lives."""
    for process in psutil.process_iter():
        with suppress(OSError):  # it has just ended
            yield space_of(process.pid)
