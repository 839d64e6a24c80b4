"""A visitor who is the user of somebody's locustfile: his tasks once, his requests our attempts.

An ordinary Locust user repeats his tasks until he is stopped. Here he is one visitor, so each task is run
once, in the order in which it is written: of a SequentialTaskSet as often as it stands there, of other
tasks once whatever their weights, which are odds. A TaskSet among them is entered, and left when its own
tasks have been run. ``on_start``, ``on_stop``, ``wait_time`` between tasks, ``interrupt`` and the other
ways out of a task mean what they mean in Locust.

Requests are heard of through the client, so that Locust's own events, statistics and page stay true.
"""

from __future__ import annotations

import functools
import ssl
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, cast

import gevent
import requests
from gevent import GreenletExit
from locust import FastHttpUser, HttpUser, SequentialTaskSet, TaskSet, User
from locust.env import Environment
from locust.exception import RescheduleTask, RescheduleTaskImmediately, StopTest, StopUser
from locust.user.markov_taskset import MarkovTaskSet
from locust.user.task import DefaultTaskSet
from locust.user.users import PytestUser
from locust.util.load_locustfile import load_locustfile

from scenarios.http.allow import headers
from scenarios.http.requests.person import Person
from scenarios.http.trust import Trust, trusting
from scenarios.rehearsal.brought import Brought
from scenarios.replay.child.visitors.at_home import keep_at_home
from scenarios.replay.child.visitors.exchanges import Exchanges
from scenarios.replay.child.visitors.visit import Session, Stage, Visit
from scenarios.replay.orders import Orders
from simulator.errors import InvalidRun
from simulator.outcomes.answered import BROUGHT
from simulator.outcomes.rows import Fate, Result
from simulator.text.placeholders import filled

RUNNING = "running"
"""A user's state, as Locust's own runner sets it."""

Kind = type[HttpUser] | type[FastHttpUser]


class Once:
    """A TaskSet of which each task is run once."""

    _left: list[Any] | None = None

    def get_next_task(self) -> Any:
        if self._left is None:
            self._left = list(in_order(self))  # type: ignore[arg-type]
        if not self._left:
            self.interrupt(reschedule=False)  # type: ignore[attr-defined]
        return once(self._left.pop(0))

    def wait(self) -> None:
        """Between tasks; after the last there is nothing to wait for."""
        if self._left or self._task_queue:  # type: ignore[attr-defined]
            super().wait()  # type: ignore[misc]


class AllTasks(Once, DefaultTaskSet):
    """The tasks of the user himself."""


def in_order(tasks: TaskSet) -> Iterator[Any]:
    """What is run, and in which order."""
    own = tasks.user.tasks if isinstance(tasks, DefaultTaskSet) else tasks.tasks
    if isinstance(tasks, SequentialTaskSet):
        yield from own
    else:
        yield from dict.fromkeys(own)


@functools.cache
def once(task: Any) -> Any:
    """A task; of a TaskSet one that is left when it has been run through."""
    if isinstance(task, type) and issubclass(task, TaskSet):
        kind: Any = type(task)
        return kind(task.__name__, (Once, task), {"__module__": task.__module__})
    return task


@dataclass(frozen=True, slots=True)
class Cast:
    """The user class of a locustfile, ready to take a journey."""

    kind: Kind
    brought: Brought
    environment: Environment
    unfit: Callable[[str], None]
    """Breaks the replay off: something is asked for that is not in the plan."""

    def __call__(self, visit: Visit, stage: Stage, session: Session, person: Person) -> None:
        Play(self, visit, stage, session, person).play()


