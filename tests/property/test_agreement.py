"""The two engines give equal rows, whatever the launch."""

from __future__ import annotations

import pytest
from hypothesis import given, note, settings

from simulator.layout import Layout
from simulator.readable import Readable
from simulator.summary import Summary, summarise
from tests.property.agreement import (
    CRAMPED,
    CRAMPED_FIFO,
    compiled_rows,
    disagreement,
    first_difference,
)
from tests.property.strategies import Launch, launches, replayed


def assert_agreement(seeds: range) -> None:
    for seed in seeds:
        found = disagreement(Readable().simulate(*replayed(seed)), seed)
        assert found is None, f"replay with launch_of(Random({seed})): {found}"


def test_engines_agree_on_every_row() -> None:
    assert_agreement(range(300))


@pytest.mark.slow
def test_engines_agree_on_ten_thousand_launches() -> None:
    assert_agreement(range(10_000))


@settings(max_examples=100, derandomize=True, deadline=None, print_blob=True)
@given(launches)
def test_a_launch_on_which_they_differ_is_made_small(launch: Launch) -> None:
    note(repr(launch))
    readable = Readable().simulate(*launch).rows()
    assert first_difference(readable, CRAMPED.simulate(*launch).rows()) is None


def covered(most: int, among: range) -> list[int]:
    """Seeds of launches in which everything is first-come first-served."""
    found = [seed for seed in among if CRAMPED_FIFO.covers(replayed(seed).system)]
    return found[:most]


def assert_fifo_agrees(seeds: list[int]) -> None:
    for seed in seeds:
        rows = CRAMPED_FIFO.simulate(*replayed(seed)).rows()
        found = first_difference(rows, compiled_rows(seed))
        assert found is None, f"replay with launch_of(Random({seed})): {found}"


def test_without_events_every_row_is_the_same() -> None:
    seeds = covered(300, range(10_000))
    assert len(seeds) >= 100
    assert_fifo_agrees(seeds)


@pytest.mark.slow
def test_without_events_every_row_is_the_same_in_every_launch_covered() -> None:
    assert_fifo_agrees(covered(10_000, range(200_000)))


def folded(seed: int) -> tuple[Summary, Summary]:
    """The Summary of a launch whose rows are folded as they come, and of kept ones."""
    timetable, system = replayed(seed)
    layout = Layout.of(system, {})
    engine = CRAMPED_FIFO if CRAMPED_FIFO.covers(system) else CRAMPED
    quick = engine.summarise(timetable, system, bin_ns=7, layout=layout)
    outcomes = CRAMPED.simulate(timetable, system)
    return quick, summarise(outcomes, bin_ns=7, layout=layout)


def test_a_summary_is_the_same_whether_or_not_rows_are_kept() -> None:
    # Launches of days would have too many bins of seven nanoseconds.
    short = [seed for seed in range(1_000) if replayed(seed).timetable.end_ns < 10_000]
    for seed in [*short[:200], *covered(100, range(10_000))]:
        quick, kept = folded(seed)
        assert quick.to_json() == kept.to_json(), f"replay with launch_of(Random({seed}))"
