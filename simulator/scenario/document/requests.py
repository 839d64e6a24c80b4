"""Requests that were recorded, as CSV: what ``surgeproof record --write`` keeps of an access log.

::

    surgeproof requests,1
    second,session,method,target,status,bytes
    0,0,GET,/,200,2326
    0.25,1,GET,/search?q=,200,512

The first line says what the file is and in which format. Seconds count from the opening, in the order of
time, with up to nine decimals; sessions are numbers that name nobody; a target is a path with its query, as
it is sent. A status may be empty where the log told none; bytes are for people.

The file may be another one than its author may see: what does not parse is never quoted.
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Sequence
from typing import Any

from simulator.errors import Mistake, ScenarioError
from simulator.scenario.document.csv.cells import WrongCell, nanoseconds
from simulator.scenario.document.csv.complaints import Complaints
from simulator.scenario.words.surges.requests import (
    LONGEST_TARGET,
    METHODS,
    MOST_REQUESTS,
    TARGET,
)

MARK = "surgeproof requests"
FORMAT = "1"
COLUMNS = ("second", "session", "method", "target", "status", "bytes")
SESSION = re.compile(r"[0-9]{1,9}", re.ASCII)
STATUS = re.compile(r"[0-9]{0,3}", re.ASCII)
SENDABLE = re.compile(TARGET)
AGAIN = "record it again: surgeproof record LOG --write LAUNCH"


def are_requests(text: str) -> bool:
    """Whether a text says that it is such a file."""
    return text.startswith(f"{MARK},")


def read_requests(text: str, file: str) -> dict[str, Any]:
    """The words of :class:`simulator.scenario.words.surges.requests.Requests`, of a file's text.

    Raises :class:`ScenarioError`, with the line of every mistake.
    """
    require_format(text, file)
    complaints, rows = Complaints(file), csv.reader(io.StringIO(text), strict=True)
    known: dict[str, int] = {}
    which, at_ns, session, status = (array("q") for _ in range(4))
    try:
        for cells in rows:
            if rows.line_num <= 2 or not cells:
                continue
            try:
                came_ns, number, asked, answered = row_of(cells)
                if at_ns and came_ns < at_ns[-1]:
                    raise WrongCell(
                        "is earlier than the line before it", "sort the lines by second"
                    )
            except WrongCell as wrong:
                complaints.add(rows.line_num, wrong.problem, wrong.remedy)
                continue
            which.append(known.setdefault(asked, len(known)))
            at_ns.append(came_ns)
            session.append(number)
            status.append(answered)
    except csv.Error:
        complaints.add(rows.line_num, "is not CSV", AGAIN)
    if len(which) > MOST_REQUESTS:
        problem = f"is one of {len(which):,} requests, more than the {MOST_REQUESTS:,} that a launch may have"
        complaints.add(
            rows.line_num, problem, "record a part of the log: --path, or --from and --until"
        )
    if not which:
        complaints.add(2, "has no requests after it", AGAIN)
    complaints.raise_any()
    columns = {"which": which, "at": at_ns, "session": session, "status": status}
    texts = {name: " ".join(map(str, column)) for name, column in columns.items()}
    return {"asked": list(known), **texts}


def require_format(text: str, file: str) -> None:
    """Raises ScenarioError where the first lines are not those of a format that is read."""
    lines = [line.strip() for line in text.split("\n", 2)[:2]]
    mark, _, number = lines[0].partition(",")
    if mark != MARK:
        problem, remedy = (
            "does not say that it holds requests",
            f"{AGAIN} (an old file has arrivals)",
        )
    elif number != FORMAT:
        problem, remedy = f"is not of format {FORMAT}, the only one that is read", AGAIN
    elif lines[1:] != [",".join(COLUMNS)]:
        raise ScenarioError(
            [Mistake(file, "line 2", "does not name the columns", f"write {','.join(COLUMNS)}")]
        )
    else:
        return
    raise ScenarioError([Mistake(file, "line 1", problem, remedy)])


def row_of(cells: Sequence[str]) -> tuple[int, int, str, int]:
    """When, in which session, what was asked for, and the status or 0. Raises :class:`WrongCell`."""
    if len(cells) != len(COLUMNS):
        problem = f"has {len(cells)} fields instead of {len(COLUMNS)}"
        raise WrongCell(problem, f"write {','.join(COLUMNS)}")
    second, session, method, target, status = cells[:5]
    if not SESSION.fullmatch(session):
        raise WrongCell("has no number of a session", "write 0, 1, 2")
    if method not in METHODS:
        raise WrongCell("has a method that is not sent", f"write one of {', '.join(METHODS)}")
    if len(target) > LONGEST_TARGET:
        raise WrongCell(
            f"has a target of more than {LONGEST_TARGET:,} characters", "remove the line"
        )
    if not SENDABLE.fullmatch(target):
        raise WrongCell(
            "has a target that is not a path as it is sent",
            "begin with /, and write everything but letters, digits and marks as %20",
        )
    if not STATUS.fullmatch(status):
        raise WrongCell("has a status that is none", "write 200, or nothing where nobody knows it")
    return nanoseconds(second), int(session), f"{method} {target}", int(status or 0)
