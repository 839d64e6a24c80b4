"""The draws: published vectors, the laws they follow, and the same bits compiled."""

import math
from collections.abc import Callable
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulator.engine.compiled.code import kept
from simulator.engine.compiled.engine import placed as placed_by_compiled
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Blocks, placed
from simulator.units import FOREVER
from tests.examples import examples

KEY = draws.stream(2022, 3, draws.SERVICE)
UNIFORMS = [draws.uniform(KEY, index) for index in range(10_000)]
LEVEL = 1e-4
"""False alarms of each test of a law; the seeds are fixed, so what passes goes on passing."""


NO_KNOTS = np.empty(0)
KNOTS = np.array([7.0, 7.0, 0.0, 1e9, 0.5, 3e9, 1.0, 9e9, 7.0])
"""Of an empirical law among others: from the third to the last but one."""
BALANCED = Duration.hyperexponential(1e9, 2.0)


def mixed(at: Any) -> Any:
    """The distribution function of the balanced hyperexponential law: its two branches added."""
    p, mean = BALANCED.scale, BALANCED.location
    quick, slow = stats.expon(scale=mean / (2 * p)), stats.expon(scale=mean / (2 * (1 - p)))
    return p * quick.cdf(at) + (1 - p) * slow.cdf(at)


def between_knots(at: Any) -> Any:
    return np.interp(at, KNOTS[3:8:2], KNOTS[2:8:2])


def test_splitmix64_gives_the_published_numbers() -> None:
    # The first five outputs for the seed 1234567, as the reference implementation prints them.
    found = [draws.mix((1234567 + (i + 1) * draws.INCREMENT) & draws.MASK) for i in range(5)]
    assert found == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_uniforms_lie_strictly_between_0_and_1() -> None:
    smallest, largest = 0.5 * draws.TWO_TO_MINUS_52, 1 - 0.5 * draws.TWO_TO_MINUS_52
    assert 0 < smallest <= min(UNIFORMS) < max(UNIFORMS) <= largest < 1


def test_uniforms_are_uniform() -> None:
    assert stats.kstest(UNIFORMS, "uniform").pvalue > LEVEL


def test_uniforms_do_not_follow_from_the_one_before() -> None:
    # Pairs fill a 10 by 10 board evenly: chi-squared with 99 degrees of freedom.
    board, _, _ = np.histogram2d(UNIFORMS[::2], UNIFORMS[1::2], bins=10, range=[[0, 1], [0, 1]])
    assert stats.chisquare(board.ravel()).pvalue > LEVEL


def test_neighbouring_names_have_unrelated_luck() -> None:
    streams = [draws.stream(seed, launch, 3) for seed in range(4) for launch in range(4)]
    streams += [draws.substream(KEY, step, attempt) for step in range(4) for attempt in range(4)]
    rows = np.array([[draws.uniform(key, index) for index in range(2_000)] for key in streams])
    # The largest of 496 correlations of 2,000 pairs, each about normal with sd 1 / sqrt(2,000).
    correlations = np.corrcoef(rows)[np.triu_indices(len(streams), 1)]
    limit = NormalDist().inv_cdf(1 - LEVEL / (2 * len(correlations))) / math.sqrt(2_000)
    assert abs(correlations).max() < limit


@pytest.mark.parametrize("u", [*(10.0**-k for k in range(1, 17)), 0.075, 0.3, 0.5, 0.925, 0.999])
def test_normal_is_the_inverse_of_the_normal_law(u: float) -> None:
    # Both are Wichura's algorithm, whose relative error is about 1e-16; the sums differ in order.
    assert draws.normal(u) == pytest.approx(NormalDist().inv_cdf(u), rel=1e-14, abs=1e-16)


@examples("law, location, scale, cdf",
    ("exponential", draws.EXPONENTIAL, 1e9, 0.0, stats.expon(scale=1e9).cdf),
    ("log", draws.LOGNORMAL, 18.0, 0.8, stats.lognorm(0.8, scale=math.exp(18)).cdf),
    ("gamma", draws.GAMMA, 1e9, 2.5, stats.gamma(2.5, scale=1e9).cdf),
    ("gamma, shape below 1", draws.GAMMA, 1e9, 0.3, stats.gamma(0.3, scale=1e9).cdf),
    ("weibull", draws.WEIBULL, 1e9, 1 / 0.7, stats.weibull_min(0.7, scale=1e9).cdf),
    ("hyperexponential", draws.HYPEREXPONENTIAL, BALANCED.location, BALANCED.scale, mixed),
    ("empirical", draws.EMPIRICAL, 0.0, 0.0, between_knots),
)  # fmt: skip
def test_durations_follow_their_law(law: int, location: float, scale: float, cdf: Any) -> None:
    drawn = [draws.duration_ns(law, location, scale, KNOTS, 2, 8, u) for u in UNIFORMS]
    assert stats.kstest(drawn, cdf).pvalue > LEVEL


