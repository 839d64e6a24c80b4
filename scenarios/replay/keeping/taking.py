"""Taking a batch: all of it is written in one transaction, once, and in its order."""

from __future__ import annotations

import sqlite3
import time

from scenarios.replay.beats import write_beat
from scenarios.replay.keeping.batch import Batch
from simulator.outcomes.answered import write_answers
from simulator.outcomes.looks import write_looks
from simulator.outcomes.machine import insert_opening
from simulator.outcomes.store import insert, insert_end
from simulator.outcomes.workers import last_taken, take, write_worker


def take_batch(db: sqlite3.Connection, part: int, batch: Batch) -> int:
    """Write a batch down; up to which number the worker's are then written.

    One that was written before is not again, and one that comes too early is left out: its worker sends it
    once more when it is asked for.

    Raises sqlite3.Error, and then nothing of it is written.
    """
    with db:
        taken = last_taken(db, part, batch.worker)
        if batch.number != taken + 1:
            return taken
        write(db, part, batch)
        take(db, part, batch.worker, batch.number)
    return batch.number


def write(db: sqlite3.Connection, part: int, batch: Batch) -> None:
    """Everything that is in it, within the transaction under way."""
    insert(db, part, batch.rows("visits"), batch.rows("attempts"))
    write_looks(db, part, batch.rows("looks"))
    write_answers(db, part, batch.answers, batch.worker)
    for worker in batch.workers:
        write_worker(db, part, worker)
    if batch.beat is not None:
        write_beat(db, part, batch.beat, batch.worker)
    if batch.opened_ns is not None:
        insert_opening(db, part, batch.opened_ns, ahead_ns())
    if batch.end is not None:
        end = batch.end
        insert_end(db, part, end.how, end.planned, end.started, end.planned - end.started)


def ahead_ns() -> int:
    """How far the clock of 1970, as it is set now, is ahead of the machine's monotonic one."""
    return time.time_ns() - time.perf_counter_ns()
