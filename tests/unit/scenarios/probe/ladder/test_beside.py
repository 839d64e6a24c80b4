"""What a probe takes of the cores that it shares with a target."""

import os

import pytest

from scenarios.http.allow import checked
from scenarios.probe.ladder.machine import beside
from scenarios.probe.ladder.machine.beside import shared_cores, slowed, without_us
from scenarios.probe.ladder.rungs import Exchange, Visit
from scenarios.probe.probe import SIGNUP
from tests.examples import examples

S = 1_000_000_000


def visit(own: float, busy: float) -> Visit:
    """Ten answers a second, of a second each."""
    exchanges = tuple(
        Exchange(request=SIGNUP, sent_ns=n * S // 10, seen_ns=n * S // 10 + S, status=201)
        for n in range(100)
    )
    return Visit(
        n=10, sweep=0, begin_ns=2 * S, end_ns=8 * S, exchanges=exchanges, own_cpu=own, busy=busy
    )


@examples("own, busy, cores, per_s",
    ("all cores are busy, and a quarter of them is ours", 0.5, 1.99, 2, 10.0 / 0.75),
    ("a core is to spare", 0.5, 1.5, 2, 10.0),
    ("nobody knows how busy they are", 0.5, float("nan"), 2, 10.0),
    ("they are not shared", 0.5, 1.99, None, 10.0),
    ("all of it is ours: no more than twice as much is thought", 2.0, 2.0, 2, 20.0),
)  # fmt: skip
def test_what_would_be_served_without_us(
    own: float, busy: float, cores: int | None, per_s: float
) -> None:
    (batch,) = without_us([visit(own, busy)], cores)
    assert batch.per_s == pytest.approx(per_s)
    assert batch.answer_s == 1.0
    assert slowed([visit(own, busy)], cores) == pytest.approx(per_s / 10.0)


def test_of_no_visit_nothing_is_told() -> None:
    assert slowed([], 2) == 1.0


def test_cores_are_shared_where_the_target_may_use_all_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, cores = checked("http://127.0.0.1:9"), os.cpu_count() or 1
    monkeypatch.setattr(beside, "usable_cores", lambda: frozenset(range(cores)))
    for its, found in ((frozenset(range(cores)), cores), (frozenset({99}), None)):
        monkeypatch.setattr(beside, "cores_of", lambda _, its=its: its)
        assert shared_cores(here) == found
    monkeypatch.setattr(beside, "usable_cores", lambda: frozenset(range(cores + 1)))
    assert shared_cores(here) is None
