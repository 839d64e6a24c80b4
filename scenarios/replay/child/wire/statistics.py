"""What Locust hears of requests: its statistics, ten times a second, or its event, where somebody listens.

Locust counts each request by itself, behind an event with a dozen arguments, which makes a request a fifth
dearer (docs/injector.md). Where nobody but Locust's own runner listens, requests are put together for a tenth of a second and
added as those of a worker are (``StatsEntry.extend``), so that its page and its files say the same.
"""

from __future__ import annotations

import time
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import gevent
import locust.stats
import numpy as np
from locust.env import Environment
from locust.exception import CatchResponseError
from locust.stats import RequestStats, StatsEntry, StatsError

from scenarios.http.answers.answer import Answer
from simulator.units import Floats

EVERY_S = 0.1
RUNNER = "locust.runners"
USUAL = locust.stats.bucket_response_time
"""Locust's own rounding of times, which a locustfile may replace."""
SHORT_MS = 100
"""Below this it is to whole milliseconds."""


@dataclass(slots=True)
class Batch:
    """The requests of one name and method since the last time."""

    times_ms: array[float] = field(default_factory=lambda: array("d"))
    n_bytes: int = 0
    faults: Counter[str] = field(default_factory=Counter)


class Statistics:
    """Hears of every request of a process."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self._batches: defaultdict[tuple[str, str], Batch] = defaultdict(Batch)
        self._owner = RequestStats(use_response_times_cache=False)
        """Of every batch's entry. It refers to itself, so one for each would be left behind by each, ten times a
        second, since nothing collects such garbage during a surge."""
        self._timer: Any = gevent.get_hub().loop.timer(EVERY_S, EVERY_S, ref=False)

    def hear(
        self, method: str, name: str, took_s: float, answer: Answer, fault: str, n_bytes: int
    ) -> None:
        """A request, and what kept its visitor from getting on: "" where nothing did."""
        handlers = self.environment.events.request._handlers  # noqa: SLF001 - it has no other name
        if not handlers:
            return
        if len(handlers) > 1 or handlers[0].__module__ != RUNNER:
            self.fire(method, name, took_s, answer, fault, n_bytes)
            return
        if not self._timer.active:
            self._timer.again(self.tell)  # one that is started again has nothing left to wait for
        batch = self._batches[name, method]
        batch.times_ms.append(took_s * 1000)
        batch.n_bytes += n_bytes
        if fault:
            batch.faults[fault] += 1

    def fire(
        self, method: str, name: str, took_s: float, answer: Answer, fault: str, n_bytes: int
    ) -> None:
        """Locust's event, for whoever listens to it."""
        self.environment.events.request.fire(  # type: ignore[no-untyped-call]
            request_type=method,
            name=name,
            response_time=took_s * 1000,
            response_length=n_bytes,
            response=Response(answer),
            context={},
            exception=CatchResponseError(fault) if fault else None,
            start_time=time.time() - took_s,
            url=answer.asked,
        )

    def tell(self) -> None:
        """Add what has come together to Locust's statistics."""
        self._timer.stop()
        now_s, stats = time.time(), self.environment.stats
        for (name, method), batch in self._batches.items():
            entry = entry_of(self._owner, name, method, batch, now_s)
            stats.entries[name, method].extend(entry)
            stats.total.extend(entry)
            for fault, times in batch.faults.items():
                error = CatchResponseError(fault)
                key = StatsError.create_key(method, name, error)
                known = stats.errors.setdefault(key, StatsError(method, name, error, 0, now_s))
                known.occurrences += times
                known.last_seen = now_s
        self._batches.clear()


def entry_of(owner: RequestStats, name: str, method: str, batch: Batch, now_s: float) -> StatsEntry:
    """A batch as an entry of Locust's statistics, which the owner does not know of."""
    made = StatsEntry(owner, name, method)
    entry: Any = made  # it is typed for whole milliseconds, which nobody has
    times_ms, failed = np.frombuffer(batch.times_ms), batch.faults.total()
    entry.num_requests = len(times_ms)
    entry.num_failures = failed
    entry.total_response_time = float(times_ms.sum())
    entry.min_response_time, entry.max_response_time = times_ms.min().item(), times_ms.max().item()
    entry.total_content_length = batch.n_bytes
    entry.last_request_timestamp = now_s
    entry.response_times.update(buckets(times_ms))
    entry.num_reqs_per_sec[int(now_s)] = len(times_ms)
    if failed:
        entry.num_fail_per_sec[int(now_s)] = failed
    return made


def buckets(times_ms: Floats) -> Counter[int]:
    """How many times are rounded to which, as Locust rounds each.

    >>> sorted(buckets(np.array([0.5, 1.5, 2.4, 99.7, 104.0, 1234.0])).items())
    [(0, 1), (2, 2), (100, 2), (1200, 1)]
    """
    bucket = locust.stats.bucket_response_time
    if bucket is not USUAL:
        return Counter(map(bucket, times_ms.tolist()))
    short = times_ms < SHORT_MS
    found = Counter(map(bucket, times_ms[~short].tolist()))
    for ms, many in enumerate(np.bincount(np.rint(times_ms[short]).astype(np.intp)).tolist()):
        found[ms] += many
    return +found


class Response:
    """An answer as the listeners of Locust's event know one."""

    def __init__(self, answer: Answer) -> None:
        self.status_code, self.headers, self.url = answer.status, answer.headers, answer.asked
        self.content = answer.content

    @property
    def ok(self) -> bool:
        return 0 < self.status_code < 400

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")
