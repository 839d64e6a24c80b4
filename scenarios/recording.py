"""Arrivals taken from an access log into a CSV, for a launch of shape ``recorded``.

A log of any size is read once, line by line. Servers write a request when they have answered it, some
with the instant at which it came: the lines are nearly in order, no more, so the first arrival is
known at the end only. Until then instants wait in a temporary file, and counts in memory, one number
for each second in which somebody came.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Protocol, TextIO

from scenarios.access_log import Hit, Skip, read_line
from simulator.errors import UsageError
from simulator.recorded import COUNTS, INSTANTS

QUOTED_CHARACTERS = 160
STATUS = re.compile(r"[1-5](?:[0-9]{2}|xx)")

Progress = Callable[[int], None]
"""Is told how many lines are read."""
LINES_A_STEP = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which requests of a log are arrivals."""

    opening_s: int | None = None
    """Nobody is taken before; None: the first to be taken opens the launch."""
    path: str | None = None
    """Exactly this one; with a star at its end, all that begin so."""
    method: str | None = None
    statuses: tuple[str, ...] = ()
    """``201``, or ``2xx`` for all of a kind; none: any."""

    def __post_init__(self) -> None:
        if self.path is not None and not self.path.startswith("/"):
            raise UsageError(f'--path is "{self.path}"; paths begin with /, as in /signup')
        for status in self.statuses:
            if not STATUS.fullmatch(status):
                raise UsageError(f'--status has "{status}"; write 201, or 2xx, or 200,3xx')

    def refuses(self, hit: Hit) -> Skip | None:
        """Why a request is no arrival."""
        if self.opening_s is not None and hit.at_s < self.opening_s:
            return Skip.EARLY
        if self.path is not None and not self._is_path(hit.path):
            return Skip.PATH
        if self.method is not None and hit.method != self.method.upper():
            return Skip.METHOD
        kinds = (str(hit.status), f"{hit.status // 100}xx")
        if self.statuses and not any(kind in self.statuses for kind in kinds):
            return Skip.STATUS
        return None

    def _is_path(self, path: str) -> bool:
        wanted = self.path or ""
        return path.startswith(wanted[:-1]) if wanted.endswith("*") else path == wanted


@dataclass(slots=True)
class Tally:
    """How many lines were taken, which were not, and why."""

    lines: int = 0
    taken: int = 0
    skipped: Counter[Skip] = field(default_factory=Counter)
    first_s: int | None = None
    """The earliest arrival, in seconds since 1970."""
    last_s: int | None = None
    first_wrong: str = ""
    """The first line in neither format, quoted with its number."""

    def take(self, at_s: int) -> None:
        self.taken += 1
        self.first_s = at_s if self.first_s is None else min(self.first_s, at_s)
        self.last_s = at_s if self.last_s is None else max(self.last_s, at_s)

    def skip(self, why: Skip, line: str) -> None:
        self.skipped[why] += 1
        if why is Skip.FORMAT and not self.first_wrong:
            cut = "..." if len(line) > QUOTED_CHARACTERS else ""
            self.first_wrong = f'line {self.lines}: "{line[:QUOTED_CHARACTERS]}{cut}"'

    def reasons(self) -> str:
        return ", ".join(f"{count:,} {why}" for why, count in self.skipped.most_common())


class Kept(Protocol):
    """Where arrivals wait until the opening is known."""

    def keep(self, hit: Hit) -> None: ...

    def write(self, out: TextIO, opening_s: int) -> None: ...


class KeptInstants:
    """An instant and a path a line."""

    def __init__(self, waiting: TextIO) -> None:
        self._waiting = waiting
        self._rows = csv.writer(waiting, lineterminator="\n")

    def keep(self, hit: Hit) -> None:
        self._rows.writerow((hit.at_s, hit.path))

    def write(self, out: TextIO, opening_s: int) -> None:
        self._waiting.seek(0)
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(INSTANTS)
        rows.writerows((int(at_s) - opening_s, path) for at_s, path in csv.reader(self._waiting))


class KeptCounts:
    """So many in each bucket of whole seconds; a bucket in which nobody came has no line."""

    def __init__(self, bucket_s: int) -> None:
        self._bucket_s = bucket_s
        self._seconds: Counter[int] = Counter()

    def keep(self, hit: Hit) -> None:
        self._seconds[hit.at_s] += 1

    def write(self, out: TextIO, opening_s: int) -> None:
        buckets: Counter[int] = Counter()
        for at_s, count in self._seconds.items():
            buckets[(at_s - opening_s) // self._bucket_s] += count
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(COUNTS)
        for bucket, count in sorted(buckets.items()):
            rows.writerow((bucket * self._bucket_s, (bucket + 1) * self._bucket_s, count))


def record(
    lines: Iterable[str],
    path: Path,
    wanted: Wanted,
    *,
    bucket_s: int | None = None,
    progress: Progress = lambda _: None,
) -> Tally:
    """Write the arrivals among the lines into a new file, and tell what became of all lines.

    Raises UsageError where the file exists or cannot be made, or nobody arrived; it is not left then.
    """
    with new_file(path) as out, TemporaryFile("w+", encoding="utf-8", newline="") as waiting:
        kept: Kept = KeptInstants(waiting) if bucket_s is None else KeptCounts(bucket_s)
        tally = tally_up(lines, wanted, kept, progress)
        if tally.first_s is None:
            raise UsageError(nobody(tally))
        kept.write(out, tally.first_s if wanted.opening_s is None else wanted.opening_s)
    return tally


def tally_up(lines: Iterable[str], wanted: Wanted, kept: Kept, progress: Progress) -> Tally:
    """Keep the arrivals and count the lines."""
    tally = Tally()
    for line in lines:
        tally.lines += 1
        if tally.lines % LINES_A_STEP == 0:
            progress(tally.lines)
        hit = read_line(line)
        if isinstance(hit, Skip):
            tally.skip(hit, line)
        elif why := wanted.refuses(hit):
            tally.skip(why, line)
        else:
            kept.keep(hit)
            tally.take(hit.at_s)
    return tally


def nobody(tally: Tally) -> str:
    """That there is no arrival, and why."""
    if not tally.lines:
        return "the log is empty"
    wrong = f"; the first one in no format is {tally.first_wrong}" if tally.first_wrong else ""
    return f"none of the {tally.lines:,} lines is an arrival: {tally.reasons()}{wrong}"


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """A file that is not there yet, and is not left unfinished.

    Raises UsageError where it exists or cannot be made.
    """
    try:
        out = path.open("x", encoding="utf-8", newline="")
    except FileExistsError:
        raise UsageError(
            f"{path} exists and is not overwritten; choose another name, or remove it first"
        ) from None
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None
    try:
        with out:
            yield out
    except BaseException:
        path.unlink()
        raise
