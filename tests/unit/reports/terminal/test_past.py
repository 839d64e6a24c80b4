"""What the ledger says of bands, by what is known of them."""

import math

from reports.terminal.past.ledger import judged
from simulator.outcomes.figures.score import Coverage
from tests.examples import examples

NAN = math.nan


@examples("low,high,said",
    ("one launch", NAN, NAN, "One launch does not tell how launches differ: add another."),
    ("few launches", 0.55, 0.99, "too few launches to judge the bands."),
    ("too narrow", 0.3, 0.94, "the bands are too narrow."),
    ("too wide", 0.96, 1.0, "the bands are wider than need be."),
    ("as they should be", 0.9, 0.97, "nothing speaks against the bands."),
)  # fmt: skip
def test_bands_are_judged_by_their_interval(low: float, high: float, said: str) -> None:
    found = Coverage(within=90, of=100, launches=10, low=low, high=high)

    assert judged(found).endswith(said)
