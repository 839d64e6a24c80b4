"""What was predicted for an instant."""

import pytest

from scenarios.replay.live.course import Course, Spread
from scenarios.replay.live.quantities import ARRIVED, PEOPLE, SERVED, Quantity, quantities_of
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.intervals import ENOUGH_LAUNCHES
from tests.examples import examples
from tests.launches.summaries import launch

S = 1_000_000_000


@examples(
    "at_s, served",
    ("before the opening", -1.0, 0.0),
    ("at the opening", 0.0, 0.0),
    ("half of the first second", 0.5, 2.0),
    ("the first second's end", 1.0, 4.0),
    ("between two", 1.25, 4.5),
    ("the second one's end", 2.0, 6.0),
    ("at the end", 20.0, 6.0),
    ("long after the end", 1e6, 6.0),
)
def test_a_count_grows_in_proportion_within_a_bin(at_s: float, served: float) -> None:
    one = launch([0.5] * 4 + [1.5] * 2)
    course = Course.of([one], [SERVED])
    assert course.at(SERVED, round(at_s * S)) == Spread(served, served, served)


def test_the_band_is_the_middle_of_the_launches_and_all_of_them_where_they_are_few() -> None:
    hundred = [launch([0.5] * served) for served in range(1, 101)]
    # Of a hundred the second on either side: between these a further one falls in 97 of 101 cases.
    assert Course.of(hundred, [SERVED]).at(SERVED, 20 * S) == Spread(2.0, 50.5, 99.0)
    few = hundred[: ENOUGH_LAUNCHES - 1]
    assert Course.of(few, [SERVED]).at(SERVED, 20 * S) == Spread(1.0, 19.5, 38.0)


def test_quantities_are_those_of_the_bins() -> None:
    one = launch([0.5] * 3, refused=2, reneged=1)
    layout = Layout()
    quantities = quantities_of(layout)
    course = Course.of([one], quantities)

    def at_the_end(quantity: Quantity) -> float:
        return course.at(quantity, 20 * S).mean

    assert {each.name: at_the_end(each) for each in PEOPLE} == {
        "arrived": 6.0, "in_line": 0.0, "present": 0.0, "served": 3.0, "good": 3.0, "left_line": 1.0,
    }  # fmt: skip
    attempts = {each.labels: at_the_end(each) for each in quantities if each not in PEOPLE}
    assert attempts == {
        (("at", "signup"), ("result", result)): count
        for result, count in {
            "answered": 3.0, "turned_away": 2.0, "timed_out": 0.0, "failed": 0.0,
        }.items()
    }  # fmt: skip


def test_a_prediction_has_launches() -> None:
    none: list[Summary] = []
    with pytest.raises(ValueError, match="nothing was predicted"):
        Course.of(none, [ARRIVED])
