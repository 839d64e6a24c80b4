"""Sleepers and the one timer that wakes them, on the real clock; nothing is judged by how long it took."""

import time
from collections.abc import Callable, Iterator

import gevent
import pytest
from gevent.event import Event

from scenarios.replay.child.clock import Clock, alarm
from scenarios.replay.child.clock.alarm import MOST_AT_ONCE, Alarm, LoopTimer, SystemTimer, Timer
from tests.hanging import HUNG_S

MS = 1_000_000


@pytest.fixture(params=[SystemTimer, LoopTimer])
def timers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[Timer]:
    """Each kind of timer."""
    kind: type[Timer] = request.param
    monkeypatch.setattr(alarm, "timer", kind)
    return kind


class Bedroom:
    """Notes who was woken, and when."""

    def __init__(self) -> None:
        self.woken: list[tuple[str, int]] = []
        self.alarm: Alarm[str] = Alarm(self.wake)
        self.last = Event()

    def wake(self, name: str) -> None:
        self.woken.append((name, time.perf_counter_ns()))
        if name == "last":
            self.last.set()

    def names(self) -> str:
        """Of all who were woken, once the last was."""
        assert self.last.wait(HUNG_S)
        return " ".join(name for name, _ in self.woken)


@pytest.fixture
def bedroom(timers: type[Timer]) -> Iterator[Bedroom]:
    room = Bedroom()
    yield room
    room.alarm.close()


def test_everybody_is_woken_in_turn_and_nobody_early(bedroom: Bedroom) -> None:
    now_ns = time.perf_counter_ns()
    at = {"c": 3 * MS, "a": 1 * MS, "b": 1 * MS, "last": 5 * MS, "passed": -1 * MS}
    for name, ahead_ns in at.items():
        bedroom.alarm.set(now_ns + ahead_ns, name)

    assert bedroom.names() == "passed a b c last"
    assert all(woken_ns >= now_ns + at[name] for name, woken_ns in bedroom.woken)


def test_who_is_set_earlier_than_the_next_one_does_not_wait_for_him(bedroom: Bedroom) -> None:
    now_ns = time.perf_counter_ns()
    bedroom.alarm.set(now_ns + 3_600_000 * MS, "in an hour")
    bedroom.alarm.set(now_ns + 1 * MS, "last")
    assert bedroom.names() == "last"
    assert bedroom.alarm.clear() == ["in an hour"]


def test_others_have_their_turn_while_many_are_woken(bedroom: Bedroom) -> None:
    for number in range(2 * MOST_AT_ONCE):
        bedroom.alarm.set(0, str(number))
    bedroom.alarm.set(0, "last")
    turns: list[int] = []

    def other() -> None:
        while not bedroom.last.is_set():
            turns.append(len(bedroom.woken))
            gevent.sleep(0)

    gevent.spawn(other).join(HUNG_S)

    assert bedroom.names().split()[:-1] == [str(number) for number in range(2 * MOST_AT_ONCE)]
    assert any(0 < woken < 2 * MOST_AT_ONCE for woken in turns)


@pytest.mark.parametrize("missing", [AttributeError(), OSError()], ids=["macOS", "forbidden"])
def test_without_a_timer_of_the_system_the_loops_own_rings(
    missing: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(ring: Callable[[], None]) -> Timer:
        raise missing

    monkeypatch.setattr(alarm, "SystemTimer", none)
    assert isinstance(alarm.timer(lambda: None), LoopTimer)


def test_who_was_stopped_in_his_sleep_is_not_woken_from_what_he_does_then(
    timers: type[Timer],
) -> None:
    clock, never = Clock(), Event()
    found = []

    def sleep() -> None:
        try:
            clock.sleep_until(clock.now_ns() + 2 * MS)
        except gevent.GreenletExit:
            found.append(never.wait(0.02))

    sleeper = gevent.spawn(sleep)
    gevent.sleep(0)
    sleeper.kill()

    assert found == [False]
    assert clock.sleep_until(clock.now_ns() + 1 * MS) >= 0
    clock.alarm.close()
