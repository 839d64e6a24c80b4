"""The line: who joins it, how long he stays, and what he does while he waits."""

from __future__ import annotations

from collections.abc import Callable

from simulator.engine.readable.line.queue import Queue
from simulator.engine.readable.line.release import Release
from simulator.engine.readable.visit import Visit
from simulator.engine.readable.world import World
from simulator.engine.rules import ENTRY, EXPIRY, PATIENCE, REFERRAL, REFRESH
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.line import LineKind, Policy
from simulator.timetable import draws
from simulator.units import FOREVER

NewRelease = Callable[[Queue, Callable[[], None]], Release]
"""Makes the release of a queue, given what calls the first one of it."""


class Line:
    """Those who have come and were not let in at once."""

    def __init__(
        self,
        world: World,
        queue: Queue,
        release: NewRelease,
        enter: Callable[[Visit], None],
    ) -> None:
        self.world, self.clock, self.timetable = world, world.clock, world.timetable
        self.waitlist = world.system.waitlist
        self.policy = self.waitlist.policy
        self.queue = queue
        self.release = release(queue, self.call_first)
        self.go_in = enter
        """What somebody does who is let in."""

    # Arriving

    def arrive(self, visit: Visit) -> None:
        if self.policy is Policy.OPEN:
            self.let_in(visit)
        elif self.is_full():
            self.world.leave(visit, Fate.TURNED_AWAY, self.clock.now_ns)
        elif self.balks(visit):
            self.world.leave(visit, Fate.BALKED, self.clock.now_ns)
        else:
            self.join(visit)

    def places_taken(self) -> int:
        return len(self.queue)

    def is_full(self) -> bool:
        return self.places_taken() >= self.waitlist.places

    def balks(self, visit: Visit) -> bool:
        """Whether the announced wait is longer than he would wait, unless that is for ever."""
        would_wait_ns = self.world.drawn_ns(visit.people.balks, draws.BALKING, visit.visitor)
        if would_wait_ns == FOREVER:
            return False
        return self.release.announced_wait_ns(self.places_taken()) > would_wait_ns

    def join(self, visit: Visit) -> None:
        visit.joined_ns = self.clock.now_ns
        self.begin_patience(visit)
        self.plan_refresh(visit, 0)
        self.plan_referral(visit)
        self.queue.join(visit)
        self.release.plan()

    # Waiting

    def begin_patience(self, visit: Visit) -> None:
        patience_ns = self.world.drawn_ns(visit.people.patience, draws.PATIENCE, visit.visitor)
        visit.loses_patience_ns = self.clock.now_ns + patience_ns
        key = (PATIENCE, visit.visitor, 0, 0, 0)
        self.clock.at_the_line(visit.loses_patience_ns, key, self.lose_patience, visit)

    def lose_patience(self, visit: Visit) -> None:
        """Who has not entered by now leaves, called or not."""
        if not visit.is_in_line:
            return
        if not self.leaves_silently(visit):
            self.queue.leave(visit)
        self.world.leave(visit, Fate.RENEGED, self.clock.now_ns)

    def leaves_silently(self, visit: Visit) -> bool:
        """Whether his place stays until it is called."""
        if self.waitlist.kind is LineKind.LIST:
            return True
        return self.timetable.uniform(draws.SILENCE, visit.visitor) < visit.people.silent

    def plan_refresh(self, visit: Visit, number: int) -> None:
        after_ns = self.world.drawn_ns(
            visit.people.refreshes, draws.REFRESH, visit.visitor, 0, number
        )
        key = (REFRESH, visit.visitor, number, 0, 0)
        self.clock.at_the_line(self.clock.now_ns + after_ns, key, self.refresh, visit, number)

    def refresh(self, visit: Visit, number: int) -> None:
        """Who reloads the page goes to the end; who was called, or left, reloads nothing more."""
        if visit.is_in_line and visit.calls == 0:
            self.queue.to_the_end(visit)
            self.plan_refresh(visit, number + 1)

    def plan_referral(self, visit: Visit) -> None:
        refers = visit.people.refers
        if refers is None or self.timetable.uniform(draws.REFERRAL, visit.visitor) >= refers.share:
            return
        after_ns = self.world.drawn_ns(refers.after, draws.REFERRAL, visit.visitor, 1)
        key = (REFERRAL, visit.visitor, 0, 0, 0)
        self.clock.at_the_line(
            self.clock.now_ns + after_ns, key, self.move_ahead, visit, refers.places
        )

    def move_ahead(self, visit: Visit, places: int) -> None:
        """He has brought somebody."""
        if visit.is_in_line and visit.calls == 0:
            self.queue.ahead(visit, places)

    # Being called

    def call_first(self) -> None:
        """Take the first one out of the line and call him."""
        visit = self.queue.first()
        number, visit.calls = visit.calls, visit.calls + 1
        if not visit.is_in_line:
            self.release.called(visit, comes=False)
            return
        look_ns = self.look_ns(visit, number)
        in_time = self.shows_up(visit, number) and look_ns <= self.call_ends_ns()
        self.release.called(visit, comes=in_time and look_ns <= visit.loses_patience_ns)
        if in_time:
            key = (ENTRY, visit.visitor, number, 0, 0)
            self.clock.at_the_line(look_ns, key, self.enter, visit)
        elif self.waitlist.call_expires_ns == FOREVER:
            self.world.leave(visit, Fate.NO_SHOW, self.clock.now_ns)
        else:
            key = (EXPIRY, visit.visitor, number, 0, 0)
            self.clock.at_the_line(self.call_ends_ns(), key, self.expire, visit)

    def shows_up(self, visit: Visit, number: int) -> bool:
        u = self.timetable.uniform(draws.SHOWING_UP, visit.visitor, 0, number)
        return u < visit.people.shows_up

    def call_ends_ns(self) -> int:
        """Until when a call of now stands."""
        return self.clock.now_ns + self.waitlist.call_expires_ns

    def look_ns(self, visit: Visit, number: int) -> int:
        """When somebody who is called now first looks after he has noticed it."""
        answers_after = visit.people.answers_after
        after_ns = self.world.drawn_ns(answers_after, draws.ANSWER, visit.visitor, 0, number)
        return self.first_look_ns(visit, self.clock.now_ns + after_ns)

    def first_look_ns(self, visit: Visit, from_ns: int) -> int:
        """His first look then or later: he looks on joining and at regular intervals after it."""
        every_ns = self.waitlist.poll_every_ns
        if every_ns == 0:
            return from_ns
        looks = -(-(from_ns - visit.joined_ns) // every_ns)
        return visit.joined_ns + looks * every_ns

    def enter(self, visit: Visit) -> None:
        """Who was called comes, if he still has patience."""
        if visit.is_in_line:
            self.let_in(visit)

    def expire(self, visit: Visit) -> None:
        """Who was called has not come in time."""
        if not visit.is_in_line:
            return
        if self.waitlist.expired_to_end:
            self.queue.to_the_end(visit)
            self.release.plan()
        else:
            self.world.leave(visit, Fate.NO_SHOW, self.clock.now_ns)

    def let_in(self, visit: Visit) -> None:
        assert visit.let_in_ns == UNKNOWN
        visit.let_in_ns = self.clock.now_ns
        self.release.entered(visit)
        self.go_in(visit)

    # Levers

    def set_policy(self, policy: Policy) -> None:
        self.policy = policy
        if policy is Policy.OPEN:
            self.let_everybody_in()

    def let_everybody_in(self) -> None:
        """A line that opens calls everybody, in order, without tokens, slots or limits."""
        while len(self.queue):
            self.call_first()
