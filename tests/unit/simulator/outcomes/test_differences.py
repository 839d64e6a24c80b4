"""Differences of a figure, and which of many are changes, held against SciPy and by hand."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from scipy import stats

from simulator.outcomes.counts.places import Layout, Place
from simulator.outcomes.figures.compared.change import Change, changes_of, holm
from simulator.outcomes.figures.compared.difference import Difference
from simulator.outcomes.figures.compared.direction import (
    LESS,
    MORE,
    NEITHER,
    Direction,
    direction_of,
)
from simulator.outcomes.figures.compared.once import grain_of, of_two
from simulator.outcomes.figures.compared.paired import between_medians, of_outcomes, of_pairs
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.figures.reading import Reading
from tests.examples import examples

NEVER = math.inf
EVERYTHING = Layout(
    journeys=("signup", "read"),
    stations=("front", "mail"),
    groups=(0, 1),
    group_names=("early", "late"),
    places=(Place(journey=0, station=0), Place(journey=1, station=1)),
    steps=(0, 1),
    good_within_ns=(10**9, 10**9),
)


def read(*values: float, samples: int = 1000, blur: float = 0.0) -> list[Reading]:
    return [Reading(value, samples, blur=blur) for value in values]


def opened(*bounds: tuple[float, float]) -> list[Reading]:
    return [Reading(least, 1000, above=most) for least, most in bounds]


# Which way is better ------------------------------------------------------------------------------


def test_of_every_figure_it_is_said_which_way_is_better() -> None:
    kinds = {figure.kind for figure in (*figures_of(EVERYTHING), *figures_of(Layout()))}
    assert kinds | {"launches_that_hold"} == LESS | MORE | NEITHER
    assert len(LESS) + len(MORE) + len(NEITHER) == len(kinds) + 1, "each is in one of them"
    assert [direction_of(kind) for kind in ("errors", "served", "arrivals")] == [-1, 1, 0]
    with pytest.raises(KeyError):
        direction_of("unheard_of")


# Two predictions ----------------------------------------------------------------------------------


def test_pairs_are_students_paired_test() -> None:
    old = [3.0, 5.0, 4.0, 6.0, 5.5, 4.5, 3.5, 5.0]
    new = [3.2, 5.1, 4.4, 6.1, 5.6, 4.9, 3.6, 5.3]
    found = of_pairs(read(*old), read(*new))

    known = stats.ttest_rel(new, old)
    ends = known.confidence_interval(0.95)
    assert (found.old, found.new) == pytest.approx((np.mean(old), np.mean(new)))
    assert (found.low, found.high) == pytest.approx((ends.low, ends.high))
    assert found.p == pytest.approx(max(known.pvalue, 2.0**-7))
    # The same figures without their pairs tell nothing.
    assert stats.ttest_ind(new, old).pvalue > 0.5


def test_a_difference_that_is_the_same_in_few_launches_may_be_chance() -> None:
    few, many = (of_pairs(read(*[7.0] * n), read(*[8.0] * n)) for n in (4, 12))
    assert (few.value, few.low, few.high, few.p) == (1.0, 1.0, 1.0, 0.125)
    assert many.p == 2.0**-11


def test_what_is_equal_in_every_launch_is_the_same_and_never_a_change() -> None:
    found = of_pairs(read(1.0, 2.0, NEVER), read(1.0, 2.0, NEVER))
    assert found.same
    assert (found.value, found.p) == (0.0, 1.0)


def test_what_never_ends_is_told_by_the_median_of_the_differences() -> None:
    old = [float(value) for value in range(1, 21)]
    new = [value + 1.0 for value in old[:12]] + [NEVER] * 8
    found = of_pairs(read(*old), read(*new))

    assert (found.by_median, found.value, found.low, found.high) == (True, 1.0, 1.0, NEVER)
    assert (found.old, found.new) == (10.0, 11.0)
    assert found.p == pytest.approx(stats.binomtest(20, 20).pvalue)


def test_launches_that_are_tied_count_against_a_change() -> None:
    """Four of twenty that never end any more are no change of the median."""
    old = [2.0] * 20
    found = of_pairs(read(*old), read(*old[:16], *[NEVER] * 4))
    assert (found.value, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)
    assert not of_pairs(read(1.0), read(2.0)).by_median


@examples("old,new,few",
    ("one launch", read(1.0), read(2.0), True),
    ("too few samples in most launches", [Reading(1.0, 3, enough=False)] * 3, read(1, 2, 3), True),
    ("no launch at all", [], [], False),
    ("nobody knows", read(math.nan, math.nan), read(1.0, 2.0), False),
)  # fmt: skip
def test_of_too_few_nothing_is_said(old: list[Reading], new: list[Reading], few: bool) -> None:
    found = of_pairs(old, new)
    assert found.few is few
    assert math.isnan(found.value)
    assert found.p == 1.0


def test_where_one_has_more_launches_as_many_as_both_have_are_compared() -> None:
    assert of_pairs(read(1, 2, 3, 90), read(2, 3, 5)) == of_pairs(read(1, 2, 3), read(2, 3, 5))


@examples("old,new,alike,word",
    ("longer, whatever the end is", read(1, 2, 3, 2, 1, 2, 3, 2), opened(*[(8.0, NEVER)] * 8), True, Change.WORSE),
    ("it may have been less or more", read(9, 9, 9, 9, 9, 8, 9, 9), opened(*[(8.0, NEVER)] * 8), True, Change.OPEN),
    ("seen for as long", opened(*[(2.0, NEVER)] * 8), opened(*[(3.0, NEVER)] * 8), True, Change.WORSE),
    ("not seen for as long", opened(*[(2.0, NEVER)] * 8), opened(*[(3.0, NEVER)] * 8), False, Change.OPEN),
    ("it ends now, and was longer", opened(*[(5.0, NEVER)] * 8), read(2, 3, 2, 1, 2, 2, 2, 2), True, Change.BETTER),
    ("shares that overlap", opened(*[(0.1, 0.4)] * 8), read(*[0.3] * 8), True, Change.OPEN),
    ("shares apart", opened(*[(0.1, 0.2)] * 8), read(*[0.3] * 8), True, Change.WORSE),
)  # fmt: skip
def test_what_was_not_seen_to_its_end(
    old: list[Reading], new: list[Reading], alike: bool, word: Change
) -> None:
    found = of_pairs(old, new, alike=alike)
    assert changes_of([found], [Direction.LESS_IS_BETTER]) == [word]
    assert (found.old_open, found.new_open) == (old[0].open, new[0].open)
    if word is Change.WORSE:
        assert found.low > 0
    if word is Change.BETTER:
        assert found.high < 0


def test_a_change_within_the_tolerance_or_within_a_bucket_is_none() -> None:
    old = read(*np.linspace(100, 101, 30))
    new = read(*np.linspace(101.5, 102.4, 30))
    assert of_pairs(old, new).p < 1e-6
    assert of_pairs(old, new, tolerance=0.02).p == 1.0
    assert 0 < of_pairs(old, new, tolerance=0.0144).p < 1.0
    blurred = of_pairs(read(*np.linspace(100, 101, 30), blur=1.44), new)
    plain = of_pairs(old, new)
    assert (blurred.low, blurred.high) == pytest.approx((plain.low - 1.44, plain.high + 1.44))
    assert blurred.p > plain.p


# Medians ------------------------------------------------------------------------------------------

TRIES = 400


def test_the_interval_between_two_medians_covers_the_truth_and_the_means_interval_does_not() -> (
    None
):
    """Of skewed figures, whose launches are paired: each new one is the old one times about 1.35."""
    draws = np.random.default_rng(41)
    truth = math.exp(0.3) - 1.0
    held = of_means = 0
    for _ in range(TRIES):
        old = np.exp(draws.normal(0.0, 1.0, 100))
        new = old * np.exp(draws.normal(0.3, 0.2, 100))
        value, low, high = between_medians(read(*old), read(*new))
        assert low <= value <= high
        held += low <= truth <= high
        mean = of_pairs(read(*old), read(*new))
        of_means += mean.low <= truth <= mean.high
    error = math.sqrt(0.95 * 0.05 / TRIES)
    assert held / TRIES > 0.95 - 3.3 * error
    assert of_means / TRIES < 0.95 - 3.3 * error


def test_a_few_launches_that_never_end_leave_the_medians_where_they_are() -> None:
    old, new = [1.0, 1.0, 2.0, 3.0, 3.0, 4.0, NEVER], [2.0, 2.0, 3.0, 4.0, 4.0, NEVER, NEVER]
    value, low, high = between_medians(read(*old), read(*new))
    assert value == 1.0
    assert 0.0 <= low <= value <= high == NEVER
    assert between_medians(read(*old), read(*old)) == (0.0, 0.0, 0.0)


def test_of_launches_too_few_for_a_median_nobody_knows() -> None:
    """Of up to five the order statistics reach no 95 %, and the bootstrap's covered 54 to 87 % of nothing at all."""
    five, six = [1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert all(map(math.isnan, between_medians(read(*five), read(*five))))
    assert between_medians(read(*six), read(*six)) == (0.0, 0.0, 0.0)


def test_what_a_bucket_hides_is_in_the_interval_between_medians() -> None:
    value, low, high = between_medians(read(*[1.0] * 20, blur=0.05), read(*[1.05] * 20, blur=0.05))
    assert (value, low, high) == pytest.approx((0.05, -0.05, 0.15))


def test_between_lower_bounds_nobody_knows_how_much_lies() -> None:
    value, low, high = between_medians(opened(*[(1.0, 9.0)] * 20), read(*[1.5] * 20))
    assert value == 0.5
    assert math.isnan(low)
    assert math.isnan(high)


# Launches that hold -------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", range(12))
@pytest.mark.parametrize("gained", range(0, 12, 3))
def test_launches_that_hold_are_mcnemars_test(gained: int, lost: int) -> None:
    old = [True] * lost + [False] * gained + [True] * 20
    new = [False] * lost + [True] * gained + [True] * 20
    found = of_outcomes(old, new)

    assert found.value == pytest.approx((gained - lost) / len(old))
    assert found.low <= found.value <= found.high
    if gained + lost:
        known = stats.binomtest(gained, gained + lost)
        assert found.p == pytest.approx(known.pvalue)
        assert (found.low > 0 or found.high < 0) == (known.pvalue <= 0.05)
    else:
        assert found.same


def test_one_launch_alone_tells_nothing_of_how_many_hold() -> None:
    assert of_outcomes([True], [False]).few


# Two runs -----------------------------------------------------------------------------------------


def two(old: float, new: float, before: Sequence[float], after: Sequence[float]) -> Difference:
    """Two observed durations, and those of the launches that were simulated of either plan."""
    observed = Reading(old, 1000), Reading(new, 1000)
    return of_two(observed[0], observed[1], read(*before), read(*after), unit="s")


def test_two_runs_are_held_against_the_spread_of_their_simulated_launches() -> None:
    generator = np.random.default_rng(7)
    spreads = generator.normal(10, 1, 40), generator.normal(12, 2, 60)
    found = of_two(
        Reading(10.0, 500), Reading(14.0, 500), read(*spreads[0]), read(*spreads[1]), unit="s"
    )

    variances = [spread.var(ddof=1) for spread in spreads]
    error = math.sqrt(sum(variances))
    freedom = sum(variances) ** 2 / (variances[0] ** 2 / 39 + variances[1] ** 2 / 59)
    half = stats.t.ppf(0.975, freedom) * error
    assert (found.low, found.high) == pytest.approx((4 - half, 4 + half))
    assert found.p == pytest.approx(2 * stats.t.sf(4 / error, freedom))


@examples("old,new,spread,few,undecided",
    ("no spread is known", 1.0, 2.0, [], True, False),
    ("one launch is no spread", 1.0, 2.0, [1.0], True, False),
    ("its launches never end now and then", 1.0, NEVER, [1.0, NEVER, 2.0], False, True),
)  # fmt: skip
def test_without_a_yardstick_nothing_is_said_of_two_runs(
    old: float, new: float, spread: Sequence[float], few: bool, undecided: bool
) -> None:
    found = two(old, new, spread, spread)
    assert (found.few, found.undecided, found.p) == (few, undecided, 1.0)


def test_what_no_launch_was_ever_predicted_to_do_is_a_change() -> None:
    found = two(3.0, NEVER, [2.9, 3.1, 3.0], [2.9, 3.0, 3.1])
    assert (found.value, found.p) == (NEVER, 0.0)
    equal = two(NEVER, NEVER, [NEVER, 1.0], [NEVER, 2.0])
    assert equal.same


@examples("unit,value,samples,grain",
    ("a count", "", 371.0, 400, 1.0),
    ("a share of so many", "share", 0.25, 400, 1 / 400),
    ("so many in so long", "1/s", 20.0, 400, 20.0 / 400),
    ("a mean of durations", "s", 3.0, 400, 0.0),
)  # fmt: skip
def test_one_person_more_or_less_is_no_change_where_the_plan_fixes_a_figure(
    unit: str, value: float, samples: int, grain: float
) -> None:
    fixed = [Reading(value, samples)] * 40
    assert grain_of(fixed[0], unit) == pytest.approx(grain)
    near, far = (Reading(value + times * grain, samples) for times in (1.9, 2.3))
    if grain:
        assert of_two(fixed[0], near, fixed, fixed, unit=unit).p == 1.0
        assert of_two(fixed[0], far, fixed, fixed, unit=unit).p == 0.0


# Many together ------------------------------------------------------------------------------------


def test_holms_adjusted_probabilities() -> None:
    """The example of R's ``p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")``."""
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert holm([0.05, 0.01]) == pytest.approx([0.05, 0.02])
    assert holm([]) == []


def difference(value: float, p: float, *, few: bool = False, undecided: bool = False) -> Difference:
    new = 1.0 + value
    return Difference(
        old=1.0, new=new, value=value, low=value, high=value, p=p, few=few, undecided=undecided
    )


def test_the_word_for_each_figure() -> None:
    less, more, neither = Direction.LESS_IS_BETTER, Direction.MORE_IS_BETTER, Direction.NEITHER
    table = [
        (difference(1.0, 0.001), less, Change.WORSE),
        (difference(-1.0, 0.001), less, Change.BETTER),
        (difference(1.0, 0.001), more, Change.BETTER),
        (difference(-1.0, 0.001), more, Change.WORSE),
        (difference(1.0, 0.001), neither, Change.MORE),
        (difference(-1.0, 0.001), neither, Change.LESS),
        (difference(1.0, 0.06), less, Change.NOISE),
        (difference(0.0, 1.0), less, Change.SAME),
        (difference(1.0, 1.0, few=True), less, Change.FEW),
        (difference(1.0, 1.0, undecided=True), less, Change.OPEN),
        (difference(math.nan, 1.0), less, Change.UNKNOWN),
    ]
    differences, directions, expected = zip(*table, strict=True)
    assert changes_of(differences, directions) == list(expected)


def test_a_probability_that_one_figure_alone_would_pass_is_noise_among_many() -> None:
    alone = changes_of([difference(1.0, 0.02)], [Direction.MORE_IS_BETTER])
    others = [difference(0.1, 0.5)] * 3
    among = changes_of([difference(1.0, 0.02), *others], [Direction.MORE_IS_BETTER] * 4)
    same = changes_of(
        [difference(1.0, 0.02), *[difference(0.0, 1.0)] * 3], [Direction.MORE_IS_BETTER] * 4
    )
    assert (alone[0], among[0], same[0]) == (Change.BETTER, Change.NOISE, Change.BETTER)
