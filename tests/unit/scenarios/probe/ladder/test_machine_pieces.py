"""Which pieces of the yardstick are beside the services that are written down."""

from scenarios.machine.yardstick import Piece
from scenarios.probe.ladder.machine.speed import unqueued
from scenarios.probe.ladder.rungs import Visit


def visit(n: int, begin_ns: int) -> Visit:
    return Visit(n=n, sweep=0, begin_ns=begin_ns, end_ns=begin_ns + 9, exchanges=(), own_cpu=0.0)


def test_pieces_beside_a_queue_are_left_out() -> None:
    """Whoever shares a core's caches with more than the servers' jobs is slowed by what no service is."""
    pieces = [Piece(at_ns=at_ns, cpu_ns=3, wall_ns=3) for at_ns in (5, 15, 25, 35)]
    visits = [visit(1, 0), visit(2, 10), visit(4, 20)]

    assert [each.at_ns for each in unqueued(pieces, visits, servers=2)] == [5, 15]
