"""The lines that drain as their server does: what they call, and when, is what their words say."""

import asyncio

import pytest

from tests.validation.servers.feedback import (
    CUT,
    FIRST,
    HIGHEST,
    LIMIT,
    LOWEST,
    STEP,
    Gate,
    next_rate,
)
from tests.validation.servers.line import Sessions


def test_as_many_are_in_as_there_are_sessions_and_the_next_is_called_when_one_leaves() -> None:
    sessions = Sessions(total=2)
    assert [sessions.lets_in(who) for who in "abcd"] == [True, True, False, False]
    assert not sessions.lets_in("c")
    sessions.left("a")
    assert not sessions.lets_in("d")  # c was called, and d was behind
    assert sessions.lets_in("c")
    assert not sessions.lets_in("a")  # who comes again stands at the end


def test_a_session_is_held_from_the_call_on() -> None:
    """Who was called and has not looked yet keeps the others out."""
    sessions = Sessions(total=1)
    assert sessions.lets_in("a")
    assert not sessions.lets_in("b")
    assert not sessions.lets_in("c")
    sessions.left("a")
    assert not sessions.lets_in("c")
    sessions.lets_in("b")
    sessions.left("b")
    assert sessions.lets_in("c")


@pytest.mark.parametrize(("rate", "in_flight", "next_"), [
    pytest.param(FIRST, LIMIT, FIRST + STEP, id="raised at the limit"),
    pytest.param(FIRST, LIMIT + 1, FIRST * CUT, id="cut above it"),
    pytest.param(LOWEST, LIMIT + 1, LOWEST, id="never below the lowest"),
    pytest.param(HIGHEST, 0, HIGHEST, id="never above the highest"),
])  # fmt: skip
def test_a_rate_follows_how_many_are_in(rate: float, in_flight: int, next_: float) -> None:
    assert next_rate(rate, in_flight) == next_


def test_calls_keep_their_distance_and_a_turn_nobody_took_is_lost() -> None:
    """At 10/s: one at once, the next after 100 ms; after a pause of ten seconds one, and not a hundred."""

    async def called() -> list[int]:
        gate = Gate(rate_per_s=10.0)
        found = []
        for who, now_s in [
            ("a", 1.0),
            ("b", 1.04),
            ("c", 1.06),
            ("d", 1.13),
            ("e", 11.0),
            ("f", 11.0),
            ("g", 11.05),
        ]:
            gate.join(who, now_s)
            found.append(len(gate.called))
        return found

    # b is called at 1.1. Nobody looked from then on: c, d and e have had their turns by 11.0. f finds
    # nobody before him and is called at once, and g has to wait for 100 ms more.
    assert asyncio.run(called()) == [1, 1, 1, 2, 5, 6, 6]
