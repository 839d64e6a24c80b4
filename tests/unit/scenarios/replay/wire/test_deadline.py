"""Exchanges and the timers that end them, one for all that have the same time; nothing is judged by how long it took."""

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import pytest

from scenarios.replay.child.wire.deadline import Deadline, Deadlines
from scenarios.replay.child.wire.faults import TooLate
from simulator.units import FOREVER
from tests.hanging import HUNG_S

MS = 1_000_000
Watcher = Callable[[], Any]


@pytest.fixture
def silence() -> Iterator[Watcher]:
    """Makes what watches for something that never comes."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield lambda: gevent.get_hub().loop.io(ours.fileno(), 1)


def ends(deadline: Deadline, silence: Watcher) -> int:
    """When who waits is told that it is too late."""
    try:
        with pytest.raises(TooLate):
            deadline.wait(silence())
        return time.perf_counter_ns()
    finally:
        deadline.close()


def all_of(greenlets: list[Any]) -> list[Any]:
    gevent.joinall(greenlets, timeout=HUNG_S, raise_error=True)
    return [greenlet.value for greenlet in greenlets]


def test_each_ends_at_its_time_and_none_before(silence: Watcher) -> None:
    deadlines, waiting, least_ns = Deadlines(), [], []
    for timeout_ns in (9 * MS, 3 * MS, 3 * MS, 6 * MS, 3 * MS):
        least_ns.append(time.perf_counter_ns() + timeout_ns)
        waiting.append(gevent.spawn(ends, deadlines.begin(timeout_ns), silence))
        gevent.sleep(0.001)
    ended_ns = all_of(waiting)
    assert all(ended >= least for ended, least in zip(ended_ns, least_ns, strict=True))
    alike = [ended_ns[number] for number in (1, 2, 4)]
    assert alike == sorted(alike)


def test_what_was_answered_does_not_end(silence: Watcher) -> None:
    deadlines = Deadlines()
    answered, last = deadlines.begin(2 * MS), deadlines.begin(2 * MS)
    answered.close()
    all_of([gevent.spawn(ends, last, silence)])
    assert not answered.passed


def test_who_tries_again_at_once_is_ended_again_beside_who_began_before(silence: Watcher) -> None:
    deadlines = Deadlines()

    def again_and_again() -> None:
        for _ in range(3):
            ends(deadlines.begin(2 * MS), silence)

    first = gevent.spawn(again_and_again)
    gevent.sleep(0.001)
    all_of([first, gevent.spawn(again_and_again)])


def test_who_is_let_go_by_one_that_ends_is_not_ended_with_it(silence: Watcher) -> None:
    deadlines = Deadlines()
    first, second = deadlines.begin(1 * MS), deadlines.begin(1 * MS)

    def leads() -> None:
        ends(first, silence)
        second.close()

    over_ns = time.perf_counter_ns() + 2 * MS
    while time.perf_counter_ns() < over_ns:
        pass  # both are over by the time anybody looks
    all_of([gevent.spawn(leads)])
    all_of([gevent.spawn(ends, deadlines.begin(1 * MS), silence)])
    assert (first.passed, second.passed) == (True, False)


def test_who_comes_back_to_wait_after_the_end_does_not_wait(silence: Watcher) -> None:
    deadlines = Deadlines()
    late = deadlines.begin(1 * MS)
    all_of([gevent.spawn(ends, deadlines.begin(1 * MS), silence)])
    assert late.passed
    with pytest.raises(TooLate):
        late.wait(silence())


def test_some_have_all_the_time_there_is() -> None:
    assert Deadlines().begin(FOREVER)._term is None
