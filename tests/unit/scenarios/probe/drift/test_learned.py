"""What a replay's services say of how a station wanders, and what is thought of it then."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
from scipy import stats

from scenarios.probe.drift.learned import FEWEST, Wanders, learned_drift, shown
from scenarios.probe.drift.posterior import Posterior
from simulator.units import Floats

SD, OVER_S, LASTS_S, RUNS = 0.25, 10.0, 120.0, 12


def services(seed: int, sd: float) -> tuple[Floats, Floats, Floats]:
    """Of 100 ms at five a second, cv 0.2, with an Ornstein-Uhlenbeck level."""
    rng = np.random.default_rng(seed)
    begun_s = np.sort(rng.uniform(0.0, LASTS_S, 600))
    level, levels = rng.normal(), []
    for step_s in np.diff(begun_s, prepend=begun_s[0]):
        kept = math.exp(-step_s / OVER_S)
        level = kept * level + math.sqrt(1 - kept * kept) * rng.normal()
        levels.append(math.exp(sd * level - sd * sd / 2))
    factors = np.array(levels) * rng.lognormal(-0.02, 0.2, len(begun_s))
    return begun_s, begun_s + 0.1 * factors, factors


@functools.cache
def posteriors(sd: float) -> list[Posterior]:
    found = [shown(*services(seed, sd)) for seed in range(RUNS)]
    return [each for each in found if each is not None]


def test_wandering_is_seen_as_far_as_it_goes() -> None:
    """Twelve correlation times tell ``sd`` to 1 in sqrt(24): the median of twelve runs to 0.07, and three times that."""
    found = [learned_drift(None, each) for each in posteriors(SD)]
    seen = [each for each in found if each is not None]
    assert len(seen) >= RUNS - 1
    error = 1.253 / math.sqrt(24 * RUNS)
    assert np.median([each.sd for each in seen]) / SD == pytest.approx(1.0, abs=3 * error + 0.05)
    assert 4.0 < np.median([each.over_s for each in seen]) < 25.0


def test_where_nothing_wanders_it_is_seen_seldom() -> None:
    alarms = sum(each.told for each in posteriors(0.0))
    assert alarms <= stats.binom.ppf(0.999, RUNS, 0.05)
    # who takes the spread of windows for wandering sees it each time
    assert all(each.windows.differ > 0.02 for each in posteriors(0.0))


def test_two_occasions_count_alike() -> None:
    (found, *_) = posteriors(SD)
    sd, over_s = found.drift
    after = learned_drift(Wanders(sd=0.1, over_s=40.0), found)
    assert after is not None
    assert after.sd == pytest.approx(math.sqrt((0.01 + sd**2) / 2))
    assert after.over_s == pytest.approx(math.sqrt(40.0 * over_s))


def test_what_is_not_told_rules_nothing_out() -> None:
    before = Wanders(sd=0.1, over_s=40.0)
    (still,) = [each for each in posteriors(0.0) if not each.told][:1]
    assert learned_drift(before, still) == before
    assert learned_drift(before, None) == before
    assert learned_drift(None, still) is None


def test_few_services_say_nothing() -> None:
    begun_s, ended_s, factors = services(0, SD)
    assert shown(begun_s[: FEWEST - 1], ended_s[: FEWEST - 1], factors[: FEWEST - 1]) is None
