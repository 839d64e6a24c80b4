"""``python -m tests.validation.table``: predictions are sealed, real servers are sent what was predicted.

Every run is kept as a line of JSON, so that a later session goes on where an earlier one ended
(``--resume``); docs/validation.md is made of these lines, and can be made of them again (``--page``).

    python -m tests.validation.table                    everything: several hours
    python -m tests.validation.table --quick            one round of two loads: 35 minutes
    python -m tests.validation.table --resume           what is still missing of it
    python -m tests.validation.table --controls --resume    negative controls: two hours
    python -m tests.validation.table --page             the page alone
    python -m tests.validation.table --only "gunicorn sync 2"    may be repeated
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.validation.page.text import write
from tests.validation.runs.controls import controlled
from tests.validation.runs.kept import Row, by_key, keep, mend, read
from tests.validation.runs.loads import FULL, QUICK, visits
from tests.validation.runs.one import visited
from tests.validation.servers.configurations import CONFIGURATIONS
from tests.validation.servers.site import Configuration

DOCS = Path(__file__).parents[2] / "docs"
STOPS = (signal.SIGINT, signal.SIGTERM)
ROWS = DOCS / "validation.jsonl"


def main(typed: Sequence[str] | None = None) -> None:
    words = parser().parse_args(typed)
    path: Path = words.rows
    if words.page:
        tell(f"written: {write(read(path), path, words.docs)}")
        return
    if path.exists() and not words.resume:
        sys.exit(f"{path} is there already: add --resume, or take it away")
    mend(path)
    try:
        with stoppable():
            if words.controls:
                controlled(known(words, path), lambda row: kept(path, row))
            else:
                every(words, path)
    except KeyboardInterrupt:
        sys.exit(f"interrupted; what is kept in {path} is not done again with --resume")
    rows = read(path)
    tell(f"{len(by_key(rows))} runs in {path}; written: {write(rows, path, words.docs)}")


@contextmanager
def stoppable() -> Iterator[None]:
    """Whoever ends us ends the servers too: a signal is a KeyboardInterrupt, in a shell's background as well."""
    before = {each: signal.signal(each, signal.default_int_handler) for each in STOPS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def every(words: argparse.Namespace, path: Path) -> None:
    """All configurations that can be started here, or those that were named."""
    extent = QUICK if words.quick else FULL
    ends_s = time.monotonic() + (extent.budget_s or float("inf"))
    for visit in visits(chosen(words.only), extent):
        lacking = visit.configuration.lacking
        if lacking:
            tell(f"{visit.configuration.name}: not installed: {', '.join(lacking)}")
            continue
        visited(
            visit, extent, known(words, path), lambda row: kept(path, row),
            lambda: ends_s - time.monotonic(),
        )  # fmt: skip


def known(words: argparse.Namespace, path: Path) -> list[Row]:
    """What is not done again."""
    return [row for row in read(path) if not (words.again and row["outcome"] == "failed")]


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m tests.validation.table", description=__doc__)
    found.formatter_class = argparse.RawDescriptionHelpFormatter
    found.add_argument("--only", action="append", default=[], metavar="NAME")
    found.add_argument("--quick", action="store_true")
    found.add_argument("--controls", action="store_true", help="what is hidden, ten times each")
    found.add_argument("--resume", action="store_true")
    found.add_argument("--again", action="store_true", help="with --resume: what failed, too")
    found.add_argument("--rows", type=Path, default=ROWS, metavar="FILE")
    found.add_argument("--page", action="store_true")
    found.add_argument("--docs", type=Path, default=DOCS, metavar="FOLDER")
    return found


def chosen(names: Sequence[str]) -> list[Configuration]:
    """Those of these names, or all of them."""
    known = {each.name: each for each in CONFIGURATIONS}
    for name in names:
        if name not in known:
            sys.exit(f"no configuration {name!r}; there are {', '.join(known)}")
    return [known[name] for name in names] if names else list(CONFIGURATIONS)


def kept(path: Path, row: Row) -> None:
    keep(path, row)
    tell(f"{row['key']}: {row.get('failed') or row['sentence']}")


def tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
