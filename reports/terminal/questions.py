"""What a planner asks next, for a terminal: of each question a picture, then its table."""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.table import Table

from reports.sentences import words
from reports.sentences.sizing.questions import (
    begins_text,
    case_text,
    choice_text,
    ends_text,
    excuse_text,
    headroom_lines,
    launches_line,
    lead_text,
    lost_text,
    measure_line,
    mended_text,
    missed_text,
    naive_line,
    needs_text,
    of_text,
    place_text,
    range_text,
    regret_lines,
    times_text,
    unanswered_line,
)
from reports.sentences.sizing.size import cost_text
from reports.terminal.prediction import WIDTH
from reports.terminal.size import drawn
from simulator.advice.size.answer import Sizing
from simulator.advice.size.answers.sensitivity import Swing

BAR = 40
"""Characters of the longest bar."""
LABEL = 34
MOST_ROWS = 10


def questions_text(sizing: Sizing, now: dt.datetime) -> str:
    """Every question that was answered; ``now`` says which days have passed."""
    parts = (
        _breaks(sizing),
        _lines("how much more it bears", headroom_lines(sizing)),
        _cases(sizing),
        _lines("the naive answer", filter(None, [naive_line(sizing)])),
        _regret(sizing),
        _lines("the last day to decide", (lead_text(each, sizing, now) for each in sizing.leads)),
        _swings(sizing),
        _wrapped(launches_line(sizing)) if sizing.breaks or sizing.cases or sizing.swings else "",
        _wrapped(unanswered_line(sizing)),
    )
    return "\n".join(f"{part}\n" for part in parts if part)


def _lines(title: str, lines: Iterable[str]) -> str:
    """Sentences under a title; nothing where there is none."""
    said = [_wrapped(line) for line in lines]
    return "\n".join([title, *said]) if said else ""


def _wrapped(line: str) -> str:
    return textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ")


def bars(rows: Sequence[tuple[str, float, str]], mark: float | None = None) -> str:
    """A bar from nothing for each label and value, with what is said of it; infinite ones have an arrow.

    ``mark`` is a value at which every bar has a stroke.
    """
    finite = [value for _, value, _ in rows if math.isfinite(value)]
    longest = max([1e-12, *finite, *([] if mark is None else [mark])])
    width = min(LABEL, max(len(label) for label, _, _ in rows))
    stroke = None if mark is None else round(mark / longest * (BAR - 1))
    lines = []
    for label, value, said in rows:
        cells = [" "] * BAR
        filled = BAR if math.isinf(value) else round(value / longest * BAR)
        cells[:filled] = ["█"] * filled
        if math.isinf(value):
            cells[-1] = "►"
        if stroke is not None:
            cells[stroke] = "│"
        lines.append(f"  {label[:LABEL]:<{width}} {''.join(cells)} {said}".rstrip())
    return "\n".join(lines)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, short: bool = True) -> str:
    """Text to the left in the first and the last column, figures to the right.

    ``short``: what is in the first is never wrapped.
    """
    table = Table(box=box.SIMPLE_HEAD)
    for number, heading in enumerate(headings):
        outer = number in (0, len(headings) - 1)
        first = short and number == 0
        table.add_column(heading, justify="left" if outer else "right", no_wrap=first)
    for row in rows:
        table.add_row(*row)
    return drawn(table)


def _breaks(sizing: Sizing) -> str:
    found = sizing.breaks
    if not found:
        return ""
    title = "what breaks first in today's system, each mended before the next (stroke: the likely demand)"
    rows = [
        (f"{number}. {place_text(each)}", each.demand_factor, times_text(each.demand_factor))
        for number, each in enumerate(found, 1)
    ]
    table = _table(
        ("where", "begins", "what is missed", "mended by"),
        (
            (
                place_text(each),
                begins_text(each),
                missed_text(each.asks, each.journey),
                mended_text(each, sizing),
            )
            for each in found
        ),
    )
    return "\n".join([title, bars(rows, mark=1.0), table])


def _cases(sizing: Sizing) -> str:
    found = sizing.cases
    if not found:
        return ""
    rows = [
        (
            case_text(each),
            math.inf if each.needs_cost is None else each.needs_cost,
            needs_text(each, sizing) if each.needs_cost is None else cost_text(sizing.prices, each.needs_cost),
        )
        for each in found
    ]  # fmt: skip
    table = _table(
        (
            "case",
            "today holds",
            "certified holds" if sizing.certificate else "nearest holds",
            "it loses",
            "it waits (p95)",
            "needs",
        ),
        (
            (
                each.name,
                of_text(each.today_holds),
                of_text(each.with_certified),
                words.count(each.lost),
                words.figure(each.wait_p95_s, "s"),
                needs_text(each, sizing),
            )
            for each in found
        ),
    )
    return "\n".join(["what each size of the demand needs", bars(rows), table])


def _regret(sizing: Sizing) -> str:
    found = sizing.regret
    if found is None:
        return ""
    every = (found.best, *found.others)[:MOST_ROWS]
    rows = [
        (cost_text(sizing.prices, each.tried.cost), each.mean, cost_text(sizing.prices, each.mean))
        for each in every
    ]
    table = _table(
        ("choice", "costs", "regret", "why not"),
        (
            (
                choice_text(each.tried.candidate, sizing),
                cost_text(sizing.prices, each.tried.cost),
                cost_text(sizing.prices, each.mean),
                excuse_text(each, found),
            )
            for each in every
        ),
        short=False,
    )
    title = "how much each choice is regretted, in the mean of the launches"
    return "\n".join([_lines(title, regret_lines(sizing)), bars(rows), table])


def _swings(sizing: Sizing) -> str:
    found = sizing.swings[:MOST_ROWS]
    if not found:
        return ""
    table = _table(
        ("input", "range", "the cheapest costs", "people lost"),
        (
            (
                each.key,
                range_text(each),
                ends_text(each, sizing),
                lost_text(each),
            )
            for each in found
        ),
    )
    title = "which figure moves the answer: each between its ends, all others as likely"
    return "\n".join([title, *_tornado(found), table, _wrapped(measure_line(sizing))])


def _tornado(found: Sequence[Swing]) -> Iterator[str]:
    """A bar from one end to the other for each input; an arrow where nothing holds at an end."""
    known = [cost for each in found for cost in (each.cost_low, each.cost_high) if cost is not None]
    if not known:
        return
    low, high = min(known), max(known)
    width = min(LABEL, max(len(each.key) for each in found))
    for each in found:
        ends = [each.cost_low, each.cost_high]
        places = sorted(BAR - 1 if cost is None else _cell(cost, low, high) for cost in ends)
        cells = [" "] * BAR
        cells[places[0] : places[1] + 1] = ["█"] * (places[1] - places[0] + 1)
        if None in ends:
            cells[-1] = "►"
        yield f"  {each.key[:LABEL]:<{width}} {''.join(cells)}".rstrip()


def _cell(value: float, low: float, high: float) -> int:
    return round((value - low) / (high - low) * (BAR - 1)) if high > low else BAR // 2
