"""Several replays on either side, held against SciPy and against least squares by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from simulator.outcomes.figures.compared.once import of_two
from simulator.outcomes.figures.compared.replays import Seen, of_replays
from simulator.outcomes.figures.reading import Reading
from tests.examples import examples

NEVER = math.inf
SIMULATED = [Reading(value, 1000) for value in (0.9, 1.0, 1.1)]


def seen(*values: float, seed: int = 0, samples: int = 1000) -> list[Seen]:
    return [Seen(seed, Reading(value, samples)) for value in values]


OLD, NEW = (1.00, 1.04, 0.97, 1.01), (1.10, 1.13, 1.06)


def test_of_one_seed_it_is_students_test_of_two_samples() -> None:
    found = of_replays(seen(*OLD), seen(*NEW), SIMULATED, SIMULATED, unit="s")
    known = stats.ttest_ind(NEW, OLD)
    ends = known.confidence_interval(0.95)
    assert (found.old, found.new) == pytest.approx((np.mean(OLD), np.mean(NEW)))
    assert (found.low, found.high, found.p) == pytest.approx((ends.low, ends.high, known.pvalue))


def test_of_one_replay_a_seed_it_is_students_test_of_pairs() -> None:
    old = [one for seed, value in enumerate(OLD) for one in seen(value, seed=seed)]
    new = [one for seed, value in enumerate((1.02, 1.07, 0.98, 1.03)) for one in seen(value, seed=seed)]  # fmt: skip
    found = of_replays(old, new, SIMULATED, SIMULATED, unit="s")
    known = stats.ttest_rel((1.02, 1.07, 0.98, 1.03), OLD)
    ends = known.confidence_interval(0.95)
    assert (found.low, found.high, found.p) == pytest.approx((ends.low, ends.high, known.pvalue))


def test_of_several_of_several_seeds_it_is_least_squares() -> None:
    """A seed that one side alone has tells of the spread."""
    old = [*seen(1.0, 1.1, 0.9, seed=1), *seen(2.0, seed=2), *seen(3.0, 3.3, seed=3)]
    new = [*seen(1.4, seed=1), *seen(2.5, 2.6, seed=2)]
    every = [*((one, 0.0) for one in old), *((one, 1.0) for one in new)]
    design = np.array(
        [[is_new, *(float(one.seed == s) for s in (1, 2, 3))] for one, is_new in every]
    )
    values = np.array([one.reading.value for one, _ in every])
    fitted, squares, *_ = np.linalg.lstsq(design, values, rcond=None)
    freedom = len(values) - design.shape[1]
    error = math.sqrt(squares[0] / freedom * np.linalg.inv(design.T @ design)[0, 0])

    found = of_replays(old, new, SIMULATED, SIMULATED, unit="s")
    assert found.value == pytest.approx(fitted[0])
    assert found.high - found.value == pytest.approx(stats.t.ppf(0.975, freedom) * error)
    assert found.p == pytest.approx(2 * stats.t.sf(fitted[0] / error, freedom))


@examples("old, new",
    ("one of each", seen(1.0), seen(1.3)),
    ("no spread", seen(1.0, 1.0, 1.0), seen(1.3)),
    ("one that never ended", seen(1.0, 1.1, 1.05), seen(NEVER)),
)  # fmt: skip
def test_where_no_spread_is_seen_medians_are_held_against_simulated_launches(
    old: list[Seen], new: list[Seen]
) -> None:
    found = of_replays(old, new, SIMULATED, SIMULATED, unit="s")
    median = sorted(old, key=lambda one: one.reading.value)[(len(old) - 1) // 2].reading
    alone = of_two(median, new[0].reading, SIMULATED, SIMULATED, unit="s")
    assert (found.value, found.p, found.low) == (alone.value, alone.p, alone.low)
    assert found.by_median is (len(old) > 1)


def test_the_machines_days_are_in_the_spread_of_replays_and_in_no_simulation() -> None:
    """Five nights that lie 10 % apart, though the luck of the services makes but 1 % of it."""
    nights = (1.0, 0.9, 1.1, 0.95, 1.05)
    calm = [Reading(value, 1000) for value in (0.99, 1.0, 1.01)]
    tonight = seen(1.12)
    assert of_replays(seen(*nights), tonight, calm, calm, unit="s").p > 0.1
    assert of_replays(seen(nights[0]), tonight, calm, calm, unit="s").p < 0.05, "one night"


def test_a_tolerance_is_taken_off_and_one_person_more_or_less_is_none() -> None:
    strict, mild = (
        of_replays(seen(*OLD), seen(*NEW), SIMULATED, SIMULATED, unit="s", tolerance=share)
        for share in (0.0, 0.1)
    )
    assert strict.p < 0.05 < mild.p
    people = of_replays(seen(100, 101, 100), seen(101, 101, 102), SIMULATED, SIMULATED, unit="")
    assert people.p == 1.0


def test_what_was_not_seen_to_its_end_is_compared_as_far_as_seen_or_left_open() -> None:
    def opened(*values: float, most: float = NEVER) -> list[Seen]:
        return [Seen(0, Reading(value, 1000, above=most)) for value in values]

    both = of_replays(opened(1.0, 1.1), opened(2.0, 2.1), SIMULATED, SIMULATED, unit="s")
    assert (both.old_open, both.new_open, both.undecided) == (True, True, False)
    assert both.value == pytest.approx(1.0)
    one = of_replays(opened(1.0, 1.1), seen(2.0, 2.1), SIMULATED, SIMULATED, unit="s")
    assert one.undecided, "the old one may have lasted for ever"
    worse = of_replays(seen(1.0, 1.1), opened(2.0, 2.1), SIMULATED, SIMULATED, unit="s")
    assert not worse.undecided
    assert worse.value == pytest.approx(1.0)
    assert worse.high == NEVER
    share = of_replays(seen(0.1, 0.12), opened(0.2, 0.21, most=0.22), SIMULATED, SIMULATED, unit="share")  # fmt: skip
    assert share.value == pytest.approx(0.095)
    assert 0.11 < share.high < 0.3


@examples("old, new, few",
    ("nobody knows", seen(math.nan), seen(1.0), False),
    ("one of three never ended, and two did not", seen(1.0, NEVER, 1.0), seen(NEVER, 1.0, NEVER), False),
    ("all ended, and one of three did", seen(1.0, 1.01, 0.99), seen(NEVER, NEVER, 1.0), False),
    ("too few samples", [Seen(0, Reading(1.0, 5, enough=False))] * 2, seen(1.0, 1.1), True),
)  # fmt: skip
def test_what_cannot_be_said_is_not(old: list[Seen], new: list[Seen], few: bool) -> None:
    found = of_replays(old, new, SIMULATED, SIMULATED, unit="s")
    assert math.isnan(found.value)
    assert (found.few, found.p) == (few, 1.0)
