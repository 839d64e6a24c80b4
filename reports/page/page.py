"""The page: one HTML file that works offline, with and without scripts, on a screen and on paper.

Everything that a file or a server said is escaped: the template escapes by itself, what goes into a
script is JSON without a "<", links lead to http and https only, and a content policy forbids the
page to load anything at all.
"""

from __future__ import annotations

import re

import jinja2
import vl_convert
from markupsafe import Markup

from reports.charts.palette import DARK, LIGHT
from reports.files.links import safe_link
from reports.page import findings
from reports.page.audited import audited_of
from reports.page.drawn import figures_of
from reports.page.instrument_table import instrument_rows
from reports.page.machine_table import machine_rows
from reports.page.method_table import method_rows
from reports.run.mixture import notes
from reports.run.report.report import Report
from reports.sentences.answers import answer_rows, unheard_line
from reports.sentences.criterion import asked_of, found_of, name_of
from reports.sentences.reasons import reason_of
from simulator.verdict.criteria import Outcome
from simulator.verdict.truth.judged import Came

CLASSES = {
    Outcome.HOLDS: "holds",
    Outcome.FAILS: "fails",
    Outcome.INCONCLUSIVE: "inconclusive",
    Outcome.NOT_APPLICABLE: "aside",
}
CAME_CLASSES = {
    Came.RIGHT: "holds",
    Came.WRONG: "fails",
    Came.NOT_COMPARABLE: "inconclusive",
    Came.UNKNOWN: "aside",
}
KEPT = {
    Outcome.HOLDS: "kept",
    Outcome.FAILS: "broken",
    Outcome.INCONCLUSIVE: "inconclusive",
    Outcome.NOT_APPLICABLE: "not checked",
}
UNIT = re.compile(r"(?<=\d) (?=(?:%|ms|s|min|h|d)(?!\w))")


def page_text(report: Report) -> str:
    """The whole page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports.page"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "link": safe_link,
        "unbroken": unbroken,
        "named": name_of,
        "found": found_of,
        "asked": asked_of,
        "why": reason_of,
    }
    figures, audited = figures_of(report), audited_of(report.variants)
    panels = [panel for each in figures for panel in each.panels]
    panels += [panel for each in audited for panel in each.panels]
    return environment.get_template("page.html.j2").render(
        report=report,
        facts=report.facts,
        headlines=findings.headlines(report),
        decision=report.decision,
        drawn=figures,
        audited=audited,
        specs=[panel.spec for panel in panels],
        bundle=bundle(),
        answer_rows=answer_rows,
        unheard_line=unheard_line,
        instrument_rows=instrument_rows,
        machine_rows=machine_rows,
        notes=notes,
        method=method_rows(report),
        light=LIGHT,
        dark=DARK,
        classes=CLASSES,
        came_classes=CAME_CLASSES,
        kept=KEPT,
    )


def bundle() -> Markup:
    """Vega, Vega-Lite and Vega-Embed, once for all charts."""
    # The stub of vl_convert does not know that the snippet has a default.
    code: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    return Markup(code)  # noqa: S704 -- no word of it is ours or a user's


def unbroken(text: str) -> str:
    """Text in which a number keeps its unit on its line."""
    return UNIT.sub("\N{NO-BREAK SPACE}", text)
