"""The replay's child process: ``python -P -m scenarios.replay.child.__main__ ORDERS --words FD [--web-port N] [--mails FD]``.

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

ORPHAN_GRACE_S = 2.0
"""A child whose parent has died has this long to write down what it knows."""
PACKAGES = ("simulator", "scenarios", "reports")


def main(arguments: list[str] | None = None) -> None:
    """Run Locust with the conductor; does not return."""
    parser = argparse.ArgumentParser(prog="scenarios.replay.child.__main__", description=__doc__)
    parser.add_argument("orders", type=Path)
    parser.add_argument("--words", type=int, required=True, help="the pipe for the last words")
    parser.add_argument("--web-port", type=int)
    parser.add_argument("--mails", type=int, help="the socket on which visitors' mails come")
    options = parser.parse_args(arguments)
    say = sayer(options.words)
    sys.excepthook = lambda kind, fault, trace: failed(say, kind, fault, trace)
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM), ORPHAN_GRACE_S)
    if complaint := strangers():
        say(complaint)
        sys.exit(1)
    sys.argv = ["locust", *locust_options(options)]

    from locust.main import main as locust_main

    locust_main()  # type: ignore[no-untyped-call]


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
    """Locust's command line: one idle user, and no opinion of its own on the outcome."""
    web_port = options.web_port
    page = (
        ["--headless"]
        if web_port is None
        else ["--web-host", "127.0.0.1", "--web-port", str(web_port), "--autostart"]
    )
    return [
        "--locustfile",
        str(Path(__file__).with_name("conductor.py")),
        "--orders",
        str(options.orders),
        *("--words", str(options.words)),
        *(() if options.mails is None else ("--mails", str(options.mails))),
        *page,
        *("--users", "1", "--spawn-rate", "1", "--only-summary", "--exit-code-on-error", "0"),
    ]


if __name__ == "__main__":
    main()