def test_a_duration_has_an_end_or_none() -> None:
    assert draws.duration_ns(draws.NEVER, 0.0, 0.0, NO_KNOTS, 0, 0, 0.5) == FOREVER
    assert draws.duration_ns(draws.FIXED, 2.5, 0.0, NO_KNOTS, 0, 0, 0.5) == 3
    assert draws.duration_ns(draws.LOGNORMAL, 100.0, 1.0, NO_KNOTS, 0, 0, 0.5) == FOREVER


@pytest.mark.parametrize("tilt", [-1.0, -0.4, 0.0, 0.7, 1.0])
def test_arrivals_follow_the_tilt_of_their_block(tilt: float) -> None:
    count = 10_000
    instants = np.empty(count, np.int64)
    draws.arrivals_in_block(KEY, count, 500, 10**12, tilt, instants, 0)
    x = (instants - 500) / 1e12
    assert (np.diff(instants) >= 0).all()
    assert 0 <= x.min() <= x.max() < 1
    assert stats.kstest(x, lambda at: at * (1 + tilt * (at - 1))).pvalue > LEVEL


INTEGERS = [draws.mix(index) for index in range(2_000)]
"""Any 64 bits."""


def signed(bits: int) -> int:
    """64 bits as a machine's signed integer."""
    return bits - (1 << 64) if bits >> 63 else bits


def bits(value: Any) -> int:
    """Of an integer or a float, so that equal means equal in each of them."""
    if isinstance(value, float):
        return int(np.float64(value).view(np.int64))
    return int(value) & draws.MASK


ARGUMENTS: dict[str, list[tuple[Any, ...]]] = {
    "mix": [(z,) for z in INTEGERS],
    "uniform": [(key, index >> 1) for key, index in pairwise(INTEGERS)],
    "stream": [
        (seed >> 1, launch, role) for launch, seed in enumerate(INTEGERS) for role in (1, 5)
    ],
    "substream": [(key, step, 3) for step, key in enumerate(INTEGERS)],
    "exponential": [(u,) for u in UNIFORMS],
    "octic": [(u, *UNIFORMS[i : i + 8]) for i, u in enumerate(UNIFORMS[:2_000])],
    "normal": [(u,) for u in UNIFORMS] + [(10.0**-k,) for k in range(1, 17)],
    "gamma": [(shape, u) for shape in (0.25, 1.0, 7.5) for u in UNIFORMS],
    "weibull": [(inverse, u) for inverse in (0.5, 1.6) for u in UNIFORMS],
    "hyperexponential": [(p, u) for p in (0.5, 0.9) for u in UNIFORMS],
    "between_knots": [(KNOTS, 2, 8, u) for u in UNIFORMS],
    "duration_ns": [
        (law, location, scale, KNOTS, 2, 8, u)
        for law, location, scale in (
            (draws.NEVER, 0.0, 0.0),
            (draws.FIXED, 5e6, 0.0),
            (draws.EXPONENTIAL, 3e9, 0.0),
            (draws.LOGNORMAL, 20.0, 1.5),
            (draws.GAMMA, 3e9, 0.4),
            (draws.WEIBULL, 3e9, 1.4),
            (draws.HYPEREXPONENTIAL, 3e9, 0.8),
            (draws.EMPIRICAL, 0.0, 0.0),
        )
        for u in UNIFORMS
    ],
    "position_in_block": [(u, tilt) for u in UNIFORMS for tilt in (-1.0, -0.3, 0.0, 1.0)],
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_compiled_draws_give_the_same_bits(name: str) -> None:
    function: Callable[..., Any] = getattr(draws, name)
    compiled = kept(function)
    for arguments in ARGUMENTS[name]:
        same = [signed(a) if isinstance(a, int) else a for a in arguments]
        assert bits(compiled(*same)) == bits(function(*arguments)), arguments


def test_compiled_arrivals_are_the_same() -> None:
    """Through the very function that the compiled engine uses."""
    blocks = Blocks(
        first_visitor=np.array([0, 1 << 32, (7 << 52) | (9 << 32)]),
        people=np.array([0, 0, 1]),
        count=np.array([5_000, 1, 3_000]),
        start_ns=np.array([0, 10**9, 5]),
        width_ns=np.array([10**9, 1, 10**14]),
        tilt=np.array([0.5, 0.0, -1.0]),
    )
    for key in (5, draws.MASK, KEY):
        assert (placed_by_compiled(key, blocks) == placed(key, blocks)).all()


def test_every_compiled_draw_is_compared() -> None:
    elsewhere = {"arrivals_in_block", "arrivals_in_blocks"}
    assert {function.__name__ for function in draws.COMPILED} == set(ARGUMENTS) | elsewhere
