"""The rule behind refusals."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from scenarios.probe.ladder.limits import limit_of
from scenarios.probe.ladder.rungs import Exchange
from scenarios.probe.probe import SIGNUP


def asked(
    instants_s: Iterable[float], passes: Iterable[bool], took_s: float = 0.001
) -> list[Exchange]:
    return [
        Exchange(
            request=SIGNUP,
            sent_ns=round(at_s * 1e9),
            seen_ns=round((at_s + took_s) * 1e9),
            status=201 if passed else 429,
            refused=not passed,
            told="" if passed else "retry-after: 1",
        )
        for at_s, passed in zip(instants_s, passes, strict=True)
    ]


def bucket(instants_s: list[float], rate_per_s: float, burst: int) -> list[bool]:
    """Who passes a token bucket that begins full."""
    tokens, last_s, passed = float(burst), 0.0, []
    for at_s in instants_s:
        tokens, last_s = min(burst, tokens + (at_s - last_s) * rate_per_s), at_s
        passed.append(tokens >= 1)
        tokens -= passed[-1]
    return passed


@pytest.mark.parametrize(("rate", "burst"), [(5.0, 1), (5.0, 12), (10.0, 20)])
def test_a_token_bucket_tells_its_rate_and_burst(rate: float, burst: int) -> None:
    instants = [k / 40 for k in range(400)]
    found = limit_of(asked(instants, bucket(instants, rate, burst)))
    assert found is not None
    assert found.kind == "rate"
    # Asked every 25 ms: a bucket of one token, which is full, loses up to 25 ms each time.
    assert 1 / (1 / rate + 0.025) <= found.rate_per_s <= 1.02 * rate
    assert abs(found.burst - burst) <= 1
    assert "one machine cannot tell" in found.in_words
    assert "retry-after: 1" in found.in_words


def test_a_limit_that_counts_in_windows() -> None:
    instants = [k / 40 for k in range(400)]
    counts: dict[int, int] = {}
    passes = []
    for at_s in instants:
        counts[int(at_s // 2)] = counts.get(int(at_s // 2), 0) + 1
        passes.append(counts[int(at_s // 2)] <= 20)
    found = limit_of(asked(instants, passes))
    assert found is not None
    assert (found.kind, found.burst) == ("window", 20)
    assert found.window_s == pytest.approx(2.0)


def test_room_for_three_is_no_rate() -> None:
    """Each takes a second; who comes as the fourth is refused, at whatever rate."""
    instants = [0.0, 0.1, 0.2, 0.3, 1.05, 1.15, 1.25, 1.28]
    passes = [True, True, True, False, True, True, True, False]
    found = limit_of(asked(instants, passes, took_s=1.0))
    assert found is not None
    # The refusals' own answers come at once.
    assert (found.kind, found.room) == ("room", 3)


@pytest.mark.parametrize("late_s", [0.0, 0.005])
def test_a_room_is_a_room_also_where_answers_come_late(late_s: float) -> None:
    """Room for two, each for 100 ms, and four who ask again 20 ms after a refusal, and at once after an answer."""
    seen, inside, due = [], list[float](), [0.001 * k for k in range(4)]
    for _ in range(400):
        at_s = min(due)
        due.remove(at_s)
        inside = [until for until in inside if until > at_s]
        passed = len(inside) < 2
        took_s = 0.1 + late_s if passed else 0.002
        if passed:
            inside.append(at_s + 0.1)
        seen += asked([at_s], [passed], took_s)
        due.append(at_s + took_s + (0.001 if passed else 0.02))
    found = limit_of(seen)
    assert found is not None
    assert (found.kind, found.room) == ("room", 2)


def test_a_rate_is_no_room_where_services_are_long() -> None:
    """Always some are under way, whoever is refused: services of nearly a second, five of which are let in each second."""
    instants = [k / 40 for k in range(400)]
    passes = bucket(instants, 5.0, 1)
    seen = [
        one
        for at_s, passed in zip(instants, passes, strict=True)
        for one in asked([at_s], [passed], 0.93 if passed else 0.002)
    ]
    found = limit_of(seen)
    assert found is not None
    assert found.kind == "rate"


def test_who_is_shut_out() -> None:
    seen = asked([0.1 * k for k in range(20)], [k < 5 for k in range(20)])
    banned = [
        e
        if not e.refused
        else Exchange(
            request=SIGNUP, sent_ns=e.sent_ns, seen_ns=e.seen_ns, status=403, refused=True
        )
        for e in seen
    ]
    found = limit_of(banned)
    assert found is not None
    assert found.kind == "ban"


def test_no_refusal_no_limit() -> None:
    assert limit_of(asked([0.0, 1.0], [True, True])) is None
