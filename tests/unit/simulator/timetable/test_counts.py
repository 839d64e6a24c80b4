from dataclasses import replace

import numpy as np

from simulator.timetable import draws
from simulator.timetable.counts import block_counts, uniforms_of
from simulator.timetable.demand import Brought, Component, Demand
from simulator.timetable.timetable import Timetable
from simulator.timetable.volume import Volume
from simulator.units import frozen_floats

S = 1_000_000_000
EDGES = np.arange(5) * S
PLAIN = Component.of(0, EDGES, [40.0, 30.0, 20.0, 10.0])
NEXT = frozen_floats(np.eye(4, k=1))
"""Whoever is brought comes one block later."""


def family(**words: object) -> Component:
    brought = Brought(by=(0,), number=0.5, again=True, shares=(1.0,), spread=NEXT)
    mass = [0.0, 20.0, 25.0, 22.5]
    return Component.of(1, EDGES, mass, brought=replace(brought, **words))  # type: ignore[arg-type]


def counts(*components: Component, launch: int = 0) -> list[list[int]]:
    demand = Demand(components=components)
    timetable = Timetable(demand=demand, horizon_ns=4 * S, end_ns=4 * S, seed=3, launch=launch)
    return [each.tolist() for each in timetable.counts]


def test_nobody_else_changes_the_counts_of_a_surge() -> None:
    later = Component.of(0, EDGES, [1.0, 2.0, 3.0, 4.0])
    assert counts(PLAIN, family(), later)[0] == counts(PLAIN)[0]
    certain = Volume(low=1.0, high=1.0)
    assert counts(PLAIN, replace(PLAIN, volume=certain))[0] == counts(PLAIN)[0]


def test_who_is_brought_follows_those_who_bring_a_block_later() -> None:
    first, second = counts(PLAIN, family(number=0.9))
    assert second[0] == 0
    assert sum(second) > 0
    nobody = replace(PLAIN, mass=frozen_floats([0.0] * 4))
    assert counts(nobody, family(number=0.9))[1] == [0, 0, 0, 0]
    assert first == counts(PLAIN)[0]


def test_who_returns_brings_nobody() -> None:
    only_first = replace(PLAIN, mass=frozen_floats([400.0, 0.0, 0.0, 0.0]))
    assert sum(counts(only_first, family(again=False))[1][2:]) == 0
    assert sum(counts(only_first, family())[1][2:]) > 0


def test_a_family_is_divided_among_its_members() -> None:
    first, second = family(shares=(0.25, 0.75)), family(shares=(0.25, 0.75))
    later = Component.of(0, EDGES, [5.0, 5.0, 5.0, 5.0])
    # 300 generations of launches: each member has its share within 4 standard errors (6e-5).
    found = np.array(
        [[sum(each) for each in counts(PLAIN, first, second, later, launch=n)] for n in range(300)]
    ).sum(axis=0)
    assert len(counts(PLAIN, first, second, later)) == 4
    both = found[1] + found[2]
    assert abs(found[1] / both - 0.25) < 4 * np.sqrt(0.25 * 0.75 / both)


def test_a_volume_multiplies_what_is_expected() -> None:
    volume = Volume(low=0.1, high=10.0)
    uncertain = Demand(components=(replace(PLAIN, volume=volume),))
    key = draws.stream(3, 0, draws.COUNT)
    (low,), (likely,), (high,) = (block_counts(uncertain, key, u) for u in (0.1, 0.5, 0.9))
    (plain,) = block_counts(Demand(components=(PLAIN,)), key, 0.123)
    (ten,) = block_counts(
        Demand(components=(replace(PLAIN, mass=frozen_floats(10.0 * PLAIN.mass)),)), key, 0.123
    )
    assert likely.tolist() == plain.tolist()
    assert abs(int(high.sum()) - int(ten.sum())) <= 1
    assert low.sum() < likely.sum() < high.sum()
    assert block_counts(uncertain.likely, key, 0.9)[0].tolist() == plain.tolist()


def test_one_draw_a_launch_moves_all_surges_together() -> None:
    volume = Volume(low=0.2, high=5.0)
    one, two = (replace(PLAIN, volume=volume, people=people) for people in (0, 1))
    found = np.array([[sum(each) for each in counts(one, two, launch=n)] for n in range(50)])
    # Factors from 0.03 to 40 move both; what is left of a mean of 100 is Poisson.
    assert np.corrcoef(np.log(found.T + 1.0))[0, 1] > 0.95


def test_a_rehearsal_has_the_likely_volume_and_as_many_brought_as_are_expected() -> None:
    demand = Demand(components=(replace(PLAIN, volume=Volume(low=0.5, high=2.0)), family()))
    window = demand.window(S, 3 * S, 2.0)
    assert [c.mass.tolist() for c in window.components] == [[60.0, 40.0], [40.0, 50.0]]
    assert [(c.volume, c.brought) for c in window.components] == [(None, None)] * 2


def test_uniforms_of_many_blocks_are_those_of_each_bit_for_bit() -> None:
    indices = np.array([0, 1, 2, 1_000, (1 << 20) - 1, *range(5_000, 6_000)])
    for key in (0, 1, draws.MASK, draws.stream(3, 7, draws.COUNT)):
        one_by_one = [draws.uniform(key, index) for index in indices.tolist()]
        assert uniforms_of(key, indices).tolist() == one_by_one
