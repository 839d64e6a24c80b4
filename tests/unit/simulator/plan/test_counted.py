import numpy as np

from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Provenance, Result
from simulator.plan.published.counted import Steps, came_and_counted
from simulator.units import NS_PER_S
from tests.examples import examples

EVERYBODY = frozenset([0])
S = NS_PER_S
ROWS = [
    Block.of(
        [
            (0, 0, 1 * S, 1 * S, 5 * S, 6 * S, Fate.SERVED),
            (1, 0, 2 * S, 2 * S, UNKNOWN, 4 * S, Fate.RENEGED),
        ],
        [(0, 0, 0, 5 * S, 5 * S, 6 * S, Result.SUCCESS)],
    ),
    Block.of(
        [
            (2, 0, 3 * S, 3 * S, UNKNOWN, UNKNOWN, Fate.WAITING),
            (3, 0, 4 * S, UNKNOWN, 4 * S, 9 * S, Fate.GAVE_UP),
        ],
        [(3, 0, 0, 4 * S, UNKNOWN, 9 * S, Result.TURNED_AWAY)],
    ),
]


@examples("signups, counted",
    # Who has left the line is not counted in it, nor is the last one, who came without.
    ("the length of the line", None, [0, 1, 3, 2, 1, 1]),
    # Of those who have arrived, the first has signed up after 6 s, and the last never.
    ("signups", frozenset([0, 3]), [0, 0, 0, 0, 0, 1]),
    ("signups at a step that nobody takes", frozenset([1]), [0, 0, 0, 0, 0, 0]),
)  # fmt: skip
def test_who_came_and_who_is_counted(signups: Steps | None, counted: list[int]) -> None:
    outcomes = Outcomes(
        provenance=Provenance.PREDICTED, horizon_ns=10 * S, end_ns=10 * S, blocks=ROWS
    )
    at_ns = np.array([1, 2, 4, 5, 6, 10]) * S
    came, found = came_and_counted(outcomes, at_ns, signups, EVERYBODY)
    assert came.tolist() == [0, 1, 3, 4, 4, 4]
    assert found.tolist() == counted
