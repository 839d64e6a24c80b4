"""Signs of life: about once a second each worker of a replay says how far it is and how it fares."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A row of ``beats`` (:data:`simulator.outcomes.instrument.SCHEMA`); the counts are cumulative."""

    at_ns: int
    started: int
    finished: int
    in_flight: int
    waiting: int
    """Of those in flight: in the line."""
    late: int
    at_cap: int
    cpu_share: float
    loop_lag_ns: int

    @classmethod
    def of(cls, cells: Iterable[Any]) -> Self:
        """From its cells, in the order of its fields."""
        return cls(**dict(zip(COLUMNS.split(", "), cells, strict=True)))


COLUMNS = "at_ns, started, finished, in_flight, waiting, late, at_cap, cpu_share, loop_lag_ns"


def write_beat(db: sqlite3.Connection, part: int, beat: Beat, worker: int = 0) -> None:
    """A worker's beat, within the transaction under way."""
    db.execute(
        f"INSERT OR REPLACE INTO beats (part, worker, {COLUMNS})"  # noqa: S608 - a constant
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (part, worker, *astuple(beat)),
    )


def together(beats: Collection[Beat]) -> Beat:
    """All workers' counts added up; the last sign of life, and the worst of what each bears."""
    return Beat(
        at_ns=max(beat.at_ns for beat in beats),
        started=sum(beat.started for beat in beats),
        finished=sum(beat.finished for beat in beats),
        in_flight=sum(beat.in_flight for beat in beats),
        waiting=sum(beat.waiting for beat in beats),
        late=sum(beat.late for beat in beats),
        at_cap=sum(beat.at_cap for beat in beats),
        cpu_share=max(beat.cpu_share for beat in beats),
        loop_lag_ns=max(beat.loop_lag_ns for beat in beats),
    )
