"""What bursts tell of who is served first."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios.probe.ladder.order.discipline import discipline, first_come, ratios_of, shared, works
from simulator.units import Floats

SEEDS = range(60)


def bursts_of(kind: str, seed: int, cv: float, many: int = 16) -> list[list[float]]:
    rng = np.random.default_rng(1000 + seed)
    work = works(rng, 8, cv)[:many]
    made: Floats = first_come(work, 2) if kind == "in turn" else shared(work, 2, 4)
    return [list(row) for row in made]


def test_completions_of_services_that_are_all_alike() -> None:
    """Two servers: pairs. Four slots on two cores: fours, twice as slowly."""
    ones = np.ones((1, 8))
    assert first_come(ones, 2).tolist() == [[1, 1, 2, 2, 3, 3, 4, 4]]
    assert shared(ones, 2, 4).tolist() == [[2, 2, 2, 2, 4, 4, 4, 4]]
    assert ratios_of(first_come(ones, 2)).tolist() == [[0.25, 0.625]]


def test_sharing_conserves_work() -> None:
    """Whoever shares: the last completion is when all work is done, while all cores are in use."""
    work = np.array([[1.0, 3.0]])
    assert shared(work, 1, 2).tolist() == [[2.0, 4.0]]
    assert shared(work, 2, 2).tolist() == [[1.0, 3.0]]


@pytest.mark.parametrize("kind", ["in turn", "shared"])
@pytest.mark.parametrize("cv", [0.0, 0.2, 0.5])
def test_sixteen_bursts_tell(kind: str, cv: float) -> None:
    """Odds of 20 to 1 err in 1 of 20 at most: of 60, 3 standard deviations allow 8."""
    found = [discipline(bursts_of(kind, seed, cv), 2, cv) for seed in SEEDS]
    wrong = sum(
        each is not None and each.told and each.shares != (kind == "shared") for each in found
    )
    told = sum(each is not None and each.told for each in found)
    assert wrong <= 8
    assert told >= 30


def test_where_services_vary_too_much_few_bursts_cannot_tell_and_both_are_kept() -> None:
    found = [discipline(bursts_of("shared", seed, 1.0, many=4), 2, 1.0) for seed in SEEDS]
    assert sum(each is not None and not each.told for each in found) >= 30


def test_too_few_bursts_or_too_small_ones_say_nothing() -> None:
    assert discipline(bursts_of("shared", 0, 0.2, many=3), 2, 0.2) is None
    assert discipline([[1.0, 2.0]] * 9, 2, 0.2) is None
