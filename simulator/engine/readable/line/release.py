"""How a line is let in: by tokens, in batches, or by tokens at a rate that follows feedback."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from simulator.engine.readable.bucket import Bucket
from simulator.engine.readable.line.queue import Queue
from simulator.engine.readable.visit import Visit
from simulator.engine.readable.world import Appointment, Listener, World
from simulator.engine.rules import CONTROL, FEEDBACK, RELEASE
from simulator.system import line as system_line
from simulator.system.line import Signal

KEY = (RELEASE, 0, 0, 0, 0)


class Release(Listener):
    """Decides when those who stand in the line are called."""

    def __init__(self, world: World, queue: Queue, call_first: Callable[[], None]) -> None:
        self.world, self.clock, self.queue = world, world.clock, queue
        self.call_first = call_first
        """Take the first one out of the line and call him."""
        self.opens_ns = world.system.waitlist.opens_ns

    def start(self) -> None:
        """What happens whether anybody stands in the line or not."""

    def plan(self) -> None:
        """Somebody may have come to stand in the line."""

    def announced_wait_ns(self, places_taken: int) -> int:
        """What is told to who comes and finds so many places taken."""
        raise NotImplementedError

    def anybody_waits(self) -> bool:
        return len(self.queue) > 0

    # What the line tells it

    def called(self, visit: Visit, *, comes: bool) -> None:
        """Somebody has been called, and will enter or not."""

    def entered(self, visit: Visit) -> None:
        """Somebody has been let in."""

    # Levers

    def set_spacing(self, spacing_ns: int) -> None:
        """Only tokens have one."""

    def set_total(self, total: int) -> None:
        """Only slots have one."""


class ByTokens(Release):
    """One call for each token, as soon as somebody waits and the bucket holds one."""

    def __init__(
        self, world: World, queue: Queue, call_first: Callable[[], None], bucket: Bucket
    ) -> None:
        super().__init__(world, queue, call_first)
        self.bucket = bucket
        self.appointment = Appointment(self.clock.at_the_line, self.release)

    def plan(self) -> None:
        if self.anybody_waits():
            ready_ns = max(self.clock.now_ns, self.opens_ns, self.bucket.ready_ns())
            self.appointment.move(ready_ns, KEY)

    def release(self) -> None:
        if self.anybody_waits():
            self.bucket.take(self.clock.now_ns)
            self.call_first()
            self.plan()

    def announced_wait_ns(self, places_taken: int) -> int:
        return places_taken * self.bucket.spacing_ns

    def set_spacing(self, spacing_ns: int) -> None:
        self.bucket.set_spacing(spacing_ns, self.clock.now_ns)
        self.plan()


class InBatches(Release):
    """So many at once, or as many as there are, at regular instants."""

    def __init__(
        self,
        world: World,
        queue: Queue,
        call_first: Callable[[], None],
        said: system_line.Batches,
    ) -> None:
        super().__init__(world, queue, call_first)
        self.size, self.every_ns = said.size, said.every_ns

    def start(self) -> None:
        self.clock.at_the_line(self.opens_ns, KEY, self.release)

    def release(self) -> None:
        for _ in range(self.size):
            if self.anybody_waits():
                self.call_first()
        self.clock.at_the_line(self.clock.now_ns + self.every_ns, KEY, self.release)

    def announced_wait_ns(self, places_taken: int) -> int:
        return places_taken // self.size * self.every_ns


class ByFeedback(ByTokens):
    """Tokens whose rate is raised by steps and cut by a factor, as late as measurements come."""

    def __init__(
        self,
        world: World,
        queue: Queue,
        call_first: Callable[[], None],
        said: system_line.Feedback,
        bucket: type[Bucket],
    ) -> None:
        first = system_line.TokenBucket(spacing_ns=spacing_ns_at(said.first_rate))
        super().__init__(world, queue, call_first, bucket(first))
        self.said, self.rate = said, said.first_rate
        self.answers = self.late = 0
        """In the period that has begun."""
        self.measured_over: deque[bool] = deque(maxlen=said.delay_periods + 1)

    def start(self) -> None:
        self.plan_decision()

    def plan_decision(self) -> None:
        key = (CONTROL, FEEDBACK, 0, 0, 0)
        self.clock.at_the_line(self.clock.now_ns + self.said.every_ns, key, self.decide)

    def decide(self) -> None:
        self.measured_over.append(self.is_over())
        self.answers = self.late = 0
        if len(self.measured_over) > self.said.delay_periods:
            self.rate = self.next_rate(over=self.measured_over[0])
            super().set_spacing(spacing_ns_at(self.rate))
        self.plan_decision()

    def is_over(self) -> bool:
        """Whether the signal is beyond its limit now."""
        if self.said.signal is Signal.IN_FLIGHT:
            return self.world.in_flight > self.said.limit
        return 20 * self.late > self.answers

    def next_rate(self, *, over: bool) -> int:
        if over:
            return max(self.said.lowest_rate, self.rate * self.said.cut_thousandths // 1000)
        return min(self.said.highest_rate, self.rate + self.said.step_rate)

    def decided(self, *, took_ns: int, timed_out: bool = False) -> None:
        self.answers += 1
        self.late += timed_out or took_ns > self.said.limit

    def set_spacing(self, spacing_ns: int) -> None:
        """An operator's spacing is the rate that the next decision starts from."""
        self.rate = 10**15 // spacing_ns
        super().set_spacing(spacing_ns)


def spacing_ns_at(rate: int) -> int:
    """Between tokens, at a rate in millionths of a token a second."""
    return max(1, 10**15 // rate)
