"""What is hidden happens when it is switched on, and not before; what is said of it is read."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx
import psutil
import pytest

from tests.hanging import HUNG_S
from tests.validation.runs.controls import CONTROLS, SECOND_USER, changed, judged, start_of
from tests.validation.servers import hidden

BY_NAME = {each.name: each for each in CONTROLS}
MANY = 60


@pytest.mark.parametrize(("name", "outcome", "sentence", "noticed", "named"), [
    ("nothing", "predicted right", "predicted right", False, False),
    ("nothing", "predicted wrong", "predicted wrong: services took 9 % longer", True, False),
    ("nothing", "not comparable", "not comparable: the machine changed", False, False),
    ("a lock", "predicted wrong", "predicted wrong: services took 4 times as long", True, False),
    ("a lock", "predicted wrong", "predicted wrong: it works on one at a time", True, True),
    ("a lock", "unknown", "not known whether it was predicted right: one at a time", False, False),
    ("a quota", "predicted wrong", "predicted wrong: turned away 429 at 20/s", True, True),
    ("a quota", "predicted wrong", "predicted wrong: turned away 3 (predicted 9 to 12)", True, False),
    (SECOND_USER, "not comparable", "not comparable: the machine changed", True, True),
    (SECOND_USER, "predicted right", "predicted right: the machine kept its speed", False, False),
])  # fmt: skip
def test_a_verdict_names_what_was_hidden_or_does_not(
    name: str, outcome: str, sentence: str, noticed: bool, named: bool
) -> None:
    found = judged(BY_NAME[name], {"outcome": outcome, "sentence": sentence})
    assert (found["noticed"], found["named"]) == (noticed, named)


def test_without_a_verdict_on_the_prediction_nothing_is_judged() -> None:
    assert judged(BY_NAME["a lock"], None) == {}


def test_a_quota_lets_its_burst_through_and_then_so_many_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_s = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now_s[0])
    application = hidden.Hidden()
    assert [application.allowed() for _ in range(21)].count(True) == 20
    now_s[0] = 0.5
    assert [application.allowed() for _ in range(20)].count(True) == 10


def test_a_cold_cache_warms(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now_s[0])
    application = hidden.Hidden()
    assert application.coldness() == 3.0
    now_s[0] = 1000.0
    assert application.coldness() == pytest.approx(1.0)


def test_the_second_user_is_gone_afterwards(tmp_path: Path) -> None:
    others = psutil.Process().children()  # of other tests: a pool that is kept
    with changed(BY_NAME[SECOND_USER], tmp_path):
        users = [one for one in psutil.Process().children() if one not in others]
    assert users
    assert not [one for one in users if one.is_running()]


@pytest.mark.slow
def test_a_lock_and_a_quota_begin_with_their_switch(tmp_path: Path) -> None:
    """Sixty services of 80 ms by four threads take 1.2 s, and one after the other 4.8 s."""
    lock, quota = BY_NAME["a lock"], BY_NAME["a quota"]
    with start_of(lock)(tmp_path) as site:
        before, free_s = asyncio.run(together(site.url))
        with changed(lock, tmp_path):
            locked, locked_s = asyncio.run(together(site.url))
        with changed(quota, tmp_path):
            limited, _ = asyncio.run(together(site.url))
    assert set(before) == set(locked) == {201}
    assert locked_s > 2 * free_s
    assert set(limited) == {201, 429}


async def together(url: str) -> tuple[list[int], float]:
    """What many are answered who come at once, and how long all of them take."""
    began_s = time.monotonic()
    async with httpx.AsyncClient(
        timeout=HUNG_S, trust_env=False, limits=httpx.Limits(max_connections=MANY)
    ) as client:
        answers = await asyncio.gather(
            *(client.post(f"{url}/signup", json={"email": f"{n}@b.invalid"}) for n in range(MANY))
        )
    return [answer.status_code for answer in answers], time.monotonic() - began_s
