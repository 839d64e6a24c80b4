"""The worst of them, replayed: the prediction drawn first, and what was observed as dots upon it."""

from __future__ import annotations

from dataclasses import dataclass

from reports.charts.series import band, has_middle, served_of
from reports.planner.drawing.axis import Axis
from reports.planner.drawing.picture import Picture
from reports.planner.drawing.plot import Band, Dot, Line, Plot
from reports.sentences import words
from simulator.advice.gauntlet.window import Window
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import Prediction
from simulator.plan.peaks import chart_bins
from simulator.text.wording import format_share
from simulator.units import NS_PER_S

RADIUS = 3.0
PHONE_MARKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What became of one launch at a real server."""

    said: str
    picture: Picture
    is_observed: bool
    """Whether there are dots upon it."""


def replayed(
    name: str,
    window: Window,
    prediction: Prediction,
    observed: Summary | None,
    verdict: str = "",
) -> Replayed:
    """The chart of who was served each second; without dots as long as nothing has been observed."""
    said = " ".join(filter(None, [sent_text(name, window), verdict]))
    picture = Picture.of(plot_of(prediction, observed), said)
    return Replayed(said=said, picture=picture, is_observed=observed is not None)


def sent_text(name: str, window: Window) -> str:
    """What was sent, in a sentence."""
    seconds = words.duration(window.for_ns / NS_PER_S)
    at = words.duration(window.from_ns / NS_PER_S)
    share = "all" if window.factor >= 1.0 else format_share(window.factor)
    return (
        f"{name}: the busiest {seconds}, from +{at} on, with {share} of the {window.people:,.0f} people who"
        " come then."
    )


def plot_of(prediction: Prediction, observed: Summary | None) -> Plot:
    """Served a second: the mean and the middle 95 % of the simulated rehearsals, and what was seen."""
    first = prediction.launches[0]
    width = chart_bins(first.end_ns, first.bin_ns)
    read = served_of(width)
    drawn = band(prediction.launches, read, width)
    middle_s = width * first.bin_ns / NS_PER_S / 2
    at_s = drawn.at_s - middle_s
    dots: tuple[Dot, ...] = ()
    if observed is not None:
        seen = read(observed)
        dots = tuple(
            Dot(x=float(x), y=float(y), colour="observed", radius=RADIUS)
            for x, y in zip(at_s, seen, strict=False)
        )
    end_s = first.end_ns / NS_PER_S
    top = max([float(drawn.high.max(initial=0.0)), *(dot.y for dot in dots)])
    spread = "middle 95 % of rehearsals" if has_middle(prediction.launches) else "all rehearsals"
    title = "seconds of the replay"
    return Plot(
        x=Axis.of_time(end_s, tick, title=title),
        narrow=Axis.of_time(end_s, tick, title=title, many=PHONE_MARKS),
        y=Axis.up_to(top, words.rate, title="served"),
        marks=(Band(x=at_s, low=drawn.low, high=drawn.high), Line(x=at_s, y=drawn.mean), *dots),
        key=(
            ("predicted, mean", "predicted"),
            (spread, "band"),
            *([("observed", "observed")] if dots else []),
        ),
    )


def tick(seconds: float) -> str:
    """A moment on the axis.

    >>> tick(0), tick(20)
    ('0', '+20 s')
    """
    return f"+{words.duration(seconds)}" if seconds else "0"
