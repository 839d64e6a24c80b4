from dataclasses import replace

import numpy as np
import pytest

from simulator.timetable import draws
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import CHUNK_ARRIVALS, Timetable
from simulator.units import FOREVER

S = 1_000_000_000
DEMAND = Demand(
    components=(
        Component.of(0, np.arange(11) * 60 * S, np.full(10, 6000.0), np.linspace(-1, 1, 10)),
        Component.of(1, [0, 45 * S, 600 * S], [500.0, 1000.0]),
    )
)
TIMETABLE = Timetable(demand=DEMAND, horizon_ns=600 * S, end_ns=700 * S, seed=5)


def columns(timetable: Timetable) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    chunks = list(timetable.arrivals())
    return np.column_stack(
        [
            np.concatenate([chunk.arrived_ns for chunk in chunks]),
            np.concatenate([chunk.visitor for chunk in chunks]),
            np.concatenate([chunk.people for chunk in chunks]),
        ]
    )


def test_chunks_continue_one_another_in_the_order_of_the_keys() -> None:
    rows = columns(TIMETABLE)
    assert len(list(TIMETABLE.arrivals())) > 1
    assert len(rows) == TIMETABLE.total > CHUNK_ARRIVALS
    assert (np.lexsort((rows[:, 1], rows[:, 0])) == np.arange(len(rows))).all()


def test_every_visitor_comes_once_and_inside_his_block() -> None:
    rows = columns(TIMETABLE)
    component, block = rows[:, 1] >> 52, (rows[:, 1] >> 32) & 0xFFFFF

    assert len(set(rows[:, 1].tolist())) == len(rows)
    assert (component == rows[:, 2]).all()
    for index, each in enumerate(DEMAND.components):
        mine = component == index
        assert (rows[mine, 0] >= each.edges_ns[block[mine]]).all()
        assert (rows[mine, 0] < each.edges_ns[block[mine] + 1]).all()


def test_the_same_name_gives_the_same_luck_and_another_one_another() -> None:
    same = replace(TIMETABLE)
    assert same.sha256 == TIMETABLE.sha256
    assert replace(TIMETABLE, seed=6).sha256 != TIMETABLE.sha256
    assert replace(TIMETABLE, launch=1).sha256 != TIMETABLE.sha256


def test_what_no_luck_changes_is_what_any_luck_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    luck = Timetable(demand=Demand(components=()), horizon_ns=1, end_ns=1)
    laws = [Duration.never(), *map(Duration.fixed, (0, 1, 7 * 10**9, FOREVER))]
    drawn = [
        draws.duration_ns(law.law, law.location, law.scale, law.knots, 0, 0, luck.uniform(role, 7))
        for law in laws
        for role in (draws.THINK, draws.PATIENCE)
    ]

    def none(*_: object) -> float:
        raise AssertionError("asked for luck")

    monkeypatch.setattr(Timetable, "uniform", none)
    told = [
        luck.duration_ns(law, role, 7) for law in laws for role in (draws.THINK, draws.PATIENCE)
    ]
    assert told == drawn
    with pytest.raises(AssertionError, match="asked for luck"):
        luck.duration_ns(Duration.exponential(1e9), draws.THINK, 7)


def test_a_second_surge_does_not_change_who_comes_in_the_first() -> None:
    alone = replace(TIMETABLE, demand=Demand(components=DEMAND.components[:1]))
    both = columns(TIMETABLE)
    assert (columns(alone) == both[both[:, 2] == 0]).all()


def test_a_rehearsal_repeats_its_arrivals_with_other_service_times() -> None:
    again = replace(TIMETABLE, service_launch=3)
    assert again.sha256 == TIMETABLE.sha256
    other = replace(TIMETABLE, launch=3)
    for role in range(draws.ROLES):
        same = other if role == draws.SERVICE else TIMETABLE
        assert again.uniform(role, 5, 2, 1) == same.uniform(role, 5, 2, 1)
    assert other.uniform(draws.SERVICE, 5, 2, 1) != TIMETABLE.uniform(draws.SERVICE, 5, 2, 1)


def test_an_empty_demand_has_no_arrivals() -> None:
    empty = replace(TIMETABLE, demand=Demand(components=()))
    assert empty.total == 0
    assert list(empty.arrivals()) == []


@pytest.mark.parametrize("mass", [0.5, 20.0, 3e6])
def test_counts_are_poisson(mass: float) -> None:
    # 400 blocks: the mean lies within 4 standard errors (false alarm 6e-5), and so does the
    # variance, whose standard error is about sqrt(2 / 400 + 1 / (400 mass)) of itself.
    blocks = 400
    component = Component.of(0, np.arange(blocks + 1), np.full(blocks, mass))
    timetable = replace(TIMETABLE, demand=Demand(components=(component,)))
    (counts,) = timetable.counts
    assert abs(counts.mean() - mass) < 4 * np.sqrt(mass / blocks)
    assert abs(counts.var(ddof=1) / mass - 1) < 4 * np.sqrt(2 / blocks + 1 / (blocks * mass))
