"""What a launch of years comes to: as text for a terminal, and as plain values for a program."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from textwrap import fill
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from reports.files.record import number
from reports.sentences import words
from reports.terminal.chart import Box, chart
from reports.terminal.prediction import WIDTH
from simulator.advice.horizon.found import Course, End, LongHorizon, Period
from simulator.advice.horizon.known import Basis, Known
from simulator.plan.plan import Plan
from simulator.text.wording import format_factor
from simulator.units import NS_PER_S

MOST_ROWS = 14
TOO_FAR = 2.0
"""What is more than so many times as far as what was counted is a thought, and no forecast."""
NOT_EXTRAPOLATED = (
    "Times today's: of everything, by proportion, for the likely and the high course."
    " Not extrapolated, because nobody can: how the system answers beyond the load that it has carried"
    " (locks, connections, caches, the size of its data), what one visit costs after years of changes,"
    " days of news (a surge on top of a day is a launch of its own), and how often members come."
)
NAMES = {
    Course.LOW: "if one in ten grows less",
    Course.LIKELY: "likely",
    Course.HIGH: "if one in ten grows more",
}


def horizon_text(plan: Plan, opening: datetime, found: LongHorizon) -> str:
    """A chart of the busiest windows, a table of them, what is not known, and the answer last."""
    window = words.duration(found.window_ns / NS_PER_S)
    title = f"people a second in the busiest {window} of each period; ░ from low to high"
    parts = [title, _chart(opening, found), _limit(plan, found), "", _table(opening, found)]
    parts += ["", fill(NOT_EXTRAPOLATED, WIDTH), "", horizon_sentence(plan, opening, found), ""]
    return "\n".join(parts)


def horizon_sentence(plan: Plan, opening: datetime, found: LongHorizon) -> str:
    """When today's system no longer holds, and by when the next one is to be ordered."""
    likely = found.end(Course.LIKELY)
    early, late = found.end(Course.HIGH), found.end(Course.LOW)
    until = day(opening, plan.horizon_ns)
    if likely.at_ns is None and early.at_ns is None:
        return f"today's system is predicted to hold on the busiest days until {until}"
    if likely.at_ns is None:
        first = f"today's system is predicted to hold on the busiest days until {until}"
    else:
        since = day(opening, likely.at_ns)
        first = f"today's system is predicted not to hold from {since} on{_rests(likely.known)}"
    others = [f"{_when(opening, each)} {NAMES[each.course]}" for each in (early, late)]
    return f"{first}; {', '.join(others)}{_order(opening, (early, likely, late))}"


