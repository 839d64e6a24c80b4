"""Lives lived beside one another: who has a greenlet, and who has none."""

from collections.abc import Iterator
from typing import Any

import gevent
import pytest
from gevent.event import Event

from scenarios.replay.child.clock import Clock
from scenarios.replay.child.surge.crowd import Crowd
from scenarios.replay.child.visitors.visit import Life
from tests.hanging import HUNG_S

S, MS = 1_000_000_000, 1_000_000
FAR_NS = 3_600 * S


@pytest.fixture
def faults() -> list[BaseException]:
    return []


@pytest.fixture
def crowd(faults: list[BaseException]) -> Iterator[Crowd]:
    clock = Clock()

    def watched(work: Any, *of: Any) -> gevent.Greenlet:
        greenlet = gevent.Greenlet(work, *of)
        greenlet.link_exception(lambda failed: faults.append(failed.exception))
        return greenlet

    made = Crowd(clock, watched)
    yield made
    made.stop(HUNG_S)
    made.alarm.close()


class Log(list[str]):
    """What somebody did."""

    def sleeps(self, *until_ns: int) -> Life:
        try:
            for at_ns in until_ns:
                yield at_ns
                self.append("woke")
        finally:
            self.append("left")

    def asks(self, answer: Event) -> Life:
        try:
            answer.wait()
            self.append("answered")
            yield FAR_NS
        finally:
            self.append("left")


def test_who_sleeps_has_no_greenlet_and_may_be_many(crowd: Crowd) -> None:
    logs = [Log() for _ in range(300)]
    for log in logs:
        crowd.start(log.sleeps(FAR_NS))
        gevent.sleep(0)  # he falls asleep before the next one comes

    assert (crowd.living, crowd.awake) == (300, 0)
    assert len(crowd.greenlets) == len(crowd.idle) <= 2
    crowd.stop(HUNG_S)
    assert logs == [["left"]] * 300


def test_everybody_goes_on_at_his_instant_until_all_are_gone(crowd: Crowd) -> None:
    now_ns, logs = crowd.clock.now_ns(), [Log() for _ in range(50)]
    for number, log in enumerate(logs):
        crowd.start(log.sleeps(now_ns + number * MS // 10, now_ns + 2 * MS, now_ns + 6 * MS))
    crowd.join(round(HUNG_S * S))

    assert logs == [["woke", "woke", "woke", "left"]] * 50
    assert (crowd.living, crowd.awake) == (0, 0)


def test_what_has_passed_is_not_waited_for(crowd: Crowd) -> None:
    log, order = Log(), Log()
    crowd.start(log.sleeps(crowd.clock.now_ns() - 1, crowd.clock.now_ns()))
    crowd.start(order.sleeps(FAR_NS))
    gevent.sleep(0)
    assert log == ["woke", "woke", "left"]
    assert len(crowd.alarm.asleep) == 1


def test_whose_request_is_under_way_is_awake_and_can_be_stopped(crowd: Crowd) -> None:
    answer, logs = Event(), [Log() for _ in range(3)]
    for log in logs:
        crowd.start(log.asks(answer))
    gevent.sleep(0)
    assert (crowd.living, crowd.awake, len(crowd.idle)) == (3, 3, 0)

    crowd.stop(HUNG_S)
    assert logs == [["left"]] * 3


def test_a_greenlet_takes_up_whoever_goes_on_next(crowd: Crowd) -> None:
    answer, logs = Event(), [Log() for _ in range(3)]
    for log in logs:
        crowd.start(log.asks(answer))
    gevent.sleep(0)
    answer.set()
    gevent.sleep(0.001)
    assert (crowd.awake, len(crowd.idle)) == (0, 3)

    crowd.start(Log().sleeps())
    gevent.sleep(0)
    assert len(crowd.greenlets) == len(crowd.idle) == 3


def test_a_fault_of_ours_is_heard_of(crowd: Crowd, faults: list[BaseException]) -> None:
    fault = RuntimeError("ours")

    def broken() -> Life:
        yield 0
        raise fault

    crowd.start(broken())
    gevent.sleep(0.001)
    assert faults == [fault]


def test_whoever_is_waited_for_no_longer_may_still_be_there(crowd: Crowd) -> None:
    crowd.start(Log().sleeps(FAR_NS))
    crowd.join(1 * MS)
    assert crowd.living == 1
    crowd.join(-1 * MS)
