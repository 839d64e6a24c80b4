"""The expected number of those brought, against closed forms of the renewal equation.

With exponential delays of mean ``d`` and a constant rate ``r`` of those who bring by themselves,
all together come at ``r (1 - n e^(-(1 - n) t / d)) / (1 - n)``.

Source: Dassios and Zhao 2011, "A dynamic contagion process", mean of a Hawkes process.
"""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from simulator.plan.surges.curve import Clock
from simulator.plan.surges.demand import components_of
from simulator.scenario.words.groups import Entry
from simulator.scenario.words.surges.surge import Surge
from simulator.timetable.demand import Component
from simulator.timetable.volume import Volume
from simulator.units import NS_PER_S

SURGE: TypeAdapter[Surge] = TypeAdapter(Surge)
HOUR_S = 3_600.0
ENTRIES = (
    Entry(group="all", journey=0, share=0.25),
    Entry(group="all", journey=1, share=0.75),
    Entry(group="friends", journey=0, share=1.0),
)
CONSTANT = {"shape": "constant", "rate": "2/s"}
REFERRAL: dict[str, Any] = {
    "shape": "referral", "people": "friends", "of": "constant", "brings": 0.6, "after": "1 h"
}  # fmt: skip


def demand(*surges: dict[str, Any], hours: float = 8) -> tuple[Component, ...]:
    clock = Clock(opening=datetime(2026, 1, 1, tzinfo=UTC), horizon_ns=int(hours * HOUR_S * 1e9))
    checked = [SURGE.validate_python({"people": "all", **words}) for words in surges]
    return components_of(checked, ENTRIES, clock)


def test_a_referral_solves_the_renewal_equation() -> None:
    *_, friends = demand(CONSTANT, REFERRAL)
    for hours in (0.5, 2, 8):
        t, n, r = hours * HOUR_S, 0.6, 2.0
        everybody = r / (1 - n) * t - r * n / (1 - n) ** 2 * HOUR_S * -np.expm1(-(1 - n) * hours)
        # Blocks are two minutes wide: relative errors are of the order of (2 min / 1 h)^2 / 12.
        assert friends.expected_by(int(t) * NS_PER_S) == pytest.approx(
            everybody - r * t, rel=(2 / 60) ** 2 / 12
        )


def test_the_rate_within_a_block_is_the_curve_s() -> None:
    *_, friends = demand(CONSTANT, REFERRAL)
    blocks = np.flatnonzero(friends.edges_ns[:-1] > 60 * NS_PER_S)
    left = friends.rate_at(blocks, friends.edges_ns[blocks]) * NS_PER_S
    at_h = friends.edges_ns[blocks] / NS_PER_S / HOUR_S
    rate = 2.0 * (1 - 0.6 * np.exp(-0.4 * at_h)) / 0.4 - 2.0
    # A rate that is linear in each block misses the curve's by its curvature there.
    assert left == pytest.approx(rate, rel=2e-3)


def test_friends_of_friends_come_once_in_all() -> None:
    crowd = {"shape": "spike", "size": 1_000, "decay": "10 s"}
    *_, friends = demand(crowd, {**REFERRAL, "of": "spike"}, hours=60)
    # In the end each brings 0.6 / (1 - 0.6) = 1.5; e^-(0.4 * 60) of them are to come.
    assert float(friends.mass.sum()) == pytest.approx(1_500, rel=1e-6)


def test_a_surge_of_several_entries_brings_and_is_brought() -> None:
    first, second, *_, own, other = demand(CONSTANT, {**REFERRAL, "people": "all"})
    assert (own.people, other.people) == (0, 1)
    assert other.mass == pytest.approx(3 * own.mass)
    assert own.brought is other.brought
    assert own.brought is not None
    assert (own.brought.by, own.brought.shares) == ((0, 1), (0.25, 0.75))
    assert (first.brought, second.brought) == (None, None)
    *_, alone = demand(CONSTANT, REFERRAL)
    assert own.mass + other.mass == pytest.approx(alone.mass)


def test_who_returns_comes_on_later_days_by_the_shares_that_are_kept() -> None:
    crowd = {"shape": "spike", "size": 1_000, "decay": "1 s"}
    back = {
        "shape": "returning", "people": "friends", "of": ["spike"],
        "retention": [["1 day", 0.5], ["3 days", 0.1]], "volume": {"low": 1, "likely": 2, "high": 4}
    }  # fmt: skip
    *_, returning = demand(crowd, back, hours=24 * 5)
    day = 24 * 3_600 * NS_PER_S
    by_day = [returning.expected_by(n * day) for n in (1, 2, 3, 5)]
    # The share falls evenly from 0.5 a day to 0.1: 0.4 in the first day, 0.2 in the second; the
    # likely volume is twice that. The day may end within a block, of which there are 500 in five
    # days: of 15 min, in which 1,000 a day are 10.
    assert by_day == pytest.approx([0, 800, 1_200, 1_200], abs=10)
    assert isinstance(returning.volume, Volume)
    assert (returning.volume.low, returning.volume.high) == (0.5, 2.0)
    assert returning.brought is not None
    assert not returning.brought.again
    assert returning.brought.number == pytest.approx(1.2)


def test_who_returns_may_bring_others() -> None:
    crowd = {"shape": "spike", "size": 1_000, "decay": "1 s"}
    back = {
        "shape": "returning", "people": "all", "of": ["spike"],
        "retention": [["1 h", 1.0], ["3 h", 1.0]],
    }  # fmt: skip
    friends = {**REFERRAL, "of": ["spike", "returning"]}
    *_, brought = demand(crowd, back, friends, hours=60)
    # 1,000 come and a twelfth of them returns; each of these brings 1.5 in the end.
    assert float(brought.mass.sum()) == pytest.approx(1_500 * (1 + 1 / 12), rel=1e-4)
