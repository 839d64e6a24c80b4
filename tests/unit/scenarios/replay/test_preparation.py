"""A target that tells something odd of its line is told so in a sentence."""

import pytest

from scenarios.http.line import LineSettings, Policy
from scenarios.replay.preparation import compare
from simulator.errors import Misbehaved

FIFO = LineSettings(policy=Policy.FIFO, release_rate_per_s=20.0)


def test_a_line_that_is_as_planned_is_taken() -> None:
    compare("http://t", {"policy": "fifo", "release_rate_per_s": 20}, FIFO)
    compare("http://t", {"policy": "open", "release_rate_per_s": None}, LineSettings())


@pytest.mark.parametrize("rate", [None, "fast", [], 10**400, 40])
def test_a_line_that_is_another_is_not(rate: object) -> None:
    with pytest.raises(Misbehaved, match="the line of the target at http://t is fifo"):
        compare("http://t", {"policy": "fifo", "release_rate_per_s": rate}, FIFO)
