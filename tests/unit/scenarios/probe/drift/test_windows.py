"""Windows of services, from what was seen in them."""

import math

import numpy as np
import pytest

from scenarios.probe.drift.windows import MOST, Seen, cut, windows_of


def test_the_noise_is_the_pooled_spread_over_the_number() -> None:
    """Two windows of 1 and 3, and of 2, 4 and 6: relative squares 0.5 and 0.5, three differences."""
    found = windows_of([Seen(0, 1, 0, [[1, 3]]), Seen(1, 2, 0, [[2, 4, 6]])])
    assert found is not None
    assert found.freedom == 3
    assert found.noise == pytest.approx([(1 / 3) / 2, (1 / 3) / 3])
    assert found.log_mean == pytest.approx(np.log([2, 4]) + found.noise / 2)


def test_a_window_of_several_requests_is_the_sum_of_their_means() -> None:
    """1 ms that does not vary and 3 ms of which each is off by a half: the sum is off by its part."""
    found = windows_of([Seen(0, 1, 0, [[1, 1], [1.5, 4.5]]), Seen(1, 2, 0, [[1, 1], [1.5, 4.5]])])
    assert found is not None
    assert math.exp(found.log_mean[0] - found.noise[0] / 2) == pytest.approx(4)
    # Each pair's squares are 2 x 0.5^2, of one difference: over two services, times (3 / 4)^2.
    assert found.noise == pytest.approx([0.5 / 2 * (3 / 4) ** 2] * 2)


def test_the_mean_written_weighs_every_service_of_the_first_kind_alike() -> None:
    found = windows_of(
        [Seen(5, 6, 3, [[9, 11]]), Seen(0, 1, 1, [[1, 3]]), Seen(1, 2, 1, [[5, 6, 7]])]
    )
    assert found is not None
    assert found.kind.tolist() == [0, 0, 1]
    assert math.exp(found.log_written) == pytest.approx((1 + 3 + 5 + 6 + 7) / 5)


def test_who_saw_fewer_requests_is_left_out() -> None:
    found = windows_of([Seen(0, 1, 0, [[1, 2], [1, 2]]), Seen(1, 2, 0, [[1, 2]])])
    assert found is not None
    assert found.many == 1


@pytest.mark.parametrize("seen", [[], [Seen(0, 1, 0, [[1]]), Seen(1, 2, 0, [[2]])]])
def test_without_two_in_a_window_nothing_is_told(seen: list[Seen]) -> None:
    assert windows_of(seen) is None


def test_windows_never_overlap() -> None:
    found = windows_of([Seen(0, 5, 0, [[1, 2]]), Seen(1, 2, 0, [[1, 2]])])
    assert found is not None
    assert found.end_s.tolist() == [1, 2]


@pytest.mark.parametrize(("people", "windows"), [(2, 1), (7, 1), (8, 2), (60, 15), (1_000, MOST)])
def test_everybody_is_in_one_window(people: int, windows: int) -> None:
    found = cut([float(n) for n in range(people)], [[n + 0.5 for n in range(people)]])
    assert len(found) == windows
    assert [ns for each in found for ns in each.services[0]] == [n + 0.5 for n in range(people)]
