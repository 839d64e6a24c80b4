"""The table of ``docs/injector.md``: ``NPM_PREFIX=FOLDER python -m tests.benchmarks.replay.table``, six minutes.

What is not installed is named (``apt install wrk hey``, ``npm install autocannon artillery`` in FOLDER).
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from simulator.units import Ints
from tests.benchmarks.replay.launch import FLAT, SURGE, launch
from tests.benchmarks.replay.programs import GENERATOR, compiled, on_core, server
from tests.benchmarks.replay.rivals.rivals import RIVALS, Rival
from tests.benchmarks.replay.secure import secure_server
from tests.benchmarks.replay.sent import BIN_NS, Sent, judged

RATE, SECONDS, DECAY_S = 1_500.0, 8.0, 8.0
TLS_RATE = 700.0
ON_TIME_S = 0.005
KEPT = 64
"""Connections of the program in C, where they are kept."""
RATES = (
    *(1_500, 3_000, 3_500, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000, 11_000, 12_000),
    *(
        13_000,
        13_500,
        14_000,
        15_000,
        16_000,
        18_000,
        20_000,
        24_000,
        28_000,
        32_000,
        36_000,
        40_000,
        45_000,
        50_000,
        55_000,
    ),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a generator says of its own run."""

    opening_ns: int
    sent: int
    cpu_s: float
    lag_p99_s: float
    waited_s: float
    """For its core, since the opening: others may have taken it; 0 where nobody looked."""


Sending = Callable[[float, float, str, bool], tuple[Sent, Told]]
"""At a rate, for so many seconds, in a shape, on kept connections or not."""


def ours(rate: float, seconds: float, shape: str, kept: bool) -> tuple[Sent, Told]:
    plan_ns = launch(rate, seconds, shape=shape, kept=kept).instants_ns
    words = ["surge"] * (shape == SURGE) + ["kept"] * kept
    with server() as target:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.replay.ours", target.url, str(rate), str(seconds), *words],
            stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        return held(plan_ns, target.noted(), ran.stdout)


def in_c(rate: float, seconds: float, shape: str, kept: bool) -> tuple[Sent, Told]:
    with TemporaryDirectory() as name:
        program = str(compiled("replayer", Path(name)))
        return played([program], rate, seconds, shape, kept)


def bare(rate: float, seconds: float, shape: str, kept: bool) -> tuple[Sent, Told]:
    loop = [sys.executable, "-m", "tests.benchmarks.replay.bare"]
    return played(loop, rate, seconds, shape, kept)


def played(
    program: Sequence[str], rate: float, seconds: float, shape: str, kept: bool
) -> tuple[Sent, Told]:
    """By a program that reads the instants from a file."""
    plan_ns = launch(rate, seconds, shape=shape, kept=kept).instants_ns
    with TemporaryDirectory() as name, server() as target:
        plan = Path(name) / "plan"
        plan_ns.astype(np.int64).tofile(plan)
        words = [*program, str(target.port), str(plan), str(KEPT if kept else 0)]
        ran = subprocess.run(
            on_core(GENERATOR, words), stdout=subprocess.PIPE, text=True, check=True
        )
        return held(plan_ns, target.noted(), ran.stdout)


def held(plan_ns: Ints, came_ns: Ints, said: str) -> tuple[Sent, Told]:
    found = json.loads(said)
    told = Told(
        int(found["opening_ns"]), found["sent"], found["cpu_s"], found["lag_p99_ns"] / 1e9,
        found.get("waited_ns", 0) / 1e9,
    )  # fmt: skip
    return judged(plan_ns, came_ns, told.opening_ns, told.cpu_s), told


def rival(which: Rival) -> Sent:
    """One that knows no instants is held against its smooth curve, from its first request on."""
    with TemporaryDirectory() as name, server() as target:
        cpu_s = which.spend(target.url, RATE, SECONDS, Path(name))
        came_ns = np.sort(target.noted())
    at_s = (np.arange(round(SECONDS / 0.1)) + 0.5) * BIN_NS / 1e9
    shape = np.exp(-at_s / DECAY_S) if which.told == "stages" else np.ones_like(at_s)
    planned = RATE * BIN_NS / 1e9 * shape
    edges = np.arange(len(at_s) + 1) * BIN_NS
    came, _ = np.histogram(came_ns - came_ns[0], edges)
    if which.told == "as fast as it can":
        planned = np.full_like(planned, np.nan)
    deviation = float(np.abs(planned - came).mean() / planned.mean())
    total = 0 if np.isnan(planned).any() else round(planned.sum())
    return Sent(planned=total, came=len(came_ns), cpu_s=cpu_s, lag_s=None, deviation=deviation)


