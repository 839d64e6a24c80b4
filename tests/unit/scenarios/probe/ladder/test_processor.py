"""Where a ladder has the target's processor time from."""

import asyncio

import pytest

from scenarios.http.allow import checked
from scenarios.http.manners import Manners
from scenarios.machine.processes import Thread, Used
from scenarios.probe import people as probed
from scenarios.probe.ladder.estimate.estimate import Estimate
from scenarios.probe.ladder.machine import processor
from scenarios.probe.ladder.machine.processor import (
    Listeners,
    computing,
    no_cpu,
    own_work,
    source_of,
)
from scenarios.probe.ladder.rungs import Exchange, Mean, Visit, rungs_of
from scenarios.probe.people import People
from scenarios.probe.probe import SIGNUP
from tests.examples import examples

S = 1_000_000_000
SERVICE = Estimate(
    servers=1,
    confirmed=True,
    or_else=(),
    top=2,
    service_s=Mean(1.0, 0.01, 2),
    factors=(),
    slower=(),
    correction=1.0,
    capacity_per_s=Mean(1.0, 0.01, 2),
    falls=False,
    network_s=0.0,
    with_inflation=1,
)


def looks(monkeypatch: pytest.MonkeyPatch, *seen: dict[Thread, Used]) -> None:
    """What each look at the port finds, one after the other."""
    left = iter(seen)
    monkeypatch.setattr(processor, "used_at", lambda _: next(left))


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> People:
    """Of a launch that names no request for nothing: its target is not ours, and tells nothing."""
    monkeypatch.setattr(probed, "connect", lambda _: "127.0.0.1")
    return People(checked("http://127.0.0.1:9"), (SIGNUP,), Manners(health=None))


def test_who_listens_on_this_machine_is_looked_at_where_nobody_tells(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks(
        monkeypatch,
        {(7, 7): (2 * S, 0)},
        {(7, 7): (3 * S, 0), (8, 8): (S // 2, 0)},
        {(7, 7): (3 * S, 0)},
    )

    async def asked() -> tuple[float | None, float | None, float | None]:
        cpu = await source_of(people, None, here=True)
        assert isinstance(cpu, Listeners)
        first = cpu.spent_ns / 1e9
        return first, await cpu(), await cpu()

    # The second one has ended: what it had used stays used.
    assert asyncio.run(asked()) == (2.0, 3.5, 3.5)


@examples("here",
    ("the target is elsewhere", False),
    ("nobody of this user listens", True),
)  # fmt: skip
def test_of_who_cannot_be_looked_at_nothing_is_known(
    here: bool, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks(monkeypatch, {})
    assert asyncio.run(source_of(people, None, here=here)) is no_cpu


@examples("cpu_s, share",
    ("it works itself", 4.5, 0.9),
    ("it hands the work on", 0.5, None),
)  # fmt: skip
def test_who_hands_the_work_on_says_nothing_of_the_target(
    cpu_s: float, share: float | None
) -> None:
    """Five services of a second."""
    exchanges = tuple(
        Exchange(request=SIGNUP, sent_ns=n * S, seen_ns=(n + 1) * S, status=201) for n in range(5)
    )
    rungs = rungs_of([
        Visit(n=1, sweep=0, begin_ns=0, end_ns=5 * S, exchanges=exchanges, cpu_s=cpu_s)
    ])  # fmt: skip
    (found,) = own_work(rungs, SERVICE, Listeners(9))
    assert computing(found, SERVICE) == (share if share is None else pytest.approx(share))
    (named,) = own_work(rungs, SERVICE, no_cpu)  # by --pid, or its own word: it is meant
    assert computing(named, SERVICE) == pytest.approx(cpu_s / 5)
