"""What was seen of a rehearsal until now: rows folded in as they come, and the newest sign of life of each worker.

Who is under way has no row yet, so how many came and how many stand in the line is told by the beats.
"""

from __future__ import annotations

import threading
from array import array
from dataclasses import dataclass, field

import numpy as np

from scenarios.replay.beats import Beat
from scenarios.replay.keeping.batch import Batch
from scenarios.replay.live.quantities import ARRIVED, IN_LINE, PRESENT, Quantity
from simulator.outcomes.counts import fold
from simulator.outcomes.counts.durations import Durations
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import ATTEMPT, UNKNOWN, VISIT, Block, Fate, Result, Rows
from simulator.plan.plan import Plan
from simulator.units import NS_PER_S

LIMITS_NS = tuple(
    round(ms * 1e6) for ms in (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000)
)
"""What the durations of requests are counted against: Prometheus' own buckets, and one longer."""
BY_BEATS = {ARRIVED: "started", IN_LINE: "waiting", PRESENT: "in_flight"}
"""Which of a beat's counts each of these is."""


BEHIND_NS = 3 * NS_PER_S
"""Who is behind the newest beat by more has ended, or is lost: it holds nobody up any more."""
SHORTEST_NS = 900_000_000
"""A rate is of about a second: beats come each second, and several workers' in between."""

Point = tuple[float, float]
"""Seconds since the opening, and a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How many stood in the line, and how many were served by then, at an instant."""

    at_ns: int
    in_line: int
    served: int


@dataclass(slots=True, eq=False)
class Observed:
    """Heard in one thread, and looked at in others: whoever does either holds ``lock``."""

    summary: Summary
    requests: tuple[Durations, ...]
    """Of each place: from sending to the last byte, of attempts that succeeded."""
    beats: dict[int, Beat] = field(default_factory=dict)
    """The newest of each worker."""
    levels: list[Level] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def of(cls, plan: Plan) -> Observed:
        """Nothing has been seen of it."""
        layout = plan.layout
        return cls(
            summary=Summary.empty(
                bin_ns=plan.bin_ns, horizon_ns=plan.horizon_ns, end_ns=plan.end_ns, layout=layout
            ),
            requests=tuple(Durations.against(LIMITS_NS) for _ in layout.places),
        )

    # Hearing

    def hear(self, batch: Batch) -> None:
        """Everything that a worker tells at once."""
        if batch.visits or batch.attempts:
            visits, attempts = rows_of(batch.visits, VISIT), rows_of(batch.attempts, ATTEMPT)
            self.hear_rows(Block(visits=visits, attempts=attempts))
        if batch.beat is not None:
            self.hear_beat(batch.beat, batch.worker)

    def hear_rows(self, block: Block) -> None:
        """Visits and attempts that have ended since."""
        attempts = block.attempts
        success = (attempts["result"] == Result.SUCCESS) & (attempts["finished"] != UNKNOWN)
        places = self.summary.layout.place_of_step[attempts["step"]]
        lasted_ns = attempts["finished"] - attempts["sent"]
        with self.lock:
            fold.add(self.summary, block, told=False)
            for place, durations in enumerate(self.requests):
                durations.add(lasted_ns[success & (places == place)])

    def hear_beat(self, beat: Beat, worker: int = 0) -> None:
        """A sign of life of one worker."""
        with self.lock:
            self.beats[worker] = beat
            self.levels.append(
                Level(
                    at_ns=self.now_ns,
                    in_line=self.value(IN_LINE),
                    served=int(self.summary.bins.served.sum()),
                )
            )

    # Telling

    @property
    def now_ns(self) -> int:
        """Until when all workers have been heard of that are still heard, since the opening; 0 before."""
        beats = [beat.at_ns for beat in self.beats.values()]
        newest = max(beats, default=0)
        return max(0, min((at_ns for at_ns in beats if at_ns > newest - BEHIND_NS), default=0))

    def value(self, quantity: Quantity) -> int:
        """What it has come to."""
        told = BY_BEATS.get(quantity)
        if told is not None:
            beats: int = sum(getattr(beat, told) for beat in self.beats.values())
            return beats + (self.still_there if quantity is not ARRIVED else 0)
        return int(quantity.read(self.summary)[-1])

    @property
    def still_there(self) -> int:
        """Who has a row although he stands in the line: he would look again after the end only."""
        return int(self.summary.fates[Fate.WAITING])

    def line_seen(self) -> list[Point]:
        """How many stood in the line."""
        with self.lock:
            return [(level.at_ns / NS_PER_S, float(level.in_line)) for level in self.levels]

    def rate_seen(self) -> list[Point]:
        """How many were served a second, over a second each."""
        with self.lock:
            levels = list(self.levels)
        points, since = list[Point](), Level(at_ns=0, in_line=0, served=0)
        for level in levels:
            lasted_ns = level.at_ns - since.at_ns
            if lasted_ns >= SHORTEST_NS:
                rate = (level.served - since.served) * NS_PER_S / lasted_ns
                points.append((level.at_ns / NS_PER_S, rate))
                since = level
        return points


def rows_of(cells: array[int], kind: np.dtype[np.void]) -> Rows:
    """Cells, row after row."""
    return np.frombuffer(cells.tobytes(), kind)
