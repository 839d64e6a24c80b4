"""A map that a person gives of a format that is not known: which field says what.

::

    --fields "time=1+2,method=4,path=5,status=7"                    columns, numbered from 1
    --fields "time=when,request=req.line,status=res.code"           keys of JSON objects, or names of
                                                                    columns in a first line
    --fields "time=start,path=url,split=;"                          another separator than blanks

``time`` and ``path`` (or ``request``: method and path in one) are needed; ``took`` (in seconds; ``took_ms``,
``took_us``) and ``client`` are what :mod:`surgeproof.verbs.compare` holds a prediction against. Columns stand between
blanks, or tabs where there are any; what is in quotes or brackets is one. Parts with + between
them are joined by a blank.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from scenarios.recording.logs.hit import (
    METHOD,
    UNKNOWN,
    Asked,
    Hit,
    Skip,
    asked,
    bytes_of,
    client_of,
    path_of,
    query_of,
    status_of,
    took_of,
)
from scenarios.recording.logs.instants import instant_ns
from scenarios.recording.logs.objects import first, object_of
from simulator.errors import UsageError

TOOK = {"took": 1e9, "took_ms": 1e6, "took_us": 1e3}
"""How long a request took, in s unless the name says it; with it "time" is when it was answered."""
WORDS = ("time", "request", "method", "path", "status", "bytes", "client", *TOOK, "split")
SPLITS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
COLUMN = re.compile(r'"((?:[^"\\]|\\.)*+)"|\[([^\]]*)\]|(\S+)')
EXAMPLE = 'write it as "time=1,path=3,status=4", columns or keys of JSON'


@dataclass(slots=True)
class FieldMap:
    """Which field of a line says what."""

    parts: Mapping[str, tuple[str, ...]]
    split: str | None
    names: list[str] = field(default_factory=list)
    """Of the columns, where the first line gives them."""

    @classmethod
    def of(cls, text: str) -> FieldMap:
        """Raises UsageError where a map is none."""
        said: dict[str, str] = {}
        for part in text.split(","):
            name, equals, value = (piece.strip() for piece in part.partition("="))
            if name not in WORDS or not equals or not value:
                raise UsageError(
                    f'--fields has "{part}": {EXAMPLE}; the names are {", ".join(WORDS)}'
                )
            if name in said:
                raise UsageError(f"--fields names {name} twice")
            said[name] = value
        split = said.pop("split", None)
        if "time" not in said or not ("path" in said or "request" in said):
            raise UsageError(f"--fields needs time, and path or request: {EXAMPLE}")
        parts = {name: tuple(value.split("+")) for name, value in said.items()}
        if any(part == "0" or not part for each in parts.values() for part in each):
            raise UsageError("--fields counts columns from 1")
        return cls(parts, SPLITS.get(split, split) if split else None)

    def read(self, line: str, zone: ZoneInfo | None) -> Hit | Skip:
        """What a line tells."""
        row = self._row(line)
        if row is None:
            return Skip.EMPTY  # the names of the columns
        at_ns = instant_ns(row.get("time", ""), zone)
        if isinstance(at_ns, Skip):
            return at_ns
        if "request" in self.parts:
            told = asked(row.get("request", ""))
        else:
            method, target = row.get("method", "").upper(), row.get("path", "")
            known = method if METHOD.fullmatch(method) else ""
            path = path_of(target)
            told = Asked(known, path, query_of(target)) if path else None
        if told is None:
            return Skip.REQUEST
        status = row.get("status", "-").rpartition("/")[2]  # Squid: TCP_MISS/200
        took = next(
            (took_of(row[name], unit_ns) for name, unit_ns in TOOK.items() if name in row), None
        )
        return Hit(
            at_ns,
            told.method,
            told.path,
            status_of(status) or UNKNOWN,
            took_ns=took,
            client=client_of(row.get("client")),
            answered=took is not None,
            query=told.query,
            n_bytes=bytes_of(row.get("bytes")),
        )

    def _row(self, line: str) -> dict[str, str] | None:
        """The mapped fields of a line; None of the line that names the columns."""
        document = object_of(line) if line.lstrip().startswith("{") else None
        if document is not None:
            keys = {name: [first(document, [p]) for p in each] for name, each in self.parts.items()}
            return {name: " ".join(v for v in vs if v) for name, vs in keys.items()}
        cells = self._cells(line)
        if not self.names and self._by_name():
            self.names = [cell.strip() for cell in cells]
            return None
        return {
            name: " ".join(self._cell(cells, part) for part in each)
            for name, each in self.parts.items()
        }

    def _by_name(self) -> bool:
        return any(not part.isdigit() for each in self.parts.values() for part in each)

    def _cell(self, cells: list[str], part: str) -> str:
        if part.isdigit():
            place = int(part) - 1
        else:
            place = self.names.index(part) if part in self.names else len(cells)
        return cells[place] if place < len(cells) else ""

    def _cells(self, line: str) -> list[str]:
        split = self.split or ("\t" if "\t" in line else None)
        if split is None and not self.names and self._by_name():
            split = next((each for each in ",;|" if each in line), None)
            self.split = split
        if split is None or split == " ":
            return [next(filter(None, found), "") for found in COLUMN.findall(line)]
        if len(split) > 1:
            return line.split(split)
        try:
            return next(csv.reader([line], delimiter=split), [])
        except csv.Error:
            return line.split(split)
