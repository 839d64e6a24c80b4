"""What can hold up the opening, each cause alone: ``python -m tests.benchmarks.replay.opening``, half a minute.

A generator that stands still for a moment sends nobody then, and everybody after it: a third of a second
was seen twice in prototypes. Here each suspect is measured by itself, in processor time of a process
that has imported what the replay's child imports, as the median of several. What the replay does about it is in
the last column.
"""

from __future__ import annotations

import gc
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

PEOPLE = 100_000
ROWS = 1_000_000
REPETITIONS = 5


def main() -> None:
    print(f"{'suspect':<58} {'ms':>7}  what is done")
    for name, (_, remedy) in SUSPECTS.items():
        command = [sys.executable, "-m", "tests.benchmarks.replay.opening", name]
        found = subprocess.run(command, check=True, capture_output=True, text=True)
        print(f"{name:<58} {float(found.stdout):7.2f}  {remedy}")


def collection() -> float:
    """A full collection of what the child has imported."""
    imports()
    gc.collect()
    return median(took_ms(gc.collect) for _ in range(REPETITIONS))


def frozen() -> float:
    """The same after a freeze."""
    imports()
    gc.collect()
    gc.freeze()
    return median(took_ms(gc.collect) for _ in range(REPETITIONS))


def crowded() -> float:
    """The same with a long line, of whom each sleeps in the heap."""
    imports()
    people = line_of(PEOPLE)
    gc.collect()
    found = median(took_ms(gc.collect) for _ in range(REPETITIONS))
    assert len(people) == PEOPLE
    return found


def rows() -> float:
    """A long plan as Python's numbers, all at once."""
    plan = np.zeros((ROWS, 3), np.int64)
    return median(took_ms(plan.tolist) for _ in range(REPETITIONS))


def piecewise() -> float:
    """The same, until the first is sent."""
    from scenarios.replay.child.surge.surge import rows_of

    plan = np.zeros((ROWS, 3), np.int64)
    return median(took_ms(lambda: next(iter(rows_of(plan)))) for _ in range(REPETITIONS))


def trust() -> float:
    """A context for TLS."""
    return median(took_ms(ssl.create_default_context) for _ in range(REPETITIONS))


def first_visit() -> float:
    """A visit whose requests nobody has read and whose code paths nobody has gone, without the network's part."""
    return cold()[0]


def second_visit() -> float:
    return cold()[1]


def cold() -> tuple[float, float]:
    """The first visit of a process, and a later one."""
    imports()
    from tests.unit.scenarios.replay.test_visitor import SERVED

    play = theatre(SERVED, lined=False)
    return took_ms(lambda: list(play(0))), median(
        took_ms(lambda: list(play(1))) for _ in range(REPETITIONS)
    )


def line_of(people: int) -> list[Any]:
    """So many who have looked once, and sleep until they look again."""
    from tests.unit.scenarios.replay.test_visitor import WAIT

    play = theatre(WAIT, lined=True)
    asleep = [play(visitor) for visitor in range(people)]
    for each in asleep:
        next(each)
    return asleep


def theatre(answer: Any, *, lined: bool) -> Callable[[int], Any]:
    """Makes visits to a target that gives one answer, from memory."""
    from scenarios.replay.child.visitors.budgets import Budgets
    from scenarios.replay.child.visitors.visit import Stage, Visit
    from scenarios.replay.child.visitors.visitor import Visitor
    from tests.unit.scenarios.replay import test_visitor as shared

    class Target:
        def send(self, sent: Any, *, rule: Callable[[Any], Any], **_: Any) -> tuple[Any, Any]:
            return answer, rule(answer)

        def close(self) -> None: ...

    plan = shared.orders(shared.PATIENT, lined=lined)
    stage = Stage(
        orders=plan, luck=plan.luck(), clock=shared.JumpingClock(0), budgets=Budgets(plan.people),
        tried=lambda _: None, ended=lambda *_: None, answered=lambda _: None,
    )  # fmt: skip
    target: Any = Target()
    return lambda visitor: Visitor(Visit(visitor, 0, 0), stage, target).go()


SUSPECTS: dict[str, tuple[Callable[[], float], str]] = {
    "full collection, everything imported": (collection, "none from the opening on"),
    "the same, frozen": (frozen, "frozen before the opening"),
    f"full collection, {PEOPLE:,} people in line": (crowded, "none from the opening on"),
    f"a plan of {ROWS:,} rows as Python's numbers": (rows, "a thousand rows at a time"),
    "the same, a thousand at a time": (piecewise, ""),
    "a context for TLS": (trust, "made by the look at its health before it"),
    "a process's first visit, without the network": (first_visit, "requests are read before it"),
    "a later one": (second_visit, ""),
}


def took_ms(work: Callable[[], object]) -> float:
    began_ns = time.process_time_ns()
    work()
    return (time.process_time_ns() - began_ns) / 1e6


def imports() -> None:
    """What the replay's child holds."""
    import locust  # noqa: F401 - it is what is measured

    import scenarios.replay.child.conductor  # noqa: F401


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(SUSPECTS[sys.argv[1]][0]())
    else:
        main()
