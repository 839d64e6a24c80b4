"""The engines give equal rows, whatever the launch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, note, settings

from simulator.compiled import Compiled
from simulator.compiled_fifo import Fifo
from simulator.layout import Layout
from simulator.readable import Readable
from simulator.summary import summarise
from tests.property.agreement import (
    CRAMPED,
    CRAMPED_FIFO,
    disagreement,
    first_difference,
)
from tests.property.strategies import Launch, launches, plain, replayed


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


def assert_fifo_agrees(seeds: range) -> None:
    for seed in seeds:
        launch = plain(seed)
        assert CRAMPED_FIFO.covers(launch.system)
        rows = CRAMPED_FIFO.simulate(*launch).rows()
        for engine in (Readable(), CRAMPED):
            found = first_difference(rows, engine.simulate(*launch).rows())
            assert found is None, (
                f"replay with launch_of(Random({seed}), plain=1.0), {engine.name}: {found}"
            )


def test_without_events_every_row_is_the_same() -> None:
    assert_fifo_agrees(range(300))


@pytest.mark.slow
def test_without_events_every_row_is_the_same_in_ten_thousand_launches() -> None:
    assert_fifo_agrees(range(10_000))


@pytest.mark.parametrize(
    ("engine", "drawn"),
    [pytest.param(CRAMPED, replayed, id="events"), pytest.param(CRAMPED_FIFO, plain, id="none")],
)
def test_a_summary_is_the_same_whether_or_not_rows_are_kept(
    engine: Compiled | Fifo, drawn: Callable[[int], Launch]
) -> None:
    for seed in range(200):
        timetable, system = drawn(seed)
        layout, bin_ns = Layout.of(system, {}), timetable.end_ns // 50 + 1
        quick = engine.summarise(timetable, system, bin_ns=bin_ns, layout=layout)
        outcomes = engine.simulate(timetable, system)
        kept = summarise(outcomes, bin_ns=bin_ns, layout=layout)
        assert quick.to_json() == kept.to_json(), f"seed {seed}"
