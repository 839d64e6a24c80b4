"""The two engines give equal rows, whatever the launch."""

from __future__ import annotations

import pytest
from hypothesis import given, note, settings

from simulator.readable import Readable
from tests.property.agreement import CRAMPED, disagreement, first_difference, replayed
from tests.property.strategies import Launch, launches


@settings(max_examples=200, derandomize=True, deadline=None, print_blob=True)
@given(launches)
def test_engines_agree_row_by_row(launch: Launch) -> None:
    note(repr(launch))
    readable = Readable().simulate(*launch).rows()
    assert first_difference(readable, CRAMPED.simulate(*launch).rows()) is None


@pytest.mark.slow
def test_engines_agree_on_ten_thousand_launches() -> None:
    for seed in range(10_000):
        found = disagreement(Readable().simulate(*replayed(seed)), seed)
        assert found is None, f"replay with launch_of(Random({seed})): {found}"
