"""Outcomes folded into counts and histograms, mergeable by addition.

What is printed of them is defined in :mod:`simulator.figures` and nowhere else, so that figures are
the same whether or not rows are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.histogram import Histogram
from simulator.outcomes import UNKNOWN, Block, Fate, Outcomes, Result, Rows

PHASE_EDGES_NS = (10_000_000_000, 60_000_000_000)
PHASES = ("first 10 s", "10 s to 60 s", "the rest")
"""By the intended instant: a calm tail dilutes a surge, so they are judged apart."""


@dataclass(slots=True, eq=False)
class Bins:
    """Counts by the bin of time in which something happened; all of equal length."""

    arrivals: NDArray[np.int64]
    joined: NDArray[np.int64]
    left_line: NDArray[np.int64]
    let_in: NDArray[np.int64]
    gone: NDArray[np.int64]
    served: NDArray[np.int64]
    good: NDArray[np.int64]
    turned_away: NDArray[np.int64]

    @classmethod
    def zeros(cls, size: int) -> Bins:
        return cls(*(np.zeros(size, np.int64) for _ in fields(cls)))

    def merged(self, other: Bins) -> Bins:
        return Bins(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def line(self) -> NDArray[np.int64]:
        """The length of the line at the end of each bin."""
        return np.cumsum(self.joined - self.left_line)

    @property
    def present(self) -> NDArray[np.int64]:
        """How many have come and not gone, at the end of each bin; more than that within one."""
        return np.cumsum(self.arrivals - self.gone)


@dataclass(slots=True, kw_only=True, eq=False)
class Summary:
    """One launch (or several merged ones) in counts."""

    bin_ns: int
    horizon_ns: int
    end_ns: int
    good_within_ns: int
    """A visit is good if it was served and its response is not longer than this."""
    bins: Bins
    fates: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(Fate), np.int64))
    results: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(Result), np.int64))
    wait: Histogram = field(default_factory=Histogram)
    """Arrival to entry, of those who stood in the line and were let in."""
    responses: list[Histogram] = field(default_factory=lambda: [Histogram() for _ in PHASES])
    """Entry (arrival, without a line) to the success, by phase; who was let in and never
    succeeded is infinite."""
    service: Histogram = field(default_factory=Histogram)
    """Start of service to last byte of each attempt that succeeded."""
    exchange: Histogram = field(default_factory=Histogram)
    """Send to last byte of each attempt that succeeded."""
    lag: Histogram = field(default_factory=Histogram)
    """Intended instant to the real start: the generator's own delay, 0 in a prediction."""

    @classmethod
    def empty(cls, *, bin_ns: int, horizon_ns: int, end_ns: int, good_within_ns: int) -> Summary:
        return cls(
            bin_ns=bin_ns,
            horizon_ns=horizon_ns,
            end_ns=end_ns,
            good_within_ns=good_within_ns,
            bins=Bins.zeros(-(-end_ns // bin_ns)),
        )

    @property
    def response(self) -> Histogram:
        """All phases together."""
        first, *others = self.responses
        for other in others:
            first = first.merged(other)
        return first

    @property
    def arrivals(self) -> int:
        return int(self.fates.sum())

    @property
    def let_in(self) -> int:
        return int(self.fates[[Fate.SERVED, Fate.GAVE_UP, Fate.UNFINISHED]].sum())

    def add(self, block: Block) -> None:
        """Fold one block in."""
        self._add_visits(block.visits)
        self._add_attempts(block.attempts)

    def _add_visits(self, visits: Rows) -> None:
        fate, arrived, joined = visits["fate"], visits["arrived"], visits["joined"]
        let_in, ended = visits["let_in"], visits["ended"]
        self.fates += np.bincount(fate, minlength=len(Fate))
        lined, entered, sent = joined != UNKNOWN, let_in != UNKNOWN, fate != Fate.UNSENT
        served, left = fate == Fate.SERVED, lined & (fate == Fate.RENEGED)
        self._count("arrivals", arrived)
        self._count("joined", joined[lined])
        self._count("left_line", let_in[lined & entered])
        self._count("left_line", ended[left])
        self._count("let_in", let_in[entered])
        self._count("gone", ended[ended != UNKNOWN])
        self._count("served", ended[served])

        self.wait.add((let_in - arrived)[lined & entered])
        self.lag.add((np.where(lined, joined, let_in) - arrived)[sent & (lined | entered)])
        response = ended - np.where(lined, let_in, arrived)
        self._count("good", ended[served & (response <= self.good_within_ns)])
        phase = np.searchsorted(PHASE_EDGES_NS, arrived, side="right")
        for number, histogram in enumerate(self.responses):
            here = phase == number
            histogram.add(response[served & here])
            histogram.infinite += int((entered & ~served & here).sum())

    def _add_attempts(self, attempts: Rows) -> None:
        result = attempts["result"]
        self.results += np.bincount(result, minlength=len(Result))
        success = result == Result.SUCCESS
        begun = success & (attempts["started"] != UNKNOWN)
        self.service.add((attempts["finished"] - attempts["started"])[begun])
        self.exchange.add((attempts["finished"] - attempts["sent"])[success])
        self._count("turned_away", attempts["sent"][result == Result.TURNED_AWAY])

    def _count(self, name: str, instants_ns: NDArray[np.int64]) -> None:
        counts: NDArray[np.int64] = getattr(self.bins, name)
        where = np.clip(instants_ns // self.bin_ns, 0, len(counts) - 1)
        counts += np.bincount(where, minlength=len(counts))

    def merged(self, other: Summary) -> Summary:
        """Both together; they must be of the same plan."""
        return Summary(
            bin_ns=self.bin_ns,
            horizon_ns=self.horizon_ns,
            end_ns=self.end_ns,
            good_within_ns=self.good_within_ns,
            bins=self.bins.merged(other.bins),
            fates=self.fates + other.fates,
            results=self.results + other.results,
            wait=self.wait.merged(other.wait),
            responses=[a.merged(b) for a, b in zip(self.responses, other.responses, strict=True)],
            service=self.service.merged(other.service),
            exchange=self.exchange.merged(other.exchange),
            lag=self.lag.merged(other.lag),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "bin_ns": self.bin_ns,
            "horizon_ns": self.horizon_ns,
            "end_ns": self.end_ns,
            "good_within_ns": self.good_within_ns,
            "bins": {f.name: getattr(self.bins, f.name).tolist() for f in fields(Bins)},
            "fates": self.fates.tolist(),
            "results": self.results.tolist(),
            "wait": self.wait.to_json(),
            "responses": [histogram.to_json() for histogram in self.responses],
            "service": self.service.to_json(),
            "exchange": self.exchange.to_json(),
            "lag": self.lag.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Summary:
        return cls(
            bin_ns=data["bin_ns"],
            horizon_ns=data["horizon_ns"],
            end_ns=data["end_ns"],
            good_within_ns=data["good_within_ns"],
            bins=Bins(*(np.array(data["bins"][f.name], np.int64) for f in fields(Bins))),
            fates=np.array(data["fates"], np.int64),
            results=np.array(data["results"], np.int64),
            wait=Histogram.from_json(data["wait"]),
            responses=[Histogram.from_json(histogram) for histogram in data["responses"]],
            service=Histogram.from_json(data["service"]),
            exchange=Histogram.from_json(data["exchange"]),
            lag=Histogram.from_json(data["lag"]),
        )


def summarise(outcomes: Outcomes, *, bin_ns: int, good_within_ns: int) -> Summary:
    """Fold a stream of blocks; nothing but the current block is held."""
    summary = Summary.empty(
        bin_ns=bin_ns,
        horizon_ns=outcomes.horizon_ns,
        end_ns=outcomes.end_ns,
        good_within_ns=good_within_ns,
    )
    for block in outcomes.blocks:
        summary.add(block)
    return summary
