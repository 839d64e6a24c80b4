"""What a scrape of /metrics tells."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from scenarios.target.line import Line
from scenarios.target.workers import Done, Pool

BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Metrics:
    """The target's figures, in a registry of their own: two targets in a process do not meet."""

    def __init__(self, pool: Pool, line: Line) -> None:
        self.registry = CollectorRegistry()
        self._queue = Histogram(
            "signup_queue_seconds",
            "Time a signup waited for a worker.",
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._service = Histogram(
            "signup_service_seconds",
            "Time a worker spent on a signup.",
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._results = Counter(
            "signups",
            "Answers to POST /signup: created, taken, turned_away, line.",
            ["result"],
            registry=self.registry,
        )
        self._gauge("signup_workers", "Workers.").set(pool.servers)
        self._gauge("signup_queue_limit", "Places in the waiting room.").set(pool.waiting_room)
        self._gauge("signup_queue_length", "Signups that wait for a worker.").set_function(
            lambda: pool.waiting
        )
        self._gauge("signup_in_service", "Signups that a worker is busy with.").set_function(
            lambda: pool.in_service
        )
        self._gauge("signup_line_length", "People who wait in the line.").set_function(
            lambda: line.lengths().waiting
        )

    def _gauge(self, name: str, documentation: str) -> Gauge:
        return Gauge(name, documentation, registry=self.registry)

    def answered(self, result: str) -> None:
        self._results.labels(result).inc()

    def served(self, done: Done[int | None]) -> None:
        self._queue.observe(done.queue_ns / 1e9)
        self._service.observe(done.service_ns / 1e9)

    def exposition(self) -> bytes:
        return generate_latest(self.registry)
