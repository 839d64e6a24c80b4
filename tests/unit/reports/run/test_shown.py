"""Which rows a prediction shows unless all are asked for."""

from dataclasses import replace

from reports.run.shown import OF_ALL, shown
from simulator.outcomes.counts.places import Layout, Place
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.figures.intervals import estimate
from tests.examples import examples

ONE = Layout(group_names=("early", "late"), groups=(0, 0))
TWO = replace(
    ONE,
    stations=("web", "mail"),
    places=(Place(journey=0, station=0), Place(journey=0, station=1)),
    steps=(0, 1),
)


def keys(layout: Layout, **told: float) -> list[str]:
    """What is shown where every figure is 2 but those that are told ("web__queue_mean")."""
    figures = figures_of(layout)
    values = {key.replace("__", "/"): value for key, value in told.items()}
    estimates = {
        figure.key: estimate([values.get(figure.key, 2.0)] * 3, [9] * 3) for figure in figures
    }
    assert set(values) <= set(estimates)
    return [figure.key for figure in shown(figures, estimates, stations=len(layout.stations))]


def test_the_most_important_stands_first() -> None:
    found = [key for key in keys(ONE) if "/" not in key]
    assert found == [key for key in OF_ALL if key in found]
    assert found[:4] == ["arrivals", "let_in", "served", "errors"]


def test_one_station_is_told_of_in_full_and_several_in_brief() -> None:
    assert {"signup/wait_mean", "signup/wait_probability", "signup/queue_mean"} <= set(keys(ONE))
    assert not {"web/wait_mean", "web/wait_probability", "web/queue_mean"} & set(keys(TWO))
    assert {"web/utilisation_highest", "mail/queue_highest"} <= set(keys(TWO))


@examples("figure, value, is_shown",
    ("a wait below a millisecond", "signup__wait_mean", 0.0009, False),
    ("a wait of one", "signup__wait_mean", 0.001, True),
    ("next to nobody", "signup__queue_highest", 0.09, False),
    ("nobody at all", "early__group_served", 0.0, False),
    ("the line, which was built for it", "wait_mean", 0.0009, True),
)  # fmt: skip
def test_what_says_nothing_is_left_out(figure: str, value: float, is_shown: bool) -> None:
    assert (figure.replace("__", "/") in keys(ONE, **{figure: value})) is is_shown
