"""The least place that passes, on axes of which is known what passes."""

import math

import pytest

from simulator.advice.size.search.least import least, least_of_narrow
from tests.examples import examples


class Asked:
    """What passes, and how often it was asked."""

    def __init__(self, passing: set[int]) -> None:
        self.passing = passing
        self.asked: list[int] = []

    def __call__(self, place: int) -> bool:
        self.asked.append(place)
        return place in self.passing


@pytest.mark.parametrize("border", [0, 1, 2, 3, 17, 100, 499, 500])
@pytest.mark.parametrize("start", [0, 5, 250, 500, 9999])
def test_it_is_found_from_anywhere_in_few_questions(border: int, start: int) -> None:
    passes = Asked(set(range(border, 501)))
    assert least(passes, low=0, high=500, start=start) == border
    assert len(set(passes.asked)) <= 2 * math.log2(501) + 4


def test_where_nothing_passes_there_is_none() -> None:
    assert least(Asked(set()), low=0, high=40, start=7) is None


@examples("passing, found",
    ("the next but one below passes", {5, *range(7, 30)}, 5),
    ("and the one below that", {4, 5, *range(8, 30)}, 4),
    ("a lone one far below is not looked for", {1, *range(9, 30)}, 9),
)  # fmt: skip
def test_neighbours_below_are_tried_as_well(passing: set[int], found: int) -> None:
    """One more server is not always better on one path."""
    assert least(Asked(passing), low=0, high=29, start=15) == found


@pytest.mark.parametrize("begins", range(1, 40))
def test_what_holds_only_between_two_sizes_is_found(begins: int) -> None:
    """Too many do harm as well; the doubling alone would step over it."""
    passing = set(range(begins, begins + 5))
    assert least_of_narrow(Asked(passing), low=0, high=64) == begins


def test_doubling_steps_over_what_is_narrow() -> None:
    """Why there is another way for it."""
    assert least(Asked(set(range(40, 45))), low=0, high=64, start=0) is None


def test_a_rough_border_is_found_to_so_many_places() -> None:
    passes = Asked(set(range(137, 501)))
    found = least(passes, low=0, high=500, start=400, fine=8)
    assert found is not None
    assert 137 <= found <= 137 + 8
    assert len(set(passes.asked)) <= 20
