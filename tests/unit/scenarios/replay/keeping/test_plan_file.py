"""The plan beside the orders, and who of several workers sends whom."""

from pathlib import Path

import numpy as np
import pytest

from scenarios.replay.keeping.plan_file import plan_beside, plan_of, read_plan, shard_of, write_plan
from simulator.errors import InvalidRun, NotKept
from simulator.timetable.demand import Component, Demand
from simulator.timetable.timetable import Timetable
from simulator.units import NS_PER_S


def timetable(people: float, seconds: int = 60) -> Timetable:
    """So many, evenly, in blocks of a second."""
    edges_ns = [second * NS_PER_S for second in range(seconds + 1)]
    component = Component.of(0, edges_ns, [people / seconds] * seconds)
    horizon_ns = seconds * NS_PER_S
    return Timetable(
        demand=Demand(components=(component,)), horizon_ns=horizon_ns, end_ns=horizon_ns, seed=5
    )


THIN, THICK = timetable(40), timetable(3000)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = plan_beside(tmp_path / "orders-1.json")
    write_plan(path, THICK.arrivals())
    return path


def test_what_is_read_is_the_timetable_with_everybodys_place(plan: Path) -> None:
    rows = read_plan(plan, THICK.sha256)
    (arrivals,) = THICK.arrivals()
    assert np.array_equal(rows[:, 0], arrivals.visitor)
    assert np.array_equal(rows[:, 2], arrivals.arrived_ns)
    assert rows[:, 3].tolist() == list(range(len(arrivals)))


def test_one_bit_that_is_wrong_is_found(plan: Path) -> None:
    data = bytearray(plan.read_bytes())
    data[len(data) // 2] ^= 1
    with pytest.raises(InvalidRun, match="not the timetable that was predicted"):
        plan_of(bytes(data), THICK.sha256)


def test_a_plan_that_is_gone_is_said_to_be(plan: Path) -> None:
    plan.unlink()
    with pytest.raises(NotKept, match=r"orders-1\.plan"):
        read_plan(plan, THICK.sha256)


@pytest.mark.parametrize("of", [1, 2, 3, 4])
@pytest.mark.parametrize("made", [THIN, THICK], ids=["thin", "thick"])
def test_shards_are_the_plan_once_and_equal_to_one(made: Timetable, of: int, plan: Path) -> None:
    write_plan(plan, made.arrivals())
    whole = read_plan(plan, made.sha256)
    shards = [shard_of(whole, number, of) for number in range(of)]
    places = np.sort(np.concatenate([shard[:, 3] for shard in shards]))
    assert np.array_equal(places, whole[:, 3])
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


def test_by_visitors_numbers_a_thin_plan_would_be_the_first_workers(plan: Path) -> None:
    """Why shards go by places: a block's visitors are numbered anew, and most blocks have one."""
    write_plan(plan, THIN.arrivals())
    visitors = read_plan(plan, THIN.sha256)[:, 0]
    assert (visitors % 4 == 0).mean() > 0.5
