"""What happened on the machine between two looks."""

import math
from dataclasses import replace
from pathlib import Path

from scenarios.machine.processes import TICKS_PER_S
from scenarios.machine.watch import Look, Watch, between, counts, pressure_us, spent
from simulator.outcomes.machine import Strain

S = 1_000_000_000
BEFORE = Look(
    at_ns=10 * S,
    busy_ticks=1000,
    stolen_ticks=50,
    pressed_us=7_000_000,
    target={(1, 1): (2 * S, S), (1, 2): (5 * S, S)},
    generator={(9, 9): (S, 0)},
    behind={},
)
AFTER = Look(
    at_ns=12 * S,
    busy_ticks=1000 + 3 * TICKS_PER_S,
    stolen_ticks=50 + TICKS_PER_S // 2,
    pressed_us=8_000_000,
    target={(1, 1): (3 * S, S), (1, 3): (S // 2, S // 4)},  # thread 2 has ended, and 3 begun
    generator={(9, 9): (2 * S, S // 2)},
    behind={(5, 5): (S, 0)},
)


def test_a_second_is_told_in_cores() -> None:
    found = between(BEFORE, AFTER)
    assert replace(found, cores=2) == Strain(
        at_ns=12 * S, for_ns=2 * S, cores=2, busy=1.5, steal=0.25, pressure=0.5,
        target_cpu=0.75, target_wait=0.125, generator_cpu=0.5, generator_wait=0.25, behind_cpu=0.5,
    )  # fmt: skip


def test_what_nobody_counts_is_unknown_and_not_nothing() -> None:
    found = between(replace(BEFORE, pressed_us=None), replace(AFTER, target={}, behind={}))
    assert math.isnan(found.pressure)
    assert math.isnan(found.target_cpu)
    assert math.isnan(found.target_wait)
    assert found.generator_cpu == 0.5
    assert found.behind_cpu == 0.0  # that nobody serves the target is known


def test_a_thread_that_waits_and_runs_no_more_has_used_nothing() -> None:
    assert spent({(1, 1): (5, 3)}, {(1, 1): (5, 3)}) == (0.0, 0.0)


def test_pressure_is_read_as_the_kernel_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "cpu"
    file.write_text(
        "some avg10=46.13 avg60=45.80 avg300=32.86 total=25614075925\n"
        "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"
    )
    assert pressure_us(file) == 25_614_075_925
    assert pressure_us(tmp_path / "none") is None


def test_the_kernel_counts_on() -> None:
    first, second = counts(), counts()
    assert first is not None
    assert second is not None
    assert all(a <= b for a, b in zip(first, second, strict=True))


def test_a_watch_that_is_over_before_its_first_second_has_seen_nothing() -> None:
    with Watch() as watch:
        pass
    assert watch.strain == []
