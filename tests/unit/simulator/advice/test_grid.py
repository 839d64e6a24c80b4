"""The grid that a planner plays with: its cells are launches, and it is bounded."""

import math
from dataclasses import replace

import pytest
from scipy import stats

from simulator.advice.play.grid import (
    CAPACITIES,
    DEMANDS,
    FEWER,
    MOST_LAUNCHES,
    MOST_PEOPLE,
    SEVERAL,
    SIZES,
    Cell,
    grid_of,
    instants_s,
    waiting,
)
from simulator.advice.size.knobs import Candidate
from simulator.advice.size.player import Player
from simulator.plan.launches import play
from simulator.plan.sized import times_as_many
from simulator.verdict.criteria import Outcome
from tests.examples import examples
from tests.launches.sizing import ENGINE, PRICES, knobs_of, sized, sized_plan


@pytest.fixture(scope="module")
def player() -> Player:
    plan = sized_plan()
    return Player(plan=plan, knobs=knobs_of(plan), prices=PRICES, engine=ENGINE)


def crowd(player: Player, factor: float) -> Player:
    """The same with so many times the people."""
    plan = player.plan
    return player.on(replace(plan, demand=times_as_many(plan.demand, factor)))


def test_a_cell_is_the_launches_of_its_demand_and_its_capacity(player: Player) -> None:
    grid = sized().grid
    assert grid is not None
    row, column = grid.demands.index(1.5), grid.capacities.index(2.0)
    cell, candidate = grid.cells[row][column], grid.candidates[column]
    crowded = crowd(player, 1.5).tried(candidate, range(cell.launches))
    assert (cell.holds, cell.launches) == (crowded.holds, len(crowded.trials))
    assert cell.lost == pytest.approx(crowded.lost)

    plan = replace(player.planned(candidate), demand=crowd(player, 1.5).plan.demand)
    lines = [
        waiting(play(plan, ENGINE, number), instants_s(plan), lined=True)
        for number in range(cell.launches)
    ]
    assert cell.waiting == pytest.approx(sum(lines) / cell.launches)
    assert max(cell.waiting) <= cell.peak * 2


def test_capacities_are_the_candidate_made_smaller_and_larger() -> None:
    answer = sized()
    grid, sizing = answer.grid, answer.sizing
    assert grid is not None
    assert sizing is not None
    assert sizing.certificate is not None
    asked = sizing.certificate.tried.candidate
    assert grid.candidates[grid.capacities.index(1.0)] == asked
    for factor, candidate in zip(grid.capacities, grid.candidates, strict=True):
        servers, rate = candidate.values
        assert servers == math.ceil(asked.values[0] * factor)
        assert rate == pytest.approx(asked.values[1] * factor)
    assert len(set(grid.candidates)) == len(grid.candidates)


def test_more_people_lose_more_and_more_capacity_loses_fewer() -> None:
    """On common luck and far apart: three times the people, and twice everything."""
    grid = sized().grid
    assert grid is not None
    column = grid.capacities.index(1.0)
    lost = [row[column].lost for row in grid.cells]
    assert lost[0] < lost[grid.demands.index(1.0)] < lost[-1]
    assert grid.cells[-1][grid.capacities.index(2.0)].lost < lost[-1]


@examples("people, most, demands, launches",
    ("a few people", 3_000.0, MOST_LAUNCHES, DEMANDS, MOST_LAUNCHES),
    ("fewer asked for", 3_000.0, 3, DEMANDS, 3),
    ("a night", 275_000.0, MOST_LAUNCHES, SEVERAL, 3),
    ("a million", 1_000_000.0, MOST_LAUNCHES, FEWER, 2),
    ("a hundred million", 1e8, MOST_LAUNCHES, None, 0),
)  # fmt: skip
def test_the_larger_the_launch_the_coarser_the_grid(
    people: float, most: int, demands: tuple[float, ...] | None, launches: int
) -> None:
    from simulator.advice.play.grid import _size

    found = _size(people, most)
    assert (found is None) is (demands is None)
    if found is not None:
        assert (tuple(found[0]), found[2]) == (demands, launches)
        assert people * sum(found[0]) * len(found[1]) * found[2] <= MOST_PEOPLE
    assert {1.0} <= set(CAPACITIES) & set(DEMANDS) & set(SEVERAL) & set(FEWER)
    assert [fewest for _, _, fewest in SIZES] == sorted(
        (each for _, _, each in SIZES), reverse=True
    )


def test_nothing_to_turn_is_nothing_to_play_with(player: Player) -> None:
    bare = Player(plan=player.plan, knobs=(), prices=PRICES, engine=ENGINE)
    assert grid_of(bare, Candidate(values=())) is None


@examples(
    "holds, launches", ("none", 0, 12), ("some", 7, 12), ("all", 12, 12), ("one of one", 1, 1)
)
def test_a_cell_says_how_sure_it_is(holds: int, launches: int) -> None:
    cell = Cell(
        holds=holds, launches=launches, peak=0.0, wait_p95_s=0.0, lost=0.0, waiting=()
    )  # fmt: skip
    exact = stats.binomtest(holds, launches).proportion_ci(0.95, method="exact")
    assert cell.interval == pytest.approx((exact.low, exact.high))


def test_a_launch_that_holds_is_judged_as_every_other_is(player: Player) -> None:
    grid = sized().grid
    assert grid is not None
    cell = grid.cells[grid.demands.index(0.5)][grid.capacities.index(2.0)]
    trials = crowd(player, 0.5).tried(
        grid.candidates[grid.capacities.index(2.0)], range(cell.launches)
    )
    assert cell.holds == sum(one.outcome is Outcome.HOLDS for one in trials.trials)
