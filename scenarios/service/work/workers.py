"""The bounded pool of workers: first come, first served, with a waiting room."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[T]):
    """What came of some work, how long it waited and how long it took."""

    value: T
    queue_ns: int
    service_ns: int


class Pool:
    """``servers`` threads and a waiting room; who finds it full is turned away.

    Threads, because scrypt releases the interpreter's lock. Work that was taken on is done, whether
    or not the client that asked for it still listens: this is what real services do.
    """

    def __init__(self, servers: int, waiting_room: int, name: str = "signup") -> None:
        self.servers = servers
        self.waiting_room = waiting_room
        self._threads = ThreadPoolExecutor(servers, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._present = 0
        self._completed = 0
        self._service_ns = 0

    def submit(self, work: Callable[[], T]) -> Future[Done[T]] | None:
        """Queue the work; None: the waiting room is full."""
        with self._lock:
            if self._present >= self.servers + self.waiting_room:
                return None
            self._present += 1
        return self._threads.submit(self._do, work, time.perf_counter_ns())

    def _do(self, work: Callable[[], T], submitted_ns: int) -> Done[T]:
        started_ns = time.perf_counter_ns()
        try:
            value = work()
        finally:
            service_ns = time.perf_counter_ns() - started_ns
            with self._lock:
                self._present -= 1
                self._completed += 1
                self._service_ns += service_ns
        return Done(value=value, queue_ns=started_ns - submitted_ns, service_ns=service_ns)

    @property
    def in_service(self) -> int:
        return min(self._present, self.servers)

    @property
    def waiting(self) -> int:
        return max(0, self._present - self.servers)

    def drained_in_s(self, waiting: int) -> float:
        """How long so many who wait will keep the workers busy, by the mean so far."""
        with self._lock:
            if not self._completed:
                return 0.0
            return waiting * self._service_ns / self._completed / self.servers / 1e9

    def close(self) -> None:
        """Finish what is in service; what still waits is given up."""
        self._threads.shutdown(wait=True, cancel_futures=True)
