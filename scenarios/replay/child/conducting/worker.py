"""One of several workers: it sends its shard of the plan when the master says, and tells him everything.

It is told the orders and the whole plan, and makes sure for itself that the plan is the one that was
predicted, that load may be sent to the target from here, and that what it needs is here.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, astuple, replace
from typing import Any

import gevent
from gevent.event import Event
from locust import runners
from locust.env import Environment
from locust.exception import RPCError
from locust.rpc import Message
from locust.runners import WorkerRunner

from scenarios.rehearsal.recorded import sessions_of
from scenarios.replay.child.conducting.link.meeting import HANDSHAKES
from scenarios.replay.child.conducting.link.messages import (
    ARM,
    ARMED,
    BEAT,
    COUNTS,
    DONE,
    GO,
    PING,
    PLAN,
    PONG,
    ROWS,
    STOP,
    TAKEN,
    Arming,
    Done,
)
from scenarios.replay.child.conducting.link.sending import Sending
from scenarios.replay.child.conducting.performance import Performance
from scenarios.replay.child.conducting.requirements import (
    require_allowed,
    require_here,
    require_same_version,
)
from scenarios.replay.child.killswitch.recent import LOOK_EVERY_NS
from scenarios.replay.child.ledger import Ledger
from scenarios.replay.child.outbox import Outbox
from scenarios.replay.keeping.plan_file import plan_of, shard_of
from scenarios.replay.last_words import Say, in_words
from scenarios.replay.orders import orders_of
from simulator.errors import InvalidRun, SurgeproofError, TargetRefused
from simulator.outcomes.store import INTERRUPTED, STOPPED, UNFIT
from simulator.outcomes.workers import Worker

SILENT_S = 5.0
"""A master who has not been heard for so long is lost: he would not hear either that the target died."""
GONE_S = 60.0
"""The same before the opening, when others may still be awaited."""
BEAT_EVERY_S = 0.5


class OneOfMany:
    """Conducts one worker of several."""

    def __init__(self, environment: Environment, runner: WorkerRunner, say: Say) -> None:
        options = environment.parsed_options
        assert options is not None, "Locust has read its command line"
        self.environment, self.runner, self.say = environment, runner, say
        self.name, self.elsewhere = str(options.called), bool(options.elsewhere)
        self.arming: Arming | None = None
        self.plan = bytearray()
        self.performance: Performance | None = None
        self.sending: Sending | None = None
        self.over = Event()
        self.silent_s = 0.0
        self.why = ""
        """Why it ended its part by itself."""
        HANDSHAKES.met = True
        runners.MASTER_HEARTBEAT_TIMEOUT = (
            sys.maxsize
        )  # it goes by the wall clock, which may be set
        self.waiting = gevent.spawn(self.wait_for_orders)
        heard = environment.events.heartbeat_received
        heard.add_listener(self.hear_master)  # type: ignore[no-untyped-call]
        for kind, listener in self.listeners().items():
            runner.register_message(kind, self.hearing(listener), concurrent=kind in (GO, PLAN))

    def listeners(self) -> dict[str, Callable[[Any], None]]:
        return {
            PING: self.tell_clock, ARM: self.take_orders, PLAN: self.take_plan, GO: self.go,
            STOP: self.stop, TAKEN: self.taken,
        }  # fmt: skip

    def hearing(self, listener: Callable[[Any], None]) -> Callable[..., None]:
        """Locust would only log what a listener raises: here it ends the worker, and the master is told."""

        def hear(environment: Environment, msg: Message) -> None:  # noqa: ARG001 - Locust's names
            self.hear_master()
            try:
                listener(msg.data)
            except SurgeproofError as fault:
                self.fail(fault)

        return hear

    def hear_master(self, **_: Any) -> None:
        self.silent_s = 0.0

    # Before the opening

    def wait_for_orders(self) -> None:
        """End, where the master is gone before there is anything to send."""
        while self.silent_s < GONE_S:
            self.silent_s += BEAT_EVERY_S
            gevent.sleep(BEAT_EVERY_S)
        self.say(f"the master was not heard for {GONE_S:.0f} s, so nothing was sent")
        self.environment.process_exit_code = InvalidRun.exit_code
        self.over.set()
        self.runner.quit()

    def tell_clock(self, asked_ns: int) -> None:
        told = {"asked_ns": asked_ns, "clock_ns": time.perf_counter_ns(), "name": self.name}
        self.runner.send_message(PONG, told)

    def take_orders(self, told: dict[str, Any]) -> None:
        """Raises InvalidRun where the master is another version: the rest might mean something else."""
        require_same_version(str(told.get("version")))
        self.arming = Arming(**told)
        self.plan.clear()

    def take_plan(self, part: bytes) -> None:
        """The plan comes in pieces; with the last of them the worker is made ready."""
        if self.arming is None:
            return  # it was another version's
        self.plan += part
        if len(self.plan) == self.arming.plan_bytes:
            self.arm(self.arming)

    def arm(self, arming: Arming) -> None:
        """Get ready, and say so.

        Raises InvalidRun or TargetRefused where this machine cannot, or may not, send its shard.
        """
        orders = orders_of(arming.orders)
        plan = plan_of(bytes(self.plan), orders.timetable_sha256)
        self.plan.clear()
        if self.elsewhere:
            require_allowed(orders, self.runner.master_host)
        require_here(orders, arming)
        shard = shard_of(plan, arming.shard, arming.of, sessions_of(orders.recorded))
        share = -(-orders.in_flight_cap // arming.of)
        outbox = Outbox(arming.shard, lambda _: sending.hurry())
        sending = Sending(outbox, self.send_rows)
        worker = Worker(number=arming.shard, name=self.name, planned=len(shard))
        self.sending = sending
        self.performance = Performance(
            replace(orders, in_flight_cap=share),
            shard,
            Ledger(outbox, worker, alone=False),
            self.environment,
            shards=arming.of,
            judges=False,
        )
        if how := self.performance.warm_up():
            why = how.replace(STOPPED, "it does not reach the target: ").removeprefix(UNFIT)
            self.fail(InvalidRun(why), how)
            return
        self.runner.send_message(ARMED, {"planned": len(shard)})

    def send_rows(self, data: bytes) -> None:
        with suppress(RPCError):  # they are sent again
            self.runner.send_message(ROWS, data)  # type: ignore[arg-type]

    # The surge

    def go(self, opening_ns: int) -> None:
        """Open at that instant of this machine's clock; once, however often it is told."""
        performance = self.performance
        assert performance is not None, "it is armed before it goes"
        if performance.helpers:
            return
        self.waiting.kill()
        performance.clock.open_at(opening_ns)
        beside = [
            gevent.spawn(each, performance) for each in (self.keep_in_touch, self.keep_telling)
        ]
        performance.play()
        gevent.killall(beside)
        if performance.fault is not None:
            self.fail(performance.fault)
            return
        self.tell_end(performance.how, self.why)
        self.over.set()

    def keep_in_touch(self, performance: Performance) -> None:
        """Tell the master twice a second that all goes on, and stop where he is gone."""
        surge, dead = performance.surge, performance.dead
        while self.silent_s < SILENT_S:
            self.silent_s += BEAT_EVERY_S  # counted, since who was frozen could not hear either
            told = {
                "started": surge.started,
                "broke_in_a_row": dead.broke_in_a_row,
                "answered": dead.answered,
            }
            self.runner.send_message(BEAT, told)
            gevent.sleep(BEAT_EVERY_S)
        self.why = f"the master was not heard for {SILENT_S:.0f} s, so sending was stopped"
        self.say(self.why)
        self.environment.process_exit_code = InvalidRun.exit_code
        performance.ask_to_stop(INTERRUPTED)
        gevent.spawn(self.leave, performance)  # what goes on beside the surge ends with it

    def keep_telling(self, performance: Performance) -> None:
        """Tell the master what the kill switch counts, where the launch has rules for it."""
        counted, clock = performance.counted, performance.clock
        at_ns = 0
        while counted is not None:
            told = {name: astuple(counts) for name, counts in counted.told().items()}
            self.runner.send_message(COUNTS, told)
            at_ns += LOOK_EVERY_NS
            clock.sleep_until(at_ns)

    def leave(self, performance: Performance) -> None:
        """End, once all is told that can be."""
        performance.closed.wait()
        self.over.wait(SILENT_S)
        self.runner.quit()

    def stop(self, how: str) -> None:
        """The master ends the surge."""
        if self.performance is not None:
            self.performance.ask_to_stop(how)

    def taken(self, number: int) -> None:
        """The master's parent has written up to there."""
        if self.sending is not None:
            self.sending.taken(number)

    # How it ends

    def tell_end(self, how: str, fault: str = "") -> None:
        started = self.performance.surge.started if self.performance is not None else 0
        batches = self.sending.outbox.number if self.sending is not None else 0
        done = Done(how=how, started=started, batches=batches, fault=fault)
        self.runner.send_message(DONE, asdict(done))

    def fail(self, fault: BaseException, how: str = INTERRUPTED) -> None:
        """This worker cannot do its part: the master is told why, and so is whoever started it."""
        why = in_words(fault)
        self.say(why)
        kind = TargetRefused if isinstance(fault, TargetRefused) else InvalidRun
        self.environment.process_exit_code = kind.exit_code
        self.over.set()
        self.tell_end(how, why)

    def interrupt(self) -> None:
        """The process is to end: what it has measured is told first.

        Where nobody has ended the replay as a whole, its part is lost, and the others go on.
        """
        if self.arming is None:
            self.say(
                "the replay ended without this worker: it got no part of the plan, and sent nobody"
            )
        performance = self.performance
        if performance is None or not performance.helpers or self.over.is_set():
            return
        self.why = "it was told to end before its part was sent"
        performance.stop(INTERRUPTED)
        if self.sending is not None:
            self.sending.outbox.empty.wait(SILENT_S)
        self.over.wait(SILENT_S)
