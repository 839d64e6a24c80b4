"""Arrivals that were recorded, as CSV: an instant a line, or so many in a span of time a line.

::

    second,path             from_second,to_second,count
    0,/signup               0,1,12
    0.25,/signup            1,2,9

Seconds count from the opening, with up to nine decimals, or since 1970, all of them. The path is for
people; other columns are not looked at. Instants may come in any order; spans come in the order of
time, without overlap, and where there is none nobody came.

Spreadsheets write semicolons or tabs, a mark before the first line, quotes around every cell, commas
for points and rows without anything: all of this is read. What does not parse is never quoted: the
file may be another one than its author may see.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake, ScenarioError
from simulator.scenario.document.csv.cells import WrongCell, cell, whole
from simulator.scenario.document.csv.complaints import Complaints
from simulator.scenario.document.csv.dial import Dial
from simulator.scenario.document.csv.rows import (
    COUNTS,
    INSTANTS,
    names_of,
    numbered_rows,
    separated,
)

HEADER_REMEDY = f"the first line is {','.join(INSTANTS)} or {','.join(COUNTS)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many came in each span of time, in nanoseconds since the opening."""

    from_ns: NDArray[np.int64]
    to_ns: NDArray[np.int64]
    """The first instant that does not belong to the span."""
    count: NDArray[np.int64]


def read_recorded(
    lines: Iterable[str], file: str, dial: Dial | None = None
) -> NDArray[np.int64] | Counts:
    """What a text holds: instants in nanoseconds, in order, or counts; its first line says which.

    Raises ScenarioError, with the line of every mistake.
    """
    complaints, dial = Complaints(file), dial or Dial()
    whole, dial.separator = separated(lines)
    rows = numbered_rows(whole, dial.separator, complaints)
    line, header = next(rows, (1, []))
    names = names_of(header)
    found: NDArray[np.int64] | Counts
    if INSTANTS[0] in names:
        found = _instants(rows, names.index(INSTANTS[0]), dial, complaints)
    elif all(name in names for name in COUNTS):
        found = _counts(rows, [names.index(name) for name in COUNTS], dial, complaints)
    else:
        complaints.raise_any()
        zero = any("\0" in name for name in names)
        problem = "has zero bytes, as UTF-16 has" if zero else "does not name the columns"
        remedy = "save it as UTF-8" if zero else HEADER_REMEDY
        raise ScenarioError([Mistake(file, f"line {line}", problem, remedy)])
    complaints.raise_any()
    return found


def _instants(
    rows: Iterator[tuple[int, Sequence[str]]], column: int, dial: Dial, complaints: Complaints
) -> NDArray[np.int64]:
    found = array("q")

    def take(row: Sequence[str]) -> None:
        found.append(dial.ns(cell(row, column, INSTANTS[0])))

    _take_each(rows, take, complaints)
    complaints.require_somebody(len(found))
    return np.sort(np.array(found, np.int64))


def _counts(
    rows: Iterator[tuple[int, Sequence[str]]],
    columns: Sequence[int],
    dial: Dial,
    complaints: Complaints,
) -> Counts:
    starts, ends, counts = array("q"), array("q"), array("q")

    def take(row: Sequence[str]) -> None:
        begin, end, count = (
            cell(row, column, name) for column, name in zip(columns, COUNTS, strict=True)
        )
        from_ns, to_ns, number = dial.ns(begin), dial.ns(end), whole(count)
        if from_ns >= to_ns:
            raise WrongCell(
                f"goes from second {begin} to second {end}", "a span must end after it starts"
            )
        if ends and from_ns < ends[-1]:
            remedy = "put the spans in time order, each starting where the last one ends"
            raise WrongCell(f"starts at second {begin}, before the last one ends", remedy)
        starts.append(from_ns)
        ends.append(to_ns)
        counts.append(number)

    _take_each(rows, take, complaints)
    complaints.require_somebody(sum(counts))
    return Counts(
        from_ns=np.array(starts, np.int64),
        to_ns=np.array(ends, np.int64),
        count=np.array(counts, np.int64),
    )


def _take_each(
    rows: Iterator[tuple[int, Sequence[str]]],
    take: Callable[[Sequence[str]], None],
    complaints: Complaints,
) -> None:
    for line, row in rows:
        try:
            take(row)
        except WrongCell as wrong:
            complaints.add(line, wrong.problem, wrong.remedy)
