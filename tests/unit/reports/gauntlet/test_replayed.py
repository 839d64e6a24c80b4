"""What was observed, as dots on what was predicted."""

import numpy as np

from reports.gauntlet.replayed import plot_of, replayed, sent_text
from reports.planner.drawing.plot import Band, Dot, Line
from simulator.advice.gauntlet.gauntlet import Gauntlet
from simulator.advice.gauntlet.window import Window
from simulator.plan.launches import play, predict
from simulator.plan.peaks import chart_bins
from tests.examples import examples
from tests.launches.gauntlet import COMPILED

WINDOW = Window(
    from_ns=660 * 10**9, for_ns=20 * 10**9, drain_ns=10**10, people=20_000.0, factor=0.075
)


def test_a_dot_for_each_part_of_the_replay_and_as_many_people_in_all(found: Gauntlet) -> None:
    plan = found.trials[0].plan
    prediction, seen = predict(plan, COMPILED, 3), play(plan, COMPILED, 7)
    plot = plot_of(prediction, seen)
    dots = [each for each in plot.marks if isinstance(each, Dot)]
    width_s = chart_bins(plan.end_ns, plan.bin_ns) * plan.bin_ns / 1e9
    many = sum(dot.y * width_s for dot in dots)
    last = int(seen.bins.served[len(dots) * round(width_s * 1e9) // plan.bin_ns :].sum())
    np.testing.assert_allclose(many + last, int(seen.bins.served.sum()), rtol=1e-9)
    band, line = plot.marks[:2]
    assert isinstance(band, Band)
    assert isinstance(line, Line)
    assert (np.asarray(band.low) <= np.asarray(line.y)).all()
    assert (np.asarray(line.y) <= np.asarray(band.high)).all()
    assert [dot.x for dot in dots] == [float(x) for x in line.x][: len(dots)]


def test_before_anything_was_sent_there_is_no_dot(found: Gauntlet) -> None:
    prediction = predict(found.trials[0].plan, COMPILED, 2)
    assert not any(isinstance(each, Dot) for each in plot_of(prediction, None).marks)
    before = replayed("crowd", WINDOW, prediction, None)
    assert "<circle" not in before.picture.desk
    after = replayed("crowd", WINDOW, prediction, play(found.trials[0].plan, COMPILED, 1), "So it.")
    assert "<circle" in after.picture.phone
    assert after.said.endswith("who come then. So it.")


@examples(
    "factor, said",
    ("some", 0.075, "crowd: the busiest 20 s, from +11 min on, with 7.5 % of the 20,000 people who come then."),
    ("all", 1.0, "crowd: the busiest 20 s, from +11 min on, with all of the 20,000 people who come then."),
)  # fmt: skip
def test_what_is_sent_is_said(factor: float, said: str) -> None:
    window = Window(from_ns=660 * 10**9, for_ns=20 * 10**9, drain_ns=1, people=2e4, factor=factor)
    assert sent_text("crowd", window) == said
