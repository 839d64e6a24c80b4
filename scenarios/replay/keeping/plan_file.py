"""The plan's rows as a file beside the orders, which whoever sends them reads before the opening.

They lie in the run's store as well, for the reports; who sends load touches no store.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from simulator.errors import InvalidRun
from simulator.host.files import private, unkept
from simulator.timetable.timetable import Arrivals
from simulator.units import Ints

COLUMNS = 3
"""Visitor, people, arrived; integers in 64 bits, the least byte first."""


def plan_beside(orders: Path) -> Path:
    """The file of the plan that orders are about."""
    return orders.with_suffix(".plan")


def write_plan(path: Path, arrivals: Iterable[Arrivals]) -> None:
    """Raises NotKept where it cannot be written."""
    try:
        with os.fdopen(private(path, os.O_TRUNC), "wb") as file:
            for rows in arrivals:
                columns = [rows.visitor, rows.people, rows.arrived_ns]
                file.write(np.column_stack(columns).astype("<i8").tobytes())
    except OSError as error:
        raise unkept(path, error) from error


def read_plan(path: Path, sha256: str) -> Ints:
    """The rows in their order, each with its place, from 0 on, as a fourth column.

    Raises NotKept where it cannot be read, InvalidRun where it is not what was predicted.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unkept(path, error) from error
    return plan_of(data, sha256)


def plan_of(data: bytes, sha256: str) -> Ints:
    """The same of its bytes; ``sha256`` is as :attr:`simulator.timetable.timetable.Timetable.sha256` makes it."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise InvalidRun("the planned rows are not the timetable that was predicted: run it again")
    rows = np.frombuffer(data, "<i8").astype(np.int64).reshape(-1, COLUMNS)
    return np.column_stack([rows, np.arange(len(rows))])


def shard_of(plan: Ints, shard: int, of: int, sessions: Sequence[int] | None = None) -> Ints:
    """The rows of a plan that one of several workers sends.

    ``sessions``: of recorded requests, by their places: all of one are sent by one worker, who has its cookies.

    By their places, and not by the visitors' numbers: those of a block begin anew, so that the first
    worker would get more of a thin plan. In turns they come as evenly as the plan.
    """
    if sessions is not None:
        of_worker = np.asarray(sessions, np.int64)[plan[:, COLUMNS]] % of
        return np.asarray(plan[of_worker == shard])
    return plan[shard::of]
