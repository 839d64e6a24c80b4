"""What each launch draws of its system: the law that the file says, independently of all else.

Kolmogorov and Smirnov's test, and correlations of ranks, reject a truth once in 1,000 seeds; the seed
is fixed. A factor of the law goes to a standard normal one by ``z = Z ln(f) / ln(high)`` above 1 and
``z = -Z ln(f) / ln(low)`` below.
"""

import itertools

import numpy as np
import pytest
from scipy import stats

from simulator.plan.plan import Plan
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import parse
from simulator.timetable import draws
from simulator.timetable.volume import DECILE
from simulator.units import Floats
from tests.launches.files import changed

LAUNCHES = 4_000
LOW, HIGH = 0.5, 1.6
REJECTED, SURELY = 0.001, 1e-6


def plan_of(*changes: tuple[str, str]) -> Plan:
    said = f"{{ low = {LOW}, high = {HIGH} }}"
    text = changed(
        ('patience = "30 min"', f'patience = "30 min"\npatience_factor = {said}'),
        ("servers = 2", f"servers = 2\nservice_factor = {said}"),
        *changes,
    )
    return arriving(resolve(parse(text, "f")), None).plan(seed=5)


@pytest.fixture(scope="module")
def drawn() -> dict[str, Floats]:
    """The factors of many launches, read off the systems that they meet."""
    plan = plan_of()
    likely = plan.system
    met = [plan.system_of(launch) for launch in range(LAUNCHES)]
    services = [system.stations[0].service.mean_ns() for system in met]
    patiences = [system.people[0].patience.mean_ns() for system in met]
    return {
        "service": np.array(services) / likely.stations[0].service.mean_ns(),
        "patience": np.array(patiences) / likely.people[0].patience.mean_ns(),
        "volume": np.array(
            [plan.timetable(launch).uniform(draws.VOLUME, 0) for launch in range(LAUNCHES)]
        ),
    }


def standard(factors: Floats, low: float = LOW, high: float = HIGH) -> Floats:
    logs = np.log(factors)
    return np.asarray(DECILE * np.where(logs >= 0, logs / np.log(high), -logs / np.log(low)))


@pytest.mark.parametrize("matter", ["service", "patience"])
def test_a_factor_has_the_law_that_the_file_says(drawn: dict[str, Floats], matter: str) -> None:
    assert stats.kstest(standard(drawn[matter]), "norm").pvalue > REJECTED
    # Wrong laws: of another range, and of the two figures as limits that nothing goes beyond.
    assert stats.kstest(standard(drawn[matter], low=0.4), "norm").pvalue < SURELY
    even = stats.uniform(LOW, HIGH - LOW)
    assert stats.kstest(drawn[matter], even.cdf).pvalue < SURELY


@pytest.mark.parametrize("matter", ["service", "patience"])
def test_one_launch_in_ten_is_beyond_each_figure(drawn: dict[str, Floats], matter: str) -> None:
    four_standard_errors = 4 * np.sqrt(0.1 * 0.9 / LAUNCHES)
    assert abs((drawn[matter] < LOW).mean() - 0.1) < four_standard_errors
    assert abs((drawn[matter] > HIGH).mean() - 0.1) < four_standard_errors


def test_factors_have_nothing_to_do_with_one_another(drawn: dict[str, Floats]) -> None:
    for one, other in itertools.combinations(drawn.values(), 2):
        assert stats.spearmanr(one, other).pvalue > REJECTED
    # What shares a draw, as the volumes of all surges do, is found out.
    shared = drawn["service"] ** 2
    assert stats.spearmanr(drawn["service"], shared).pvalue < SURELY


def test_another_station_moves_nobodys_factor() -> None:
    other = (
        '[[station]]\nname = "first"\nservers = 1\nwaiting_room = 0\nservice = "1 s"\n'
        "service_factor = { low = 0.9, high = 1.1 }\n\n[[station]]"
    )
    more = plan_of(
        ("[[station]]", other), ('at = "desk"', 'at = "desk"\ncalls = [{ at = "first" }]')
    )
    for launch in range(20):
        assert more.system_of(launch).stations[1] == plan_of().system_of(launch).stations[0]
