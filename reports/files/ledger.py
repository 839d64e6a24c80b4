"""The ledger: one file that a team commits, a line of JSON for each launch that was predicted and came.

::

    {"ledger": 1, "launch": str, "variant": str, "at": str, "standing": "observed", "version": str,
     "predicted": "holds" | ..., "came": "holds" | ...,
     "figures": [{"key", "label", "unit", "predicted", "low", "high", "came", "error", "within"}]}

``low`` and ``high`` are the ends of the middle 95 % of the predicted launches. Units: "" is a count, "s",
"share" and "1/s". What never ends is "Infinity", and what nobody knows "NaN" or null. Lines stand in the
order in which the launches began, so that two branches that added different launches merge line by line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from reports.run.past.again import finite
from reports.run.past.past import Past
from simulator.errors import UsageError
from simulator.host.files import unwritten

FORMAT = 1
CONFLICTS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
PAST = TypeAdapter(Past)


def read_ledger(path: Path) -> tuple[Past, ...]:
    """The launches of a ledger, in the order in which they began.

    Raises UsageError where it cannot be read, with the line that is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is no ledger: it is not text in UTF-8") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {(error.strerror or '').lower()}") from None
    found = {
        past.identity: past
        for number, line in enumerate(lines, start=1)
        if line.strip()
        for past in [read_line(f"{path}, line {number}", line)]
    }
    return tuple(found[identity] for identity in sorted(found))


def read_line(where: str, line: str) -> Past:
    """Raises UsageError."""
    if line.startswith(CONFLICTS):
        raise UsageError(f"{where}: is a mark of a merge conflict: keep the lines of both sides")
    try:
        document = json.loads(line)
    except ValueError:
        raise UsageError(f"{where}: is not JSON: mend the line, or remove it") from None
    written = document.pop("ledger", None) if isinstance(document, dict) else None
    if written != FORMAT:
        problem = "is no line of a ledger" if written is None else f"has the format {written}"
        raise UsageError(f"{where}: {problem}; this version reads format {FORMAT}")
    try:
        return PAST.validate_json(json.dumps(document))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        problem = first["msg"][:1].lower() + first["msg"][1:]
        raise UsageError(f"{where}: {key}: {problem}: mend the line, or remove it") from None


def line_of(past: Past) -> str:
    """One line, without its end."""
    document = finite({"ledger": FORMAT, **PAST.dump_python(past, mode="json")})
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def write_ledger(path: Path, launches: Iterable[Past]) -> None:
    """Wholly, or not at all: what was there stays until all is written.

    Raises UsageError or NotKept where it cannot be written.
    """
    text = "".join(f"{line_of(past)}\n" for past in sorted(launches, key=lambda one: one.identity))
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise unwritten(path, error) from error


def added(known: Sequence[Past], more: Sequence[Past]) -> tuple[tuple[Past, ...], int]:
    """All of them, and how many were not there before. A launch that is read again replaces itself."""
    found = {past.identity: past for past in known}
    new = sum(past.identity not in found for past in more)
    found.update({past.identity: past for past in more})
    return tuple(found[identity] for identity in sorted(found)), new
