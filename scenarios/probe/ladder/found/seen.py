"""What was seen rung by rung, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from scenarios.probe.ladder.rungs import LITTLE, Mean, Rung
from scenarios.probe.measured import milliseconds


def off_by(error: float, written: Callable[[float], str]) -> str:
    """What stands behind a ±: of one batch nobody knows it."""
    return written(error) if math.isfinite(error) else "unknown"


def table(rungs: tuple[Rung, ...]) -> Iterator[str]:
    """Rung by rung."""
    yield " at once    X (1/s) ± s.e.     R (ms) ± s.e.   X R / N   batches"
    for rung in rungs:
        x, r = rung.per_s, in_ms(rung.answer_s)
        yield (
            f"{rung.n:8} {x.value:9.2f} ± {off_by(x.error, '{:.2f}'.format):<7}"
            f" {r.value:9.1f} ± {off_by(r.error, '{:.1f}'.format):<7}"
            f" {rung.little:7.3f} {len(rung.visits):9}"
        )


def in_ms(mean: Mean) -> Mean:
    return Mean(mean.value * 1e3, mean.error * 1e3, mean.batches)


def of_little(rungs: Sequence[Rung]) -> Iterator[str]:
    """Whether people, rate and time agree at every rung, as they must."""
    off = [rung for rung in rungs if abs(rung.little - 1) > LITTLE]
    if off:
        worst = max(off, key=lambda rung: abs(rung.little - 1))
        yield (
            f"Little's law is {100 * abs(worst.little - 1):.0f} % off with {worst.n} at once: between"
            " an answer and the next request the probe takes so long itself; its X is too low by as much"
            " where nobody queues, and R is right."
        )


def of_cpu(rungs: Sequence[Rung]) -> Iterator[str]:
    """What a request costs the target's processors, where that is known."""
    known = [(rung.n, mean) for rung in rungs if (mean := rung.cpu_s) is not None]
    if not known:
        return
    (_, first), (n, last) = known[0], known[-1]
    grows = last.value / first.value if first.value else 1.0
    cores = last.value * rungs[-1].per_s.value
    why = (
        "the processor itself gets slower (caches, hyperthreads, its frequency)"
        if grows > 1.1
        else "what inflates answers is waiting: for a core, a lock, or another system"
    )
    yield (
        f"Processor time of the target for one request: {milliseconds(first.value * 1e9)} alone,"
        f" {milliseconds(last.value * 1e9)} with {n} at once, which keeps {cores:.2f} cores busy; {why}."
    )
