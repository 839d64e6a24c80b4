"""The yardstick: its process, and what is kept of its pieces."""

import time

import pytest

from scenarios.machine.here import fingerprint
from scenarios.machine.yardstick import Piece, Yardstick, baseline


def test_pieces_are_timed_while_its_block_runs_and_no_longer() -> None:
    began_ns = time.perf_counter_ns()
    with Yardstick() as yardstick:
        while len(yardstick.pieces) < 2 and time.perf_counter_ns() < began_ns + 60_000_000_000:
            time.sleep(0.01)
    ended_ns, many = time.perf_counter_ns(), len(yardstick.pieces)
    assert many >= 2
    for piece in yardstick.pieces:
        assert began_ns < piece.at_ns - piece.wall_ns < piece.at_ns < ended_ns
        assert piece.cpu_ns > 0
    apart = [
        b.at_ns - a.at_ns for a, b in zip(yardstick.pieces, yardstick.pieces[1:], strict=False)
    ]
    assert min(apart) > 100_000_000, "it rests a tenth of a second between two"


def test_a_baseline_is_of_processor_time() -> None:
    pieces = [Piece(k, cpu_ns, 9_999) for k, cpu_ns in enumerate((90, 100, 110, 95, 105))]
    found = baseline(pieces)
    assert found is not None
    assert found.piece_ns == 100
    assert found.sd_ns == pytest.approx(62.5**0.5)  # (100 + 0 + 100 + 25 + 25) / 4
    assert found.machine == fingerprint()
    assert baseline(pieces[:4]) is None


def test_a_fingerprint_is_the_same_each_time_and_tells_no_name() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 12
    int(fingerprint(), 16)