class Play:
    """One visit by such a user."""

    def __init__(
        self, cast: Cast, visit: Visit, stage: Stage, session: Session, person: Person
    ) -> None:
        self.cast, self.visit, self.stage, self.session = cast, visit, stage, session
        self.person = person
        self.exchanges = Exchanges(visit, stage, self.person, cast.brought, cast.unfit)

    def play(self) -> None:
        """From being let in to a fate."""
        why = self.perform() or self.exchanges.close()
        if why:
            self.stage.counted(BROUGHT, Result.FAILED, 0, why)
        fate = Fate.GAVE_UP if why or not self.exchanges.all_served else Fate.SERVED
        self.stage.ended(self.visit, fate, self.exchanges.last_ns)

    def perform(self) -> str:
        """Run everything; why he gave up, or nothing."""
        user = None
        try:
            user = self.user()
            run(user)
        except StopTest as stopped:
            self.cast.unfit(f"{self.cast.brought.label} stopped the test ({stopped or 'StopTest'})")
        except (Exception, SystemExit, gevent.Timeout) as fault:  # noqa: BLE001 - not our code
            why = f"{type(fault).__name__} was raised"
            self.exchanges.give_up(why)
            return why
        finally:
            if user is not None:
                closed(user)
        return ""

    def user(self) -> User:
        """Somebody new, who speaks to the target and is listened to."""
        environment = copy(self.cast.environment)
        environment.catch_exceptions = False
        environment.events = copy(environment.events)
        environment.events.request = self.exchanges.heard_by(environment.events.request)
        user = self.cast.kind(environment)
        if not hasattr(user, "visitor"):
            user.visitor = self.person  # type: ignore[union-attr]
        self.introduce(user)
        self.exchanges.listen_to(user.client)
        return user

    def introduce(self, user: HttpUser | FastHttpUser) -> None:
        """What the launch says that all visitors have: headers, certificates, and the line's cookies."""
        manners, client = self.stage.orders.manners, user.client
        own = {name: filled(text, self.person.value) for name, text in manners.headers.items()}
        told = merged(headers() | {"User-Agent": manners.user_agent}, own)
        cookies: Any = getattr(self.session, "cookies", ())
        if isinstance(client, requests.Session):
            client.headers.update(told)
            client.verify = manners.trust.ca_file or client.verify
            client.cert = manners.trust.client_certificate or client.cert
            jar: Any = client.cookies
        else:
            client.client.default_headers.update(told)
            jar = client.cookiejar
        for cookie in cookies:
            jar.set_cookie(cookie)
        keep_at_home(client, headers() | own, self.exchanges.is_target)


def merged(common: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Headers of which a launch's own win, however they are written."""
    said = {name.lower() for name in own}
    return {name: text for name, text in common.items() if name.lower() not in said} | dict(own)


def ssl_context(trust: Trust, cafile: str | None = None) -> ssl.SSLContext:  # noqa: ARG001
    """Whom all visitors trust, whatever the library proposes."""
    return trusting(trust)


def run(user: User) -> None:
    """What Locust's runner does with a user, once through his tasks."""
    tasks, leave = AllTasks(user), cast("Callable[[], None]", user.on_stop)
    user._state, user._taskset_instance = RUNNING, tasks  # noqa: SLF001 - as its runner does
    try:
        user.on_start()
        tasks.run()  # type: ignore[no-untyped-call]
    except (StopUser, RescheduleTask, RescheduleTaskImmediately):
        pass
    except GreenletExit:
        raise  # everything ends, and nobody would hear what on_stop says
    except BaseException:
        leave()
        raise
    leave()


def closed(user: User) -> None:
    """Let his connections go."""
    client = user.client  # type: ignore[attr-defined]
    (client if isinstance(client, requests.Session) else client.client).close()


def cast_of(
    orders: Orders, environment: Environment, unfit: Callable[[str], None]
) -> dict[int, Cast]:
    """Who takes which journey. Raises InvalidRun where a locustfile cannot be used."""
    return {
        number: Cast(user_class(brought, orders), brought, environment, unfit)
        for number, brought in enumerate(orders.brought)
        if brought is not None
    }


def user_class(brought: Brought, orders: Orders) -> Kind:
    """The class, aimed at the target."""
    kind = imported(brought)
    kind.host = orders.url
    trust = orders.manners.trust
    if issubclass(kind, FastHttpUser) and (trust.ca_file or trust.client_certificate):
        kind.insecure = False
        kind.ssl_context_factory = functools.partial(ssl_context, trust)
    return kind


def imported(brought: Brought) -> Kind:
    """Raises InvalidRun where the file cannot be run, or has no such user."""
    try:
        users, _ = load_locustfile(str(brought.file))
    except (Exception, SystemExit) as fault:
        said = f"{type(fault).__name__}: {fault}".rstrip(": ")
        raise InvalidRun(f"{brought.file} cannot be imported ({said})") from fault
    kind = users.get(brought.user)
    if kind is None or not issubclass(kind, HttpUser | FastHttpUser):
        raise InvalidRun(f"{brought.label} is no HttpUser or FastHttpUser that can be run")
    if issubclass(kind, PytestUser) or any(map(is_endless, kind.tasks)):
        raise InvalidRun(f"{brought.label} walks at random (MarkovTaskSet), which has no end")
    if not kind.tasks:
        raise InvalidRun(f"{brought.label} has no tasks: mark them with @task")
    return kind


def is_endless(task: Any) -> bool:
    """Whether a task, or one within it, goes from one to the next for ever."""
    if not (isinstance(task, type) and issubclass(task, TaskSet)):
        return False
    return issubclass(task, MarkovTaskSet) or any(map(is_endless, task.tasks))
