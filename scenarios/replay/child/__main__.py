"""A process of a replay: ``python -P -m scenarios.replay.child.__main__ [ORDERS] --words FD ...``.

It sends the whole plan (ORDERS and ``--rows``), is the master of several that do (``--listen`` as well), or
one of these (``--master``).

Locust replaces the standard sockets as it is imported, so it lives here and nowhere else. Before it
is imported, the top-level packages are checked: their names are generic, and a folder that happens
to hold a ``reports`` of its own must not be taken for ours.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import signal
import sys
from pathlib import Path
from types import TracebackType

from scenarios.process.orphan import end_with_parent
from scenarios.replay.last_words import Say, in_words, sayer
from scenarios.replay.workers import SECRET_VARIABLE, address_of

ORPHAN_GRACE_S = 2.0
"""A child whose parent has died has this long to write down what it knows."""
GIVE_UP_S = 2
"""So much later than the master, who says why, Locust gives up waiting for workers and exits."""
PACKAGES = ("simulator", "scenarios", "reports")


def main(arguments: list[str] | None = None) -> None:
    """Run Locust with the conductor; does not return."""
    options = options_of(arguments)
    say = sayer(options.words)
    sys.excepthook = lambda kind, fault, trace: failed(say, kind, fault, trace)
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM), ORPHAN_GRACE_S)
    if complaint := strangers():
        say(complaint)
        sys.exit(1)
    sys.argv = ["locust", *locust_options(options)]

    from locust.main import main as locust_main

    if options.listen or options.master:
        from scenarios.replay.child.conducting.link.lock import lock

        lock(os.environ[SECRET_VARIABLE])
    if options.master:
        await_master(options, say)
    locust_main()  # type: ignore[no-untyped-call]


def await_master(options: argparse.Namespace, say: Say) -> None:
    """Have a worker say why it meets no master, beside Locust, which would give up sooner and without a word."""
    import gevent
    from locust import runners

    from scenarios.replay.child.conducting.link.meeting import Meeting

    host, port = address_of(options.master)
    runners.CONNECT_RETRY_COUNT = round(options.within)
    gevent.spawn(Meeting(host=host, port=port, within_s=options.within).attend, say)


def options_of(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scenarios.replay.child.__main__", description=__doc__)
    parser.add_argument("orders", type=Path, nargs="?")
    parser.add_argument("--words", type=int, required=True, help="the pipe for the last words")
    parser.add_argument("--rows", type=int, help="the socket that takes the rows")
    parser.add_argument("--web-port", type=int)
    parser.add_argument("--mails", type=int, help="the socket on which visitors' mails come")
    parser.add_argument("--listen", metavar="HOST:PORT", help="where a master's workers come")
    parser.add_argument("--workers", type=int, help="how many it waits for")
    parser.add_argument("--within", type=float, help="for how many seconds it, or a worker, waits")
    parser.add_argument("--master", metavar="HOST:PORT", help="whose worker this is")
    parser.add_argument("--called", help="the worker's name")
    parser.add_argument("--elsewhere", action="store_true", help="not started by the replay itself")
    return parser.parse_args(arguments)


def failed(
    say: Say, kind: type[BaseException], fault: BaseException, trace: TracebackType | None
) -> None:
    """What nothing else took care of: tell the parent, and leave the details in the log."""
    say(in_words(fault))
    sys.__excepthook__(kind, fault, trace)


def strangers() -> str | None:
    """What is wrong if the packages do not come from one installation."""
    homes = {name: home(name) for name in PACKAGES}
    if len(set(homes.values())) == 1:
        return None
    found = ", ".join(f"{name} in {where}" for name, where in homes.items())
    return (
        f"the packages {', '.join(PACKAGES)} do not come from one installation ({found});"
        " install surgeproof in a virtual environment of its own"
    )


def home(package: str) -> Path | None:
    """The folder that a package would be imported from."""
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent.parent if found and found.origin else None


def locust_options(options: argparse.Namespace) -> list[str]:
    """Locust's command line: one idle user a process, and no opinion of its own on the outcome."""
    users = options.workers or 1
    return [
        *("--locustfile", str(Path(__file__).with_name("conductor.py"))),
        *told(options, "orders", "words", "rows", "mails", "within", "called"),
        *(["--elsewhere"] if options.elsewhere else []),
        *role(options),
        *page(options),
        *("--users", str(users), "--spawn-rate", str(users)),
        *("--only-summary", "--exit-code-on-error", "0"),
    ]


def told(options: argparse.Namespace, *names: str) -> list[str]:
    """Options that are handed on as they are."""
    given = {name: getattr(options, name) for name in names}
    return [
        word
        for name, text in given.items()
        if text is not None
        for word in (f"--{name}", str(text))
    ]


def role(options: argparse.Namespace) -> list[str]:
    """Whether it is a master, a worker, or alone."""
    if options.master:
        host, port = address_of(options.master)
        return ["--worker", "--master-host", host, "--master-port", str(port)]
    if options.listen:
        host, port = address_of(options.listen)
        where = ["--master-bind-host", host, "--master-bind-port", str(port)]
        most_s = str(int(options.within) + GIVE_UP_S)
        awaited = ["--expect-workers", str(options.workers), "--expect-workers-max-wait", most_s]
        return ["--master", *where, *awaited]
    return []


def page(options: argparse.Namespace) -> list[str]:
    """Locust's own page, where it is asked for."""
    if options.web_port is None or options.master:
        return ["--headless"]
    return ["--web-host", "127.0.0.1", "--web-port", str(options.web_port), "--autostart"]


if __name__ == "__main__":
    main()
