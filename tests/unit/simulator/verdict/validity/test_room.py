"""What figures bear: whatever is said to change nothing changes nothing, in servers whose visitors all wait their turn."""

from __future__ import annotations

import random
from collections.abc import Sequence
from heapq import heapreplace
from itertools import accumulate, count, takewhile

import numpy as np
import pytest

from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.instrument import passing
from simulator.system.objectives import JourneyObjective, Objectives
from simulator.verdict.criteria import Outcome, conclusion
from simulator.verdict.objectives import judge_objectives
from simulator.verdict.validity.room import room_s
from tests.examples import examples
from tests.launches.summaries import S, launch

VISITS, SERVERS, MEAN_S = 150, 2, 0.1
SEEDS = range(250)


def asked(*quantiles_s: tuple[float, float], errors: float | None = None) -> Objectives:
    limits_ns = tuple((quantile, round(limit_s * S)) for quantile, limit_s in quantiles_s)
    return Objectives(
        journeys=(JourneyObjective(journey="signup", quantiles_ns=limits_ns, errors=errors),)
    )


def room(objectives: Objectives, summary: Summary, touched: float) -> float:
    return room_s(objectives, summary, touched, closes=False)


def outcome(objectives: Objectives, summary: Summary) -> Outcome:
    return conclusion(judge_objectives(objectives, summary, closes=False))


HALF_A_SECOND = launch([0.5] * 100)
FOUR_FAIL = launch([0.5] * 96, refused=4)


@examples("objectives, summary, touched, expected_s",
    ("far from its limit", asked((0.5, 2.0)), HALF_A_SECOND, 0, 1.5),
    ("beyond its limit", asked((0.5, 0.2)), HALF_A_SECOND, 0, 0.3),
    ("at its limit", asked((0.5, 0.5)), HALF_A_SECOND, 0, 0.0),
    ("the nearest of two", asked((0.5, 2.0), (0.9, 0.8)), HALF_A_SECOND, 0, 0.3),
    ("too few to tell", asked((0.99, 2.0)), HALF_A_SECOND, 0, 0.0),
    # 2 * 20 of 100 beyond the median: p90 needs 100, which there are; with 25 nothing is left of it.
    ("as many as there may be", asked((0.5, 2.0)), HALF_A_SECOND, 20, 1.5),
    ("more", asked((0.5, 2.0)), HALF_A_SECOND, 25, 0.0),
    ("errors that they might add", asked((0.5, 2.0), errors=0.08), FOUR_FAIL, 2, 1.5),
    ("more of them", asked((0.5, 2.0), errors=0.08), FOUR_FAIL, 2.1, 0.0),
    ("errors that they might take away", asked((0.5, 2.0), errors=0.01), FOUR_FAIL, 1, 1.5),
    ("all of them", asked((0.5, 2.0), errors=0.01), FOUR_FAIL, 1.6, 0.0),
    ("errors alone, which no delay changes by itself", asked(errors=0.08), FOUR_FAIL, 2, float("inf")),
)  # fmt: skip
def test_the_room(
    objectives: Objectives, summary: Summary, touched: float, expected_s: float
) -> None:
    """The histogram's buckets hide less than a hundredth."""
    assert room(objectives, summary, touched) == pytest.approx(expected_s, rel=0.01, abs=0.005)


# Servers, exactly: the same services, at planned instants and behind a generator that stands still


def responses(
    planned_s: Sequence[float], sent_s: Sequence[float], services_s: Sequence[float]
) -> list[float]:
    """From the planned instants to the ends, first come first served."""
    free_s, found = [0.0] * SERVERS, []
    for planned, sent, service in zip(planned_s, sent_s, services_s, strict=True):
        end = max(sent, free_s[0]) + service
        heapreplace(free_s, end)
        found.append(end - planned)
    return found


def still(planned_s: Sequence[float], luck: random.Random) -> list[float]:
    """As sent by a generator that stands still now and then, and then sends what is due."""
    stops = [(luck.uniform(0, planned_s[-1]), luck.uniform(0.02, 0.6)) for _ in range(3)]
    return [max([at, *(a + d for a, d in stops if a <= at < a + d)]) for at in planned_s]


