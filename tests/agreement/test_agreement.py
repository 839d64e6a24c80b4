"""The three implementations give equal rows, whatever the launch."""

from collections.abc import Callable
from functools import partial
from random import Random

import pytest
from hypothesis import given, note, settings

from simulator.engine.rules import Engine
from tests.agreement.agreement import (
    CRAMPED,
    CRAMPED_FIFO,
    RIGHT,
    Played,
    disagreement,
    play,
    replay,
)
from tests.agreement.drawn.strategies import Launch, launch_of, launches, replayed

Playing = Callable[[Engine], Played]


def assert_agreement(played: Playing, launch: Launch, name: str) -> None:
    right = played(RIGHT)
    for engine in (CRAMPED, CRAMPED_FIFO):
        if engine is CRAMPED or CRAMPED_FIFO.covers(launch.system):
            found = disagreement(right, played(engine))
            assert found is None, f"replay with {name}: {found}"


def test_engines_agree_on_every_row() -> None:
    """Of launches that mutants and invariants meet as well."""
    for seed in range(300):
        played = partial(replay, drawn=replayed, seed=seed)
        assert_agreement(played, replayed(seed), f"launch_of(Random({seed}))")


@pytest.mark.slow
def test_engines_agree_on_ten_thousand_launches() -> None:
    for seed in range(10_000):
        launch = launch_of(Random(seed))
        assert_agreement(partial(play, launch=launch), launch, f"launch_of(Random({seed}))")


@settings(max_examples=50, derandomize=True, print_blob=True)
@given(launches)
def test_a_launch_on_which_they_differ_is_made_small(launch: Launch) -> None:
    note(repr(launch))
    assert_agreement(partial(play, launch=launch), launch, "that")
