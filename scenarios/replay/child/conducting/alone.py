"""A replay in one process: its only worker sends the whole plan, and tells its parent."""

from __future__ import annotations

import time
from pathlib import Path

import gevent
from gevent.event import Event
from locust.env import Environment

from scenarios.replay.child.conducting.health import with_nobody_sent
from scenarios.replay.child.conducting.performance import Performance
from scenarios.replay.child.ledger import Ledger
from scenarios.replay.child.outbox import Outbox, ToParent
from scenarios.replay.keeping.plan_file import plan_beside, read_plan
from scenarios.replay.last_words import Say, in_words
from scenarios.replay.orders import read_orders
from simulator.outcomes.store import INTERRUPTED
from simulator.outcomes.workers import Worker

AHEAD_NS = 200_000_000
"""Between the last preparation and the opening."""
NAME = "this process"


class Alone:
    """Conducts a replay of one worker."""

    def __init__(self, environment: Environment, say: Say) -> None:
        options = environment.parsed_options
        assert options is not None, "Locust has read its command line"
        self.environment, self.say = environment, say
        path = Path(options.orders)
        self.orders = read_orders(path)
        plan = read_plan(plan_beside(path), self.orders.timetable_sha256)
        self.parent = ToParent(options.rows, lambda _, number: self.outbox.taken(number))
        self.outbox = Outbox(0, self.parent.carry)
        worker = Worker(number=0, name=NAME, planned=len(plan))
        ledger = Ledger(self.outbox, worker)
        self.performance = Performance(self.orders, plan, ledger, environment, mails=options.mails)
        self.conducting: gevent.Greenlet | None = None
        self.over = Event()

    def start(self) -> None:
        """Conduct, beside Locust; once, however often Locust starts."""
        if self.conducting is None:
            self.conducting = gevent.spawn(self.conduct)
            self.conducting.link_exception(lambda failed: gevent.spawn(self.fail, failed.exception))

    def conduct(self) -> None:
        performance = self.performance
        if how := performance.warm_up():
            performance.stop(with_nobody_sent(how))
        else:
            performance.clock.open_at(time.perf_counter_ns() + AHEAD_NS)
            performance.ledger.open(performance.clock.opening_ns)
            performance.play()
        if performance.fault is not None:
            raise performance.fault
        self.deliver()
        self.quit()

    def deliver(self) -> None:
        """Wait until everything is written."""
        self.parent.deliver([self.outbox], self.orders.db, self.orders.part)
        self.over.set()

    def fail(self, fault: BaseException) -> None:
        """The instrument failed: there is no end record, and the parent is told why."""
        if not self.over.is_set():
            self.say(in_words(fault))
            self.environment.process_exit_code = 1
            self.over.set()
            self.quit()

    def interrupt(self) -> None:
        """Somebody ends the process, or stopped the run on Locust's page: returns when all is written."""
        if not self.over.is_set():
            self.performance.stop(INTERRUPTED)
            if self.performance.fault is None:
                self.deliver()
            self.over.wait()

    def quit(self) -> None:
        """Let Locust end."""
        if self.environment.runner is not None:
            self.environment.runner.quit()
        if self.environment.web_ui is not None:
            self.environment.web_ui.stop()  # type: ignore[no-untyped-call]
