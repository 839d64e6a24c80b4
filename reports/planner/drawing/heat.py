"""Heat: a share in each cell of two axes, in colour and in digits."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from reports.planner.drawing.plot import DESK, PHONE
from reports.planner.drawing.svg import Drawing, width_of

ROW_PX, TOP_PX, FOOT_PX = 30, 26, 44
PALE = 0.08
"""How much of the colour the smallest share has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """Rows from the top, columns from the left."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    shares: tuple[tuple[float, ...], ...]
    texts: tuple[tuple[str, ...], ...]
    across: str
    """What the columns are."""
    down: str
    marked: tuple[int, int] | None = None
    """The row and the column of the cell that is asked about."""

    def drawn(self, label: str, *, phone: bool = False) -> Markup:
        """The cells as they fit on a desk or on a phone."""
        width = (PHONE if phone else DESK)[0]
        left = 10 + max(map(width_of, self.rows))
        drawing = Drawing(width, TOP_PX + ROW_PX * len(self.rows) + FOOT_PX)
        each = (width - left - 4) / len(self.columns)
        drawing.text((2, 14), self.down, colour="muted")
        for row, name in enumerate(self.rows):
            y = TOP_PX + ROW_PX * row
            drawing.text((left - 8, y + ROW_PX / 2 + 4), name, colour="muted", anchor="end")
            for column, share in enumerate(self.shares[row]):
                x = left + each * column
                strength = PALE + (1.0 - PALE) * share
                drawing.rect(x + 1, y + 1, each - 2, ROW_PX - 2, "holds", opacity=strength)
                colour = "paper" if strength > 0.55 else "ink"
                at = (x + each / 2, y + ROW_PX / 2 + 4)
                asked = self.marked == (row, column)
                text = self.texts[row][column]
                drawing.text(at, text, colour=colour, anchor="middle", bold=asked)
                if asked:
                    corners = ((x, y), (x + each, y), (x + each, y + ROW_PX), (x, y + ROW_PX))
                    drawing.path([*corners, corners[0]], "ink", width=2.0)
        bottom = TOP_PX + ROW_PX * len(self.rows)
        for column, name in enumerate(self.columns):
            at = (left + each * (column + 0.5), bottom + 16)
            drawing.text(at, name, colour="muted", anchor="middle")
        drawing.text((width - 4, bottom + 36), self.across, colour="muted", anchor="end")
        return drawing.markup(label)
