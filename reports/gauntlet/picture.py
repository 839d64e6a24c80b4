"""The picture to share: a row a launch, with who came, who was served, and where it broke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from reports.gauntlet.row import Row
from reports.planner.drawing.picture import Picture
from reports.planner.drawing.svg import LETTER_WIDTH_PX, Drawing, Point
from simulator.advice.gauntlet.gauntlet import Gauntlet
from simulator.advice.gauntlet.trial import Trial
from simulator.text.wording import format_duration
from simulator.units import Floats
from simulator.verdict.criteria import Outcome

DESK_PX, PHONE_PX = 860, 340
COLUMNS = 120
"""Points of a curve, at most: what is finer is noise."""
COLOURS = {
    Outcome.HOLDS: "holds",
    Outcome.FAILS: "fails",
    Outcome.INCONCLUSIVE: "inconclusive",
}
HEAD_PX, FOOT_PX = 52, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """People over a launch, in parts of the busiest moment."""

    came: Floats
    served: Floats
    breaks: float | None
    """Where it breaks, as a share of the launch."""
    length: str

    @classmethod
    def of(cls, trial: Trial) -> Curve:
        """Over all simulated launches, up to the end of arrivals."""
        plan, launches = trial.plan, trial.prediction.launches
        last = max(1, plan.horizon_ns // plan.bin_ns)
        width = -(-last // COLUMNS)
        starts = np.arange(0, last, width)
        came, served = (
            np.add.reduceat(sum(getattr(each.bins, name)[:last] for each in launches), starts)
            for name in ("arrivals", "served")
        )
        # The last bin may be narrower than the others.
        widths = np.minimum(starts + width, last) - starts
        came, served = came / widths, served / widths
        most = max(1e-9, float(came.max()))
        return cls(
            came=np.asarray(came / most),
            served=np.asarray(np.minimum(served / most, 1.0)),
            breaks=None if trial.breaks is None else trial.breaks.began_ns / plan.horizon_ns,
            length=format_duration(plan.horizon_ns),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All launches, the worst first."""

    title: str
    rows: tuple[tuple[Row, Curve], ...]
    foot: str

    def drawn(self, label: str, *, phone: bool = False) -> Markup:
        """The rows as they fit on a desk or on a phone."""
        width = PHONE_PX if phone else DESK_PX
        row_px = 78 if phone else 46
        drawing = Drawing(width, HEAD_PX + row_px * len(self.rows) + FOOT_PX)
        drawing.rect(0, 0, width, drawing.height, "paper")
        drawing.text((8, 20), cut(self.title, width - 16), bold=True)
        self._key(drawing, 40)
        for number, (row, curve) in enumerate(self.rows):
            y = HEAD_PX + row_px * number
            (self._on_a_phone if phone else self._on_a_desk)(drawing, row, curve, y)
        drawing.text((8, drawing.height - 10), self.foot, colour="muted")
        return drawing.markup(label)

    def _key(self, drawing: Drawing, y: float) -> None:
        x = 8.0
        for colour, text in (("band", "came"), ("served", "served"), ("fails", "breaks")):
            drawing.rect(x, y - 9, 10, 10, colour)
            drawing.text((x + 15, y), text, colour="muted")
            x += 75.0

    def _on_a_desk(self, drawing: Drawing, row: Row, curve: Curve, y: float) -> None:
        drawing.text((8, y + 18), cut(row.name, 200), bold=True)
        drawing.text((8, y + 34), f"lost {row.lost}", colour="muted")
        _curve(drawing, curve, 215, 475, y + 4, y + 38)
        drawing.text((490, y + 18), row.verdict, colour=COLOURS[row.outcome], bold=True)
        drawing.text((490, y + 34), cut(row.first, 170), colour="muted")
        fixes = row.fix.split(" and ")
        top = y + 34 - 8 * len(fixes)
        for number, fix in enumerate(fixes):
            drawing.text((665, top + 16 * number), cut(fix, 190))

    def _on_a_phone(self, drawing: Drawing, row: Row, curve: Curve, y: float) -> None:
        drawing.text((8, y + 14), cut(row.name, 190), bold=True)
        drawing.text((332, y + 14), row.verdict, colour=COLOURS[row.outcome], anchor="end")
        _curve(drawing, curve, 8, 332, y + 20, y + 44)
        drawing.text((8, y + 60), cut(row.first, 150), colour="muted")
        drawing.text((332, y + 60), cut(row.fix, 170), anchor="end")


def cut(text: str, width_px: float) -> str:
    """A text that fits; the table below has all of it.

    >>> cut("signup servers", 200), cut("signup servers", 60)
    ('signup servers', 'signup s…')
    """
    letters = int(width_px / LETTER_WIDTH_PX)
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def _curve(
    drawing: Drawing, curve: Curve, left: float, right: float, top: float, bottom: float
) -> None:
    def points(values: Floats) -> list[Point]:
        many = max(1, len(values) - 1)
        return [
            (left + (right - left) * number / many, bottom - (bottom - top) * float(value))
            for number, value in enumerate(values)
        ]

    floor = [(left, bottom), (right, bottom)]
    drawing.area(points(curve.came), floor, "band")
    drawing.path(points(curve.served), "served", width=1.6)
    drawing.path(floor, "hair", width=1.0)
    if curve.breaks is not None:
        x = left + (right - left) * curve.breaks
        drawing.path([(x, bottom), (x, top)], "fails", width=2.0)


def board_of(found: Gauntlet, rows: Sequence[Row], sealed: str) -> Board:
    """The picture's parts; the seal stands in it, so that it can be held against what came."""
    curves = [Curve.of(each) for each in found.trials]
    return Board(
        title=f"{found.expect:,} people as in each launch, at the doors of {found.host.name}",
        rows=tuple(zip(rows, curves, strict=True)),
        foot=f"predicted by surgeproof; sealed {sealed[:16]}",
    )


def picture_of(found: Gauntlet, rows: Sequence[Row], sealed: str, label: str) -> Picture:
    """For a desk, for a phone, and as a file."""
    return Picture.of(board_of(found, rows, sealed), label)
