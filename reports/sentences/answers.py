"""What the target answered, in words: "403 × 31: unexpected status", and on what success rests.

Reasons may hold a server's own words. They came through :func:`scenarios.http.answers.success.quoted`; a store may
have been made by anybody, so whatever a terminal would obey is taken out here as well, and the page
and Markdown escape the rest as they escape all text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from simulator.outcomes.answered import BROUGHT, LINE, WAITS, Answered, Unheard
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.rows import Result

SHOWN = 5
"""So many answers of a kind are told apart; the others are summed up."""
LONGEST_REASON = 120
LINE_NAME = "the line"
BROUGHT_NAME = "the locustfile"

Answers = Sequence[Answered]


def answer_lines(answers: Answers, layout: Layout) -> list[str]:
    """What successes rest on, and then, place by place, what all others were answered."""
    lines = [success_line(answers) or waiting_line(answers)]
    for name in dict.fromkeys(place_name(one.step, layout) for one in answers):
        failed = [
            one for one in answers if not _is_good(one) and place_name(one.step, layout) == name
        ]
        if failed:
            place = "in" if name in (LINE_NAME, BROUGHT_NAME) else "at"
            where = f" {place} {name}" if name else ""
            lines.append(f"not served{where}: {told(_merged(failed))}")
    return [line for line in lines if line]


def unheard_line(unheard: Unheard) -> str:
    """How many more may have been served than is reported; empty where nobody can have been.

    >>> unheard_line(Unheard(people=2))
    'unknown: 2 people had no answer and gave up; what they asked for may have been done all the same'
    """
    if not unheard.at_most:
        return ""
    many = (
        f"{unheard.people:,} to {unheard.at_most:,}" if unheard.perhaps else f"{unheard.people:,}"
    )
    people = "person" if unheard.at_most == 1 and not unheard.perhaps else "people"
    return (
        f"unknown: {many} {people} had no answer and gave up; what they asked for may have been done all"
        " the same"
    )


def answer_rows(answers: Answers, layout: Layout) -> list[tuple[str, str, str, str]]:
    """Place, status, count and reason of every kind of answer, for a table."""
    return [
        (
            place_name(one.step, layout) or layout.stations[0],
            str(one.status or "none"),
            f"{one.count:,}",
            shown(one.reason),
        )
        for one in answers
    ]


def place_name(step: int, layout: Layout) -> str:
    """Where a step is served; empty where there is but one place."""
    if step == LINE:
        return LINE_NAME
    if step == BROUGHT:
        return BROUGHT_NAME
    if len(layout.places) == 1 or step >= len(layout.steps):
        return ""
    return layout.name_of_place(layout.steps[step])


def success_line(answers: Answers) -> str:
    """On what successes rest; empty where there were none."""
    rests: dict[str, list[Answered]] = {}
    for one in _merged(one for one in answers if one.step != LINE and _is_good(one)):
        rests.setdefault(one.reason, []).append(one)
    parts = [f"{shown(why)}, {', '.join(map(_count, each))}" for why, each in rests.items()]
    return f"success: {'; '.join(parts)}" if parts else ""


def waiting_line(answers: Answers) -> str:
    """By what people were told to wait, where nobody was served; empty where nobody was told so."""
    told_so = _merged(one for one in answers if one.step == LINE and one.reason == WAITS)
    return f"told to wait: {', '.join(map(_count, told_so))}" if told_so else ""


def failure_words(answers: Answers) -> str:
    """The statuses by which the target broke, if it was by these that most attempts failed."""
    steps = [one for one in answers if one.step >= 0 and not _is_good(one)]
    broke = [one for one in steps if one.result is Result.FAILED]
    if 2 * _total(broke) <= _total(steps):
        return ""
    return told(_merged(broke))


def told(answers: Answers) -> str:
    """Counts with their statuses and reasons, the most frequent first.

    >>> from simulator.outcomes.rows import Result as R
    >>> told([Answered(step=0, result=R.FAILED, status=403, reason="unexpected status", count=31)])
    '403 × 31: unexpected status'
    """
    first, rest = answers[:SHOWN], answers[SHOWN:]
    parts = [f"{_count(one)}: {shown(one.reason)}" for one in first]
    if rest:
        parts.append(f"others × {_total(rest):,}")
    return "; ".join(parts)


def _merged(answers: Iterable[Answered]) -> list[Answered]:
    """Equal statuses and reasons of all steps in one, the most frequent first."""
    found: dict[tuple[int, str], Answered] = {}
    for one in answers:
        key = one.status, one.reason
        before = found[key].count if key in found else 0
        found[key] = replace(one, count=one.count + before)
    return sorted(found.values(), key=lambda one: (-one.count, one.status, one.reason))


def _count(one: Answered) -> str:
    if one.step == BROUGHT:
        return f"visitors × {one.count:,}"
    return f"{one.status or 'no answer'} × {one.count:,}"


def _is_good(one: Answered) -> bool:
    return one.result is Result.SUCCESS


def _total(answers: Iterable[Answered]) -> int:
    return sum(one.count for one in answers)


def shown(reason: str) -> str:
    """A reason that no terminal obeys, on one line, cut short."""
    plain = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in reason)
    line = " ".join(plain.split())
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"
