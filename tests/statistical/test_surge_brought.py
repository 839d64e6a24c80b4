"""People who bring others come in clusters: their number varies more, and one follows another.

A cluster of ``n`` brought by each has Borel's law: of a Poisson number ``N`` of clusters, the total
has mean ``N / (1 - n)`` and variance ``N / (1 - n)^3``, an index of dispersion of ``1 / (1 - n)^2``.
Tolerances are of 4 standard errors over the launches (false alarm 6e-5 each); the standard error of
a variance of ``L`` launches is taken as ``sqrt((k - 1) / L)`` of itself, with the sample's kurtosis
``k``, which for these laws is close to that of a normal law (3).

Source: Consul and Famoye 2006, "Lagrangian probability distributions", Borel-Tanner; Hawkes and
Oakes 1974.
"""

import functools
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats

from simulator.plan.surges.curve import Clock
from simulator.plan.surges.demand import components_of
from simulator.scenario.words.groups import Entry
from simulator.scenario.words.surges.surge import Surge
from simulator.timetable.demand import Demand
from simulator.timetable.timetable import Timetable
from simulator.units import NS_PER_S, Floats, Ints, frozen_floats

SURGE: TypeAdapter[Surge] = TypeAdapter(Surge)
CROWD: dict[str, Any] = {"shape": "spike", "size": 2_000, "decay": "10 min"}
FRIENDS: dict[str, Any] = {"shape": "referral", "of": "spike", "brings": 0.6, "after": "20 min"}
ENTRIES = [Entry(group="all", journey=n, share=share) for n, share in enumerate((0.3, 0.7))]
LAUNCHES = 400
FEWER = 150
"""Of those with friends, who vary so much more that these tell as well."""


def demand(*surges: dict[str, Any], hours: int = 12) -> Demand:
    clock = Clock(opening=datetime(2026, 1, 1, tzinfo=UTC), horizon_ns=hours * 3_600 * NS_PER_S)
    checked = [SURGE.validate_python({"people": "all", **words}) for words in surges]
    return Demand(components=components_of(checked, ENTRIES, clock))


def timetable(of: Demand, launch: int, seed: int = 1) -> Timetable:
    end_ns = int(of.components[0].edges_ns[-1])
    return Timetable(demand=of, horizon_ns=end_ns, end_ns=end_ns, seed=seed, launch=launch)


def totals(of: Demand) -> Floats:
    return np.array([timetable(of, launch).total for launch in range(FEWER)], np.float64)


@functools.cache
def counts_with_friends() -> list[tuple[Ints, ...]]:
    """How many come in each block of each launch of a crowd that brings its friends."""
    whole = demand(CROWD, FRIENDS)
    return [timetable(whole, launch).counts for launch in range(FEWER)]


def near_variance(sample: Floats, expected: float) -> bool:
    standard_error = expected * np.sqrt((stats.kurtosis(sample, fisher=False) - 1) / len(sample))
    return bool(abs(sample.var(ddof=1) - expected) < 4 * standard_error)


def test_clusters_have_the_mean_and_the_variance_of_branching() -> None:
    assert demand(CROWD, FRIENDS).total == pytest.approx(2_000 / 0.4, rel=1e-6)
    sample = np.array([sum(part.sum() for part in each) for each in counts_with_friends()])
    assert abs(sample.mean() - 5_000) < 4 * np.sqrt(2_000 / 0.4**3 / FEWER)
    assert near_variance(sample, 2_000 / 0.4**3)
    # Poisson numbers of the same mean have less than a sixth of that variance.
    assert not near_variance(sample, 5_000)


def test_every_block_has_its_expected_number() -> None:
    whole = demand(CROWD, FRIENDS)
    counts = counts_with_friends()
    for index in (2, 3):
        mass = whole.components[index].mass
        found = np.array([each[index] for each in counts])
        some = mass > 5
        # Each block by its own standard error; the largest of 300 normal draws is below 5.2 but
        # once in 10,000 (Bonferroni: 300 * 2e-7).
        off = (found.mean(axis=0) - mass)[some] / (found.std(axis=0)[some] / np.sqrt(FEWER))
        assert 50 < some.sum() < 300
        assert np.abs(off).max() < 5.2


def compensated(own: Floats, others: Floats, brings: float) -> Floats:
    """Of those brought, the integral of their rate, given who came before, at each arrival."""
    everybody = np.sort(np.concatenate([own, others]))
    mean_s = 20 * 60
    return np.array(
        [brings * -np.expm1(-(at - everybody[everybody < at]) / mean_s).sum() for at in own]
    )


def brought_and_others(of: Demand, seed: int) -> tuple[Floats, Floats]:
    parts = list(timetable(of, 0, seed).arrivals())
    component = np.concatenate([part.visitor for part in parts]) >> 52
    at_s = np.concatenate([part.arrived_ns for part in parts]) / NS_PER_S
    return at_s[component >= 2], at_s[component < 2]


@pytest.mark.parametrize("seed", range(3))
def test_who_is_brought_follows_those_who_came_before(seed: int) -> None:
    # Rescaled by the rate that everybody's instants lead to, arrivals are a Poisson process of rate
    # 1, which is the cluster process of Hawkes and nothing else; the level is that of test_surge.
    own, others = brought_and_others(demand(CROWD, FRIENDS, hours=6), seed)
    steps = np.diff(compensated(own, others, 0.6))
    assert stats.kstest(steps, "expon").pvalue > 0.001


def test_another_number_brought_is_rejected() -> None:
    # Steps of mean 1.25 instead of 1: apart by 0.09 at least, and 2.7 + 1.95 standard errors of
    # 3,000 arrivals are 0.085.
    own, others = brought_and_others(demand(CROWD, FRIENDS, hours=6), 0)
    steps = np.diff(compensated(own, others, 0.75))
    assert stats.kstest(steps, "expon").pvalue < 1e-6


def test_who_returns_varies_with_those_who_came() -> None:
    # Each of a Poisson number N returns a Poisson number of times of mean m = 0.5: the mean is N m,
    # the variance N m + N m^2, and the covariance with those who came N m.
    back = {"shape": "returning", "of": "spike", "retention": [["1 h", 1.0], ["13 h", 1.0]]}
    whole = demand(CROWD, back, hours=24)
    counts = [timetable(whole, launch).counts for launch in range(LAUNCHES)]
    came = np.array([sum(int(c.sum()) for c in each[:2]) for each in counts], np.float64)
    returned = np.array([sum(int(c.sum()) for c in each[2:]) for each in counts], np.float64)
    assert abs(returned.mean() - 1_000) < 4 * np.sqrt(1_500 / LAUNCHES)
    assert near_variance(returned, 1_500)
    assert not near_variance(returned, 1_000)
    # A covariance of normal values has the variance (s1^2 s2^2 + cov^2) / L.
    covariance = float(np.cov(came, returned)[0, 1])
    assert abs(covariance - 1_000) < 4 * np.sqrt((2_000 * 1_500 + 1_000**2) / LAUNCHES)


def test_the_mean_alone_would_vary_too_little() -> None:
    # The wrong model: the same mean, each block by itself.
    whole = demand(CROWD, FRIENDS)
    components = [
        type(c).of(c.people, c.edges_ns, frozen_floats(c.mass), c.tilt) for c in whole.components
    ]
    assert not near_variance(totals(Demand(components=tuple(components))), 2_000 / 0.4**3)
