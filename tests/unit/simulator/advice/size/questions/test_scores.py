"""Regret on matrices that are worked out by hand."""

import math

import numpy as np
import pytest

from simulator.advice.size.questions.scores import Played, by_need, by_people
from tests.examples import examples

ONE = np.array([1.0])


def servers(*values: float, needs: list[float]) -> Played:
    """Candidates of one knob, a server each; a world holds where it has as many as it needs."""
    cost = np.array(values)
    holds = cost[:, np.newaxis] >= np.array(needs)
    return Played(
        values=cost[:, np.newaxis], cost=cost, holds=holds, lost=np.where(holds, 0.0, 100.0)
    )


def test_with_a_price_of_people_regret_is_money() -> None:
    played = Played(
        values=np.array([[1.0], [2.0]]), cost=np.array([10.0, 20.0]),
        holds=np.array([[True, False], [True, True]]), lost=np.array([[0.0, 30.0], [0.0, 2.0]]),
    )  # fmt: skip
    found = by_people(played, person_lost=3.0)
    # World 1: 10 against 20. World 2: 10 + 90 against 20 + 6.
    assert found.regret.tolist() == [[0.0, 74.0], [10.0, 0.0]]
    assert found.too_little.tolist() == [[False, True], [False, False]]
    assert found.too_much.tolist() == [[False, False], [True, False]]
    assert found.mean.tolist() == [37.0, 5.0]


def test_where_losing_people_is_cheaper_than_servers_too_much_is_the_dearer_one() -> None:
    played = Played(
        values=np.array([[1.0], [2.0]]), cost=np.array([10.0, 20.0]),
        holds=np.array([[False], [True]]), lost=np.array([[30.0], [0.0]]),
    )  # fmt: skip
    found = by_people(played, person_lost=0.1)
    assert found.regret.tolist() == [[0.0], [7.0]]
    assert found.too_much.tolist() == [[False], [True]]


def test_without_one_what_is_missing_weighs_as_the_share_says() -> None:
    played = servers(8, 10, 13, needs=[10.0])
    found = by_need(played, ONE, share=0.95)
    # Two missing, 19 times each; what is needed; three in vain.
    assert found.regret.ravel().tolist() == pytest.approx([38.0, 0.0, 3.0])
    assert found.too_little.ravel().tolist() == [True, False, False]
    assert found.too_much.ravel().tolist() == [False, False, True]


@examples("share, expected",
    ("as many as must hold", 0.95, 19.0),
    ("half of them", 0.5, 10.0),
    ("as if too little were 1.25 times as bad as too much", 1.25 / 2.25, 12.0),
)  # fmt: skip
def test_the_least_regret_has_enough_in_the_share_that_is_asked(
    share: float, expected: float
) -> None:
    """The newsvendor's quantile, of needs that are spread evenly from 1 to 20."""
    every = [float(value) for value in range(1, 21)]
    found = by_need(servers(*every, needs=every), ONE, share)
    assert every[int(np.argmin(found.mean))] == expected


def test_who_lacks_what_is_for_free_misses_the_cheapest_piece() -> None:
    played = Played(
        values=np.array([[4.0, 1.0], [4.0, 2.0]]), cost=np.array([4.0, 4.0]),
        holds=np.array([[False], [True]]), lost=np.array([[9.0], [0.0]]),
    )  # fmt: skip
    found = by_need(played, np.array([1.0, 0.0]), share=0.5)
    # One piece missing, and once that is bought it is one more than the world needs.
    assert found.regret.ravel().tolist() == [2.0, 0.0]


def test_a_wrong_mix_counts_what_it_lacks_and_what_it_has_in_vain() -> None:
    played = Played(
        values=np.array([[9.0, 1.0], [3.0, 3.0]]), cost=np.array([10.0, 6.0]),
        holds=np.array([[False], [True]]), lost=np.array([[9.0], [0.0]]),
    )  # fmt: skip
    found = by_need(played, np.array([1.0, 1.0]), share=0.75)
    # Two of the second are missing, three times each; then it costs 12 where 6 would do.
    assert found.regret.ravel().tolist() == pytest.approx([12.0, 0.0])


def test_where_nothing_holds_the_best_is_who_loses_the_fewest() -> None:
    played = servers(1, 2, needs=[math.inf])
    fewer = Played(
        values=played.values, cost=played.cost, holds=played.holds, lost=np.array([[9.0], [5.0]])
    )
    assert by_need(fewer, ONE, share=0.5).regret.ravel().tolist() == [1.0, 0.0]
