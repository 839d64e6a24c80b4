"""What the rows of a launch say, in seconds: waits, times, and how many are there at an instant."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.outcomes.rows import UNKNOWN, Block, Result, Rows
from simulator.units import FOREVER, Floats, Ints

S = 1_000_000_000

Values = Floats | NDArray[np.bool_]
"""Of each visit or attempt that counts."""

Figure = Callable[[Block], Values | float]
"""What something came to in a launch: of each that counts, or the one value that a launch has."""


def waits_s(attempts: Rows) -> Floats:
    """From sending to the start of service, of those that were not turned away."""
    began = attempts[attempts["result"] != Result.TURNED_AWAY]
    return np.asarray((began["started"] - began["sent"]) / S)


def times_s(attempts: Rows) -> Floats:
    """From sending to the answer, of those that were not turned away."""
    served = attempts[attempts["result"] != Result.TURNED_AWAY]
    return np.asarray((served["finished"] - served["sent"]) / S)


def services_s(attempts: Rows) -> Floats:
    """From the start of service to the answer."""
    served = attempts[attempts["result"] != Result.TURNED_AWAY]
    return np.asarray((served["finished"] - served["started"]) / S)


def in_line_s(visits: Rows) -> Floats:
    """From joining to the entry, or to leaving without one."""
    return np.asarray((left_line(visits) - visits["joined"]) / S)


def left_line(visits: Rows) -> Ints:
    """When each one was in the line no more."""
    left = np.where(visits["let_in"] != UNKNOWN, visits["let_in"], visits["ended"])
    return np.where(left == UNKNOWN, FOREVER, left)


def line_at(rows: Block, at_s: float) -> float:
    """How many stand in the line at that instant."""
    return present(rows.visits["joined"], left_line(rows.visits), at_s)


def let_in(rows: Block) -> Rows:
    """Who has entered."""
    return np.asarray(rows.visits[rows.visits["let_in"] != UNKNOWN])


def in_turn(rows: Block) -> Rows:
    """Everybody in the order of joining the line."""
    return np.asarray(rows.visits[np.argsort(rows.visits["joined"], kind="stable")])


def clears_s(rows: Block, after_s: float) -> float:
    """When the line is empty for the first time after that instant."""
    visits = in_turn(rows)
    all_left = np.maximum.accumulate(left_line(visits))
    next_joins = np.append(visits["joined"][1:], np.iinfo(np.int64).max)
    empty = (all_left <= next_joins) & (all_left >= after_s * S)
    return float(all_left[np.argmax(empty)] / S)


def wait_from_s(rows: Block, at_s: float) -> float:
    """How long the first one waits who joins the line at that instant or later."""
    visits = in_turn(rows)
    return float(in_line_s(visits)[np.searchsorted(visits["joined"], at_s * S)])


def in_service_at(rows: Block, at_s: float) -> float:
    attempts = rows.attempts
    return present(attempts["started"], attempts["finished"], at_s)


def present(came: Ints, left: Ints, at_s: float) -> float:
    at_ns = round(at_s * S)
    return float(((came <= at_ns) & (left > at_ns)).sum())


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a launch: what begins in it counts."""

    from_s: float
    to_s: float

    @property
    def length_s(self) -> float:
        return self.to_s - self.from_s

    def within(self, rows: Rows, instant: str) -> Rows:
        """The rows whose instant of that name is in the window."""
        at = rows[instant]
        return rows[(at >= self.from_s * S) & (at < self.to_s * S)]

    def attempts(self, rows: Block) -> Rows:
        return self.within(rows.attempts, "sent")

    def visits(self, rows: Block) -> Rows:
        return self.within(rows.visits, "arrived")

    def a_second(self, values: Values) -> float:
        """What comes of it a second. By Little's law the time spent by those who came is how many
        were there: exact in the mean, if things have settled."""
        return float(values.sum()) / self.length_s

    def turned_away(self, rows: Block) -> Values:
        return np.asarray(self.attempts(rows)["result"] == Result.TURNED_AWAY)

    def waits_s(self, rows: Block) -> Floats:
        return waits_s(self.attempts(rows))

    def times_s(self, rows: Block) -> Floats:
        return times_s(self.attempts(rows))

    def waits_longer(self, t_s: float) -> Figure:
        return lambda rows: self.waits_s(rows) > t_s

    def stays_longer(self, t_s: float) -> Figure:
        return lambda rows: self.times_s(rows) > t_s

    def waiting(self, rows: Block) -> float:
        """How many wait."""
        return self.a_second(self.waits_s(rows))

    def present(self, rows: Block) -> float:
        """How many wait or are served."""
        return self.a_second(self.times_s(rows))

    def busy(self, rows: Block) -> float:
        """How many are served."""
        return self.a_second(services_s(self.attempts(rows)))

    def goodput(self, rows: Block) -> float:
        return self.a_second(self.times_s(rows) >= 0)

    def shares(self, came: Ints, left: Ints, most: int) -> Floats:
        """Of the time in the window, how much of it 0, 1, ..., ``most`` or more were present."""
        came_s, left_s = (np.clip(at / S, self.from_s, self.to_s) for at in (came, left))
        instants = np.concatenate([[self.from_s], came_s, left_s, [self.to_s]])
        steps = np.concatenate([[0], np.ones(len(came)), -np.ones(len(left)), [0]])
        order = np.argsort(instants, kind="stable")
        number = np.minimum(np.cumsum(steps[order])[:-1].astype(np.int64), most)
        lasts_s = np.diff(instants[order])
        return np.bincount(number, weights=lasts_s, minlength=most + 1) / self.length_s
