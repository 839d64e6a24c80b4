"""The locustfile: Locust's stage, and the one who conducts the surge on it.

Locust's own dispatcher starts a second's users together and knows users, not instants; so its one
user, :class:`Conductor`, is idle, and the visitors are sessions that :class:`Performance` starts
beside it. Their requests fire Locust's usual events, so that its statistics and its page are true.
Its count of users is not: it shows the conductor; who is under way is in the beats.

Locust runs this file as a module of its own; nothing imports it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event
from gevent.socket import create_connection
from locust import User, events, task
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judged, is_ours, judge, taken_as_it_is
from scenarios.http.requests.person import Person
from scenarios.http.requests.sent import origin, sent_of
from scenarios.http.rows import rows_in
from scenarios.mail.boxes import Post
from scenarios.process.open_files import raise_limit
from scenarios.replay.child import pinned
from scenarios.replay.child.clock import Clock
from scenarios.replay.child.killswitch.dead import Dead
from scenarios.replay.child.killswitch.looks import WITHIN_NS, Looks
from scenarios.replay.child.killswitch.recent import Recent
from scenarios.replay.child.killswitch.watched import Watched
from scenarios.replay.child.ledger import Ledger, fingerprint
from scenarios.replay.child.pulse import Pulse
from scenarios.replay.child.surge import Surge
from scenarios.replay.child.visitors.brought import Cast, cast_of
from scenarios.replay.child.visitors.budgets import Budgets
from scenarios.replay.child.visitors.mailroom import Mailroom
from scenarios.replay.child.visitors.visit import Life, Session, Stage, Visit, unheard
from scenarios.replay.child.visitors.visitor import Visitor
from scenarios.replay.child.wire.browser import Browser
from scenarios.replay.child.wire.faults import reason_of
from scenarios.replay.child.wire.statistics import Statistics
from scenarios.replay.child.wire.wire import Wire
from scenarios.replay.last_words import Say, in_words, sayer
from scenarios.replay.orders import Orders, read_orders
from simulator.errors import InvalidRun
from simulator.outcomes.rows import Result
from simulator.outcomes.store import COMPLETE, INTERRUPTED, STOPPED, UNFIT
from simulator.scenario.document.data import Rows
from simulator.scenario.words.rehearsal.requests import Request

WARM_UPS = 5
AHEAD_NS = 200_000_000
"""Between the last preparation and the opening."""
WRITE_EVERY_NS = 500_000_000
HEALTH_TIMEOUT_NS = 2_000_000_000


class Conductor(User):
    """Stands on Locust's stage and does nothing."""

    @task
    def stand_by(self) -> None:
        gevent.sleep(3600)


