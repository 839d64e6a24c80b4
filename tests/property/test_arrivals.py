"""The compiled arrivals are those of the timetable, however they are asked for."""

import pytest

from simulator.engine.compiled.arrivals import arrivals
from simulator.timetable.timetable import Arrivals
from tests.agreement.drawn.strategies import replayed


def columns(chunks: list[Arrivals]) -> list[list[int]]:
    return [
        [cell for chunk in chunks for cell in getattr(chunk, name).tolist()]
        for name in ("visitor", "people", "arrived_ns")
    ]


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_arrivals_are_those_of_the_timetable(chunk: int) -> None:
    for seed in range(200):
        timetable = replayed(seed).timetable
        chunks = list(arrivals(timetable, chunk))
        assert columns(chunks) == columns(list(timetable.arrivals()))
        assert all(len(each) == chunk for each in chunks[:-1])
