"""``surgeproof record``: the arrivals of a launch that was, from a web server's access log."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

from scenarios.access_log import lines_of, parse_instant
from scenarios.recording import Tally, Wanted, record
from simulator.errors import UsageError
from simulator.quantities import NS_PER_S, WrongQuantity, format_duration
from surgeproof.endings import harmless
from surgeproof.options import duration_of
from surgeproof.progress import progress

STDIN = "-"
GZIP = b"\x1f\x8b"


def run(
    log: str,
    *,
    out: Path,
    path: str | None,
    method: str | None,
    status: str | None,
    opening: str | None,
    counts: str | None,
) -> int:
    """Write the CSV and say what became of every line."""
    opening_s = None if opening is None else instant_of(opening)
    wanted = Wanted(
        opening_s=opening_s,
        path=path,
        method=method,
        statuses=tuple(part.strip() for part in status.split(",")) if status else (),
    )
    bucket_s = None if counts is None else seconds_of(counts)
    with opened(log) as raw, progress("reading the log") as step:
        size = os.fstat(raw.fileno()).st_size

        def told(lines: int) -> None:
            read = raw.tell() if size and raw.seekable() else 0
            step(read, size or 1, f"{lines:,} lines")

        tally = record(lines_of(unpacked(raw, log)), out, wanted, bucket_s=bucket_s, progress=told)
    tell_of(tally, out, opening_s)
    return 0


def tell_of(tally: Tally, out: Path, opening_s: int | None) -> None:
    """What was taken, what was not, and when the launch opened."""
    assert tally.first_s is not None
    assert tally.last_s is not None
    opened_s = tally.first_s if opening_s is None else opening_s
    lasts = format_duration((tally.last_s - opened_s) * NS_PER_S)
    print(f"{out}: {tally.taken:,} arrivals of {tally.lines:,} lines, the last one after {lasts}")
    print(f"opening = {datetime.fromtimestamp(opened_s, UTC).isoformat()} (second 0)")
    if tally.skipped:
        print(f"skipped: {tally.reasons()}")
    if tally.first_wrong:
        print(f"the first in neither format is {harmless(tally.first_wrong)}")


@contextlib.contextmanager
def opened(log: str) -> Iterator[BufferedReader]:
    """The bytes of a log, of a file or of standard input.

    Raises UsageError where it cannot be read, or is broken off.
    """
    try:
        if log == STDIN:
            yield cast("BufferedReader", sys.stdin.buffer)
        else:
            with Path(log).open("rb") as raw:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UsageError(f"{log} is a broken gzip file: {error}") from None


def unpacked(raw: BufferedReader, log: str) -> BinaryIO:
    """The same bytes, unpacked if they are packed, whatever the file is called."""
    with contextlib.suppress(ValueError):
        if raw.peek(len(GZIP))[: len(GZIP)] == GZIP:
            return cast("BinaryIO", gzip.GzipFile(fileobj=raw, filename=log))
    return raw


def instant_of(text: str) -> int:
    try:
        return parse_instant(text)
    except WrongQuantity as wrong:
        raise UsageError(f"--opening {wrong}") from None


def seconds_of(text: str) -> int:
    """The width of a bucket."""
    bucket_s, rest_ns = divmod(duration_of("--counts", text), NS_PER_S)
    if rest_ns or not bucket_s:
        raise UsageError(f'--counts is "{text}"; web servers write whole seconds: 1 s or more')
    return bucket_s