class Performance:
    """One replay, from the warm-up to the end record."""

    def __init__(self, orders: Orders, environment: Environment, say: Say) -> None:
        self.orders, self.environment, self.say = orders, environment, say
        self.clock, self.dead = Clock(), Dead()
        alarms = orders.manners.alarms
        self.recent = Recent(alarms, self.clock) if alarms.of_answers else None
        self.statistics = Statistics(environment)
        self.wire = Wire(orders.url, orders.manners, self.statistics)
        self.ledger = Ledger(orders.db, orders.part)
        self.surge = Surge(self.ledger.plan(), orders, self.clock, self.ledger, self.watched)
        if fingerprint(self.surge.plan) != orders.timetable_sha256:
            raise InvalidRun("the planned rows are not the timetable that was predicted")
        self.pulse = Pulse(self.surge, self.clock)
        self.stage = Stage(
            orders=orders,
            luck=orders.luck(),
            clock=self.clock,
            budgets=Budgets(orders.people),
            tried=self.ledger.add_attempt,
            ended=self.surge.ended,
            answered=self.dead.hear,
            begun=self.recent.begun if self.recent is not None else unheard,
            counted=self.ledger.tally.add,
            room=self.surge.room,
            data=data_of(orders, len(self.surge.plan)),
            takers=self.takers(),
            post_of=self.mailroom(),
        )
        self.helpers: list[gevent.Greenlet] = []
        self.ending = False
        self.ended = Event()

    def start(self) -> None:
        """Perform, beside Locust; once, however often Locust starts."""
        if not self.helpers:
            self.help(self.perform)

    def help(self, work: Callable[[], None]) -> None:
        helper = self.watched(work)
        self.helpers.append(helper)
        helper.start()

    def watched(self, work: Callable[..., None], *of: Any) -> gevent.Greenlet:
        """A greenlet whose fault is ours and ends the replay, so that no target is blamed for it."""
        greenlet = gevent.Greenlet(work, *of)
        greenlet.link_exception(lambda failed: gevent.spawn(self.break_off, failed.exception))
        return greenlet

    def takers(self) -> dict[int, Cast]:
        """The users of locustfiles, who are kept where they are allowed to go."""
        if any(self.orders.brought):
            pinned.fence()
        return cast_of(self.orders, self.environment, self.unfit)

    def mailroom(self) -> Callable[[Person], Post] | None:
        """Where visitors get their mails; None where there are none."""
        options, orders = self.environment.parsed_options, self.orders.mail
        if orders is None or options is None or options.mails is None:
            return None
        return Mailroom(options.mails, orders).post_of

    # What happens

    def perform(self) -> None:
        if self.warm_up():
            self.clock.open_in(AHEAD_NS)
            self.ledger.open(self.clock.opening_ns)
            self.pulse.restart()
            for work in (self.keep_beating, self.keep_writing, *self.watches()):
                self.help(work)
            self.surge.send_everybody(self.life)
            self.drain()
            self.end(COMPLETE)
        self.quit()

    def warm_up(self) -> bool:
        """Run connections, writer and code paths once before anything is measured.

        False where the target cannot be spoken to: then nobody is sent at all.
        """
        for _ in range(WARM_UPS):
            answer = self.look()
            if answer.broke:
                asked = self.orders.manners.health or "connecting"
                self.end(f"{STOPPED}nobody was sent, since {asked} failed ({answer.error})")
                return False
            if answer.timed_out:
                break
            self.stage = replace(self.stage, ours=is_ours(answer.body))
        self.ledger.write()
        self.surge.garbage.keep_out()
        return True

    def life(self, visit: Visit) -> Life:
        """One visit, as its own browser."""
        session = Browser(self.wire)
        seen: Session = session if self.recent is None else Watched(session, self.recent)
        try:
            yield from Visitor(visit, self.stage, seen).go()
        finally:
            session.close()

    def drain(self) -> None:
        """Those let in have until the end."""
        self.surge.crowd.join(self.orders.end_ns - self.clock.now_ns())

    # How it ends

    def end(self, how: str) -> None:
        """Stop everybody and write the end record; who comes second waits for it."""
        if self.ending:
            self.ended.wait()
            return
        self.ending = True
        me = gevent.getcurrent()
        gevent.killall([helper for helper in self.helpers if helper is not me])
        self.surge.cut_short()
        self.statistics.tell()
        self.wire.close()
        self.ledger.write_beat(self.pulse.beat())
        self.ledger.end(how, planned=len(self.surge.plan), started=self.surge.started)
        self.ended.set()

    def break_off(self, fault: Exception) -> None:
        """End without an end record: the instrument failed, and the parent is told how."""
        if not self.ended.is_set():
            self.ending = True
            self.say(in_words(fault))
            gevent.killall(self.helpers, block=False)
            self.surge.crowd.abandon()
            self.environment.process_exit_code = 1
            self.ended.set()
            self.quit()

    def unfit(self, why: str) -> None:
        """End, since something was sent that is not in the plan."""

        def end() -> None:
            self.end(f"{UNFIT}{why}")
            self.quit()

        if not self.ending:
            gevent.spawn(end)

    def quit(self) -> None:
        """Let Locust end."""
        if self.environment.runner is not None:
            self.environment.runner.quit()
        if self.environment.web_ui is not None:
            self.environment.web_ui.stop()  # type: ignore[no-untyped-call]

    def stop(self) -> None:
        """Somebody stopped the run on Locust's page."""
        if not self.ending:
            self.end(INTERRUPTED)
            gevent.spawn(self.quit)

    # What goes on beside it

    def keep_beating(self) -> None:
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
        found = [lambda: self.dead.watch(self.clock, self.is_healthy)]
        if self.recent is not None:
            found.append(self.recent.watch)
        if (asked := self.orders.manners.alarms.health) is not None:
            start = lambda look: self.watched(look).start()  # noqa: E731
            found.append(Looks(str(asked), lambda: self.is_wrong(asked), start, self.clock).watch)
        return [partial(self.stop_when, rule) for rule in found]

    def stop_when(self, tripped: Callable[[], str]) -> None:
        """Wait for a rule to say why, and end."""
        self.end(f"{STOPPED}{tripped()}")
        self.quit()

    def is_healthy(self) -> bool:
        """Whether the target answers at all, be it slowly."""
        return not self.look().broke

    def is_wrong(self, asked: Request) -> str:
        """Why a request that tells how the target is has failed; empty where it has not."""
        rule = lambda answer: judge(answer, asked, self.person, ours=False)  # noqa: E731
        _, judged = self.ask(asked, WITHIN_NS, rule)
        return "" if judged.result is Result.SUCCESS else judged.reason

    def look(self) -> Answer:
        """Ask the target how it is, apart from Locust's statistics."""
        asked = self.orders.manners.health
        if asked is None:
            return self.knock()
        answer, _ = self.ask(asked, HEALTH_TIMEOUT_NS)
        return answer

    @property
    def person(self) -> Person:
        """Nobody's visitor, who asks how the target is."""
        return Person.of(self.orders.run, "health", secrets=self.orders.manners.secrets)

    def ask(
        self, asked: Request, timeout_ns: int, rule: Callable[[Answer], Judged] = taken_as_it_is
    ) -> tuple[Answer, Judged]:
        """One request apart from all visitors', on a connection of its own."""
        session = Browser(self.wire.unheard())
        try:
            sent = sent_of(asked, self.person, self.orders.manners.headers)
            follow = asked.redirects == "follow"
            return session.send(sent, timeout_ns=timeout_ns, rule=rule, follow=follow)
        finally:
            session.close()

    def knock(self) -> Answer:
        """Connect and say nothing: all that may be done where there is no health to ask for."""
        _, _, port = origin(self.orders.url)
        try:
            create_connection((self.orders.address, port), HEALTH_TIMEOUT_NS / 1e9).close()
        except TimeoutError:
            return Answer(status=0, timed_out=True)
        except OSError as error:
            return Answer(status=0, error=reason_of(error))
        return Answer(status=204)


