"""The pool: first come, first served, bounded, and true to what it took on."""

import threading
import time
from concurrent.futures import Future
from functools import partial

from scenarios.service.work.workers import Done, Pool


def held(pool: Pool) -> tuple[threading.Event, list[Future[Done[str]]]]:
    """All workers busy until the event is set."""
    go, started = threading.Event(), threading.Semaphore(0)

    def work() -> str:
        started.release()
        go.wait()
        return "held"

    jobs = [pool.submit(work) for _ in range(pool.servers)]
    for _ in jobs:
        started.acquire()
    return go, [job for job in jobs if job is not None]


def test_who_finds_the_waiting_room_full_is_turned_away() -> None:
    pool = Pool(servers=2, waiting_room=3)
    go, _ = held(pool)
    taken = [pool.submit(lambda: "waited") is not None for _ in range(5)]
    assert taken == [True, True, True, False, False]
    assert (pool.in_service, pool.waiting) == (2, 3)
    go.set()
    pool.close()


def test_a_free_worker_takes_work_even_without_a_waiting_room() -> None:
    pool = Pool(servers=1, waiting_room=0)
    job = pool.submit(lambda: 42)
    assert job is not None
    assert job.result().value == 42
    assert (pool.in_service, pool.waiting) == (0, 0)
    pool.close()


def test_work_is_done_in_order_of_coming() -> None:
    pool = Pool(servers=1, waiting_room=10)
    go, _ = held(pool)
    order: list[int] = []
    jobs = [pool.submit(partial(order.append, number)) for number in range(10)]
    go.set()
    assert all(job is not None and job.result() for job in jobs)
    assert order == list(range(10))
    pool.close()


def test_work_that_fails_frees_its_worker() -> None:
    pool = Pool(servers=1, waiting_room=0)
    job = pool.submit(lambda: 1 // 0)
    assert job is not None
    assert isinstance(job.exception(), ZeroDivisionError)
    assert pool.submit(lambda: 42) is not None
    pool.close()


def test_the_wait_for_a_worker_is_measured_apart_from_the_work() -> None:
    pool = Pool(servers=1, waiting_room=1)
    go, _ = held(pool)
    submitted_ns = time.perf_counter_ns()
    second = pool.submit(time.perf_counter_ns)
    go.set()
    assert second is not None
    done = second.result()
    assert 0 < done.queue_ns <= done.value - submitted_ns
    pool.close()
