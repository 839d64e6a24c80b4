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

import csv
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake, ScenarioError
from simulator.text.since_1970 import since_1970_ns
from simulator.text.wording import format_duration
from simulator.units import FOREVER, NS_PER_S

INSTANTS = ("second", "path")
COUNTS = ("from_second", "to_second", "count")
DECIMALS = 9
MOST_TOLD = 10
"""Who has the wrong file has as many mistakes as lines."""
MOST_COUNTED = 1 << 40

MOST_DIGITS = 12
"""More make more than a century, or are zeros that nobody needs."""

SEPARATORS = (",", ";", "\t", "|")
SAID = "sep="
"""A first line with which spreadsheets say the separator."""
MARK = "\ufeff"
THOUSANDS = 3
"""Behind a comma, so many digits may be decimals or thousands."""

SECOND_REMEDY = "write seconds since the opening, as 12 or 12.5, or since 1970"
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
            self.add(1, "has no arrivals after it", "a recording needs at least one arrival")

    def raise_any(self) -> None:
        """Raises ScenarioError if there was something to tell."""
        if self.untold:
            rest = f"{self.untold:,} more lines are wrong"
            self.mistakes.append(Mistake(self.file, "", rest, "fix the first ones and try again"))
        if self.mistakes:
            raise ScenarioError(self.mistakes)


@dataclass(slots=True)
class Dial:
    """Reads the seconds of one file: all count from the opening, or all since 1970."""

    opening_ns: int | None = None
    """Since 1970; None where it is not known."""
    separator: str = ","
    since_1970: bool | None = None
    """What the first one did."""

    def ns(self, text: str) -> int:
        """Since the opening.

        Raises :class:`WrongCell`.
        """
        text = with_point(text, self.separator)
        absolute_ns = since_1970_ns(text)
        at_ns = nanoseconds(text) if absolute_ns is None else absolute_ns
        if self.since_1970 is None:
            self.since_1970 = absolute_ns is not None
        elif self.since_1970 != (absolute_ns is not None):
            problem = "does not count from the same time as the lines before it"
            raise WrongCell(problem, "count all lines from the opening, or all since 1970")
        return self._from_opening(at_ns) if self.since_1970 else at_ns

    def _from_opening(self, at_ns: int) -> int:
        if self.opening_ns is None:
            remedy = "subtract the time of the opening"
            raise WrongCell("counts since 1970, but the opening is not known", remedy)
        before_ns = self.opening_ns - at_ns
        if before_ns > 0:
            remedy = "set launch.opening to the first arrival, or remove the line"
            raise WrongCell(f"is {format_duration(before_ns)} before the opening", remedy)
        if -before_ns >= FOREVER:
            raise WrongCell("is more than a century after the opening", SECOND_REMEDY)
        return -before_ns


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


def names_of(header: Sequence[str]) -> list[str]:
    return [name.strip().lower() for name in header]


def separated(lines: Iterable[str]) -> tuple[Iterator[str], str]:
    """The lines without a mark before the first, and what separates their cells.

    It is what separates the names that are known, or what a line before them says.
    """
    rest = iter(lines)
    head: list[str] = []
    said = ""
    for read in rest:
        line = read if head else read.removeprefix(MARK)
        if line.lower().startswith(SAID) and not said:
            said = line.rstrip("\r\n")[len(SAID) : len(SAID) + 1]
            head.append("\n")
            continue
        head.append(line)
        if line.strip():
            break
    known = [each for each in SEPARATORS if _names_columns(head[-1] if head else "", each)]
    return chain(head, rest), said or next(iter(known), SEPARATORS[0])


def _names_columns(line: str, separator: str) -> bool:
    try:
        names = names_of(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:
        return False
    return INSTANTS[0] in names or all(name in names for name in COUNTS)


def with_point(text: str, separator: str) -> str:
    """A number with a point, where a comma stands before its decimals.

    Raises :class:`WrongCell` where it may stand before thousands as well: files with semicolons come
    from where commas are decimal, others from anywhere.
    """
    whole_part, comma, decimals = text.partition(",")
    if not comma or not is_digits(whole_part) or not is_digits(decimals):
        return text
    if separator != ";" and len(decimals) == THOUSANDS:
        problem = "has a comma before three digits: decimals or thousands?"
        raise WrongCell(problem, "write it without a comma, as in 1234.5")
    return f"{whole_part}.{decimals}"


def numbered_rows(
    lines: Iterable[str], separator: str, complaints: Complaints
) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows of a CSV and the line of each; those without anything are none."""
    reader = csv.reader(lines, strict=True, delimiter=separator)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as wrong:
            remedy = "close the quotes around a value, and double those inside it"
            complaints.add(reader.line_num, f"is not CSV: {wrong}", remedy)
            return
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield reader.line_num, row


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


def cell(row: Sequence[str], column: int, name: str) -> str:
    if column >= len(row):
        raise WrongCell(
            f"has no {name}", "give every line as many values as the first line has columns"
        )
    return row[column].strip()


def nanoseconds(text: str) -> int:
    """Exactly what a text of seconds says.

    Raises :class:`WrongCell`.
    """
    seconds, point, decimals = text.partition(".")
    if not is_digits(seconds) or (point and not is_digits(decimals)):
        if text.startswith("-") and is_digits(text[1:].replace(".", "", 1)):
            remedy = "record it with an earlier --opening, or leave the line out"
            raise WrongCell("is before the opening", remedy)
        raise WrongCell("needs seconds and has none", SECOND_REMEDY)
    if len(decimals) > DECIMALS:
        raise WrongCell("is finer than a nanosecond", "round it")
    at_ns = int(seconds[:MOST_DIGITS]) * NS_PER_S + int(decimals.ljust(DECIMALS, "0"))
    if len(seconds) > MOST_DIGITS or at_ns >= FOREVER:
        raise WrongCell("is more than a century", SECOND_REMEDY)
    return at_ns


def whole(text: str) -> int:
    if not is_digits(text) or len(text) > MOST_DIGITS or int(text) > MOST_COUNTED:
        raise WrongCell("needs a count and has none", "write a whole number")
    return int(text)


def is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
