"""The master: leases the shards of the plan to workers, opens for all at one instant, and hears them out.

It sends nobody itself. Rows that workers tell go on to its parent, which writes them; what is not written
yet is kept here, so that it outlives the parent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event
from locust.env import Environment
from locust.rpc import Message
from locust.runners import MasterRunner

from scenarios.replay.child.clock import Clock
from scenarios.replay.child.conducting.crew import Hand, how_it_ended, note_cut_off
from scenarios.replay.child.conducting.health import with_nobody_sent
from scenarios.replay.child.conducting.link.clocks import Reading
from scenarios.replay.child.conducting.link.messages import (
    ARMED,
    BEAT,
    COUNTS,
    DONE,
    GO,
    PONG,
    ROWS,
    STOP,
    TAKEN,
    Done,
)
from scenarios.replay.child.conducting.muster import Muster
from scenarios.replay.child.conducting.performance import meet
from scenarios.replay.child.conducting.together import Together
from scenarios.replay.child.outbox import Outbox, ToParent
from scenarios.replay.keeping.batch import End, unpacked
from scenarios.replay.keeping.plan_file import plan_beside, plan_of
from scenarios.replay.last_words import Say, in_words
from scenarios.replay.orders import read_orders
from simulator.errors import Stopped
from simulator.outcomes.store import COMPLETE, INTERRUPTED, STOPPED
from simulator.units import NS_PER_S

MASTER = -1
"""The number under which the master's own batches are told; its workers' begin at 0."""
LOOK_EVERY_S = 0.1
AHEAD_S, ROUND_TRIPS_AHEAD = 1.0, 10
"""So long before the opening workers are told it, at least."""
BEREFT_S = 1.0
"""Less than a child without a parent is given (:data:`scenarios.replay.child.__main__.ORPHAN_GRACE_S`)."""


class Master:
    """Conducts a replay of several workers."""

    def __init__(self, environment: Environment, runner: MasterRunner, say: Say) -> None:
        options = environment.parsed_options
        assert options is not None, "Locust has read its command line"
        self.options = options
        self.environment, self.runner, self.say = environment, runner, say
        path = Path(options.orders)
        self.orders, self.within_s = read_orders(path), float(options.within)
        meet(self.orders)
        self.data = plan_beside(path).read_bytes()
        self.planned = len(plan_of(self.data, self.orders.timetable_sha256))
        self.parent = ToParent(options.rows, self.written)
        self.own = Outbox(MASTER, self.parent.carry)
        self.muster = Muster(runner, int(options.expect_workers))
        self.clock = Clock()
        self.together = Together(self.orders, environment, self.clock)
        self.how = COMPLETE
        self.over, self.opened = Event(), False
        listeners: dict[str, Callable[[Hand, Any], None]] = {
            PONG: self.hear_clock, ARMED: self.hear_armed, ROWS: self.hear_rows, BEAT: self.hear_beat,
            COUNTS: self.together.hear, DONE: self.hear_end,
        }  # fmt: skip
        for kind, listener in listeners.items():
            runner.register_message(kind, self.hearing(listener))
        self.conducting = gevent.spawn(self.conduct)
        self.conducting.link_exception(lambda failed: gevent.spawn(self.fail, failed.exception))

    @property
    def hands(self) -> tuple[Hand, ...]:
        return tuple(self.muster.hands.values())

    # What workers say

    def hearing(self, listener: Callable[[Hand, Any], None]) -> Callable[..., None]:
        """Nobody is heard who has no shard."""

        def hear(environment: Environment, msg: Message) -> None:  # noqa: ARG001 - Locust's names
            hand = self.muster.hands.get(msg.node_id)
            if hand is not None:
                hand.heard()
                listener(hand, msg.data)

        return hear

    def hear_clock(self, hand: Hand, told: dict[str, Any]) -> None:
        hand.name = hand.name or told["name"]
        reading = Reading(told["asked_ns"], told["clock_ns"], time.perf_counter_ns())
        hand.readings.append(reading)

    def hear_armed(self, hand: Hand, told: dict[str, Any]) -> None:
        hand.planned = told["planned"]

    def hear_rows(self, hand: Hand, data: bytes) -> None:
        batch = unpacked(data)
        if batch.worker == hand.number:
            if batch.number <= hand.outbox.written:
                self.muster.tell(TAKEN, hand.outbox.written, hand)  # the answer was lost on its way
            hand.outbox.keep(batch.number, data)

    def hear_beat(self, hand: Hand, told: dict[str, int]) -> None:
        hand.beat(**told)

    def hear_end(self, hand: Hand, told: dict[str, Any]) -> None:
        hand.end(Done(**told))

    def written(self, worker: int, number: int) -> None:
        """The parent has written a worker's rows up to there."""
        if worker == MASTER:
            self.own.taken(number)
            return
        for hand in self.hands:
            if hand.number == worker:
                hand.outbox.taken(number)
                self.muster.tell(TAKEN, number, hand)

    # What happens

    def conduct(self) -> None:
        muster = self.muster
        muster.gather(self.within_s)
        muster.read_clocks(self.orders.clock_bound_ns)
        muster.lease(self.parent.carry)
        try:
            muster.arm(self.orders, self.data)
        except Stopped as stopped:
            self.how = with_nobody_sent(f"{STOPPED}{stopped}")
        else:
            self.open()
            self.hear_out()
            muster.read_clocks_again()
        self.close()
        self.quit()

    def open(self) -> None:
        """Tell everybody the instant, by his own clock."""
        slowest_ns = max(hand.offset.bound_ns for hand in self.hands if hand.offset)
        ahead_ns = max(round(AHEAD_S * NS_PER_S), 2 * ROUND_TRIPS_AHEAD * slowest_ns)
        opening_ns = time.perf_counter_ns() + ahead_ns
        self.clock.open_at(opening_ns)
        self.opened = True
        self.own.post(opened_ns=opening_ns, workers=self.known())
        for hand in self.hands:
            assert hand.offset is not None, "the clocks have been read"
            hand.begin()
            self.muster.tell(GO, opening_ns + hand.offset.ns, hand)
        self.together.watch_health()

    def hear_out(self) -> None:
        """Until all have ended, or are lost; who stops for a reason stops everybody."""
        while not all(hand.is_over for hand in self.hands) and not self.is_bereft():
            gevent.sleep(LOOK_EVERY_S)
            for hand in self.hands:
                hand.note_silence()
                if hand.done is not None and hand.done.how != COMPLETE and not hand.lost:
                    self.stop(hand.done.how)
            for hand in note_cut_off(self.hands):
                self.muster.tell(STOP, INTERRUPTED, hand)
            if self.how == COMPLETE and (why := self.together.why(self.hands)):
                self.stop(f"{STOPPED}{why}")

    def is_bereft(self) -> bool:
        """Whether the parent has died; workers are then given the time to tell what they know."""
        if self.parent.lost.is_set():
            gevent.sleep(BEREFT_S)
        return bool(self.parent.lost.is_set())

    def stop(self, how: str) -> None:
        """Everybody stops, for the first reason that there was."""
        if self.how == COMPLETE:
            self.how = how
            self.muster.tell(STOP, how)

    # How it ends

    def close(self) -> None:
        """Write the end record, once all that came before it is written."""
        started = sum(hand.started for hand in self.hands)
        how = how_it_ended(self.how, self.hands)
        end = End(how=how, planned=self.planned, started=started)
        self.own.post(workers=self.known(), end=end)
        outboxes = [*(hand.outbox for hand in self.hands), self.own]
        self.parent.deliver(outboxes, self.orders.db, self.orders.part)
        self.over.set()

    def known(self) -> tuple[Any, ...]:
        return tuple(hand.known() for hand in self.hands)

    def fail(self, fault: BaseException) -> None:
        """There is no end record, and the parent is told why."""
        if not self.over.is_set():
            self.say(in_words(fault))
            self.environment.process_exit_code = 1
            self.over.set()
            # Locust looks once a second whether all have come, and who has just left would be awaited again
            self.options.expect_workers_max_wait = 1
            self.quit()

    def interrupt(self) -> None:
        """The process is to end: everybody stops, and what they tell is written first."""
        if self.over.is_set():
            return
        self.stop(INTERRUPTED)
        if self.opened:
            self.over.wait()
        else:
            self.conducting.kill()
            self.close()

    def quit(self) -> None:
        self.runner.quit()
        if self.environment.web_ui is not None:
            self.environment.web_ui.stop()  # type: ignore[no-untyped-call]
