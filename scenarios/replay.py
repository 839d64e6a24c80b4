"""The replay: the planned surge, instant by instant, against a real server.

This is the parent's side. It checks that load may be sent, writes the plan into the run's store,
starts the child that is Locust (:mod:`scenarios.child`), and watches it. Whatever happens, what was
measured stays in the store and no process stays behind.
"""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from pathlib import Path

from scenarios.allow import Target, check_target, connect
from scenarios.beats import Beat, latest_beat
from scenarios.orders import Endpoints, orders_for, write_orders
from simulator import instrument
from simulator.errors import InvalidRun, Stopped, UsageError
from simulator.journey_words import Request
from simulator.outcomes import Provenance, open_part
from simulator.plan import Plan

SIGNUP = Request(method="POST", path="/signup")
IN_FLIGHT_CAP = 5_000
LOOK_EVERY_S = 0.2
TO_BEGIN_S = 60.0
"""For the child to start and warm up: 1.5 s, and far more on a machine that is busy."""
TO_END_S = 10.0
"""For the child to write its end after the surge's, or after being asked to stop."""

Progress = Callable[[Beat], None]


def replay(
    plan: Plan,
    *,
    target: str | Target,
    folder: Path,
    db: Path,
    part_name: str,
    requests: Sequence[Request] = (SIGNUP,),
    allowed: Collection[str] = (),
    endpoints: Endpoints | None = None,
    in_flight_cap: int = IN_FLIGHT_CAP,
    web_port: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Send the plan's surge to the target; what happened is then in the store's part of that name.

    ``requests`` are those of the plan's steps, by their numbers. ``allowed`` names hosts that a
    person allowed, beside those of the environment.

    Raises TargetRefused, Unreachable or UsageError before anything is sent; Stopped when the kill
    switch ended the run, and InvalidRun when the child did not end it properly, after what was
    measured is safe.
    """
    checked = check_target(target, allowed)
    address = connect(checked)
    if web_port is not None:
        check_port(web_port)
    part = plan_part(plan, db, part_name)
    orders = orders_for(
        plan,
        checked,
        address,
        db,
        part,
        endpoints or Endpoints(),
        requests,
        in_flight_cap=in_flight_cap,
    )
    # by number: a part's name may hold what no file's name can
    path, log = folder / f"orders-{part}.json", folder / f"replay-{part}.log"
    write_orders(path, orders)
    child = start_child(path, log, web_port)
    try:
        watch(child, db, part, plan.end_ns / 1e9, progress)
    finally:
        end_child(child)
    judge_end(child.returncode, db, part, log)


def check_port(port: int) -> None:
    """Raises UsageError where Locust's page could not be shown."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise UsageError(
                f"port {port} cannot be used for the page ({error}): name another"
            ) from error


def plan_part(plan: Plan, db: Path, name: str) -> int:
    """Open the part that is to be filled, and write down whom it should see.

    Raises UsageError where the store cannot be written, or has such a part.
    """
    try:
        with closing(sqlite3.connect(db)) as store:
            store.execute("PRAGMA journal_mode = WAL")
            store.executescript(instrument.SCHEMA)
            part = open_part(store, name, Provenance.OBSERVED, plan.horizon_ns, plan.end_ns)
            with store:
                for rows in plan.timetable().arrivals():
                    store.executemany(
                        "INSERT INTO planned VALUES (?, ?, ?, ?)",
                        zip(
                            [part] * len(rows),
                            rows.visitor.tolist(),
                            rows.people.tolist(),
                            rows.arrived_ns.tolist(),
                            strict=True,
                        ),
                    )
    except sqlite3.IntegrityError as error:
        raise UsageError(f"{db} already holds a part named {name}: use a new folder") from error
    except sqlite3.Error as error:
        raise UsageError(f"{db} cannot be written ({error}): choose another folder") from error
    return part


# The child


def start_child(orders: Path, log: Path, web_port: int | None) -> subprocess.Popen[bytes]:
    """Start Locust in a session of its own, so that Ctrl-C reaches it only through us.

    Locust reads LOCUST_* variables as options, and keys pressed on a terminal as orders: it is
    given neither.
    """
    page = [] if web_port is None else ["--web-port", str(web_port)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LOCUST_")}
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "scenarios.child", str(orders.resolve()), *page],
            cwd=orders.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def watch(
    child: subprocess.Popen[bytes], db: Path, part: int, end_s: float, progress: Progress | None
) -> None:
    """Wait for the child and pass on its beats.

    Raises InvalidRun if it is not done when it should be.
    """
    last_ns = -1
    deadline_s = time.monotonic() + TO_BEGIN_S + end_s + TO_END_S
    with closing(sqlite3.connect(db)) as store:
        while child.poll() is None:
            if time.monotonic() > deadline_s:
                raise InvalidRun("the replay did not end when it should have, and was ended")
            beat = latest_beat(store, part)
            if progress is not None and beat is not None and beat.at_ns > last_ns:
                last_ns = beat.at_ns
                progress(beat)
            wait(child, LOOK_EVERY_S)


def end_child(child: subprocess.Popen[bytes]) -> None:
    """Ask the child to end, and make it; a second Ctrl-C makes it at once."""
    if child.poll() is not None:
        return
    try:
        signal_group(child, signal.SIGTERM)
        wait(child, TO_END_S)
    finally:
        if child.poll() is None:
            signal_group(child, signal.SIGKILL)
            child.wait()


def wait(child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the child ends within that time."""
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal the child and whatever it started; it leads a group of its own."""
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return  # it has just ended by itself


def judge_end(code: int, db: Path, part: int, log: Path) -> None:
    """Raises what the end record, or its absence, means."""
    with closing(sqlite3.connect(db)) as store:
        found = store.execute("SELECT how FROM ends WHERE part = ?", (part,)).fetchone()
    if found is None:
        raise InvalidRun(f"the load generator {last_words(code, log)}; its log is {log}")
    how = found[0]
    if how.startswith("stopped: "):
        raise Stopped(how.removeprefix("stopped: "))
    if how != "complete":
        raise InvalidRun(f"the replay was {how} before its end; what it measured is kept")


def last_words(code: int, log: Path) -> str:
    """How a process ended that left no end record."""
    if code < 0:
        return f"was killed ({signal.Signals(-code).name})"
    lines = log.read_text(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
    return f"failed, and the last it said was: {last}"
