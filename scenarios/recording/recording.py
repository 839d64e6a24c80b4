"""Arrivals taken from access logs into a CSV, for a launch of shape ``recorded``.

Logs of any size are read once, line by line. Servers write a request when they have answered it, some
with the instant at which it came, and rotated files come in any order: the first arrival is known at
the end only. Until then instants wait in a temporary file, and counts in memory, one number for each
second in which somebody came.

Every line is counted or refused aloud. Lines that could not be read are told by their shape, never
quoted: nobody knows what stands in them.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Protocol, TextIO

from scenarios.recording.logs.hit import UNREAD, Hit, Skip
from scenarios.recording.logs.lines import Line
from scenarios.recording.logs.reader import READS
from scenarios.recording.logs.text import RECOGNISED
from simulator.errors import UsageError
from simulator.host.files import private
from simulator.scenario.document.csv.rows import COUNTS, INSTANTS
from simulator.units import NS_PER_S

STATUS = re.compile(r"0|[1-9](?:[0-9]{2}|xx)")
MOST_UNREAD = 0.01
"""More of the lines than that must not be missing without a word: it could be nine days of a month."""
SHAPES = 3
"""So many kinds of lines that could not be read are shown."""
LONGEST_SHAPE = 120
LONGEST_LINE = 1000
"""Of a line, so much makes its shape."""

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
        if self.opening_s is not None and hit.at_ns < self.opening_s * NS_PER_S:
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
    """The second of the earliest arrival, since 1970."""
    last_s: int | None = None
    shapes: dict[str, int] = field(default_factory=dict)
    """The first few kinds of lines that could not be read, and where the first of each is."""

    def take(self, at_s: int) -> None:
        self.taken += 1
        self.first_s = at_s if self.first_s is None else min(self.first_s, at_s)
        self.last_s = at_s if self.last_s is None else max(self.last_s, at_s)

    def skip(self, why: Skip, line: str) -> None:
        self.skipped[why] += 1
        if why in UNREAD and len(self.shapes) < SHAPES:
            self.shapes.setdefault(shape_of(line), self.lines)

    @property
    def unread(self) -> int:
        """How many lines are missing though nobody asked to leave them out."""
        return sum(self.skipped[why] for why in UNREAD)

    @property
    def only_reason(self) -> Skip | None:
        """Why no line is an arrival, where it is one reason for all that say anything."""
        reasons = self.skipped.keys() - {Skip.EMPTY}
        return next(iter(reasons)) if len(reasons) == 1 else None

    @property
    def too_many_unread(self) -> bool:
        return self.unread > MOST_UNREAD * (self.lines - self.skipped[Skip.EMPTY])

    def reasons(self) -> str:
        return ", ".join(f"{count:,} {why}" for why, count in self.skipped.most_common())

    def shapes_in_words(self) -> str:
        """The lines that could not be read, without what stands in them."""
        return "; ".join(
            f"line {number:,} looks like {shape}" for shape, number in self.shapes.items()
        )


def shape_of(line: str) -> str:
    """What a line looks like: letters are told as a, digits as 9, so that it tells no secret.

    >>> shape_of('192.0.2.7 token=s3cr3t "GET /ann"')
    '9.9.9.9 a=a "a /a"'
    """
    shape = re.sub(
        r"[^\W_]+", lambda found: "9" if found[0].isdigit() else "a", line[:LONGEST_LINE]
    )
    shape = re.sub(r"[^\x20-\x7e]", "?", shape)
    return shape if len(shape) <= LONGEST_SHAPE else f"{shape[:LONGEST_SHAPE]}..."


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
        self._rows.writerow((hit.at_ns, hit.path))

    def write(self, out: TextIO, opening_s: int) -> None:
        self._waiting.seek(0)
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(INSTANTS)
        opening_ns = opening_s * NS_PER_S
        for at_ns, path in csv.reader(self._waiting):
            rows.writerow((seconds(int(at_ns) - opening_ns), path))


def seconds(ns: int) -> str:
    """Exactly, and no longer than need be: 12, 0.25."""
    whole, rest = divmod(ns, NS_PER_S)
    return f"{whole}.{rest:09}".rstrip("0") if rest else str(whole)


class KeptCounts:
    """So many in each bucket of whole seconds; a bucket in which nobody came has no line."""

    def __init__(self, bucket_s: int) -> None:
        self._bucket_s = bucket_s
        self._seconds: Counter[int] = Counter()

    def keep(self, hit: Hit) -> None:
        self._seconds[hit.at_ns // NS_PER_S] += 1

    def write(self, out: TextIO, opening_s: int) -> None:
        buckets: Counter[int] = Counter()
        for at_s, count in self._seconds.items():
            buckets[(at_s - opening_s) // self._bucket_s] += count
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(COUNTS)
        for bucket, count in sorted(buckets.items()):
            rows.writerow((bucket * self._bucket_s, (bucket + 1) * self._bucket_s, count))


Log = Iterable[tuple[Hit | Skip, Line]]
"""What each line tells, and the line."""


def record(
    log: Log,
    path: Path,
    wanted: Wanted,
    *,
    bucket_s: int | None = None,
    skip: bool = False,
    progress: Progress = lambda _: None,
    keeper: Kept | None = None,
) -> Tally:
    """Write the arrivals of a log into a new file, and tell what became of all lines.

    ``keeper`` makes another file of them than instants, or counts in buckets. ``skip``: even if many of the lines could not be read. Second 0 of the file is the opening, or
    else the second in which the first arrival falls.

    Raises UsageError where the file exists or cannot be made, nobody arrived, or more than one line
    in a hundred could not be read; it is not left then.
    """
    with new_file(path) as out, TemporaryFile("w+", encoding="utf-8", newline="") as waiting:
        kept = keeper or (KeptInstants(waiting) if bucket_s is None else KeptCounts(bucket_s))
        tally = tally_up(log, wanted, kept, progress)
        if tally.first_s is None:
            raise UsageError(nobody(tally))
        if tally.too_many_unread and not skip:
            raise UsageError(too_many(tally))
        kept.write(out, tally.first_s if wanted.opening_s is None else wanted.opening_s)
    return tally


def tally_up(log: Log, wanted: Wanted, kept: Kept, progress: Progress) -> Tally:
    """Keep the arrivals and count the lines."""
    tally = Tally()
    for found, line in log:
        tally.lines += 1
        if tally.lines % LINES_A_STEP == 0:
            progress(tally.lines)
        if isinstance(found, Skip):
            tally.skip(found, line.text)
        elif why := wanted.refuses(found):
            tally.skip(why, line.text)
        else:
            kept.keep(found)
            tally.take(found.at_ns // NS_PER_S)
    return tally


def nobody(tally: Tally) -> str:
    """That there is no arrival, and why."""
    if tally.lines == tally.skipped[Skip.EMPTY]:
        return "the log is empty"
    if (only := tally.only_reason) in RECOGNISED:
        return HELPS[only]
    lines = (
        "the only line is no" if tally.lines == 1 else f"none of the {tally.lines:,} lines is an"
    )
    said = f"{lines} arrival: {tally.reasons()}"
    if tally.shapes:
        said += f"\n{tally.shapes_in_words()}"
    if tally.unread:
        said += f"\n{remedies(tally)}"
    return said


def too_many(tally: Tally) -> str:
    """That too many lines are missing, which, and what to do."""
    return (
        f"{tally.unread:,} of {tally.lines:,} lines could not be read, more than"
        f" {MOST_UNREAD:.0%}: {tally.reasons()}\n{tally.shapes_in_words()}\n{remedies(tally)};"
        " --skip leaves them out"
    )


HELPS = {
    Skip.INSTANT: "write dates and times that exist, such as 14/Dec/2023:12:00:00",
    Skip.TWICE: "write times with their UTC offset, such as +0100, around clock changes",
    Skip.REQUEST: "a line without a request for a path is not an arrival",
    Skip.REPEATED: "turn off the folding of repeated lines in syslog",
    Skip.SEVERAL: "put each request on a line of its own",
    Skip.CONNECTION: (
        "an AWS network load balancer, like HAProxy in TCP mode, logs connections, not requests: record"
        " the log of the web server or application load balancer behind it"
    ),
    Skip.SQUID: (
        "Squid's native format is read where --fields says which column is what:"
        ' --fields "time=1,method=6,path=7,status=4"'
    ),
}
"""What helps against each reason that has a remedy of its own."""


def remedies(tally: Tally) -> str:
    """What helps against what could not be read."""
    found = []
    if tally.skipped[Skip.FORMAT] or tally.skipped[Skip.CUT]:
        found.append(f"these formats are read: {READS}")
    if tally.skipped[Skip.ZONE]:
        found.append("name the time zone of the server, as in --zone Europe/Paris")
    found += [said for why, said in HELPS.items() if tally.skipped[why]]
    return "; ".join(found)


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """A file that is not there yet, and is not left unfinished.

    Raises UsageError where it exists or cannot be made.
    """
    try:
        out = os.fdopen(private(path, os.O_EXCL), "w", encoding="utf-8", newline="")
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
