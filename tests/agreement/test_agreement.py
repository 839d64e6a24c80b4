"""The two engines give equal rows, whatever the launch."""

from __future__ import annotations

import pytest
from hypothesis import given, note, settings

from simulator.engine.readable.launch import Launch, Readable
from tests.agreement.agreement import (
    CRAMPED,
    disagreement,
    first_difference,
    played,
)
from tests.agreement.drawn.strategies import Launch as Drawn
from tests.agreement.drawn.strategies import launches


def assert_agreement(seeds: range) -> None:
    for seed in seeds:
        found = disagreement(played(Launch, seed), seed)
        assert found is None, f"replay with launch_of(Random({seed})): {found}"


def test_engines_agree_on_every_row() -> None:
    assert_agreement(range(300))


@pytest.mark.slow
def test_engines_agree_on_ten_thousand_launches() -> None:
    assert_agreement(range(10_000))


@settings(max_examples=100, derandomize=True, deadline=None, print_blob=True)
@given(launches)
def test_a_launch_on_which_they_differ_is_made_small(launch: Drawn) -> None:
    note(repr(launch))
    readable = Readable().simulate(*launch).rows()
    assert first_difference(readable, CRAMPED.simulate(*launch).rows()) is None