def day(opening: datetime, at_ns: int) -> str:
    """The date of an instant, where the launch is.

    >>> day(datetime(2023, 7, 5, 19, 0), 293 * 86_400 * NS_PER_S)
    '23 April 2024'
    """
    there = opening + timedelta(seconds=at_ns // NS_PER_S)
    return f"{there.day} {there:%B %Y}"


def basis_text(known: Known) -> str:
    """What a figure rests on.

    >>> basis_text(Known(basis=Basis.EXTRAPOLATED, ratio=3.13))
    'extrapolated × 3.1'
    """
    if known.basis is not Basis.EXTRAPOLATED:
        return str(known.basis)
    return f"{known.basis} × {known.ratio:.1f}"


def _when(opening: datetime, end: End) -> str:
    return "never" if end.at_ns is None else f"from {day(opening, end.at_ns)}"


def _rests(known: Known | None) -> str:
    if known is None or known.basis is not Basis.EXTRAPOLATED:
        return ""
    far = ", which is too far to rely on" if known.ratio > TOO_FAR else ""
    return f" (extrapolated to {format_factor(round(known.ratio, 1))} times what was counted{far})"


def _order(opening: datetime, ends: Sequence[End]) -> str:
    known = [end for end in ends if end.order_by_ns is not None]
    if not known:
        return "; how long more of it takes is not said (lead_time), nor by when it must be ordered"
    first, *others = (day(opening, end.order_by_ns or 0) for end in known)
    return f"; order by {first}" + (f", likely by {others[0]}" if others else "")


def _limit(plan: Plan, found: LongHorizon) -> str:
    limit, many = found.limit, words.times(found.launches, "launch")
    held = words.rate(limit.held_per_s)
    if limit.station is None:
        return f"today's system holds all of it: {held} in {many} of the busiest window"
    name = plan.system.stations[limit.station].name
    failed = words.rate(limit.failed_per_s)
    if not limit.held_per_s:
        return f"today's system does not hold: not even {failed}, and {name} runs out first"
    tried = words.times(found.tried, "window")
    return (
        f"today's system holds {held} and not {failed}: {name} runs out first ({tried} tried, {many} of"
        " each)"
    )


def _chart(opening: datetime, found: LongHorizon) -> str:
    """The likely course, its band behind it, and a line of marks at what today's system holds."""
    at = [float(period.from_ns) for period in found.periods]
    curve = [
        (x - at[0], period.window(Course.LIKELY).per_s)
        for x, period in zip(at, found.periods, strict=True)
    ]
    boxes: list[Box] = [
        (
            (period.from_ns - at[0], period.window(Course.LOW).per_s),
            (period.until_ns - at[0], period.window(Course.HIGH).per_s),
        )
        for period in found.periods
    ]
    highest = max(each.per_s for period in found.periods for each in period.windows)
    limit = found.limit.held_per_s
    step = curve[-1][0] / 32 if len(curve) > 1 else 1.0
    inside = found.limit.station is not None and 0 < limit <= highest
    marks = [((number * step, limit), "─") for number in range(33)] if inside else []
    drawn = chart(
        curve,
        marks,
        boxes,
        x_label=lambda x: day(opening, round(x + at[0])),
        y_label=words.rate,
        y_max=highest,
    )
    return f"{drawn}\n─ what today's system holds" if inside else drawn


def _table(opening: datetime, found: LongHorizon) -> str:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("busiest day", no_wrap=True)
    for heading in ("low", "likely", "high", "times today's"):
        table.add_column(heading, justify="right")
    table.add_column("today's")
    table.add_column("people", no_wrap=True)
    step = -(-len(found.periods) // MOST_ROWS)
    for period in found.periods[::step]:
        table.add_row(*_cells(opening, found, period))
    file = io.StringIO()
    Console(file=file, width=WIDTH, color_system=None, highlight=False).print(table)
    rows = (line.rstrip() for line in file.getvalue().splitlines())
    return "\n".join(row for row in rows if row)


def _cells(opening: datetime, found: LongHorizon, period: Period) -> list[str]:
    rates = [words.rate(period.window(course).per_s) for course in Course]
    holds = [period.window(course).holds for course in Course]
    said = "holds" if all(holds) else "does not" if not any(holds) else "may not"
    at_ns = period.window(Course.LIKELY).at_ns
    needed = [
        format_factor(round(found.limit.needed(period.window(course).per_s), 2))
        for course in (Course.LIKELY, Course.HIGH)
    ]
    times = needed[0] if needed[0] == needed[1] else " to ".join(needed)
    return [day(opening, at_ns), *rates, times, said, basis_text(period.known)]


def horizon_record(plan: Plan, opening: datetime, found: LongHorizon) -> dict[str, Any]:
    """The same for a program."""
    limit = found.limit
    return {
        "from": day(opening, found.from_ns),
        "window_s": found.window_ns / NS_PER_S,
        "launches": found.launches,
        "windows_tried": found.tried,
        "held_per_s": limit.held_per_s,
        "failed_per_s": None if math.isinf(limit.failed_per_s) else limit.failed_per_s,
        "station": None if limit.station is None else plan.system.stations[limit.station].name,
        "periods": [
            {
                "from_s": period.from_ns / NS_PER_S,
                "until_s": period.until_ns / NS_PER_S,
                "basis": str(period.known.basis),
                "ratio": period.known.ratio,
                "courses": {
                    each.course.name.lower(): {
                        "at_s": each.at_ns / NS_PER_S,
                        "day": day(opening, each.at_ns),
                        "per_s": each.per_s,
                        "holds": each.holds,
                        "times_today": number(limit.needed(each.per_s), ""),
                    }
                    for each in period.windows
                },
            }
            for period in found.periods
        ],
        "ends": {
            end.course.name.lower(): {
                "day": None if end.at_ns is None else day(opening, end.at_ns),
                "order_by": None if end.order_by_ns is None else day(opening, end.order_by_ns),
                "ratio": None if end.known is None else end.known.ratio,
            }
            for end in found.ends
        },
        "not_extrapolated": NOT_EXTRAPOLATED,
        "sentence": horizon_sentence(plan, opening, found),
    }
