"""Columns that a line beginning with #Fields names: W3C, as IIS and CloudFront write it.

::

    #Fields: date time c-ip cs-method cs-uri-stem sc-status
    2019-12-04	21:02:31	192.0.2.100	GET	/index.html	200

Their instants are in UTC, and those of the answers. A directive holds until the next one: servers write it anew when they
start, with other columns perhaps.

Source: W3C, "Extended Log File Format" (WD-logfile-960323); Amazon CloudFront, "Standard log file
fields"; Microsoft, "IIS log file formats".
"""

from __future__ import annotations

import csv

from scenarios.recording.logs.hit import (
    METHOD,
    UNKNOWN,
    Hit,
    Skip,
    bytes_of,
    client_of,
    path_of,
    query_of,
    status_of,
    took_of,
)
from scenarios.recording.logs.instants import instant_ns

FIELDS, DATE = "#fields:", "#date:"
PATHS = ("cs-uri-stem", "cs-uri", "uri-stem", "uri")
METHODS = ("cs-method", "method")
STATUSES = ("sc-status", "status")
CLIENTS = ("c-ip", "x-forwarded-for")
QUERY, BYTES = "cs-uri-query", "sc-bytes"
TOOK = "time-taken"
"""W3C and CloudFront count seconds, with a point; IIS whole milliseconds."""


def cells_of(line: str, columns: int) -> list[str]:
    """Between tabs, or blanks; quotes hold blanks together where that makes as many as are named."""
    cells = line.split("\t") if "\t" in line else line.split()
    if len(cells) == columns or '"' not in line:
        return cells
    try:
        return next(csv.reader([line], delimiter="\t" if "\t" in line else " "), [])
    except csv.Error:
        return cells


class Columns:
    """What the directives have said so far."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._day = ""

    def told(self, line: str) -> None:
        """Take a line that begins with #."""
        lower = line.lower()
        if lower.startswith(FIELDS):
            self._names = lower[len(FIELDS) :].split()
        elif lower.startswith(DATE):
            self._day = lower[len(DATE) :].split()[0] if lower[len(DATE) :].split() else ""

    def read(self, line: str) -> Hit | Skip:
        """What a line tells in the columns that were named."""
        if not self._names:
            return Skip.FORMAT
        cells = cells_of(line, len(self._names))
        if len(cells) != len(self._names):
            return Skip.FORMAT
        row = dict(zip(self._names, cells, strict=True))
        at_ns = instant_ns(f"{row.get('date', self._day)}T{row.get('time', '')}Z")
        if isinstance(at_ns, Skip):
            return at_ns
        target = next((row[name] for name in PATHS if name in row), "")
        method = next((row[name] for name in METHODS if name in row), "").upper()
        status = next((row[name] for name in STATUSES if name in row), "-")
        path = path_of(target)
        if not path:
            return Skip.REQUEST
        known = METHOD.fullmatch(method) is not None
        took = row.get(TOOK)
        return Hit(
            at_ns,
            method if known else "",
            path,
            status_of(status) or UNKNOWN,
            took_ns=took_of(took, 1e9 if took and "." in took else 1e6),
            client=client_of(next((row[name] for name in CLIENTS if name in row), None)),
            answered=True,
            query=query_of(target) or query_of(f"?{row.get(QUERY, '-').strip('-')}"),
            n_bytes=bytes_of(row.get(BYTES)),
        )
