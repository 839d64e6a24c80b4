"""Batches: what a worker tells at once of what it did, on its way to the run's store.

A batch has a number, one more than the worker's batch before, so that whoever takes it knows whether one
is missing or comes again. Rows are in it once; counts (answers, beats) are cumulative, so that to have
them twice does no harm. In bytes it is a JSON object, which says how long it and each of the tables is, and
the tables: rows of integers in 64 bits, the least byte first.
"""

from __future__ import annotations

import json
import struct
import sys
from array import array
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass, field

from scenarios.replay.beats import Beat
from simulator.outcomes.answered import AnswerRow
from simulator.outcomes.workers import Worker

Rows = list[tuple[int, ...]]
CELLS = {"visits": 7, "attempts": 7, "looks": 7}
"""How many a row of each table has."""
HEAD = struct.Struct("<I")


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The end record of a whole replay."""

    how: str
    planned: int
    started: int


def no_rows() -> array[int]:
    return array("q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a worker tells at once."""

    worker: int
    number: int
    """From 1 on, and no number is left out."""
    visits: array[int] = field(default_factory=no_rows)
    """Cells, row after row, in the order of :data:`simulator.outcomes.rows.VISIT`; as the two that follow."""
    attempts: array[int] = field(default_factory=no_rows)
    looks: array[int] = field(default_factory=no_rows)
    answers: tuple[AnswerRow, ...] = ()
    """All counts so far; none where nothing was counted since the last batch."""
    beat: Beat | None = None
    opened_ns: int | None = None
    """When the part opens, by the monotonic clock of the machine that keeps the store."""
    workers: tuple[Worker, ...] = ()
    """What has become known of workers."""
    end: End | None = None
    """Nothing of this part comes after it."""

    def rows(self, table: str) -> Rows:
        """One of the three tables, row by row."""
        flat = iter(getattr(self, table).tolist())
        return list(zip(*[flat] * CELLS[table], strict=True))


def packed(batch: Batch) -> bytes:
    """A batch in bytes."""
    tables = [ordered(getattr(batch, name)).tobytes() for name in CELLS]
    said = {
        "worker": batch.worker,
        "number": batch.number,
        "sizes": [len(table) for table in tables],
        "answers": batch.answers,
        "beat": batch.beat and astuple(batch.beat),
        "opened_ns": batch.opened_ns,
        "workers": [asdict(worker) for worker in batch.workers],
        "end": batch.end and asdict(batch.end),
    }
    head = json.dumps(said).encode()
    return b"".join((HEAD.pack(len(head)), head, *tables))


def unpacked(data: bytes) -> Batch:
    """The batch that was packed."""
    (length,) = HEAD.unpack_from(data)
    at = HEAD.size + length
    said = json.loads(data[HEAD.size : at])
    tables = {}
    for name, size in zip(CELLS, said.pop("sizes"), strict=True):
        tables[name] = no_rows()
        tables[name].frombytes(data[at : at + size])
        ordered(tables[name])
        at += size
    return Batch(
        worker=said["worker"],
        number=said["number"],
        **tables,
        answers=tuple(tuple(row) for row in said["answers"]),
        beat=said["beat"] and Beat.of(said["beat"]),
        opened_ns=said["opened_ns"],
        workers=tuple(Worker(**each) for each in said["workers"]),
        end=said["end"] and End(**said["end"]),
    )


def ordered(cells: array[int]) -> array[int]:
    """The least byte first, whatever this machine has; the same the other way round."""
    if sys.byteorder == "big":
        cells.byteswap()
    return cells


# On a stream


def framed(data: bytes) -> bytes:
    """As it goes over a stream: its length, and itself."""
    return HEAD.pack(len(data)) + data


class Frames:
    """What comes over a stream, put together again."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def feed(self, some: bytes) -> Iterator[bytes]:
        """Everything that is whole by now."""
        self.waiting += some
        while len(self.waiting) >= HEAD.size:
            (length,) = HEAD.unpack_from(self.waiting)
            if len(self.waiting) < HEAD.size + length:
                return
            frame = bytes(self.waiting[HEAD.size : HEAD.size + length])
            del self.waiting[: HEAD.size + length]
            yield frame


TAKEN = struct.Struct("<qq")
"""The answer to a batch: of which worker all are written, up to which number."""
