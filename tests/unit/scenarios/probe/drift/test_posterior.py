"""What windows of a server that wanders tell: tested on servers whose wandering is known."""

import itertools
import math

import numpy as np
import pytest

from scenarios.probe.drift.in_words import deciles
from scenarios.probe.drift.posterior import (
    FOREVER_S,
    OVERS_S,
    SDS,
    TELLS,
    Posterior,
    correlation,
    posterior,
    quantile,
)
from scenarios.probe.drift.windows import Windows, cut, windows_of
from simulator.units import Floats

FAR = 4.0
"""Standard errors that a share of simulated probes may be off: once in 16,000 tests by chance."""


def wandering(rng: np.random.Generator, at_s: Floats, sd: float, over_s: float) -> Floats:
    """The factor of a service at rising instants: exactly the process, from its stationary law."""
    shape = np.exp(-np.abs(at_s[:, None] - at_s[None, :]) / over_s) + 1e-9 * np.eye(len(at_s))
    return np.exp(sd * np.linalg.cholesky(shape) @ rng.standard_normal(len(at_s)) - sd**2 / 2)


def noise(rng: np.random.Generator, cv: float, size: int) -> Floats:
    """Services of mean 1."""
    spread = math.sqrt(math.log1p(cv**2))
    return np.exp(spread * rng.standard_normal(size) - spread**2 / 2)


def probed(at_s: Floats, services: Floats) -> Posterior:
    windows = windows_of(cut(at_s.tolist(), [services.tolist()]))
    assert windows is not None
    return posterior(windows)


def off(share: float, tests: int) -> float:
    return FAR * math.sqrt(share * (1 - share) / tests)


PROBES = 250
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def missed() -> dict[str, tuple[float, float]]:
    """How often another stretch as long as the probe was below and above what the probe said of it.

    Servers are as the prior has them. Beside it: what independent samples would say, as was said before.
    """
    rng, seen = np.random.default_rng(13), {"windows": [0, 0], "samples": [0, 0], "forever": [0, 0]}
    for _ in range(PROBES):
        sd = math.exp(rng.uniform(math.log(SDS[0]), math.log(SDS[-1])))
        over_s = math.exp(rng.uniform(math.log(OVERS_S[0]), math.log(OVERS_S[-1])))
        at_s = np.arange(60) / 6.0
        later_s = at_s + 1000.0
        level = wandering(rng, np.concatenate([at_s, later_s]), sd, over_s)
        services = level[:60] * noise(rng, 0.3, 60)
        found, written = probed(at_s, services), float(services.mean())
        said = {
            "windows": found.factor(found.windows.length_s),
            "forever": found.factor(FOREVER_S),
            "samples": deciles(float(services.std(ddof=1)) / math.sqrt(60) / written, 60),
        }
        truth = {"windows": level[60:].mean(), "samples": level[60:].mean(), "forever": 1.0}
        for name, (low, high) in said.items():
            seen[name][0] += truth[name] / written < low
            seen[name][1] += truth[name] / written > high
    return {name: (below / PROBES, above / PROBES) for name, (below, above) in seen.items()}


@slow
@pytest.mark.parametrize("of", ["windows", "forever"])
def test_one_in_ten_is_below_and_one_in_ten_above(
    missed: dict[str, tuple[float, float]], of: str
) -> None:
    assert missed[of] == pytest.approx((0.1, 0.1), abs=off(0.1, PROBES))


@slow
def test_independent_samples_would_promise_too_much(missed: dict[str, tuple[float, float]]) -> None:
    assert min(missed["samples"]) > 0.1 + off(0.1, PROBES)


@slow
@pytest.mark.parametrize("law", ["even", "skew"])
def test_chance_alone_seldom_looks_like_wandering(law: str) -> None:
    """At most once in TELLS, by Markov's inequality; exponential services are the harder ones."""
    rng, told, at_s = np.random.default_rng(5), 0, np.arange(60) / 6.0
    for _ in range(PROBES):
        services = noise(rng, 0.3, 60) if law == "even" else rng.exponential(1.0, 60)
        told += probed(at_s, services).told
    assert told / PROBES <= 1 / TELLS + off(1 / TELLS, PROBES)


@slow
def test_wandering_is_told_and_measured() -> None:
    """Of 20 probes of a minute, with sd 0.2 over 5 s: 12 independent stretches each.

    The variance of one probe's sd^2 is about 2 / 12 of its square, so the mean of 20 probes is within
    0.4 of it by four standard errors.
    """
    rng, at_s = np.random.default_rng(7), np.arange(360) / 6.0
    found = [probed(at_s, wandering(rng, at_s, 0.2, 5.0) * noise(rng, 0.3, 360)) for _ in range(20)]
    assert sum(each.told for each in found) >= 18
    sds = np.array([each.drift[0] for each in found])
    assert float((sds**2).mean()) == pytest.approx(0.2**2, rel=FAR * math.sqrt(2 / 12 / 20) + 0.2)


def test_covariances_of_windows_are_integrals() -> None:
    """Against sums over 400 instants of each window, whose error falls with their square."""
    windows = Windows(
        begin_s=np.array([0.0, 2.0, 7.0]),
        end_s=np.array([1.5, 3.0, 7.5]),
        kind=np.zeros(3, np.int64),
        log_mean=np.zeros(3),
        noise=np.ones(3),
        freedom=1,
    )
    found = correlation(windows, 1.7)
    middles = (np.arange(400) + 0.5) / 400
    at = [b + (e - b) * middles for b, e in zip(windows.begin_s, windows.end_s, strict=True)]
    for i, j in itertools.product(range(3), repeat=2):
        summed = np.exp(-np.abs(at[i][:, None] - at[j][None, :]) / 1.7).mean()
        assert found[i, j] == pytest.approx(summed, abs=1e-5)


def test_a_longer_stretch_is_known_better() -> None:
    rng, at_s = np.random.default_rng(3), np.arange(60) / 6.0
    found = probed(at_s, wandering(rng, at_s, 0.2, 5.0) * noise(rng, 0.3, 60))
    widths = [high / low for low, _, high in map(found.factor, (1.0, 10.0, 100.0, FOREVER_S))]
    assert widths == sorted(widths, reverse=True)


def test_levels_of_other_kinds_do_not_move_the_first() -> None:
    """Twice as long with two at once is no wandering."""
    rng = np.random.default_rng(4)
    begin_s = np.arange(12.0)
    kind = np.tile([0, 1], 6)
    mean = 0.01 * rng.standard_normal(12)
    said = [
        posterior(
            Windows(
                begin_s=begin_s,
                end_s=begin_s + 1,
                kind=kind,
                log_mean=mean + kind * more,
                noise=np.full(12, 1e-4),
                freedom=200,
            )
        )
        for more in (0.0, math.log(2))
    ]
    assert said[0].factor() == pytest.approx(said[1].factor(), rel=1e-6)
    assert said[0].odds == pytest.approx(said[1].odds, rel=1e-6)


def test_a_quantile_of_a_mixture() -> None:
    weight, centre, spread = np.array([0.5, 0.5]), np.array([-1.0, 1.0]), np.array([0.1, 0.1])
    assert quantile(weight, centre, spread, 0.25) == pytest.approx(-1.0, abs=1e-6)
    assert quantile(weight, centre, spread, 0.75) == pytest.approx(1.0, abs=1e-6)
