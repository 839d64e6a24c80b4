"""Whether the processor kept its speed while a ladder was climbed, by the yardstick."""

import pytest

from scenarios.machine.yardstick import Piece
from scenarios.probe.ladder.machine.speed import changed, speeds, waited
from scenarios.probe.ladder.rungs import Visit


def visit(sweep: int) -> Visit:
    return Visit(n=1, sweep=sweep, begin_ns=1000 * sweep, end_ns=1000 * sweep + 999, exchanges=())


def pieces(sweep: int, *cpu_ns: int, wall: float = 1.0) -> list[Piece]:
    return [Piece(1000 * sweep + k, each, round(each * wall)) for k, each in enumerate(cpu_ns)]


def test_a_machine_that_changes_its_speed_is_told_by_how_much() -> None:
    alike, slower = [100, 101, 99, 100, 100], [130, 131, 129, 130, 130]
    visits = [visit(0), visit(1)]
    assert changed(speeds([*pieces(0, *alike), *pieces(1, *slower)], visits)) == pytest.approx(1.3)
    assert changed(speeds([*pieces(0, *alike), *pieces(1, *alike)], visits)) == 1.0


def test_a_difference_within_the_noise_is_none() -> None:
    """Two modes, in both sweeps: their means differ by 18 %, with a standard error of as much."""
    visits = [visit(0), visit(1)]
    found = speeds([*pieces(0, 40, 40, 40, 80, 80), *pieces(1, 40, 40, 80, 80, 80)], visits)
    assert changed(found) == 1.0


def test_other_programs_are_seen_by_waiting_for_a_core() -> None:
    assert waited(pieces(0, 100, 100, 100, 100, 100, wall=1.5), [visit(0)]) == 1.5
    assert waited(pieces(0, 100), [visit(0)]) == 1.0
