"""Arrivals that were recorded, as CSV: an instant a line, or so many in a span of time a line.

::

    second,path             from_second,to_second,count
    0,/signup               0,1,12
    0.25,/signup            1,2,9

Seconds count from the opening, with up to nine decimals. The path is for people; other columns are
not looked at. Instants may come in any order; spans come in the order of time, without overlap, and
where there is none nobody came.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.draws import FOREVER
from simulator.errors import Mistake, ScenarioError
from simulator.mistakes import shown
from simulator.quantities import NS_PER_S

INSTANTS = ("second", "path")
COUNTS = ("from_second", "to_second", "count")
DECIMALS = 9
MOST_TOLD = 10
"""Who has the wrong file has as many mistakes as lines."""
MOST_COUNTED = 1 << 40

MOST_DIGITS = 12
"""More make more than a century, or are zeros that nobody needs."""

SECOND_REMEDY = "write seconds since the opening, as 12 or 12.5"
HEADER_REMEDY = f"the first line is {','.join(INSTANTS)} or {','.join(COUNTS)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many came in each span of time, in nanoseconds since the opening."""

    from_ns: NDArray[np.int64]
    to_ns: NDArray[np.int64]
    """The first instant that does not belong to the span."""
    count: NDArray[np.int64]


class WrongCell(ValueError):
    """Something in one line that cannot be: what is wrong, and what would be right."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


@dataclass(slots=True)
class Complaints:
    """What is wrong with a file, told all at once, the first few lines of it."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)
    untold: int = 0

    def add(self, line: int, problem: str, remedy: str) -> None:
        if len(self.mistakes) < MOST_TOLD:
            self.mistakes.append(Mistake(self.file, f"line {line}", problem, remedy))
        else:
            self.untold += 1

    def require_somebody(self, count: int) -> None:
        if not count and not self.mistakes:
            self.add(1, "is not followed by anybody", "a record needs one arrival at least")

    def raise_any(self) -> None:
        """Raises ScenarioError if there was something to tell."""
        if self.untold:
            rest = f"{self.untold:,} more lines are wrong"
            self.mistakes.append(Mistake(self.file, "", rest, "mend the first ones and see"))
        if self.mistakes:
            raise ScenarioError(self.mistakes)


def read_recorded(lines: Iterable[str], file: str) -> NDArray[np.int64] | Counts:
    """What a text holds: instants in nanoseconds, in order, or counts; its first line says which.

    Raises ScenarioError, with the line of every mistake.
    """
    complaints = Complaints(file)
    rows = numbered_rows(lines, complaints)
    _, header = next(rows, (1, []))
    names = [name.strip().removeprefix("\ufeff") for name in header]
    found: NDArray[np.int64] | Counts
    if INSTANTS[0] in names:
        found = _instants(rows, names.index(INSTANTS[0]), complaints)
    elif all(name in names for name in COUNTS):
        found = _counts(rows, [names.index(name) for name in COUNTS], complaints)
    else:
        complaints.raise_any()
        mistake = Mistake(file, "line 1", f"is {shown(','.join(names))}", HEADER_REMEDY)
        raise ScenarioError([mistake])
    complaints.raise_any()
    return found


def read_instants(lines: Iterable[str], file: str) -> NDArray[np.int64]:
    """Instants in nanoseconds since the opening, in order.

    Raises ScenarioError, also where the text holds counts.

    >>> read_instants(["second,path", "0.25,/signup", "0,/signup"], "launch.csv").tolist()
    [0, 250000000]
    """
    found = read_recorded(lines, file)
    if isinstance(found, Counts):
        remedy = "record it without --counts"
        raise ScenarioError([Mistake(file, "line 1", "holds counts, not instants", remedy)])
    return found


def read_counts(lines: Iterable[str], file: str) -> Counts:
    """Counts in spans of time.

    Raises ScenarioError, also where the text holds instants.
    """
    found = read_recorded(lines, file)
    if not isinstance(found, Counts):
        remedy = "record it with --counts"
        raise ScenarioError([Mistake(file, "line 1", "holds instants, not counts", remedy)])
    return found


def numbered_rows(
    lines: Iterable[str], complaints: Complaints
) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows of a CSV and the line of each; empty lines are none."""
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as wrong:
            remedy = "quotes around a value are closed, and double within it"
            complaints.add(reader.line_num, f"is not CSV: {wrong}", remedy)
            return
        if row is None:
            return
        if row:
            yield reader.line_num, row


def _instants(
    rows: Iterator[tuple[int, Sequence[str]]], column: int, complaints: Complaints
) -> NDArray[np.int64]:
    found = array("q")

    def take(row: Sequence[str]) -> None:
        found.append(nanoseconds(cell(row, column, INSTANTS[0])))

    _take_each(rows, take, complaints)
    complaints.require_somebody(len(found))
    return np.sort(np.array(found, np.int64))


def _counts(
    rows: Iterator[tuple[int, Sequence[str]]], columns: Sequence[int], complaints: Complaints
) -> Counts:
    starts, ends, counts = array("q"), array("q"), array("q")

    def take(row: Sequence[str]) -> None:
        begin, end, count = (
            cell(row, column, name) for column, name in zip(columns, COUNTS, strict=True)
        )
        from_ns, to_ns, number = nanoseconds(begin), nanoseconds(end), whole(count)
        if from_ns >= to_ns:
            raise WrongCell(f"goes from second {begin} to second {end}", "a span ends later")
        if ends and from_ns < ends[-1]:
            remedy = "put the spans in the order of time, each from where the last one ends"
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


def cell(row: Sequence[str], column: int, name: str) -> str:
    if column >= len(row):
        raise WrongCell(f"has no {name}", "every line has as many values as the first one names")
    return row[column].strip()


def nanoseconds(text: str) -> int:
    """Exactly what a text of seconds says.

    Raises :class:`WrongCell`.
    """
    seconds, point, decimals = text.partition(".")
    if not is_digits(seconds) or (point and not is_digits(decimals)):
        if text.startswith("-") and is_digits(text[1:].replace(".", "", 1)):
            remedy = "record it with an earlier --opening, or leave the line out"
            raise WrongCell(f"is second {text}, before the opening", remedy)
        raise WrongCell(f"has {shown(text)} where seconds are needed", SECOND_REMEDY)
    if len(decimals) > DECIMALS:
        raise WrongCell(f"has {shown(text)}, finer than a nanosecond", "round it")
    at_ns = int(seconds[:MOST_DIGITS]) * NS_PER_S + int(decimals.ljust(DECIMALS, "0"))
    if len(seconds) > MOST_DIGITS or at_ns >= FOREVER:
        raise WrongCell(f"has {shown(text)}, more than a century", SECOND_REMEDY)
    return at_ns


def whole(text: str) -> int:
    if not is_digits(text) or len(text) > MOST_DIGITS or int(text) > MOST_COUNTED:
        raise WrongCell(f"has {shown(text)} where a count is needed", "write a whole number")
    return int(text)


def is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
