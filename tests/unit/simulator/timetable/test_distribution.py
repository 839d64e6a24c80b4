import numpy as np
import pytest

from simulator.timetable import draws
from simulator.timetable.distribution import share_within
from simulator.timetable.laws import Duration
from tests.examples import examples

S = 1_000_000_000

LAWS = {
    "exponential": Duration.exponential(3 * S),
    "lognormal": Duration.lognormal(3 * S, 1.5),
    "weibull": Duration.weibull(3 * S, 0.7),
    "empirical": Duration.empirical([(0.0, S), (0.25, 2 * S), (1.0, 9 * S)]),
}


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_the_share_is_the_inverse_of_the_draw(law: Duration) -> None:
    u = np.linspace(0.001, 0.999, 500)
    drawn = np.array(
        [
            draws.duration_ns(law.law, law.location, law.scale, law.knots, 0, len(law.knots), x)
            for x in u.tolist()
        ]
    )
    # Drawn to the nanosecond; no density here is above one a second.
    # Some laws fall with u, whose values are the same from above.
    assert np.sort(share_within(law, drawn.astype(np.float64))) == pytest.approx(u, abs=2e-9)


@examples("law, shares",
    # A gamma law of cv 1 and a hyperexponential of cv 1 are exponential.
    ("gamma", Duration.gamma(3 * S, 1.0), [0, 1 - np.exp(-1), 1]),
    ("hyperexponential", Duration.hyperexponential(3 * S, 1.0), [0, 1 - np.exp(-1), 1]),
    ("fixed", Duration.fixed(3 * S), [0, 0, 1]),
    ("never", Duration.never(), [0, 0, 0]),
)  # fmt: skip
def test_a_share_by_hand(law: Duration, shares: list[float]) -> None:
    assert share_within(law, np.array([-S, 3 * S, 1e15])) == pytest.approx(shares)


def test_a_hyperexponential_law_has_its_mean() -> None:
    law = Duration.hyperexponential(2 * S, 3.0)
    at_ns = np.linspace(0, 400 * S, 400_001)
    # The mean is the integral of what is not over; trapezia of a millisecond, and a tail of e^-20.
    beyond = np.trapezoid(1.0 - share_within(law, at_ns), at_ns)
    assert beyond == pytest.approx(2 * S, rel=1e-6)
