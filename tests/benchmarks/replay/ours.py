"""Our replay of a benchmark's launch: ``python -m tests.benchmarks.replay.ours URL RATE SECONDS [surge] [kept] [tls]``.

A process of its own. It moves the child, which sends, to one core, and itself to the other. Prints one JSON
object: the opening by the machine's clock, and what the child spent from then on.
"""

import argparse
import json
import os
import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil

from scenarios.http.manners import manners_of
from scenarios.rehearsal.sendable import sendable, step_requests
from scenarios.replay.replay import Replay
from tests.benchmarks.replay.launch import FLAT, SURGE, Launch, launch
from tests.benchmarks.replay.programs import GENERATOR, SERVER, first
from tests.benchmarks.replay.secure import CERTIFICATE

CHILD = "scenarios.replay.child.__main__"
waits: list[tuple[int, int]] = []
"""At which instants the child had waited how long for its core, in nanoseconds."""


def told(asked: Launch, url: str, folder: Path) -> dict[str, float]:
    """What is known of one replay, which is sent here."""
    db = folder / "run.sqlite"
    requests = step_requests(sendable(asked.scenario).scenario)
    manners = manners_of(asked.scenario, requests)
    threading.Thread(target=pin, daemon=True).start()
    Replay(
        asked.plan, target=url, folder=folder, db=db, part_name="sent",
        requests=requests, manners=manners, in_flight_cap=30_000,
    ).send()  # fmt: skip
    with sqlite3.connect(db) as store:
        (opening_ns,) = store.execute("SELECT * FROM openings").fetchone()[-1:]
        beats = store.execute("SELECT at_ns, cpu_share FROM beats ORDER BY at_ns").fetchall()
        lags = store.execute(
            "SELECT attempts.sent - visits.arrived FROM attempts JOIN visits USING (part, visitor)"
            " WHERE attempt = 0"
        ).fetchall()
        served = store.execute("SELECT count(*) FROM attempts WHERE result = 0").fetchone()[0]
    spans = zip([0, *(at for at, _ in beats)], beats, strict=False)
    cpu_s = sum((at - before) / 1e9 * share for before, (at, share) in spans)
    waited = [waited_ns for at_ns, waited_ns in waits if at_ns >= opening_ns]
    p50, p99, most = np.quantile(lags, [0.5, 0.99, 1.0]).tolist()
    return {
        "opening_ns": opening_ns, "cpu_s": cpu_s, "sent": len(lags), "answered": served,
        "lag_p50_ns": p50, "lag_p99_ns": p99, "lag_max_ns": most,
        "waited_ns": max(waited) - min(waited) if waited else 0,
    }  # fmt: skip


def pin() -> None:
    """Give the child, as soon as it is there, one core, and everything else the other."""
    me = psutil.Process()
    os.sched_setaffinity(0, {SERVER})
    while True:
        for child in me.children(recursive=True):
            if CHILD in child.cmdline():
                child.cpu_affinity([GENERATOR])
                first(child.pid)
                note_waits(child.pid)
                return
        time.sleep(0.01)


def note_waits(pid: int) -> None:
    """Ten times a second, until it ends, how long it has waited for its core: others may have taken it."""
    with suppress(OSError):
        while True:
            waited = Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[1]
            waits.append((time.perf_counter_ns(), int(waited)))
            time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("rate", type=float)
    parser.add_argument("seconds", type=float)
    parser.add_argument("words", nargs="*", choices=["surge", "kept", "tls", []])
    asked = parser.parse_args()
    shape = SURGE if "surge" in asked.words else FLAT
    more = f'ca_file = "{CERTIFICATE}"' if "tls" in asked.words else ""
    made = launch(asked.rate, asked.seconds, shape=shape, kept="kept" in asked.words, more=more)
    with TemporaryDirectory() as name:
        print(json.dumps(told(made, asked.url, Path(name))))


if __name__ == "__main__":
    main()
