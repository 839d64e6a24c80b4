import numpy as np

from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Provenance, Result
from simulator.plan.published.counted import Steps, came_and_counted
from simulator.units import NS_PER_S, Ints

EVERYBODY = frozenset([0])


def counted(outcomes: Outcomes, at_ns: Ints, signups: Steps | None) -> Ints:
    return came_and_counted(outcomes, at_ns, signups, EVERYBODY)[1]


def uncounted(
    outcomes: Outcomes, at_ns: Ints, signups: Steps | None, among: frozenset[int]
) -> Ints:
    came, counts = came_and_counted(outcomes, at_ns, signups, among)
    return came - counts


def test_who_has_left_the_line_is_not_counted_in_it() -> None:
    s = NS_PER_S
    visits = [
        (0, 0, 1 * s, 1 * s, 5 * s, 6 * s, Fate.SERVED),
        (1, 0, 2 * s, 2 * s, UNKNOWN, 4 * s, Fate.RENEGED),
        (2, 0, 3 * s, 3 * s, UNKNOWN, UNKNOWN, Fate.WAITING),
        (3, 0, 4 * s, UNKNOWN, 4 * s, 9 * s, Fate.GAVE_UP),
    ]
    attempts = [
        (0, 0, 0, 5 * s, 5 * s, 6 * s, Result.SUCCESS),
        (3, 0, 0, 4 * s, UNKNOWN, 9 * s, Result.TURNED_AWAY),
    ]
    outcomes = Outcomes(
        provenance=Provenance.PREDICTED,
        horizon_ns=10 * s,
        end_ns=10 * s,
        blocks=[Block.of(visits[:2], attempts[:1]), Block.of(visits[2:], attempts[1:])],
    )
    at_ns = np.array([1, 2, 4, 5, 6, 10]) * s
    assert uncounted(outcomes, at_ns, None, EVERYBODY).tolist() == [0, 0, 0, 2, 3, 3]
    # Of those who have arrived, the first has signed up after 6 s, and the last never.
    assert uncounted(outcomes, at_ns, frozenset([0, 3]), EVERYBODY).tolist() == [0, 1, 3, 4, 4, 3]
    assert uncounted(outcomes, at_ns, frozenset([1]), EVERYBODY).tolist() == [0, 1, 3, 4, 4, 4]


def test_who_came_and_who_is_counted() -> None:
    s = NS_PER_S
    visits = [
        (0, 0, 1 * s, 1 * s, 5 * s, 6 * s, Fate.SERVED),
        (1, 0, 2 * s, 2 * s, UNKNOWN, 4 * s, Fate.RENEGED),
        (2, 0, 3 * s, 3 * s, UNKNOWN, UNKNOWN, Fate.WAITING),
    ]
    attempts = [(0, 0, 0, 5 * s, 5 * s, 6 * s, Result.SUCCESS)]
    outcomes = Outcomes(
        provenance=Provenance.PREDICTED,
        horizon_ns=10 * s,
        end_ns=10 * s,
        blocks=[Block.of(visits, attempts)],
    )
    at_ns = np.array([1, 2, 4, 5, 6, 10]) * s
    arrived = np.array([0, 1, 3, 3, 3, 3])

    for signups in (None, frozenset([0])):
        came, _ = came_and_counted(outcomes, at_ns, signups, EVERYBODY)
        assert came.tolist() == arrived.tolist()
    assert counted(outcomes, at_ns, None).tolist() == [0, 1, 3, 2, 1, 1]
    assert counted(outcomes, at_ns, frozenset([0])).tolist() == [0, 0, 0, 0, 0, 1]
