"""What a launch asks of those who send it, over time."""

from __future__ import annotations

import numpy as np

from simulator.outcomes.rows import UNKNOWN, Block, Fate, Result
from simulator.plan.sharing.load import Load, Traffic, lengths_of, stays

S = 1_000_000_000
EDGES_NS = np.array([0, S, 2 * S, 3 * S])


def rows() -> Block:
    """Two stand in line, one of whom is let in after 2 s; another one comes without a line."""
    return Block.of(
        [
            (0, 0, 0, 0, 2 * S, 2 * S + 1, Fate.SERVED),
            (1, 0, S // 2, S // 2, UNKNOWN, UNKNOWN, Fate.WAITING),
            (2, 0, S, UNKNOWN, S, S + 1, Fate.SERVED),
        ],
        [
            (0, 0, 0, 2 * S, 2 * S, 2 * S + 1, Result.SUCCESS),
            (2, 0, 0, S, S, S + 1, Result.TURNED_AWAY),
            (2, 0, 1, S + 5, S + 5, S + 6, Result.SUCCESS),
        ],
    )


def test_who_stands_in_line_to_the_end_has_not_left_it() -> None:
    joined, left = stays(rows().visits, 3 * S)
    assert (joined.tolist(), left.tolist()) == ([0, S // 2], [2 * S, 3 * S])
    assert lengths_of(joined, left, EDGES_NS).tolist() == [1, 2, 1, 0]


def test_a_joining_and_each_poll_is_a_look() -> None:
    traffic = Traffic.of(rows(), EDGES_NS, poll_every_ns=S // 2)
    assert traffic.attempts_per_s.tolist() == [0.0, 2.0, 1.0]
    # two join in the first second, and then 1.5, 1.5 and 0.5 people look twice a second
    assert traffic.looks_per_s.tolist() == [2.0 + 3.0, 3.0, 1.0]


def test_a_load_is_what_it_does_and_never_more_than_one_core() -> None:
    traffic = Traffic.of(rows(), EDGES_NS, poll_every_ns=S // 2)
    load = Load(idle=0.1, attempt_s=0.2, look_s=0.15)
    np.testing.assert_allclose(
        load.cores(traffic), [0.1 + 0.75, 0.1 + 0.4 + 0.45, 0.1 + 0.2 + 0.15]
    )
    dear = Load(idle=0.1, attempt_s=0.2, look_s=10.0)
    assert dear.cores(traffic).tolist() == [1.0, 1.0, 1.0]
    np.testing.assert_allclose(load.of_attempts.cores(traffic), [0.0, 0.4, 0.2])


def test_the_mean_of_launches() -> None:
    one = Traffic.of(rows(), EDGES_NS, poll_every_ns=S)
    other = Traffic.of(Block.of([], []), EDGES_NS, poll_every_ns=S)
    mean = Traffic.mean([one, other])
    assert mean.attempts_per_s.tolist() == [0.0, 1.0, 0.5]
    assert mean.looks_per_s.tolist() == (one.looks_per_s / 2).tolist()
