"""The three implementations give equal rows, whatever the launch."""

import pytest
from hypothesis import given, note, settings

from simulator.engine.readable.launch import Readable
from tests.agreement.agreement import CRAMPED, CRAMPED_FIFO, disagreement, play
from tests.agreement.drawn.strategies import Launch, launches, replayed


def assert_agreement(launch: Launch, name: str) -> None:
    right = play(Readable(), launch)
    for engine in (CRAMPED, CRAMPED_FIFO):
        if engine is CRAMPED or CRAMPED_FIFO.covers(launch.system):
            found = disagreement(right, play(engine, launch))
            assert found is None, f"replay with {name}: {found}"


def test_engines_agree_on_every_row() -> None:
    for seed in range(300):
        assert_agreement(replayed(seed), f"launch_of(Random({seed}))")


@pytest.mark.slow
def test_engines_agree_on_ten_thousand_launches() -> None:
    for seed in range(10_000):
        assert_agreement(replayed(seed), f"launch_of(Random({seed}))")


@settings(max_examples=100, derandomize=True, print_blob=True)
@given(launches)
def test_a_launch_on_which_they_differ_is_made_small(launch: Launch) -> None:
    note(repr(launch))
    assert_agreement(launch, "that")
