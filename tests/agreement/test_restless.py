"""Engines with and without events agree on launches whose levers are never left alone."""

from __future__ import annotations

from random import Random

import pytest

from simulator.engine.readable.launch import Readable
from tests.agreement.agreement import CRAMPED, CRAMPED_FIFO, first_difference, first_different_track
from tests.agreement.drawn.restless import restless_launch_of


def assert_agreement(seeds: range) -> None:
    for seed in seeds:
        launch = restless_launch_of(Random(seed))
        assert CRAMPED_FIFO.covers(launch.system)
        bin_ns = max(1, launch.timetable.end_ns // 7)
        right = Readable().simulate(*launch, bin_ns=bin_ns)
        rows = right.rows()
        for engine in (CRAMPED, CRAMPED_FIFO):
            ours = engine.simulate(*launch, bin_ns=bin_ns)
            found = first_difference(rows, ours.rows())
            assert right.tracks is not None
            assert ours.tracks is not None
            found = found or first_different_track(right.tracks, ours.tracks)
            assert found is None, f"replay with restless_launch_of(Random({seed})): {found}"


def test_engines_agree_while_levers_are_pulled() -> None:
    assert_agreement(range(1_000))


@pytest.mark.slow
def test_engines_agree_on_thirty_thousand_restless_launches() -> None:
    assert_agreement(range(30_000))
