"""The rows of a CSV, whatever separates its cells, and the names of its columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from simulator.scenario.document.csv.complaints import Complaints

INSTANTS = ("second", "path")
COUNTS = ("from_second", "to_second", "count")
SEPARATORS = (",", ";", "\t", "|")
SAID = "sep="
"""A first line with which spreadsheets say the separator."""
MARK = "\ufeff"


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
