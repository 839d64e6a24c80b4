"""What came of each try, a line of JSON each, so that another session goes on where this one ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Kept:
    """One try, as it is written down."""

    fault: str
    seed: int
    code: int
    said: str
    """Its last line, without the run's own path."""
    wrong: str
    """What should not be so; empty where all is well."""
    went_on_s: float | None = None


def keep(path: Path, row: Kept) -> None:
    """Add it; a line is written whole, or by its newline known not to be."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


def read(path: Path) -> Iterator[Kept]:
    """What was tried before; a last line that was cut short is no try."""
    if path.exists():
        for line in path.read_text("utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                yield Kept(**json.loads(line))


def mend(path: Path) -> None:
    """Take away a last line that was cut short, so that what is added does not stand behind it."""
    if path.exists():
        text = path.read_text("utf-8")
        path.write_text(text[: text.rfind("\n") + 1], "utf-8")
