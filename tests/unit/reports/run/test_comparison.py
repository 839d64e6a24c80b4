import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from scipy import stats

from reports.run.comparison.cells import Cell
from reports.run.comparison.comparison import SHORT, Line, compare
from reports.run.comparison.deviation import carries_a_ratio
from reports.run.facts import Standing
from simulator.outcomes.counts.places import Layout, Place
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.figures import FIGURES
from simulator.outcomes.figures.intervals import Estimate
from simulator.outcomes.rows import Fate
from simulator.plan.launches import Prediction
from simulator.system.objectives import ANY_RESPONSE_NS
from tests.examples import examples
from tests.launches.summaries import BAD, FEW, GOOD, launch, prediction

BY_KEY = {figure.key: figure for figure in FIGURES}


def line(key: str, predicted: Prediction | None, observed: Summary | None) -> Line:
    comparison = compare("line", rehearsal=predicted, observed=observed)
    return next(one for one in comparison.lines if one.figure.key == key)


def test_every_figure_is_compared_in_its_order() -> None:
    assert [one.figure for one in compare("line").lines] == list(FIGURES)
    assert set(SHORT) <= set(BY_KEY)


def test_a_figure_in_all_three_columns() -> None:
    comparison = compare(
        "line",
        launch=prediction((60, GOOD)),
        rehearsal=prediction((30, launch(refused=10)), (30, launch(refused=20))),
        observed=launch(refused=18),
    )

    (turned_away,) = (one for one in comparison.lines if one.figure.key == "turned_away")
    expected = Line(
        figure=BY_KEY["turned_away"],
        launch=Cell(value=0.0, text="0", from_=0.0, to=0.0, spread="0"),
        rehearsal=Cell(value=15.0, text="15", from_=10.0, to=20.0, spread="10 – 20"),
        observed=Cell(value=18.0, text="18"),
        error=0.2,
        within=True,
    )
    # By their texts: an unknown bound is NaN, which equals nothing.
    assert repr(turned_away) == repr(expected)
    assert turned_away.error_text == "+20.0 %"
    assert comparison.launch_standing is Standing.EXTRAPOLATED


def test_a_launch_alone_is_predicted_and_nothing_more() -> None:
    comparison = compare("line", launch=prediction((2, GOOD)))
    assert comparison.launch_standing is Standing.PREDICTED
    assert comparison.varying == ()


def test_too_few_samples_are_said_and_never_compared() -> None:
    p95 = line("response_p95", prediction((60, GOOD)), FEW)
    assert p95.observed is not None
    assert math.isnan(p95.observed.value)
    assert (p95.observed.text, p95.observed.few) == ("too few, 150 of 200", True)
    assert (p95.error, p95.within) == (None, None)


def test_predictions_too_can_have_too_few_samples() -> None:
    p95 = line("response_p95", prediction((60, FEW)), GOOD)
    assert p95.rehearsal is not None
    assert (p95.rehearsal.text, p95.rehearsal.spread) == ("too few, 150 of 200", "")


def test_what_never_ends_agrees_with_what_never_ends() -> None:
    p95 = line("response_p95", prediction((60, BAD)), BAD)
    assert p95.observed is not None
    assert (p95.observed.text, p95.error, p95.within) == ("never", 0.0, True)


@examples("observed, within, error",
    # Buckets are at most 1/128 wide here, 2.1 ms: 0.5 s and 0.503 s fall into neighbours.
    ("a bucket away", 0.503, True, "+0.6 %"),
    ("further away", 0.52, False, "+4.0 %"),
)  # fmt: skip
def test_durations_closer_than_a_bucket_are_not_told_apart(
    observed: float, within: bool, error: str
) -> None:
    p50 = line("response_p50", prediction((60, GOOD)), launch([observed] * 300))
    assert (p50.within, p50.error_text) == (within, error)


@examples("key, predicted, observed, text",
    ("nothing was predicted", "turned_away", launch(), launch(refused=3), "+3"),
    ("never, and soon", "response_p95", BAD, GOOD, ""),
)  # fmt: skip
def test_an_error_in_per_cent_needs_something_to_be_a_share_of(
    key: str, predicted: Summary, observed: Summary, text: str
) -> None:
    compared = line(key, prediction((60, predicted)), observed)
    assert (compared.error, compared.error_text, compared.within) == (None, text, False)


def test_a_trifle_is_missed_by_a_number_and_not_by_a_ratio() -> None:
    """Of one visitor, whom one launch in eight refuses."""
    visitor = prediction((7, launch([0.1])), (1, launch(refused=1)))
    predicted = replace(visitor, launches=visitor.launches * 10)

    refused, errors, nobody = (
        line("turned_away", predicted, launch(refused=1)),
        line("errors", predicted, launch(refused=1)),
        line("turned_away", predicted, launch([0.1])),
    )

    assert (refused.error, refused.difference, refused.error_text) == (None, 1.0, "+1")
    assert (errors.error, errors.difference, errors.error_text) == (None, None, "")
    assert (nobody.error, nobody.difference) == (0.0, None)
    assert refused.within


def test_a_launch_is_held_against_the_typical_one_and_not_against_a_mean_that_few_come_near() -> (
    None
):
    """Two launches in five collapse, and three do not: what was observed is as it mostly is."""
    compared = line("response_p95", prediction((36, GOOD), (24, BAD)), GOOD)
    assert compared.rehearsal is not None
    assert math.isfinite(compared.rehearsal.value)
    assert (compared.error, compared.within) == (0.0, True)


