"""A picture: one drawing for a desk and one for a phone, and how it becomes a file of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from reports.charts.palette import filled_in

SCALE = 2.0


class Drawn(Protocol):
    """What can be drawn in both sizes."""

    def drawn(self, label: str, *, phone: bool = False) -> Markup:
        """As SVG."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Both drawings; each says in words what it shows."""

    desk: Markup
    phone: Markup

    @classmethod
    def of(cls, chart: Drawn, label: str) -> Picture:
        return cls(desk=chart.drawn(label), phone=chart.drawn(label, phone=True))

    @property
    def svg(self) -> str:
        """A drawing that stands alone, in the light colours."""
        return filled_in(self.desk)

    @property
    def png(self) -> bytes:
        """The same in points, on white."""
        import vl_convert

        begin, rest = self.svg.split(">", 1)
        white = '<rect width="100%" height="100%" fill="#ffffff"/>'
        image: bytes = vl_convert.svg_to_png(f"{begin}>{white}{rest}", scale=SCALE)
        return image
