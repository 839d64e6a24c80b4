"""Where arrivals wait until the opening is known: instants in a temporary file, counts in memory."""

from __future__ import annotations

import csv
from collections import Counter
from typing import Protocol, TextIO

from scenarios.recording.logs.hit import Hit
from simulator.scenario.document.csv.rows import COUNTS, INSTANTS
from simulator.units import NS_PER_S


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


def seconds(ns: int) -> str:
    """Exactly, and no longer than need be: 12, 0.25."""
    whole, rest = divmod(ns, NS_PER_S)
    return f"{whole}.{rest:09}".rstrip("0") if rest else str(whole)