Rule = Callable[[Cell | None, Cell | None], bool]


def chance_of_more_than_twice(mean: float, rule: Rule) -> float:
    """How likely a right prediction of a Poisson count is told to be off by more than 100 %."""
    law = stats.poisson(mean)
    predicted = Cell(value=mean, text="", from_=law.ppf(0.025), to=law.ppf(0.975))
    counts = [count for count in range(200) if abs(count - mean) > mean]
    return sum(law.pmf(n) for n in counts if rule(predicted, Cell(value=float(n), text="")))


@pytest.mark.parametrize("mean", [0.12, 0.5, 1.0, 2.0, 3.0, 3.8, 4.0, 5.0, 8.0, 20.0])
def test_a_right_prediction_is_seldom_told_to_be_off_by_more_than_itself(mean: float) -> None:
    # Exact: what lies outside of the middle 95 % is 5 % at most.
    assert chance_of_more_than_twice(mean, carries_a_ratio) <= 0.05


@examples("rule, mean",
    ("always a ratio", lambda predicted, _: predicted.value > 0, 0.12),
    ("from one on", lambda predicted, _: predicted.value >= 1, 1.0),
)  # fmt: skip
def test_a_rule_without_the_spread_fails_it(rule: Rule, mean: float) -> None:
    assert chance_of_more_than_twice(mean, rule) > 0.05


@pytest.mark.parametrize(("mean", "carries"), [(3.8, False), (3.9, True)])
def test_what_spreads_as_poissons_counts_do_carries_a_ratio_from_z_squared_on(
    mean: float, carries: bool
) -> None:
    half = 1.96 * math.sqrt(mean)
    predicted = Cell(value=mean, text="", from_=mean - half, to=mean + half)
    assert carries_a_ratio(predicted, Cell(value=9.0, text="")) is carries


def test_one_simulated_launch_has_no_middle() -> None:
    turned_away = line("turned_away", prediction((1, BAD)), BAD)
    assert turned_away.rehearsal is not None
    assert (turned_away.rehearsal.spread, turned_away.within) == ("too few, 1 of 39", None)


def test_an_error_that_rounds_to_nothing_has_no_sign() -> None:
    made = Line(
        figure=BY_KEY["arrivals"], launch=None, rehearsal=None, observed=None, error=-1e-5, within=None
    )  # fmt: skip
    assert made.error_text == "< 0.1 %"


def test_an_estimate_is_what_a_column_shows() -> None:
    predicted = prediction((60, GOOD))
    estimate: Estimate = predicted.estimate(BY_KEY["goodput"])
    goodput = line("goodput", predicted, None)
    assert goodput.rehearsal is not None
    assert (goodput.rehearsal.value, goodput.rehearsal.text) == (estimate.mean, "30/s")


def several(*journeys: str, station: str) -> Layout:
    """Journeys of one step each, at one station."""
    return Layout(
        journeys=journeys,
        stations=(station,),
        groups=tuple(range(len(journeys))),
        places=tuple(Place(journey=n, station=0) for n in range(len(journeys))),
        steps=tuple(range(len(journeys))),
        good_within_ns=(ANY_RESPONSE_NS,) * len(journeys),
    )


def served(layout: Layout, *of_journeys: int) -> Summary:
    """So many were served on each journey."""
    made = Summary.empty(bin_ns=1, horizon_ns=1, end_ns=1, layout=layout)
    made.fates_of_journeys[:, Fate.SERVED] = of_journeys
    return made


def test_what_is_not_rehearsed_has_no_figure_there() -> None:
    whole = served(several("lurk", "signup", "browse", station="web"), 70, 20, 10)
    part = served(several("signup", "browse", station="target"), 5, 3)
    comparison = compare(
        "line",
        launch=Prediction(engine="compiled", launches=[whole]),
        rehearsal=Prediction(engine="compiled", launches=[part]),
        observed=part,
    )

    cells = {
        one.figure.key: [cell and cell.text for cell in (one.launch, one.rehearsal, one.observed)]
        for one in comparison.lines
    }
    assert cells["arrivals"] == ["100", "8", "8"]
    assert cells["lurk/served"] == ["70", None, None]
    assert cells["signup/served"] == ["20", "5", "5"]
    assert cells["browse/served"] == ["10", "3", "3"]
    assert cells["signup, web/sent"] == ["0", None, None]
    assert cells["signup, target/sent"] == [None, "0", "0"]


def test_the_short_list_begins_with_what_matters_most() -> None:
    keys = [one.figure.key for one in compare("line", rehearsal=prediction((2, GOOD))).short]
    assert keys[:4] == ["arrivals", "let_in", "served", "errors"]
    assert keys.index("response_p95") < keys.index("goodput")


@examples("seen, is_shown",
    ("not rehearsed", None, False),
    ("nobody knows", Cell(value=math.nan, text="–"), False),
    ("too few", Cell(value=math.nan, text="too few", few=True), True),
    ("observed", Cell(value=0.5, text="50 %"), True),
)  # fmt: skip
def test_of_stations_only_what_was_observed_is_in_the_short_list(
    seen: Cell | None, is_shown: bool
) -> None:
    comparison = compare("line", rehearsal=prediction((2, GOOD)), observed=GOOD)
    key = "signup/utilisation_highest"
    lines = tuple(
        replace(one, observed=seen) if one.figure.key == key else one for one in comparison.lines
    )
    short = replace(comparison, lines=lines).short
    assert any(one.figure.key == key for one in short) is is_shown
