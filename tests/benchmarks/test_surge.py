"""Benchmark B: what the compiled kernel may cost beside C, SimPy, and itself at other sizes.

Ratios within one run, since a machine is only as fast as itself; the table of seconds is printed by
``python -m tests.benchmarks.table``.
"""

import shutil
from functools import cache

import pytest

from tests.benchmarks.launches import SPEC, STRESS, TEN_MILLION, launch, plan_of
from tests.benchmarks.measure import IN_C, Cost, measured

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(shutil.which("gcc") is None, reason="the baseline needs gcc"),
]

variants = pytest.mark.parametrize("variant", [SPEC, STRESS])


@cache
def cost(engine: str, visits: int, variant: str, repetitions: int = 3) -> Cost:
    return measured(engine, visits, variant, repetitions)


@variants
def test_engines_and_the_baseline_agree_to_the_last_visitor(variant: str) -> None:
    visits = 170_000
    right = cost(IN_C, visits, variant).figures
    for engine in ("fifo", "general", "readable"):
        assert cost(engine, visits, variant, 1).figures == right, engine


@pytest.mark.parametrize(("variant", "most"), [(SPEC, 1.3), (STRESS, 1.6)])
def test_the_kernel_beside_c(variant: str, most: float) -> None:
    ours, theirs = cost("fifo", TEN_MILLION, variant), cost(IN_C, TEN_MILLION, variant)
    assert ours.figures == theirs.figures
    assert ours.cpu_s <= most * theirs.cpu_s
    assert ours.peak_mib <= 350


@variants
def test_the_kernel_beside_a_process_a_visitor(variant: str) -> None:
    visits = 170_000
    naive, ours = cost("naive", visits, variant, 1), cost("fifo", visits, variant)
    assert naive.cpu_s >= 300 * ours.cpu_s


def test_a_hundred_million() -> None:
    small, large = cost("fifo", 1_000_000, SPEC), cost("fifo", 10 * TEN_MILLION, SPEC, 1)
    assert large.cpu_s / large.visits <= 2.5 * small.cpu_s / small.visits
    assert large.peak_mib <= 400


@variants
def test_the_file_is_the_launch_of_ten_million(variant: str) -> None:
    played, plan = launch(TEN_MILLION, variant), plan_of(variant)
    assert played.system == plan.system
    assert played.timetable.demand.total == pytest.approx(TEN_MILLION, rel=1e-9)
