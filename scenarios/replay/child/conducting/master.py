"""The master: leases the shards of the plan to workers, opens for all at one instant, and hears them out.

It sends nobody itself. Rows that workers tell go on to its parent, which writes them; what is not written
yet is kept here, so that it outlives the parent.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event
from locust.env import Environment
from locust.rpc import Message
from locust.runners import STATE_RUNNING, MasterRunner

from scenarios.http.allow import AUTHORIZATION_VARIABLE
from scenarios.replay.child.clock import Clock
from scenarios.replay.child.conducting.clocks import Offset, Reading
from scenarios.replay.child.conducting.crew import LOST_S, Hand, broke_in_a_row
from scenarios.replay.child.conducting.health import Health
from scenarios.replay.child.conducting.messages import (
    ARM,
    ARMED,
    BEAT,
    DONE,
    GO,
    PING,
    PLAN,
    PLAN_BYTES,
    PONG,
    ROWS,
    STOP,
    TAKEN,
    Arming,
    Done,
)
from scenarios.replay.child.conducting.performance import meet
from scenarios.replay.child.killswitch.dead import LIMIT, Dead
from scenarios.replay.child.outbox import Outbox, ToParent
from scenarios.replay.child.wire.statistics import Statistics
from scenarios.replay.child.wire.wire import Wire
from scenarios.replay.keeping.batch import End, unpacked
from scenarios.replay.keeping.plan_file import plan_beside, plan_of
from scenarios.replay.last_words import Say, in_words
from scenarios.replay.orders import Orders, in_json, read_orders
from simulator.errors import InvalidRun
from simulator.outcomes.store import COMPLETE, INTERRUPTED, STOPPED
from simulator.units import NS_PER_S

MASTER = -1
"""The number under which the master's own batches are told; its workers' begin at 0."""
READINGS = 8
TO_ARM_S, TO_ANSWER_S, ASK_AGAIN_S = 60.0, 20.0, 0.5
LOOK_EVERY_S = 0.1
AHEAD_S, ROUND_TRIPS_AHEAD = 1.0, 10
"""So long before the opening workers are told it, at least."""
BEREFT_S = 1.0
"""Less than a child without a parent is given (:data:`scenarios.replay.child.__main__.ORPHAN_GRACE_S`)."""
BOUND_NS = 10_000_000
"""A clock that may be wrong by more makes a start late by half of what counts as on time (20 ms)."""


class Master:
    """Conducts a replay of several workers."""

    def __init__(self, environment: Environment, runner: MasterRunner, say: Say) -> None:
        options = environment.parsed_options
        assert options is not None, "Locust has read its command line"
        self.environment, self.runner, self.say = environment, runner, say
        path = Path(options.orders)
        self.orders, self.of = read_orders(path), int(options.expect_workers)
        self.within_s = float(options.within)
        meet(self.orders)
        self.data = plan_beside(path).read_bytes()
        self.planned = len(plan_of(self.data, self.orders.timetable_sha256))
        self.parent = ToParent(options.rows, self.written)
        self.own = Outbox(MASTER, self.parent.carry)
        self.hands: dict[str, Hand] = {}
        self.clock = Clock()
        self.how = COMPLETE
        self.over, self.opened = Event(), False
        listeners: dict[str, Callable[[Hand, Any], None]] = {
            PONG: self.hear_clock, ARMED: self.hear_armed, ROWS: self.hear_rows, BEAT: self.hear_beat,
            DONE: self.hear_end,
        }  # fmt: skip
        for kind, listener in listeners.items():
            runner.register_message(kind, self.hearing(listener))
        self.conducting = gevent.spawn(self.conduct)
        self.conducting.link_exception(lambda failed: gevent.spawn(self.fail, failed.exception))

    # What workers say

    def hearing(self, listener: Callable[[Hand, Any], None]) -> Callable[..., None]:
        """Nobody is heard who has no shard."""

        def hear(environment: Environment, msg: Message) -> None:  # noqa: ARG001 - Locust's names
            hand = self.hands.get(msg.node_id)
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
                self.tell(TAKEN, hand.outbox.written, hand)  # the answer was lost on its way
            hand.outbox.keep(batch.number, data)

    def hear_beat(self, hand: Hand, told: dict[str, int]) -> None:
        hand.started, hand.broke_in_a_row = told["started"], told["broke_in_a_row"]

    def hear_end(self, hand: Hand, told: dict[str, Any]) -> None:
        hand.end(Done(**told))

    def written(self, worker: int, number: int) -> None:
        """The parent has written a worker's rows up to there."""
        if worker == MASTER:
            self.own.taken(number)
            return
        for hand in self.hands.values():
            if hand.number == worker:
                hand.outbox.taken(number)
                self.tell(TAKEN, number, hand)

    def tell(self, kind: str, told: Any, *hands: Hand) -> None:
        for hand in hands or tuple(self.hands.values()):
            self.runner.send_message(kind, told, hand.client)

    # What happens

    def conduct(self) -> None:
        self.gather()
        self.read_clocks()
        self.lease()
        self.arm()
        self.open()
        self.hear_out()
        self.read_clocks_again()
        self.close()
        self.quit()

    def gather(self) -> None:
        """Wait for as many workers as were asked for; who comes later gets no shard."""
        clients = self.runner.clients
        if not waits_until(lambda: len(clients.ready) >= self.of, self.within_s):
            raise InvalidRun(
                f"{len(clients.ready)} of {self.of} workers came within {self.within_s:.0f} s: start"
                " the others first, and let them reach this machine's port"
            )
        for client in sorted(node.id for node in clients.ready)[: self.of]:
            self.hands[client] = Hand(client=client)

    def read_clocks(self) -> None:
        """Find each worker's offset. Raises InvalidRun where one is not known well enough."""
        for hand in self.hands.values():
            hand.offset = self.offset_of(hand)
            if hand.offset is None:
                raise InvalidRun(f"{hand.name or hand.client} does not answer")
            if hand.offset.bound_ns > BOUND_NS:
                raise InvalidRun(
                    f"the clock of {hand.name} is known to {hand.offset.bound_ns / 1e6:.0f} ms only, and"
                    f" {BOUND_NS / 1e6:.0f} ms are needed: use a nearer machine, or a quieter network"
                )

    def lease(self) -> None:
        """Give everybody the shard of his number, for good, and a name that nobody else has."""
        by_name = sorted(self.hands.values(), key=lambda hand: (hand.name, hand.client))
        names: Counter[str] = Counter()
        for number, hand in enumerate(by_name):
            names[hand.name] += 1
            again = names[hand.name]
            hand.name += f" ({again})" if again > 1 else ""
            hand.number, hand.outbox = number, Outbox(number, self.parent.carry)

    def offset_of(self, hand: Hand, most_s: float = TO_ANSWER_S) -> Offset | None:
        """A worker's offset, by several readings; None where it answers none of them.

        Who is asked before he listens does not hear it, so he is asked again.
        """
        hand.readings = []
        until_s = time.monotonic() + most_s
        while len(hand.readings) < READINGS and time.monotonic() < until_s:
            answers = len(hand.readings)
            self.tell(PING, time.perf_counter_ns(), hand)
            waits_until(lambda: len(hand.readings) > answers, ASK_AGAIN_S)  # noqa: B023 - at once
        return Offset.of(hand.readings) if hand.readings else None

    def arm(self) -> None:
        """Give everybody his shard. Raises InvalidRun where somebody cannot take it."""
        told = Arming(
            orders=in_json(self.orders),
            shard=0,
            of=self.of,
            plan_bytes=len(self.data),
            files=files_of(self.orders),
            authorized=bool(os.environ.get(AUTHORIZATION_VARIABLE)),
            version=version("surgeproof"),
        )
        for hand in self.hands.values():
            self.tell(ARM, asdict(told) | {"shard": hand.number}, hand)
            for at in range(0, max(len(self.data), 1), PLAN_BYTES):
                self.tell(PLAN, self.data[at : at + PLAN_BYTES], hand)
        waits_until(lambda: all(map(is_armed, self.hands.values())), TO_ARM_S)
        for hand in self.hands.values():
            if hand.planned is None:
                why = hand.lost or f"it was not ready within {TO_ARM_S:.0f} s"
                raise InvalidRun(f"{hand.name} cannot send its part: {why}")
        waits_until(lambda: self.runner.state == STATE_RUNNING, TO_ARM_S)

    def open(self) -> None:
        """Tell everybody the instant, by his own clock."""
        slowest_ns = max(hand.offset.bound_ns for hand in self.hands.values() if hand.offset)
        ahead_ns = max(round(AHEAD_S * NS_PER_S), 2 * ROUND_TRIPS_AHEAD * slowest_ns)
        opening_ns = time.perf_counter_ns() + ahead_ns
        self.clock.open_at(opening_ns)
        self.opened = True
        self.own.post(opened_ns=opening_ns, workers=self.known())
        for hand in self.hands.values():
            assert hand.offset is not None, "the clocks have been read"
            hand.heard()
            self.tell(GO, opening_ns + hand.offset.ns, hand)

    def hear_out(self) -> None:
        """Until all have ended, or are lost; who stops for a reason stops everybody."""
        while not all(hand.is_over for hand in self.hands.values()) and not self.is_bereft():
            gevent.sleep(LOOK_EVERY_S)
            for hand in self.hands.values():
                hand.note_silence()
                if hand.done is not None and hand.done.how != COMPLETE and not hand.lost:
                    self.stop(hand.done.how)
            if broke_in_a_row(self.hands.values()) >= LIMIT and self.how == COMPLETE:
                self.look()

    def is_bereft(self) -> bool:
        """Whether the parent has died; workers are then given the time to tell what they know."""
        if self.parent.lost.is_set():
            gevent.sleep(BEREFT_S)
        return bool(self.parent.lost.is_set())

    def look(self) -> None:
        """Stop everybody, if the target's health says what their connections do."""
        dead = Dead()
        dead.broke_in_a_row = broke_in_a_row(self.hands.values())
        wire = Wire(self.orders.url, self.orders.manners, Statistics(self.environment))
        if dead.confirmed(self.clock, Health(self.orders, wire).is_well):
            self.stop(f"{STOPPED}{dead}")

    def stop(self, how: str) -> None:
        """Everybody stops, for the first reason that there was."""
        if self.how == COMPLETE:
            self.how = how
            self.tell(STOP, how)

    def read_clocks_again(self) -> None:
        """How far they drifted meanwhile is part of what is not known of them.

        All at once: nobody beats meanwhile, and the parent waits for signs of life no longer than for one of them.
        """
        gevent.joinall([gevent.spawn(self.read_clock_again, hand) for hand in self.hands.values()])

    def read_clock_again(self, hand: Hand) -> None:
        if hand.offset is None or hand.lost:
            return
        later = self.offset_of(hand, LOST_S)
        if later is None:
            hand.lost = "its clock could not be read again at the end"
        else:
            hand.offset = hand.offset.until(later)

    # How it ends

    def close(self) -> None:
        """Write the end record, once all that came before it is written."""
        started = sum(hand.started for hand in self.hands.values())
        end = End(how=self.how, planned=self.planned, started=started)
        self.own.post(workers=self.known(), end=end)
        outboxes = [*(hand.outbox for hand in self.hands.values()), self.own]
        self.parent.deliver(outboxes, self.orders.db, self.orders.part)
        self.over.set()

    def known(self) -> tuple[Any, ...]:
        return tuple(hand.known() for hand in self.hands.values())

    def fail(self, fault: BaseException) -> None:
        """There is no end record, and the parent is told why."""
        if not self.over.is_set():
            self.say(in_words(fault))
            self.environment.process_exit_code = 1
            self.over.set()
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


def is_armed(hand: Hand) -> bool:
    """Or known not to become so."""
    return hand.planned is not None or hand.done is not None


def waits_until(so: Callable[[], bool], most_s: float) -> bool:
    """Whether something comes to be so in time."""
    until_s = time.monotonic() + most_s
    while not so():
        if time.monotonic() > until_s:
            return False
        gevent.sleep(0.005)
    return True


def files_of(orders: Orders) -> dict[str, str]:
    """The files that a worker needs beside the orders, each with its sha256."""
    trust = orders.manners.trust
    named = [orders.manners.data, trust.ca_file, trust.client_certificate]
    named += [brought.file for brought in orders.brought if brought is not None]
    return {
        str(name): hashlib.sha256(Path(name).read_bytes()).hexdigest()
        for name in named
        if name is not None
    }
