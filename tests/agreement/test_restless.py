"""The three implementations agree on launches whose levers are never left alone."""

from random import Random

import pytest

from simulator.engine.readable.launch import Readable
from tests.agreement.agreement import CRAMPED, CRAMPED_FIFO, disagreement, play
from tests.agreement.drawn.restless import restless_launch_of


def assert_agreement(seeds: range) -> None:
    for seed in seeds:
        launch = restless_launch_of(Random(seed))
        assert CRAMPED_FIFO.covers(launch.system)
        right = play(Readable(), launch)
        for engine in (CRAMPED, CRAMPED_FIFO):
            found = disagreement(right, play(engine, launch))
            assert found is None, f"replay with restless_launch_of(Random({seed})): {found}"


def test_engines_agree_while_levers_are_pulled() -> None:
    assert_agreement(range(500))


@pytest.mark.slow
def test_engines_agree_on_thirty_thousand_restless_launches() -> None:
    assert_agreement(range(30_000))
