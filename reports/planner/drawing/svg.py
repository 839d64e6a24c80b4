"""One drawing: shapes and text in the colours of the palette, as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from reports.charts.palette import variable

Point = tuple[float, float]

LETTER_PX = 12
LETTER_WIDTH_PX = 6.4
"""The mean width of a letter, with some to spare: nothing measures text here."""


def width_of(text: str) -> float:
    """About how wide a text is."""
    return LETTER_WIDTH_PX * len(text)


class Drawing:
    """Shapes in the order in which they were drawn; text is escaped as it is put in."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.parts: list[str] = []

    def path(
        self, points: Iterable[Point], colour: str, *, width: float = 1.8, dash: str = ""
    ) -> None:
        """A line through points."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<path d="{path_of(points)}" fill="none" stroke="{variable(colour)}"'
            f' stroke-width="{width:g}" stroke-linejoin="round"{dashed}/>'
        )

    def area(self, above: Sequence[Point], below: Sequence[Point], colour: str) -> None:
        """What lies between two lines."""
        outline = path_of([*above, *reversed(below)])
        self.parts.append(f'<path d="{outline}Z" fill="{variable(colour)}"/>')

    def rect(
        self, x: float, y: float, width: float, height: float, colour: str, *, opacity: float = 1.0
    ) -> None:
        """A filled rectangle."""
        seen = f' fill-opacity="{opacity:.3g}"' if opacity < 1.0 else ""
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}"'
            f' fill="{variable(colour)}"{seen}/>'
        )

    def dot(self, at: Point, colour: str, *, radius: float = 4.0, hollow: bool = False) -> None:
        """A point; hollow, where it stands for something beside the others."""
        fill = variable("paper" if hollow else colour)
        self.parts.append(
            f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:g}" fill="{fill}"'
            f' stroke="{variable(colour)}" stroke-width="1.8"/>'
        )

    def text(
        self,
        at: Point,
        text: str,
        *,
        colour: str = "ink",
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """A line of text; a halo of paper keeps it readable on what lies below it."""
        weight = ' font-weight="650"' if bold else ""
        self.parts.append(
            f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" fill="{variable(colour)}"'
            f' text-anchor="{anchor}"{weight}>{escape(text)}</text>'
        )

    def markup(self, label: str) -> Markup:
        """The whole drawing, which says what it shows."""
        return Markup(  # noqa: S704 -- every text in it was escaped
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}"'
            f' viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}"'
            f' height="{self.height:g}" font-family="Helvetica Neue, Helvetica, Arial, sans-serif"'
            f' font-size="{LETTER_PX}" paint-order="stroke" stroke-linecap="round">'
            f"{''.join(self.parts)}</svg>"
        )


def path_of(points: Iterable[Point]) -> str:
    """Points as the commands of a path.

    >>> path_of([(0, 0), (1.25, 2)])
    'M0 0L1.2 2'
    """
    return "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in points)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