def tried(seed: int) -> tuple[Objectives, Summary, Summary, float, int]:
    """An objective near what was found; what was found, and would have been in time; the longest delay, and how many."""
    luck = random.Random(seed)
    rate = luck.uniform(0.5, 1.1) * SERVERS / MEAN_S
    gaps_s = [luck.expovariate(rate) for _ in range(VISITS)]
    planned_s = [sum(gaps_s[: n + 1]) for n in range(VISITS)]
    services_s = [luck.expovariate(1 / MEAN_S) for _ in planned_s]
    sent_s = still(planned_s, luck)
    late = responses(planned_s, sent_s, services_s)
    limit_s = sorted(late)[VISITS // 2] * luck.uniform(0.4, 2.5)
    behind_s = [sent - planned for sent, planned in zip(sent_s, planned_s, strict=True)]
    in_time = responses(planned_s, planned_s, services_s)
    touched = sum(by > 0 for by in behind_s)
    return asked((0.5, limit_s)), launch(late), launch(in_time), max(behind_s), touched


def test_what_is_borne_changes_nothing_and_what_is_not_may() -> None:
    """A wrong room, which is twice as wide, is caught by the same servers; so is the gate's use: some are not borne."""
    borne, changed, wrong = 0, 0, 0
    for seed in SEEDS:
        objectives, found, in_time, longest_s, touched = tried(seed)
        same = outcome(objectives, found) is outcome(objectives, in_time)
        changed += not same
        if room(objectives, found, touched) >= longest_s:
            borne += 1
            assert same, seed
        wrong += 2 * room(objectives, found, 0) >= longest_s and not same
    assert borne > 0
    assert changed > 0
    assert wrong > 0


# One server, and visits that do not all keep their order


def alone(
    planned_s: Sequence[float], sent_s: Sequence[float], services_s: Sequence[float]
) -> list[float]:
    """The responses of one server, which takes them as they are sent."""
    free_s, found = 0.0, []
    for sent, planned, service in sorted(zip(sent_s, planned_s, services_s, strict=True)):
        free_s = max(sent, free_s) + service
        found.append(free_s - planned)
    return found


def order(planned_s: Sequence[float], sent_s: Sequence[float]) -> int:
    """How many passed one who was late."""
    planned_ns, sent_ns = (
        np.rint(np.array(each) * S).astype(np.int64) for each in (planned_s, sent_s)
    )
    return passing(planned_ns, sent_ns)


def test_who_passed_a_long_service_had_it_behind_him_and_counts() -> None:
    """Ten bursts of 19, every 3 s: the first needs a second and starts 60 ms late, the others pass him and need 1 ms."""
    planned_s = [3.0 * burst + n / 300 for burst in range(10) for n in range(19)]
    services_s = [0.001 if n % 19 else 1.0 for n in range(190)]
    sent_s = [at + (0.0 if n % 19 else 0.0601) for n, at in enumerate(planned_s)]
    asks = asked((0.5, 0.5))
    found = launch(alone(planned_s, sent_s, services_s))
    in_time = launch(alone(planned_s, planned_s, services_s))
    assert [outcome(asks, each) for each in (found, in_time)] == [Outcome.HOLDS, Outcome.FAILS]
    assert order(planned_s, sent_s) == 180
    assert room(asks, found, 10) > 0.0601  # those who were late, alone
    assert room(asks, found, 10 + 180) == 0.0


def test_what_is_borne_by_one_server_changes_nothing_where_some_are_passed() -> None:
    borne, changed, passers = 0, 0, 0
    for seed in SEEDS:
        luck = random.Random(seed)
        gaps_s = [luck.expovariate(luck.uniform(0.5, 1.1) / MEAN_S) for _ in range(VISITS)]
        planned_s = [*accumulate(gaps_s)]
        services_s = [luck.choice((0.1, 0.1, 0.1, 7.0)) * MEAN_S * 0.55 for _ in planned_s]
        by_s = [luck.uniform(0.03, 0.3) * (luck.random() < 0.02) for _ in planned_s]
        sent_s = [at + by for at, by in zip(planned_s, by_s, strict=True)]
        late = alone(planned_s, sent_s, services_s)
        in_time = launch(alone(planned_s, planned_s, services_s))
        asks = asked((0.5, sorted(late)[VISITS // 2] * luck.uniform(0.2, 3.0)))
        same = outcome(asks, launch(late)) is outcome(asks, in_time)
        passed = order(planned_s, sent_s)
        passers += passed
        changed += not same
        if room(asks, launch(late), sum(by > 0 for by in by_s) + passed) >= max(by_s) > 0:
            borne += 1
            assert same, seed
    assert min(borne, changed, passers) > 0


# Servers with few places: who comes at another instant loses his, or takes somebody else's


def lost(sent_s: Sequence[float], services_s: Sequence[float], places: int) -> int:
    """How many found all places taken."""
    ends_s: list[float] = []
    many = 0
    for at, service in zip(sent_s, services_s, strict=True):
        ends_s = [end for end in ends_s if end > at]
        if len(ends_s) >= places:
            many += 1
            continue
        ends_s.sort()
        before = ends_s[-SERVERS] if len(ends_s) >= SERVERS else at
        ends_s.append(max(at, before) + service)
    return many


def test_no_delay_costs_more_places_than_it_touched_visits() -> None:
    """One for each, where two are reckoned with; a room without them would be wrong."""
    differences = []
    for seed in SEEDS:
        luck = random.Random(seed)
        arrivals = (n * MEAN_S / SERVERS / luck.uniform(0.8, 1.3) for n in count(1))
        planned_s = list(takewhile(lambda at: at < 10.0, arrivals))
        services_s = [luck.expovariate(1 / MEAN_S) for _ in planned_s]
        sent_s = still(planned_s, luck)
        touched = sum(a != b for a, b in zip(sent_s, planned_s, strict=True))
        by = abs(lost(sent_s, services_s, 4) - lost(planned_s, services_s, 4))
        assert by <= touched
        differences.append(by)
    assert max(differences) > 0
