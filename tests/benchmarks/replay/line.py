"""A long line in one process: ``python -m tests.benchmarks.replay.line``; four minutes, and nginx.

100,000 people come within two minutes and a half, join a line that lets nobody in, and look every 30 s
how far it is: 3,300 looks a second in the end. The generator has one core and nginx another, both before
other programs where that is allowed. What is told: the most memory of the generator's process, how late
people were sent, and what a request cost.
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from scenarios.http.manners import Manners
from scenarios.replay.replay import Replay
from simulator.outcomes.answered import LINE, read_answers
from simulator.outcomes.instrument import read_instrument
from simulator.plan.plan import Plan, Subject
from simulator.system.line import Policy, TokenBucket, Waitlist
from simulator.system.objectives import Objectives
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from tests.benchmarks.replay.programs import first, on_core

S, MS = 1_000_000_000, 1_000_000
OURS, ITS = 0, 1
"""The cores of the generator and of the server."""
POLL_S = 30
PART = "line"
WAIT = '{"ticket": "a-ticket-of-usual-length", "admitted": false, "position": 7}'
NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 16000; multi_accept on; }}
http {{
    access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fast;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi; default_type application/json;
    server {{
        listen 127.0.0.1:{port} backlog=65535;
        location = /healthz {{ return 200 '{{"protocol": "surgeproof 1"}}'; }}
        location / {{ add_header Retry-After {poll_s} always; return 202 '{wait}'; }}
    }}
}}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--within-s", type=float, default=150.0, help="in which they come")
    parser.add_argument("--stand-s", type=float, default=90.0, help="how long the last ones wait")
    parser.add_argument("--fresh", action="store_true", help="a connection for each person")
    parser.add_argument("--anywhere", action="store_true", help="on whichever core is free")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, nginx(Path(folder)) as url:
        if not asked.anywhere:
            os.sched_setaffinity(0, {OURS})
            first(os.getpid())
        played = plan(asked.people, asked.within_s, asked.stand_s)
        told(played, url, Path(folder), Manners(keep_alive=not asked.fresh))


def plan(people: int, within_s: float, stand_s: float) -> Plan:
    """They come evenly, and nobody is ever let in."""
    come_ns, horizon_ns = round(within_s * S), round((within_s + stand_s) * S)
    line = Waitlist(policy=Policy.FIFO, release=TokenBucket.at_rate(1e-6), poll_every_ns=POLL_S * S)
    return Plan(
        subject=Subject.REHEARSAL,
        scenario="a long line",
        variant=None,
        demand=Demand(components=(Component.of(0, [0, come_ns], [people]),)),
        system=System(
            people=(People(name="all", client_timeout_ns=10 * S),),
            stations=(Station(name="signup", servers=1, service=Duration.fixed(MS)),),
            waitlist=line,
        ),
        objectives=Objectives(),
        horizon_ns=horizon_ns,
        end_ns=horizon_ns + 2 * S,
        bin_ns=100 * MS,
        seed=11,
    )


def told(played: Plan, url: str, folder: Path, manners: Manners) -> None:
    """Send it, and print what that took."""
    db = folder / "run.sqlite"
    began_s = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    Replay(played, target=url, folder=folder, db=db, part_name=PART, manners=manners).send()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with closing(sqlite3.connect(db)) as store:
        seen = read_instrument(store, PART)
        (line,) = store.execute("SELECT max(waiting) FROM beats").fetchone()
        looks = sum(row.count for row in read_answers(store, PART) if row.step == LINE)
    cpu_s = used.ru_utime + used.ru_stime - began_s
    print(f"{seen.planned:,} planned, {seen.started:,} sent, {line:,} in line at once")
    print(f"{looks:,} requests, {looks / (played.horizon_ns / S):,.0f} a second on the average")
    print(f"most memory of the generator: {used.ru_maxrss / 1024:,.0f} MiB")
    print(f"start lag p99 {ms(seen.lag_p99_ns)}, longest {ms(seen.lag_max_ns)}")
    print(f"event loop late by {ms(seen.loop_lag_max_ns)} at most")
    print(f"processor time {cpu_s:.1f} s, {1e6 * cpu_s / looks:.0f} µs a request")
    print(f"busiest second: {seen.cpu_share_peak:.0%} of a core; ended: {seen.ended}")


def ms(ns: int | None) -> str:
    return "unknown" if ns is None else f"{ns / MS:.1f} ms"


@contextmanager
def nginx(folder: Path) -> Iterator[str]:
    """One worker of it, on a core of its own, that answers at once; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, poll_s=POLL_S, wait=WAIT))
    command = on_core(ITS, ["nginx", "-p", str(folder), "-c", str(config)])
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=sys.stderr)
    try:
        while server.poll() is None and not answers(port):
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def answers(port: int) -> bool:
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    main()
