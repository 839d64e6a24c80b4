"""Plots: lines, bands and points over two axes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from reports.planner.drawing.axis import Axis, widest
from reports.planner.drawing.svg import LETTER_WIDTH_PX, Drawing, Point, width_of
from simulator.units import Floats

DESK, PHONE = (720, 300), (340, 260)
KEY_PX, ROW_PX = 34, 18
Values = Sequence[float] | Floats


class Place:
    """Where values lie in a drawing."""

    def __init__(self, x: Axis, y: Axis, left: float, right: float, top: float, bottom: float):
        self.x, self.y = x, y
        self.left, self.right, self.top, self.bottom = left, right, top, bottom

    def __call__(self, x: float, y: float) -> Point:
        """The point of two values."""
        return self.x.at(x, self.left, self.right), self.y.at(y, self.bottom, self.top)

    def all(self, xs: Values, ys: Values) -> Iterator[Point]:
        """The points of many."""
        for x, y in zip(xs, ys, strict=True):
            if y == y:  # a value that nobody knows has no point
                yield self(float(x), float(y))


class Mark(Protocol):
    """Something that is drawn over axes."""

    def draw(self, drawing: Drawing, place: Place) -> None:
        """Draw it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From a lower to an upper value."""

    x: Values
    low: Values
    high: Values
    colour: str = "band"
    stepped: bool = False
    """Whether it stays until the next value, and jumps there."""

    def draw(self, drawing: Drawing, place: Place) -> None:
        """Draw it."""
        above, below = list(place.all(self.x, self.high)), list(place.all(self.x, self.low))
        if self.stepped:
            above, below = list(steps(above)), list(steps(below))
        drawing.area(above, below, self.colour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through values."""

    x: Values
    y: Values
    colour: str = "predicted"
    width: float = 2.0
    dash: str = ""

    def draw(self, drawing: Drawing, place: Place) -> None:
        """Draw it."""
        drawing.path(place.all(self.x, self.y), self.colour, width=self.width, dash=self.dash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One point, with its interval and what it is called."""

    x: float
    y: float
    colour: str
    low: float | None = None
    high: float | None = None
    label: str = ""
    hollow: bool = False
    radius: float = 4.5

    def draw(self, drawing: Drawing, place: Place) -> None:
        """Draw it."""
        at = place(self.x, self.y)
        if self.low is not None and self.high is not None:
            drawing.path(
                [place(self.x, self.low), place(self.x, self.high)], self.colour, width=1.2
            )
        drawing.dot(at, self.colour, radius=self.radius, hollow=self.hollow)
        if self.label:
            to_left = at[0] - 9 - width_of(self.label) > place.left
            x, anchor = (at[0] - 9, "end") if to_left else (at[0] + 9, "start")
            above = at[1] - 9 if at[1] - 12 > place.top else at[1] + 18
            drawing.text((x, above), self.label, anchor=anchor, bold=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A line across, at one value of an axis."""

    at: float
    label: str = ""
    upright: bool = False
    colour: str = "muted"

    def draw(self, drawing: Drawing, place: Place) -> None:
        """Draw it."""
        if self.upright:
            x = place(self.at, place.y.low)[0]
            drawing.path([(x, place.bottom), (x, place.top)], self.colour, width=1.2, dash="4 4")
            to_left = x + 6 + width_of(self.label) > place.right
            at = (x - 6 if to_left else x + 6, place.top + 12)
            drawing.text(at, self.label, colour=self.colour, anchor="end" if to_left else "start")
            return
        y = place(place.x.low, self.at)[1]
        drawing.path([(place.left, y), (place.right, y)], self.colour, width=1.2, dash="4 4")
        drawing.text((place.left + 4, y - 5), self.label, colour=self.colour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Marks over two axes, with what their colours mean above them."""

    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    key: tuple[tuple[str, str], ...] = ()
    """What it says, and in which colour."""
    narrow: Axis | None = None
    """The axis across on a phone, where there is less room for marks."""

    def drawn(self, label: str, *, phone: bool = False) -> Markup:
        """The plot as it fits on a desk or on a phone."""
        width, height = PHONE if phone else DESK
        rows = list(wrapped(self.key, width))
        top = 12 + ROW_PX * len(rows)
        drawing = Drawing(width, height + top)
        across = self.narrow if phone and self.narrow else self.x
        place = Place(
            across,
            self.y,
            left=14 + LETTER_WIDTH_PX * widest(self.y.marks),
            right=width - 14,
            top=top + (20 if self.y.title else 6),
            bottom=height + top - (42 if across.title else 26),
        )
        draw_key(drawing, rows)
        draw_axes(drawing, place)
        for mark in self.marks:
            mark.draw(drawing, place)
        return drawing.markup(label)


Key = Sequence[tuple[str, str]]


def steps(points: Sequence[Point]) -> Iterator[Point]:
    """Points that stay where they are until the next one.

    >>> list(steps([(0, 1), (5, 2)]))
    [(0, 1), (5, 1), (5, 2)]
    """
    for number, (x, y) in enumerate(points):
        if number:
            yield x, points[number - 1][1]
        yield x, y


def wrapped(key: Key, width: float) -> Iterator[Key]:
    """The entries of a key, in rows that fit."""
    row: list[tuple[str, str]] = []
    used = 0.0
    for text, colour in key:
        needed = KEY_PX + width_of(text)
        if row and used + needed > width:
            yield row
            row, used = [], 0.0
        row.append((text, colour))
        used += needed
    if row:
        yield row


def draw_key(drawing: Drawing, rows: Sequence[Key]) -> None:
    """What each colour means."""
    for number, row in enumerate(rows):
        x, y = 2.0, 14.0 + ROW_PX * number
        for text, colour in row:
            drawing.rect(x, y - 9, 10, 10, colour)
            drawing.text((x + 15, y), text, colour="muted")
            x += KEY_PX + width_of(text)


def draw_axes(drawing: Drawing, place: Place) -> None:
    """Marks with their values, and a hair across at each height."""
    for value, text in place.y.marks:
        y = place(place.x.low, value)[1]
        drawing.path([(place.left, y), (place.right, y)], "hair", width=1.0)
        drawing.text((place.left - 7, y + 4), text, colour="muted", anchor="end")
    last_px = -1e9
    for value, text in place.x.marks:
        x, half = place(value, place.y.low)[0], width_of(text) / 2
        if x - half < last_px:
            continue  # there is no room for it beside the one before
        last_px = x + half + 6
        drawing.path([(x, place.bottom), (x, place.bottom + 4)], "hair", width=1.0)
        anchor = "end" if x + half > drawing.width else "middle"
        edge = drawing.width - 1 if anchor == "end" else x
        drawing.text((edge, place.bottom + 18), text, colour="muted", anchor=anchor)
    if place.x.title:
        at = (place.right, place.bottom + 35)
        drawing.text(at, place.x.title, colour="muted", anchor="end")
    if place.y.title:
        drawing.text((2, place.top - 12), place.y.title, colour="muted")


Draw = Callable[..., Markup]
