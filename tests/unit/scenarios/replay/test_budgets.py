"""Retry budgets, among several processes too."""

from dataclasses import replace

import pytest

from scenarios.replay.child.visitors.budgets import Budgets
from simulator.system.people import People, Retries

TENTH = Retries(attempts=3, budget_millionths=100_000, budget_burst=1)


def people(burst: int = 1) -> list[People]:
    return [People(name="all", retries=replace(TENTH, budget_burst=burst))]


@pytest.mark.parametrize("shards", [1, 2, 4])
def test_however_many_share_it_one_first_attempt_in_ten_earns_a_retry(shards: int) -> None:
    budgets = [Budgets(people(), shards) for _ in range(shards)]
    retries = 0
    for attempt in range(4_000):
        own = budgets[attempt % shards]
        own.earn(0)
        retries += own.spend(0)
    # each saves until the same attempt at most, and starts with a part of the burst
    assert 400 - shards <= retries <= 400 + shards


def test_what_all_start_with_is_shared() -> None:
    budgets = [Budgets(people(burst=8), 4) for _ in range(4)]
    assert [sum(own.spend(0) for _ in range(9)) for own in budgets] == [2, 2, 2, 2]
