"""The view: as many pictures as a terminal has room for, drawn anew each time that it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult

from reports.charts.series import Band, band, line_of, served_of
from reports.live.picture import Track, picture
from reports.terminal.chart import Point
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import Prediction
from simulator.plan.peaks import chart_bins

POINTS = 120
"""Of a predicted curve: more dots than that lie beside one another in few terminals."""
WIDEST, HIGHEST = 96, 12
BESIDE = 5
"""Lines of a picture that are not its chart's: the one above, the axis, its ends, an empty one, and a bar's."""
LEAST = 4
"""A chart of fewer lines says nothing."""

Seen = Callable[[], Sequence[Point]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """A quantity that is drawn: its prediction, and where what was seen of it is asked for."""

    name: str
    unit: str
    band: Band
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """Renders by itself (:meth:`__rich_console__`), as large as the terminal is at that moment."""

    curves: Sequence[Curve]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        shown, rows = room(len(self.curves), console.height)
        for curve in self.curves[:shown]:
            track = Track(name=curve.name, unit=curve.unit, band=curve.band, seen=curve.seen())
            width = len(str(round(track.top))) + 5
            yield picture(track, columns=min(WIDEST, options.max_width - width), rows=rows)
            yield ""


def room(curves: int, height: int) -> tuple[int, int]:
    """How many pictures a terminal of so many lines has room for, and how many lines the chart of each has.

    >>> room(2, 50), room(2, 20), room(2, 12), room(2, 8)
    ((2, 12), (2, 4), (1, 6), (0, 4))
    """
    for shown in range(curves, 0, -1):
        rows = (height - 1) // shown - BESIDE
        if rows >= LEAST:
            return shown, min(HIGHEST, rows)
    return 0, LEAST


def curves_of(prediction: Prediction, in_line: Seen, served: Seen) -> tuple[Curve, ...]:
    """The line, where there is one, and how many are served a second."""
    launches = prediction.launches
    bins = chart_bins(launches[0].end_ns, launches[0].bin_ns, POINTS)
    line = Curve(name="in line", unit="", band=band(launches, line_of(bins), bins), seen=in_line)
    rate = Curve(name="served", unit="/s", band=band(launches, served_of(bins), bins), seen=served)
    return (line, rate) if has_line(launches) else (rate,)


def has_line(launches: Sequence[Summary]) -> bool:
    return any(bool(launch.bins.joined.any()) for launch in launches)