def data_of(orders: Orders, visitors: int) -> Rows:
    """The rows of the launch's table, one for each of the planned visitors.

    Raises InvalidRun, or UsageError, where it has changed since it was read first.
    """
    file = orders.manners.data
    rows = rows_in(file)
    if file is not None and len(rows) < visitors:
        raise InvalidRun(f"{file} has fewer rows than before: leave it as it is while it is used")
    return rows


def aloud(say: Say, work: Callable[[], None]) -> None:
    """Do it in Locust's name. Locust only logs what its listeners raise: the parent is told first."""
    greenlet = gevent.spawn(work)
    greenlet.join()
    if greenlet.exception is not None:
        say(in_words(greenlet.exception))
        raise greenlet.exception


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def take_orders(parser: LocustArgumentParser, **_: Any) -> None:
    parser.add_argument("--orders", type=Path, required=True, include_in_web_ui=False)
    parser.add_argument("--words", type=int, required=True, include_in_web_ui=False)
    parser.add_argument("--mails", type=int, include_in_web_ui=False)


@events.init.add_listener  # type: ignore[untyped-decorator]
def begin(environment: Environment, **_: Any) -> None:
    assert environment.parsed_options is not None
    say = sayer(environment.parsed_options.words)
    aloud(say, lambda: set_the_stage(environment, say))


def set_the_stage(environment: Environment, say: Say) -> None:
    """Everything that is needed before Locust starts."""
    assert environment.parsed_options is not None
    raise_limit()
    orders = read_orders(environment.parsed_options.orders)
    pinned.pin({**orders.manners.hosts, orders.host: orders.address})
    performance = Performance(orders, environment, say)
    heard = environment.events
    heard.test_start.add_listener(lambda **_: performance.start())  # type: ignore[no-untyped-call]
    heard.test_stopping.add_listener(lambda **_: aloud(say, performance.stop))  # type: ignore[no-untyped-call]
    heard.quitting.add_listener(  # type: ignore[no-untyped-call]
        lambda **_: aloud(say, lambda: performance.end(INTERRUPTED))
    )
