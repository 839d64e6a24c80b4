"""A launch's demand for the terminal: curves, what was published on them, and what that leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from textwrap import fill, shorten

import numpy as np

from reports.terminal.chart import SHADE, Box, Mark, chart
from simulator.plan.published.published import Expected, sources_of
from simulator.plan.surges.milestones import Peaks
from simulator.scenario.words.document import Reading, Source
from simulator.scenario.words.surges.adoption import Adoption
from simulator.scenario.words.surges.milestones import Milestones
from simulator.text.wording import format_count, format_duration, format_rate
from simulator.units import NS_PER_S, Floats, Ints

LEFT_OPEN = {"line": "left open by the points, if the line never became shorter"}
LEFT_OPEN_BY_CURVES = "the curves that the points leave open; one launch in ten lies on either side"
TOO_HIGH = 2.5
"""So many times as high as the curve."""
SIGNS = "●○◆◇▲△■□"
WIDTH = 100
PUBLISHER = re.compile(r"(?P<what>.+) (?P<who>\([^()]+\))")
OUTCOMES = {"signups": "people served, expected", "line": "people in the line, expected"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A published series, and the sign that stands for its points in a chart."""

    series: Milestones | Adoption | Reading
    sign: str
    highest: float = inf
    """A point above it is told, and not drawn: the curve would be flat beside it."""

    @property
    def legend(self) -> str:
        return f"{self.sign} {self.series.name} (counts: {self.series.counts})"

    def marks(self, until_ns: int) -> Iterator[Mark]:
        """Its points, as far as they lie in a chart."""
        for point in self.series.points:
            if point.at_ns <= until_ns and point.count <= self.highest:
                yield (point.at_ns / NS_PER_S, float(point.count)), self.sign


def signed(series: Sequence[Milestones | Adoption | Reading]) -> list[Signed]:
    """Each series with a sign of its own, as far as there are signs."""
    return [
        Signed(series=each, sign=SIGNS[number % len(SIGNS)]) for number, each in enumerate(series)
    ]


def arrivals_chart(
    at_ns: Ints, count: Floats, beside: Sequence[Signed], boxes: Sequence[Box] = ()
) -> str:
    """Everybody who comes, with other series beside them, and what nobody knows behind them."""
    return drawn(
        "arrivals so far, expected", at_ns, count, beside, boxes, left_open=LEFT_OPEN_BY_CURVES
    )


def published_chart(expected: Expected, beside: Sequence[Signed]) -> str:
    """What was counted, as the launch is expected to come to it; the first series is its own."""
    title = OUTCOMES.get(expected.surge.counts, f"arrivals of {expected.surge.name}, expected")
    return drawn(
        title,
        expected.at_ns,
        expected.count,
        beside,
        boxes=open_between(expected),
        left_open=LEFT_OPEN.get(expected.surge.counts, "left open by the points"),
    )


def drawn(
    title: str,
    at_ns: Ints,
    count: Floats,
    beside: Sequence[Signed],
    boxes: Sequence[Box] = (),
    left_open: str = "",
) -> str:
    """A chart under a title that says which sign stands for what."""
    until_ns = int(at_ns[-1])
    beside = [replace(each, highest=TOO_HIGH * float(count.max())) for each in beside]
    curve = list(zip((at_ns / NS_PER_S).tolist(), count.tolist(), strict=True))
    marks = [mark for each in reversed(beside) for mark in each.marks(until_ns)]
    legend = [each.legend for each in beside if any(each.marks(until_ns))]
    if boxes:
        legend.append(f"{SHADE} {left_open}")
    lines = [title, *(f"  {each}" for each in legend)]
    lines.append(chart(curve, marks, boxes, x_label=moment, y_label=format_count))
    return "\n".join(lines)


def open_between(expected: Expected) -> list[Box]:
    """Everything between the lowest and the highest curve through the published counts."""
    return between(expected.at_ns, expected.lower, expected.upper)


def between(at_ns: Ints, lower: Floats, upper: Floats) -> list[Box]:
    """Boxes between two curves."""
    at_s = at_ns / NS_PER_S
    return [
        ((start, low), (end, high))
        for start, end, low, high in zip(
            at_s.tolist(), at_s[1:].tolist(), lower.tolist(), upper.tolist(), strict=False
        )
        if low < high
    ]


def rows(
    each: Signed, by_point: Sequence[float | None], sources: Mapping[str, Source]
) -> Iterator[str]:
    """A series: each published figure, what is expected instead, and who published it."""
    yield each.legend
    for point, value in zip(each.series.points, by_point, strict=True):
        met = "" if value is None else format_count(value)
        who = published_by(sources_of(each.series, point), sources)
        yield f"{span(point.at_ns):>12}{point.count:>14,.0f}{met:>14}  {who}".rstrip()


def published_by(keys: Sequence[str], sources: Mapping[str, Source]) -> str:
    """The titles of some sources, as far as there is room."""
    room = (WIDTH - 42) // max(1, len(keys))
    return "; ".join(short(sources[key].title, room) for key in keys) or "assumed"


def short(title: str, room: int) -> str:
    """A title within so many columns; who published it, in brackets at its end, is kept.

    >>> short("It immediately crashed for 13 hours (The Week)", 34)
    'It immediately ... (The Week)'
    """
    match = PUBLISHER.fullmatch(title)
    if match is None or len(title) <= room or len(match["who"]) > room // 2:
        return shorten(title, room, placeholder=" ...")
    what = shorten(match["what"], room - len(match["who"]) - 1, placeholder=" ...")
    return f"{what} {match['who']}"


HEAD = f"{'after':>12}{'published':>14}{'expected':>14}  by"


def peaks_in_words(name: str, found: Peaks) -> str:
    """How high the peak may be that the published counts of a series leave open."""
    return fill(
        f"the rate between the points of {name}: {format_rate(found.lowest_per_s)} on average in the"
        f" steepest step, at its steepest instant {format_rate(found.smooth_per_s)} if smooth, up to"
        f" {format_rate(found.rushed_per_s)} over a minute if everyone of a step comes within one",
        WIDTH,
        subsequent_indent="  ",
    )


def evenly(until_ns: int, number: int) -> Ints:
    """So many instants from the opening on."""
    return np.linspace(0, until_ns, number).astype(np.int64)


def span(ns: float) -> str:
    """A time since the opening, without a unit where it has begun only."""
    return format_duration(ns) if ns else "0"


def moment(seconds: float) -> str:
    """A time since the opening."""
    return span(seconds * NS_PER_S)
