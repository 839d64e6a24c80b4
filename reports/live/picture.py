"""One quantity over time for a terminal: the seen line over the predicted one and its band."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.text import Text

from reports.charts.series import Band
from reports.terminal.chart import BLANK, DOTS, SHADE, Canvas, Dot, Point
from simulator.text.wording import format_count, format_duration
from simulator.units import NS_PER_S

SEEN, PREDICTED, SPREAD, AXIS = "bold bright_yellow", "blue", "blue dim", "dim"
HEADROOM = 1.05

Cell = tuple[int, int]
"""Row and column of a character."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """A quantity that was predicted, and is being seen."""

    name: str
    unit: str = ""
    band: Band
    seen: Sequence[Point] = ()
    """Seconds since the opening, and the value then; in their order."""

    @property
    def end_s(self) -> float:
        return float(self.band.at_s[-1])

    @property
    def top(self) -> float:
        """Where the vertical axis ends."""
        highest = max((value for _, value in self.seen), default=0.0)
        return HEADROOM * max(float(self.band.high.max()), highest, 1.0)

    def predicted_at(self, at_s: float) -> tuple[float, float, float]:
        """The lower end of the band, the mean, and the upper end."""
        band = self.band
        low, mean, high = (
            float(np.interp(at_s, band.at_s, row)) for row in (band.low, band.mean, band.high)
        )
        return low, mean, high


def picture(track: Track, *, columns: int, rows: int) -> Text:
    """A line that says how it stands now, and the chart below it."""
    canvas = Canvas(columns=columns, rows=rows, x_max=track.end_s, y_max=track.top)
    band = track.band
    predicted = cells(canvas.line(list(zip(band.at_s.tolist(), band.mean.tolist(), strict=True))))
    seen = cells(canvas.line(track.seen))
    text = headline(track)
    labels = {0: track.top / HEADROOM, rows - 1: 0.0}
    width = max(len(format_count(value)) for value in labels.values())
    for row in range(rows):
        label = format_count(labels[row]) if row in labels else ""
        text.append(f"\n{label:>{width}} ┤", AXIS)
        for column in range(columns):
            text.append(*character(canvas, track, (row, column), seen, predicted))
    text.append(f"\n{'':>{width}} └{'─' * columns}\n", AXIS)
    ends = format_duration(track.end_s * NS_PER_S)
    text.append(f"{'':>{width}}  {'0 s':<{columns - len(ends)}}{ends}", AXIS)
    return text


def headline(track: Track) -> Text:
    """What was seen last, and what had been predicted for that instant."""
    at_s, value = track.seen[-1] if track.seen else (0.0, 0.0)
    low, mean, high = track.predicted_at(at_s)
    text = Text(f"{track.name} ")
    text.append(f"observed {format_count(value)}{track.unit}", SEEN)
    text.append(f"  predicted {format_count(mean)}{track.unit}", PREDICTED)
    text.append(f" ({format_count(low)} to {format_count(high)})", SPREAD)
    return text


def character(
    canvas: Canvas, track: Track, cell: Cell, seen: dict[Cell, int], predicted: dict[Cell, int]
) -> tuple[str, str]:
    """What stands in a cell, and how: the seen line is never hidden by the predicted one."""
    if cell in seen:
        return chr(BLANK + seen[cell]), SEEN
    if cell in predicted:
        return chr(BLANK + predicted[cell]), PREDICTED
    row, column = cell
    at_s, value = canvas.centre(column, row)
    low, _, high = track.predicted_at(at_s)
    return (SHADE if low <= value <= high and high > 0 else " "), SPREAD


def cells(dots: Iterable[Dot]) -> dict[Cell, int]:
    """The characters that a line of dots goes through, each with the bits of its dots."""
    found: dict[Cell, int] = {}
    for column, row in dots:
        cell = row // 4, column // 2
        found[cell] = found.get(cell, 0) | DOTS[row % 4][column % 2]
    return found
