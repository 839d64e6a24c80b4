"""Rows: a bar for each of several things, with what it is called above it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from reports.planner.drawing.axis import Axis
from reports.planner.drawing.plot import DESK, PHONE, ROW_PX, Key, draw_key, wrapped
from reports.planner.drawing.svg import Drawing, width_of

BAR_PX, STEP_PX, FOOT_PX, EDGE_PX = 16, 44, 40, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a bar."""

    begins: float
    ends: float
    colour: str
    text: str = ""
    """Written in it, where there is room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One bar."""

    label: str
    parts: tuple[Part, ...] = ()
    said: str = ""
    """What it comes to, at the right end of its label."""
    dots: tuple[tuple[float, str], ...] = ()
    """Single values on it, and their colours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Bars one below the other, over one axis."""

    rows: tuple[Row, ...]
    axis: Axis
    key: tuple[tuple[str, str], ...] = ()
    middle: float | None = None
    """A value at which a line stands through all of them."""

    def drawn(self, label: str, *, phone: bool = False) -> Markup:
        """The bars as they fit on a desk or on a phone."""
        width = (PHONE if phone else DESK)[0]
        keys = list(wrapped(self.key, width))
        top = 8 + ROW_PX * len(keys)
        marked = bool(self.axis.marks)
        drawing = Drawing(width, top + STEP_PX * len(self.rows) + (FOOT_PX if marked else 0))
        draw_key(drawing, keys)
        bottom = top + STEP_PX * len(self.rows)
        if marked:
            self._marks(drawing, top, bottom)
        for number, row in enumerate(self.rows):
            self._row(drawing, row, top + STEP_PX * number)
            if self.middle is not None:
                x, y = self._x(drawing, self.middle), top + STEP_PX * number + 18
                drawing.path([(x, y), (x, y + BAR_PX + 4)], "ink", width=1.6)
        return drawing.markup(label)

    def _x(self, drawing: Drawing, value: float) -> float:
        return self.axis.at(value, EDGE_PX, drawing.width - EDGE_PX)

    def _marks(self, drawing: Drawing, top: float, bottom: float) -> None:
        last_px = -1e9
        for value, text in self.axis.marks:
            x, half = self._x(drawing, value), width_of(text) / 2
            drawing.path([(x, top), (x, bottom)], "hair", width=1.0)
            if x - half < last_px:
                continue
            last_px = x + half + 6
            at = min(max(x, half + 3), drawing.width - half - 3)
            drawing.text((at, bottom + 16), text, colour="muted", anchor="middle")
        title = self.axis.title
        drawing.text((drawing.width - 2, bottom + 33), title, colour="muted", anchor="end")

    def _row(self, drawing: Drawing, row: Row, top: float) -> None:
        room = drawing.width - 4
        said = _fitting(row.said, room * 0.62)
        label = _fitting(row.label, room - width_of(said) - 8)
        drawing.text((EDGE_PX, top + 14), label)
        drawing.text((drawing.width - 2, top + 14), said, colour="muted", anchor="end")
        y = top + 20
        for part in row.parts:
            begins, ends = self._x(drawing, part.begins), self._x(drawing, part.ends)
            drawing.rect(begins, y, max(1.5, ends - begins), BAR_PX, part.colour)
            if part.text and width_of(part.text) + 6 < ends - begins:
                at = ((begins + ends) / 2, y + 12.5)
                drawing.text(at, part.text, colour="paper", anchor="middle", bold=True)
        for value, colour in row.dots:
            drawing.dot((self._x(drawing, value), y + BAR_PX / 2), colour)


def _fitting(text: str, room_px: float) -> str:
    """A text cut to the room there is."""
    most = max(1, int(room_px / width_of("m")))
    return text if len(text) <= most else f"{text[: most - 1]}…"


__all__ = ["Key", "Part", "Row", "Rows"]
