"""What was seen while so many were in flight: one visit of a rung, and the means of its visits.

Requests within seconds of one another share what the machine did just then, so they are not independent
samples: each visit of a rung is one batch, and standard errors come from the means of batches alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from simulator.scenario.words.rehearsal.requests import Request

LITTLE = 0.02
"""Share by which N and X R may differ before it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request of one person, and its answer."""

    request: Request
    sent_ns: int
    seen_ns: int
    """When its last byte had come."""
    status: int
    service_ns: int | None = None
    """How long the server says that it worked on it."""
    queue_ns: int | None = None
    """How long it says that the request waited for a worker."""
    refused: bool = False
    told: str = ""
    """What a refusal said of when to come again, or of its limit."""

    @property
    def took_ns(self) -> int:
        return self.seen_ns - self.sent_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One batch: what was seen in a window in which always so many were in flight."""

    n: int
    sweep: int
    begin_ns: int
    end_ns: int
    exchanges: tuple[Exchange, ...]
    """All that had anything to do with the window, those that lie across its borders as well."""
    cpu_s: float | None = None
    """Processor time of the target in the window, where it can be had."""
    own_cpu: float = 0.0
    """Cores that the probe itself kept busy."""
    busy: float = math.nan
    """Cores that everybody on this machine together kept busy; NaN: nobody knows."""
    paced: bool = False
    """Whether there were pauses on purpose: X is then what it would be without them."""

    @property
    def window_s(self) -> float:
        return (self.end_ns - self.begin_ns) / 1e9

    def share_inside(self, exchange: Exchange) -> float:
        """How much of an exchange lies in the window."""
        inside_ns = min(exchange.seen_ns, self.end_ns) - max(exchange.sent_ns, self.begin_ns)
        return max(0, inside_ns) / max(1, exchange.took_ns)

    @property
    def completed(self) -> tuple[Exchange, ...]:
        return tuple(e for e in self.exchanges if self.begin_ns <= e.seen_ns <= self.end_ns)

    @property
    def per_s(self) -> float:
        """X: those across a border count by their part, so that a short window is not unfair."""
        if self.paced:
            return self.n / self.answer_s
        return sum(map(self.share_inside, self.exchanges)) / self.window_s

    @property
    def answer_s(self) -> float:
        """R: the mean of those that were answered within the window."""
        return float(np.mean([e.took_ns for e in self.completed])) / 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The figures of one visit, which is all that the estimator looks at."""

    n: int
    sweep: int
    """Batches of one sweep were measured within the same minute: they are compared in pairs."""
    per_s: float
    answer_s: float
    many: int = 0
    """Answers in it; 0: not told, and what their chance explains is not known."""
    spread_s: float = 0.0
    """Standard deviation of these answers, of each request by itself: that requests differ is no chance."""
    quickest_s: float = 0.0
    """Mean answer of the request that is answered soonest; 0: not told."""


def batch_of(visit: Visit) -> Batch:
    took_s = [
        np.array([e.took_ns for e in visit.completed if e.request == request]) / 1e9
        for request in dict.fromkeys(e.request for e in visit.completed)
    ]
    off_s = np.concatenate([of - of.mean() for of in took_s])
    return Batch(
        n=visit.n,
        sweep=visit.sweep,
        per_s=visit.per_s,
        answer_s=visit.answer_s,
        many=len(visit.completed),
        spread_s=float(np.sqrt(np.square(off_s).mean())),
        quickest_s=min(float(of.mean()) for of in took_s),
    )


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of batches, and how far it may be off."""

    value: float
    error: float
    """Its standard error; infinite where there is one batch only."""
    batches: int

    @property
    def relative_error(self) -> float:
        return self.error / self.value if self.value else math.inf

    def bounds(self, confidence: float = 0.95) -> tuple[float, float]:
        """One-sided limits, by Student's t: below, above."""
        if self.batches < 2:
            return -math.inf, math.inf
        far = float(stats.t.ppf(confidence, self.batches - 1)) * self.error
        return self.value - far, self.value + far


def mean_of(values: Sequence[float]) -> Mean:
    """The mean of batch means, with its standard error."""
    found = np.array(values, dtype=float)
    error = float(found.std(ddof=1) / math.sqrt(len(found))) if len(found) > 1 else math.inf
    return Mean(float(found.mean()), error, len(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """All visits of one rung."""

    n: int
    visits: tuple[Visit, ...]

    @property
    def per_s(self) -> Mean:
        return mean_of([visit.per_s for visit in self.visits])

    @property
    def answer_s(self) -> Mean:
        return mean_of([visit.answer_s for visit in self.visits])

    @property
    def little(self) -> float:
        """X R / N: 1 by Little's law where the probe itself takes no time between two requests."""
        held = sum(visit.per_s * visit.answer_s * visit.window_s for visit in self.visits)
        return held / self.n / sum(visit.window_s for visit in self.visits)

    @property
    def cpu_s(self) -> Mean | None:
        """Processor time of the target for one request."""
        found = [
            visit.cpu_s / (visit.per_s * visit.window_s)
            for visit in self.visits
            if visit.cpu_s is not None
        ]
        return mean_of(found) if found else None

    @property
    def own_cpu(self) -> float:
        return max(visit.own_cpu for visit in self.visits)


def rungs_of(visits: Iterable[Visit]) -> tuple[Rung, ...]:
    """Rung by rung, those whose visits saw an answer."""
    found: dict[int, list[Visit]] = {}
    for visit in visits:
        if visit.completed and visit.window_s > 0:
            found.setdefault(visit.n, []).append(visit)
    return tuple(Rung(n=n, visits=tuple(found[n])) for n in sorted(found))
