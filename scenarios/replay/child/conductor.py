"""The locustfile: Locust's stage, and the one who conducts the surge on it.

Locust's own dispatcher starts a second's users together and knows users, not instants; so its one
user, :class:`Conductor`, is idle, and the visitors are sessions that a performance
(:mod:`scenarios.replay.child.conducting.performance`) starts beside it. Their requests fire Locust's usual
events, so that its statistics and its page are true. Its count of users is not: it shows the conductor;
who is under way is in the beats.

Locust runs this file as a module of its own; nothing imports it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent
from locust import User, events, task
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from scenarios.replay.child.conducting.alone import Alone
from scenarios.replay.child.conducting.master import Master
from scenarios.replay.child.conducting.worker import OneOfMany
from scenarios.replay.last_words import Say, in_words, sayer


class Conductor(User):
    """Stands on Locust's stage and does nothing."""

    @task
    def stand_by(self) -> None:
        gevent.sleep(3600)


def aloud(say: Say, work: Callable[[], None]) -> None:
    """Do it in Locust's name. Locust only logs what its listeners raise: the parent is told first."""
    greenlet = gevent.spawn(work)
    greenlet.join()
    if greenlet.exception is not None:
        say(in_words(greenlet.exception))
        raise greenlet.exception


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def take_orders(parser: LocustArgumentParser, **_: Any) -> None:
    parser.add_argument("--words", type=int, required=True, include_in_web_ui=False)
    for text in ("--orders", "--called"):
        parser.add_argument(text, include_in_web_ui=False)
    for descriptor in ("--rows", "--mails"):
        parser.add_argument(descriptor, type=int, include_in_web_ui=False)
    parser.add_argument("--within", type=float, include_in_web_ui=False)
    parser.add_argument("--elsewhere", action="store_true", include_in_web_ui=False)


@events.init.add_listener  # type: ignore[untyped-decorator]
def begin(environment: Environment, **_: Any) -> None:
    assert environment.parsed_options is not None
    say = sayer(environment.parsed_options.words)
    aloud(say, lambda: set_the_stage(environment, say))


def set_the_stage(environment: Environment, say: Say) -> None:
    """Everything that is needed before Locust starts."""
    heard, runner = environment.events, environment.runner
    conducts: Alone | Master | OneOfMany
    if isinstance(runner, MasterRunner):
        conducts = Master(environment, runner, say)
    elif isinstance(runner, WorkerRunner):
        conducts = OneOfMany(environment, runner, say)
    else:
        conducts = alone = Alone(environment, say)
        heard.test_start.add_listener(lambda **_: alone.start())  # type: ignore[no-untyped-call]
    if not isinstance(conducts, Master):  # whose workers are stopped, and tell him
        heard.test_stopping.add_listener(lambda **_: aloud(say, conducts.interrupt))  # type: ignore[no-untyped-call]
    heard.quitting.add_listener(lambda **_: aloud(say, conducts.interrupt))  # type: ignore[no-untyped-call]
