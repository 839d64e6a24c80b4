"""The page: the picture, the lines, and how they were made, in one HTML file that loads nothing.

Every text is escaped, by the template or as it is put into a drawing; the content policy names the one
style of the page by its hash, and allows nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources

import jinja2
from markupsafe import Markup

from reports.charts.palette import DARK, LIGHT
from reports.gauntlet.picture import COLOURS, picture_of
from reports.gauntlet.replayed import Replayed
from reports.gauntlet.row import headline, rows_of
from reports.gauntlet.text import notes_of
from simulator.advice.gauntlet.gauntlet import Gauntlet

STYLE, TEMPLATE = "gauntlet.css", "gauntlet.html.j2"


def page_text(
    found: Gauntlet,
    sealed: str,
    method: Sequence[tuple[str, str]],
    replayed: Replayed | None = None,
) -> str:
    """The whole page; ``method`` says how it was made."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports.gauntlet"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    rows, said, style = rows_of(found), headline(found), style_text()
    return environment.get_template(TEMPLATE).render(
        found=found,
        headline=said,
        rows=rows,
        classes=COLOURS,
        picture=picture_of(found, rows, sealed, said),
        notes=list(notes_of(found)),
        method=[*method, ("sealed", f"sha256 {sealed} of the predictions (prediction.json)")],
        replayed=replayed,
        style=Markup(style),  # noqa: S704 -- no word of it is a user's
        policy=f"default-src 'none'; style-src 'sha256-{fingerprint(style)}'",
    )


def style_text() -> str:
    """The style, with the colours of a light page, of a dark one and of paper."""
    light, dark = (
        "; ".join(f"--{name}: {colour}" for name, colour in colours.items())
        for colours in (LIGHT, DARK)
    )
    file = resources.files("reports.gauntlet") / "templates" / STYLE
    return (
        f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        f"@media print {{ :root {{ {light} }} }}\n{file.read_text('utf-8')}"
    )


def fingerprint(text: str) -> str:
    """As a content policy names what may be used."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