SENDERS: dict[str, Sending] = {
    "a program in C": in_c,
    "a bare loop in CPython": bare,
    "**surgeproof**": ours,
}


def most(send: Sending, kept: bool) -> str:
    """The highest rate at which 99 of 100 are sent within 5 ms, and all of them, by halving the rates to try."""
    low, high = 0, len(RATES)
    while low < high:
        middle = (low + high) // 2
        if holds(send, RATES[middle], kept):
            low = middle + 1
        else:
            high = middle
    found = RATES[low - 1] if low else 0
    return f"{found:,}{' or more' if found == RATES[-1] else ''}"


def holds(send: Sending, rate: float, kept: bool) -> bool:
    """Whether that is so at a rate."""
    try:
        sent, told = send(rate, 4.0, FLAT, kept)
    except subprocess.CalledProcessError:
        return False  # a program ends where it has no more files or ports
    lag = f"lag p99 {told.lag_p99_s * 1e3:.2f} ms, {sent.us_a_request:.0f} µs"
    lag += f", {told.waited_s * 1e3:.0f} ms waited for its core" if told.waited_s else ""
    print(f"  {rate}/s: sent {told.sent} of {sent.planned}, {lag}", file=sys.stderr)
    return told.sent == sent.planned and told.lag_p99_s <= ON_TIME_S


def row(name: str, told: str, sent: Sent, base: Sent, rate: str) -> str:
    share = f"{sent.came / sent.planned:.3f}" if sent.planned else "-"
    lag = "-" if sent.lag_s is None else " / ".join(f"{s * 1e3:.2g}" for s in sent.lag_s)
    deviation = "-" if np.isnan(sent.deviation) else f"{sent.deviation:.1%}"
    cpu = f"{sent.us_a_request:.0f} ({sent.us_a_request / base.us_a_request:.2g})"
    return f"| {name} | {told} | {share} | {lag} | {deviation} | {cpu} | {rate} |"


def table() -> Iterator[str]:
    yield "| generator | is told | sent / planned | lag p50 / p99 / most, ms | off the plan per 100 ms | CPU µs a request (times C, same connections) | most /s with lag p99 ≤ 5 ms |"
    yield "|---|---|---:|---|---:|---:|---:|"
    bases: dict[bool, Sent] = {}
    for name, send in SENDERS.items():
        for kept in (True, False):
            sent, _ = send(RATE, SECONDS, SURGE, kept)
            bases.setdefault(kept, sent)
            how = "connections kept" if kept else "each a fresh connection"
            print(f"{name}, {how}", file=sys.stderr)
            yield row(f"{name}, {how}", "instants", sent, bases[kept], most(send, kept))
    for each in RIVALS:
        print(each.name, file=sys.stderr)
        if each.path is None:
            yield f"| {each.name} | not installed here | | | | | |"
            continue
        yield row(each.name, each.told, rival(each), bases[True], "-")


def with_tls() -> str:
    """How many handshakes a second our generator makes."""
    with secure_server() as url:
        if url is None:
            return "With TLS: nginx is not installed here."
        words = [
            sys.executable,
            "-m",
            "tests.benchmarks.replay.ours",
            url,
            f"{TLS_RATE:g}",
            "8",
            "tls",
        ]
        ran = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(ran.stdout)
        return (
            f"With a TLS handshake for each visitor (nginx, RSA 2048), {TLS_RATE:g}/s: {found['answered']} of {found['sent']} answered,"
            f" lag p99 {found['lag_p99_ns'] / 1e6:.1f} ms, {found['cpu_s'] / found['sent'] * 1e6:.0f} µs CPU a request."
        )


def machine() -> str:
    names = [
        line
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    libraries = ", ".join(f"{name} {version(name)}" for name in ("locust", "gevent"))
    return (
        f"{os.cpu_count()} x {names[0].partition(':')[2].strip()}, CPython {platform.python_version()}, {libraries},"
        f" {datetime.now(UTC):%-d %B %Y}."
    )


def main() -> None:
    for line in table():
        print(line, flush=True)
    print(f"\n{with_tls()}\n\n{machine()}")


if __name__ == "__main__":
    main()
