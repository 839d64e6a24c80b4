"""A chart for the terminal: a curve in braille dots, marks on it, and shaded boxes behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

BLANK = 0x2800
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bit of the braille cell's dot at (row, column)."""

Point = tuple[float, float]
Dot = tuple[int, int]
"""Column and row (from the top) among the dots of a canvas."""
Mark = tuple[Point, str]
"""A point and the character that stands there."""
Box = tuple[Point, Point]
"""The lower left and the upper right corner of what is shaded."""
SHADE = "░"


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """Columns and rows of characters, over a rectangle of values that starts at the origin."""

    columns: int
    rows: int
    x_max: float
    y_max: float

    def dot(self, point: Point) -> Dot | None:
        """The dot nearest to a point; None outside."""
        x, y = point
        if not (0 <= x <= self.x_max and 0 <= y <= self.y_max):
            return None
        column = round(x / self.x_max * (2 * self.columns - 1)) if self.x_max else 0
        height = round(y / self.y_max * (4 * self.rows - 1)) if self.y_max else 0
        return column, 4 * self.rows - 1 - height

    def line(self, curve: Sequence[Point]) -> Iterator[Dot]:
        """The dots of a curve, and those between two of them: a steep line does not fall apart."""
        before: Dot | None = None
        for point in curve:
            dot = self.dot(point)
            if dot:
                yield from between(before or dot, dot)
            before = dot

    def centre(self, column: int, row: int) -> Point:
        """The values in the middle of a character."""
        return (
            (column + 0.5) / self.columns * self.x_max,
            (self.rows - row - 0.5) / self.rows * self.y_max,
        )

    def draw(
        self, curve: Sequence[Point], marks: Sequence[Mark], boxes: Sequence[Box] = ()
    ) -> list[str]:
        """The rows of characters, from the top."""
        cells = [[0] * self.columns for _ in range(self.rows)]
        for column, row in self.line(curve):
            cells[row // 4][column // 2] |= DOTS[row % 4][column % 2]
        lines = [[chr(BLANK + bits) for bits in row] for row in cells]
        for row, column in product(range(self.rows), range(self.columns)):
            if not cells[row][column] and _inside(self.centre(column, row), boxes):
                lines[row][column] = SHADE
        for point, sign in marks:
            dot = self.dot(point)
            if dot:
                lines[dot[1] // 4][dot[0] // 2] = sign
        return ["".join(line) for line in lines]


def between(start: Dot, end: Dot) -> Iterator[Dot]:
    """The dots of a straight line, both ends included, each beside the one before it.

    >>> list(between((0, 0), (1, 4)))
    [(0, 0), (0, 1), (0, 2), (1, 3), (1, 4)]
    """
    across, down = end[0] - start[0], end[1] - start[1]
    steps = max(abs(across), abs(down))
    for step in range(steps + 1):
        share = step / steps if steps else 0.0
        yield start[0] + round(across * share), start[1] + round(down * share)


def _inside(point: Point, boxes: Sequence[Box]) -> bool:
    x, y = point
    return any(low[0] <= x < high[0] and low[1] <= y < high[1] for low, high in boxes)


def chart(
    curve: Sequence[Point],
    marks: Sequence[Mark] = (),
    boxes: Sequence[Box] = (),
    *,
    x_label: Callable[[float], str],
    y_label: Callable[[float], str],
    columns: int = 64,
    rows: int = 12,
    y_max: float | None = None,
) -> str:
    """A curve with marks on it and boxes behind it, and labelled axes; it must not be empty.

    ``y_max`` is where the vertical axis ends; without it, at the highest point.
    """
    canvas = Canvas(
        columns=columns,
        rows=rows,
        x_max=max(x for x, _ in curve),
        y_max=y_max or max(y for _, y in [*curve, *(point for point, _ in marks)]) or 1.0,
    )
    middle = rows // 2
    labels = {0: canvas.y_max, middle: canvas.y_max * (1 - middle / (rows - 1)), rows - 1: 0.0}
    width = max(len(y_label(value)) for value in labels.values())
    drawn = canvas.draw(curve, marks, boxes)
    lines = [
        f"{y_label(labels[row]) if row in labels else '':>{width}} ┤{line}"
        for row, line in enumerate(drawn)
    ]
    lines.append(f"{'':>{width}} └{'─' * columns}")
    left, centre, right = (x_label(share * canvas.x_max) for share in (0.0, 0.5, 1.0))
    half = columns // 2
    axis = f"{left:<{half}}{centre:<{columns - half - len(right)}}{right}"
    lines.append(f"{'':>{width}}  {axis}")
    return "\n".join(lines)
