"""What figures bear: whatever is said to change nothing changes nothing, in servers whose visitors all wait their turn."""

from __future__ import annotations

import random
from collections.abc import Sequence
from heapq import heapreplace
from itertools import count, takewhile

import pytest

from simulator.outcomes.counts.summary import Summary
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
