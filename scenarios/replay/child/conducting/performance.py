"""A performance: one worker's visitors sent, each at his instant, from the warm-up to the worker's end.

It is the same for the only worker of a replay and for one of several. Whoever conducts it (the modules
beside this one) says when it opens, and hears how it ended.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import gevent
from gevent.event import Event
from locust.env import Environment

from scenarios.http.answers.success import is_ours
from scenarios.http.requests.person import Person
from scenarios.http.requests.traced import Trace
from scenarios.http.rows import rows_in
from scenarios.mail.boxes import Post
from scenarios.process.open_files import raise_limit
from scenarios.replay.child import pinned
from scenarios.replay.child.clock import Clock
from scenarios.replay.child.conducting.health import Health, not_opened
from scenarios.replay.child.killswitch.counted import Counted
from scenarios.replay.child.killswitch.dead import Dead
from scenarios.replay.child.killswitch.looks import Looks
from scenarios.replay.child.killswitch.recent import Recent
from scenarios.replay.child.killswitch.watched import Watched
from scenarios.replay.child.ledger import Ledger
from scenarios.replay.child.pulse import Pulse
from scenarios.replay.child.surge import Surge
from scenarios.replay.child.surge.sessions import Sessions
from scenarios.replay.child.visitors.brought import Cast, cast_of
from scenarios.replay.child.visitors.budgets import Budgets
from scenarios.replay.child.visitors.mailroom import Mailroom
from scenarios.replay.child.visitors.traced import Traced
from scenarios.replay.child.visitors.visit import Life, Session, Stage, Visit, unheard
from scenarios.replay.child.visitors.visitor import Visitor
from scenarios.replay.child.wire.browser import Browser
from scenarios.replay.child.wire.statistics import Statistics
from scenarios.replay.child.wire.wire import Wire
from scenarios.replay.orders import Orders
from simulator.errors import InvalidRun
from simulator.outcomes.store import COMPLETE, STOPPED, UNFIT
from simulator.scenario.document.data import Rows
from simulator.units import Ints

WARM_UPS = 5
WRITE_EVERY_NS = 500_000_000
log = logging.getLogger(__name__)


class Performance:
    """One worker's part of a replay."""

    def __init__(
        self,
        orders: Orders,
        shard: Ints,
        ledger: Ledger,
        environment: Environment,
        *,
        shards: int = 1,
        judges: bool = True,
        mails: int | None = None,
    ) -> None:
        """``shard``: the rows of the plan that it sends, each with its place in the whole.

        ``shards``: how many there are; ``judges``: whether it ends by the kill switch's rules itself, and not by a
        master who hears all workers; ``mails``: the descriptor on which its visitors' come.
        """
        meet(orders)
        self.orders, self.environment, self.ledger = orders, environment, ledger
        self.statistics = Statistics(environment)
        self.wire = Wire(orders.url, orders.manners, self.statistics)
        self.wire.lacking = self.break_off
        self.clock, self.dead = Clock(), Dead(orders.manners.alarms.acted_ns)
        self.health = Health(orders, self.wire)
        self.judges, self.counted = judges, counted_for(orders, self.clock)
        self.surge = Surge(shard, orders, self.clock, self.ledger, self.watched)
        self.sessions = Sessions(orders.recorded, shard[:, 3].tolist(), partial(Browser, self.wire))
        self.pulse = Pulse(self.surge, self.clock)
        self.stage = Stage(
            orders=orders,
            luck=orders.luck(),
            clock=self.clock,
            budgets=Budgets(orders.people, shards),
            tried=self.ledger.add_attempt,
            ended=self.surge.ended,
            answered=self.dead.hear,
            begun=self.counted.begun if self.counted is not None else unheard,
            looked=self.ledger.add_look,
            counted=self.ledger.tally.add,
            room=self.surge.room,
            data=data_of(orders, int(shard[:, 3].max(initial=-1)) + 1),
            takers=self.takers(),
            post_of=self.mailroom(mails),
        )
        self.helpers: list[gevent.Greenlet] = []
        self.closing = False
        self.closed = Event()
        """Set when everybody has stopped, and all is in the ledger."""
        self.lack = ""
        """What this machine lacks to go on, where it does."""
        self.fault: BaseException | None = None
        """Why it broke down, where it did."""
        self.how = COMPLETE
        """As the end record says it."""

    def takers(self) -> dict[int, Cast]:
        """The users of locustfiles, who are kept where they are allowed to go."""
        if any(self.orders.brought):
            pinned.fence()
        return cast_of(self.orders, self.environment, self.break_off)

    def mailroom(self, descriptor: int | None) -> Callable[[Person], Post] | None:
        """Where visitors get their mails; None where there are none."""
        if self.orders.mail is None or descriptor is None:
            return None
        return Mailroom(descriptor, self.orders.mail).post_of

    # What happens

    def warm_up(self) -> str:
        """Run connections and code paths once before anything is measured.

        Returns how it ends where nobody can be sent: the target cannot be spoken to, or this machine lacks what that needs.
        """
        for _ in range(WARM_UPS):
            answer = self.health.look()
            if how := not_opened(answer, self.health.asked, self.lack):
                return how
            if answer.timed_out:
                break
            self.stage = replace(self.stage, ours=is_ours(answer.body))
        self.surge.garbage.keep_out()
        return ""

    def play(self) -> None:
        """Send everybody, from the opening, which has been set, to the end; returns when all is over."""
        for work in (self.keep_beating, self.keep_writing, *self.watches(), self.send):
            self.help(work)
        self.closed.wait()

    def send(self) -> None:
        self.surge.send_everybody(self.life)
        self.drain()
        self.stop(COMPLETE)

    def life(self, visit: Visit) -> Life:
        """One visit, as its own browser."""
        session = self.sessions.enter(visit.place)
        trace = Trace(self.orders.run, visit.visitor, self.orders.manners.traced)
        seen: Session = Traced(session, visit, trace)
        if self.counted is not None:
            seen = Watched(seen, self.counted)
        try:
            yield from Visitor(visit, self.stage, seen).go()
        finally:
            self.sessions.leave(visit.place, session)

    def drain(self) -> None:
        """Those let in have until the end."""
        self.surge.crowd.join(self.orders.end_ns - self.clock.now_ns())

    # How it ends

    def stop(self, how: str) -> None:
        """Stop everybody and close the ledger; who comes second waits for it."""
        if self.closing:
            self.closed.wait()
            return
        self.closing, self.how = True, how
        self.pulse.feel()  # now: to stop everybody takes its own time
        me = gevent.getcurrent()
        gevent.killall([helper for helper in self.helpers if helper is not me])
        self.surge.cut_short()
        self.statistics.tell()
        self.wire.close()
        self.ledger.write_beat(self.pulse.beat())
        self.ledger.end(how, planned=len(self.surge.plan), started=self.surge.started)
        log.info("everybody has stopped: %s", how)
        self.closed.set()

    def ask_to_stop(self, how: str) -> None:
        """The same from somebody who is stopped by it: he does not wait."""
        if not self.closing:
            self.watched(self.stop, how).start()

    def break_off(self, why: str) -> None:
        """Stop, as this machine cannot go on; what is measured by then is kept."""
        self.lack = self.lack or why
        if self.helpers:
            self.ask_to_stop(f"{UNFIT}{why}")

    def break_down(self, fault: BaseException) -> None:
        """End without an end: the instrument failed, and what becomes of its visitors nobody keeps."""
        if not self.closed.is_set():
            self.closing, self.fault = True, fault
            gevent.killall(self.helpers, block=False)
            self.surge.crowd.abandon()
            self.closed.set()

    # What goes on beside it

    def help(self, work: Callable[[], None]) -> None:
        helper = self.watched(work)
        self.helpers.append(helper)
        helper.start()

    def watched(self, work: Callable[..., None], *of: Any) -> gevent.Greenlet:
        """A greenlet whose fault is ours and ends the replay, so that no target is blamed for it."""
        greenlet = gevent.Greenlet(work, *of)
        greenlet.link_exception(lambda failed: gevent.spawn(self.break_down, failed.exception))
        return greenlet

    def keep_beating(self) -> None:
        """From the opening on: before it there is nothing to tell, however far off it is."""
        self.clock.sleep_until(0)
        self.pulse.restart()
        while True:
            self.ledger.write_beat(self.pulse.next_beat())

    def keep_writing(self) -> None:
        at_ns = 0
        while True:
            at_ns += WRITE_EVERY_NS
            self.clock.sleep_until(at_ns)
            self.ledger.write()

    def watches(self) -> list[Callable[[], None]]:
        """The rules of the kill switch, each watched by itself."""
        if not self.judges:
            return []
        alarms = self.orders.manners.alarms
        found = [lambda: self.dead.watch(self.clock, self.health.is_well)]
        if self.counted is not None:
            found.append(partial(Recent(alarms).watch, self.clock, self.counted.told))
        if (asked := alarms.health) is not None:
            start = lambda look: self.watched(look).start()  # noqa: E731
            wrong = lambda: self.health.wrong(asked)  # noqa: E731
            found.append(Looks(str(asked), wrong, start, self.clock).watch)
        return [partial(self.stop_when, rule) for rule in found]

    def stop_when(self, tripped: Callable[[], str]) -> None:
        """Wait for a rule to say why, and stop."""
        self.stop(f"{STOPPED}{tripped()}")


def meet(orders: Orders) -> None:
    """What this process must know of the target before it speaks to it."""
    raise_limit()
    pinned.pin({**orders.manners.hosts, orders.host: orders.address})


def counted_for(orders: Orders, clock: Clock) -> Counted | None:
    """What counts the answers; None where no rule asks for them."""
    alarms = orders.manners.alarms
    return Counted([limit for _, limit in alarms.slower], clock) if alarms.of_answers else None


def data_of(orders: Orders, visitors: int) -> Rows:
    """The rows of the launch's table, one for each of the planned visitors.

    Raises InvalidRun, or UsageError, where it has changed since it was read first.
    """
    file = orders.manners.data
    rows = rows_in(file)
    if file is not None and len(rows) < visitors:
        raise InvalidRun(f"{file} has fewer rows than before: leave it as it is while it is used")
    return rows
