"""Laws: durations that are all so many times as long."""

import pytest

from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.units import FOREVER
from tests.examples import examples

S = 1_000_000_000


def at(law: Duration, u: float) -> int:
    return draws.duration_ns(law.law, law.location, law.scale, law.knots, 0, len(law.knots), u)


@examples("law",
    ("fixed", Duration.fixed(2 * S)),
    ("exponential", Duration.exponential(2 * S)),
    ("lognormal", Duration.lognormal(2 * S, 0.5)),
    ("gamma", Duration.gamma(2 * S, 0.5)),
    ("weibull", Duration.weibull(2 * S, 0.7)),
    ("hyperexponential", Duration.hyperexponential(2 * S, 1.5)),
    ("empirical", Duration.empirical([(0.0, S), (0.5, 2 * S), (1.0, 9 * S)])),
)  # fmt: skip
@pytest.mark.parametrize("factor", [0.25, 1.0, 3.0])
def test_every_duration_is_so_many_times_as_long(law: Duration, factor: float) -> None:
    longer = law.times(factor)
    assert longer.mean_ns() == pytest.approx(factor * law.mean_ns(), rel=1e-12)
    for u in (0.001, 0.1, 0.5, 0.9, 0.999):
        # Whole nanoseconds: each of the two is rounded by half of one, the shorter one is then
        # multiplied; a logarithm that is added costs some units in the last place of 64 bits.
        off = 0.5 + 0.5 * factor + 1e-14 * factor * at(law, u)
        assert at(longer, u) == pytest.approx(factor * at(law, u), abs=off)


def test_what_does_not_end_and_what_takes_no_time_stay_so() -> None:
    assert at(Duration.never().times(0.001), 0.5) == FOREVER
    assert at(Duration.fixed(0).times(5.0), 0.5) == 0


def test_what_is_fixed_stays_whole_and_takes_some_time() -> None:
    assert Duration.fixed(3).times(0.5).location == 2.0
    assert Duration.fixed(3).times(0.001).location == 1.0


def test_once_is_the_very_same() -> None:
    law = Duration.lognormal(2 * S, 0.5)
    assert law.times(1.0) is law
