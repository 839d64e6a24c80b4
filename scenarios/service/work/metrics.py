"""What a scrape of /metrics tells."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from scenarios.service.work.workers import Done, Pool

BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Metrics:
    """The target's figures, in a registry of their own: two targets in a process do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._queue = self._histogram(
            "request_queue_seconds", "Time a request waited for a worker."
        )
        self._service = self._histogram(
            "request_service_seconds", "Time a worker spent on a request."
        )
        self._results = Counter(
            "requests",
            "Answers to the requests that need a worker.",
            ["endpoint", "result"],
            registry=self.registry,
        )
        self._workers = self._gauge("station_workers", "Workers.", "station")
        self._limit = self._gauge("station_queue_limit", "Places in the waiting room.", "station")
        self._waiting = self._gauge(
            "station_queue_length", "Requests that wait for a worker.", "station"
        )
        self._in_service = self._gauge(
            "station_in_service", "Requests that a worker is busy with.", "station"
        )
        self.line_length = self._gauge("signup_line_length", "People who wait in the line.")

    def _histogram(self, name: str, documentation: str) -> Histogram:
        return Histogram(
            name, documentation, ["endpoint"], buckets=BUCKETS_S, registry=self.registry
        )

    def _gauge(self, name: str, documentation: str, *labels: str) -> Gauge:
        return Gauge(name, documentation, labels, registry=self.registry)

    def watch(self, station: str, pool: Pool) -> None:
        """Tell of a pool from now on."""
        self._workers.labels(station).set(pool.servers)
        self._limit.labels(station).set(pool.waiting_room)
        self._waiting.labels(station).set_function(lambda: pool.waiting)
        self._in_service.labels(station).set_function(lambda: pool.in_service)

    def watch_signup(self, pool: Pool) -> None:
        """Tell what a probe asks for by these names, of any server."""
        self._gauge("signup_workers", "Workers for signups.").set(pool.servers)
        self._gauge("signup_queue_limit", "Places for signups that wait.").set(pool.waiting_room)

    def answered(self, endpoint: str, result: str) -> None:
        self._results.labels(endpoint, result).inc()

    def served(self, endpoint: str, done: Done[Any]) -> None:
        self._queue.labels(endpoint).observe(done.queue_ns / 1e9)
        self._service.labels(endpoint).observe(done.service_ns / 1e9)

    def exposition(self) -> bytes:
        return generate_latest(self.registry)
