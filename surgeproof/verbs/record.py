"""``surgeproof record``: the arrivals of a launch that was, from a web server's access logs."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from reports.sentences import words
from scenarios.recording.kept import Kept
from scenarios.recording.logs.fields import FieldMap
from scenarios.recording.logs.hit import Hit, Skip
from scenarios.recording.logs.instants import parse_instant, zone_of
from scenarios.recording.logs.lines import BROKEN, Line, lines_of, unpacked
from scenarios.recording.logs.reader import Reader
from scenarios.recording.recording import record
from scenarios.recording.tally import Tally
from scenarios.recording.wanted import Wanted
from simulator.errors import UsageError
from simulator.text.quantities import WrongQuantity
from simulator.text.wording import format_duration
from simulator.units import NS_PER_S
from surgeproof.options import duration_of
from surgeproof.progress import progress

STDIN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The logs, how they are read, and which of their requests are wanted."""

    logs: Sequence[str]
    path: str | None
    method: str | None
    status: str | None
    opening: str | None
    fields: str | None
    zone: str | None
    skip: bool

    @property
    def opening_s(self) -> int | None:
        return None if self.opening is None else instant_of(self.opening)

    @property
    def wanted(self) -> Wanted:
        """Raises UsageError."""
        return Wanted(
            opening_s=self.opening_s,
            path=self.path,
            method=self.method,
            statuses=tuple(part.strip() for part in (self.status or "").split(",") if part.strip()),
        )

    def record(
        self, out: Path, *, bucket_s: int | None = None, keeper: Kept | None = None
    ) -> Tally:
        """Read them, and write what ``keeper`` makes of them. Raises UsageError."""
        require_each_once(self.logs)
        wanted = self.wanted
        place = None if self.zone is None else zone_named(self.zone)
        with progress("reading the log") as step:
            places = Places(self.logs)
            return record(
                places.read(
                    lambda: Reader(FieldMap.of(self.fields) if self.fields else None, place)
                ),
                out,
                wanted,
                bucket_s=bucket_s,
                skip=self.skip,
                progress=lambda lines: step(places.read_bytes(), places.bytes, f"{lines:,} lines"),
                keeper=keeper,
            )


def run(log: Log, *, out: Path | None, counts: str | None, of_requests: bool) -> int:
    """Write the CSV and say what became of every line."""
    if out is None:
        raise UsageError(
            "give -o arrivals.csv for the arrivals alone, or --write launch.toml for a launch that"
            " replays the requests"
        )
    if of_requests:
        raise UsageError(
            "--keep-queries and --session-gap are about requests: give --write launch.toml"
        )
    bucket_s = None if counts is None else seconds_of(counts)
    tell_of(log.record(out, bucket_s=bucket_s), out, log.opening_s)
    return 0


def require_each_once(logs: Sequence[str]) -> None:
    """Raises UsageError where a log is given twice: its people would come twice."""
    seen: set[Path | str] = set()
    for log in logs:
        real = log if log == STDIN else Path(log).resolve()
        if real in seen:
            raise UsageError(f"{log} is given twice and would be counted twice")
        seen.add(real)


class Places:
    """Several logs, one after the other, and how far they are read."""

    def __init__(self, logs: Sequence[str]) -> None:
        self._logs = logs
        self._done = 0
        self._raw: BufferedReader | None = None
        self.bytes = sum(Path(log).stat().st_size for log in logs if Path(log).is_file()) or 1

    def read(self, reader: Callable[[], Reader]) -> Iterator[tuple[Hit | Skip, Line]]:
        """What each line of each log tells; directives of one do not hold for the next."""
        for log in self._logs:
            with opened(log) as raw:
                self._raw, reads = raw, reader()
                for line in lines_of(unpacked(raw, log)):
                    yield reads.read(line), line
                self._done += self._told()
                self._raw = None

    def read_bytes(self) -> int:
        return self._done + self._told()

    def _told(self) -> int:
        return self._raw.tell() if self._raw and self._raw.seekable() else 0


def tell_of(tally: Tally, out: Path, opening_s: int | None) -> None:
    """What was taken, what was not, and when the launch opened."""
    assert tally.first_s is not None
    assert tally.last_s is not None
    opened_s = tally.first_s if opening_s is None else opening_s
    lasts_s = tally.last_s - opened_s
    lasts = f"after {format_duration(lasts_s * NS_PER_S)}" if lasts_s else "in the first second"
    taken, lines = words.times(tally.taken, "arrival"), words.times(tally.lines, "line")
    print(f"{out}: {taken} of {lines}, the last one {lasts}")
    print(f"opening = {datetime.fromtimestamp(opened_s, UTC).isoformat()} (second 0)")
    tell_of_lines(tally)


def tell_of_lines(tally: Tally) -> None:
    """Which lines were not taken, and why."""
    if tally.skipped:
        print(f"skipped: {tally.reasons()}")
    if tally.shapes:
        print(f"could not be read: {tally.shapes_in_words()}")


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
    except BROKEN as error:
        raise UsageError(f"{log} is compressed, but damaged: {error}") from None
    except OSError as error:
        if error.errno is None:  # what bz2 says
            raise UsageError(f"{log} is compressed, but damaged: {error}") from None
        raise UsageError(f"{log} cannot be read: {(error.strerror or '').lower()}") from None


def zone_named(text: str) -> ZoneInfo:
    try:
        return zone_of(text)
    except WrongQuantity as wrong:
        raise UsageError(f"--zone {wrong}") from None


def instant_of(text: str) -> int:
    try:
        return parse_instant(text)
    except WrongQuantity as wrong:
        raise UsageError(f"--opening {wrong}") from None


def seconds_of(text: str) -> int:
    """The width of a bucket."""
    bucket_s, rest_ns = divmod(duration_of("--counts", text), NS_PER_S)
    if rest_ns or not bucket_s:
        raise UsageError(f'--counts is "{text}"; write whole seconds: 1 s or more')
    return bucket_s
