"""The page: sections in a planner's order, in one HTML file that loads nothing.

What a file said is escaped: the template escapes by itself, drawings escape each text as it is put in,
numbers for the script are JSON without a "<". The content policy names the one style and the one
script of the page by their hashes, so nothing else runs, whatever a name contains.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from reports.charts.palette import DARK, LIGHT
from reports.files.links import safe_link
from reports.planner.answer import Answer
from reports.planner.charts.play import capacity_of, play_data
from reports.planner.contents import Section, contents
from reports.planner.figure import Figure, Table
from reports.planner.language import Language
from reports.planner.said.first import headline, outcome_of, tiles
from reports.planner.said.method import bases, method, objectives, reproduction
from simulator.verdict.criteria import Outcome

CLASSES = {Outcome.HOLDS: "holds", Outcome.FAILS: "fails"}
STYLE, SCRIPT = "report.css", "report.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The page's parts, for whatever format."""

    headline: str
    first: Figure
    sections: tuple[Section, ...]
    numbers: Table
    """The long table of figures."""

    @property
    def figures(self) -> list[Figure]:
        """Every picture, in order."""
        return [self.first, *(each for section in self.sections for each in section.figures)]


def contents_of(answer: Answer, language: Language) -> Contents:
    """Everything that is told, in the order in which it is."""
    first, sections, numbers = contents(answer, language)
    return Contents(
        headline=headline(language, answer), first=first, sections=sections, numbers=numbers
    )


def page_text(answer: Answer, language: Language, found: Contents) -> str:
    """The whole page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports.planner"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"link": safe_link, "csv_link": csv_link}
    style, script = _style(), _file(SCRIPT)
    outcome = outcome_of(answer)
    return environment.get_template("report.html.j2").render(
        answer=answer,
        told=answer.told,
        language=language,
        say=language.say,
        outcome=language.say(f"outcomes.{CLASSES.get(outcome, 'inconclusive')}"),
        outcome_class=CLASSES.get(outcome, "inconclusive"),
        tiles=tiles(language, answer),
        found=found,
        objectives=objectives(answer, language),
        bases=bases(answer, language),
        method=method(answer, language),
        reproduction=reproduction(answer, language),
        play=_play(answer, language),
        capacity_of=capacity_of(answer, language),
        light=LIGHT,
        style=Markup(style),  # noqa: S704 -- our own file
        script=Markup(script),  # noqa: S704 -- our own file
        policy=_policy(style, script),
    )


def csv_link(table: Table) -> str:
    """A table as a link that holds it."""
    return f"data:text/csv;charset=utf-8,{quote(table.csv)}"


def _play(answer: Answer, language: Language) -> dict[str, Any] | None:
    if answer.grid is None:
        return None
    prices = answer.sizing.prices if answer.sizing else None
    system = answer.sizing.plan.system if answer.sizing else answer.plan.system
    return play_data(answer.grid, language, system, prices)


def _style() -> str:
    """The house's colours by light, dark and paper, and the style."""
    light, dark = _colours(LIGHT.items()), _colours(DARK.items())
    return "\n".join(
        (
            f":root {{ {light} }}",
            f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}",
            _file(STYLE),
        )
    )


def _colours(colours: Sequence[tuple[str, str]] | Any) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours)


def _file(name: str) -> str:
    found = resources.files("reports.planner") / "templates" / name
    return found.read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing is loaded, and nothing runs but these two."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}';"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
