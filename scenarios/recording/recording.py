"""Arrivals taken from access logs into a CSV, for a launch of shape ``recorded``.

Logs of any size are read once, line by line. Servers write a request when they have answered it, some
with the instant at which it came, and rotated files come in any order: the first arrival is known at
the end only. Until then instants wait in a temporary file, and counts in memory, one number for each
second in which somebody came.

Every line is counted or refused aloud. Lines that could not be read are told by their shape, never
quoted: nobody knows what stands in them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import TextIO

from scenarios.recording.kept import Kept, KeptCounts, KeptInstants
from scenarios.recording.logs.hit import Hit, Skip
from scenarios.recording.logs.lines import Line
from scenarios.recording.tally import Tally, nobody, too_many
from scenarios.recording.wanted import Wanted
from simulator.errors import UsageError
from simulator.host.files import private
from simulator.units import NS_PER_S

Progress = Callable[[int], None]
"""Is told how many lines are read."""
LINES_A_STEP = 20_000
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
