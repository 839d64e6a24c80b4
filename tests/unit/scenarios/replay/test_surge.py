"""The surge itself: who of the plan is sent, and who is counted instead."""

from dataclasses import replace
from typing import cast

import gevent
import numpy as np
import pytest
from gevent.event import Event

from scenarios.replay.child.clock import Clock
from scenarios.replay.child.ledger import Ledger
from scenarios.replay.child.surge import Surge, surge
from scenarios.replay.child.visitors.visit import Life, Visit, VisitRow
from simulator.outcomes.rows import UNKNOWN, Fate
from tests.hanging import HUNG_S
from tests.unit.scenarios.replay.test_visitor import PATIENT, orders

CAP, FAR_NS = 3, 3_600_000_000_000


class Kept:
    """A ledger in memory."""

    def __init__(self) -> None:
        self.visits: list[VisitRow] = []

    def add_visit(self, row: VisitRow) -> None:
        self.visits.append(row)


def surge_of(people: int) -> tuple[Surge, Kept]:
    """So many, who are all to come at the opening."""
    plan, kept = np.zeros((people, 4), np.int64), Kept()
    plan[:, 0] = np.arange(people)
    told = replace(orders(PATIENT), in_flight_cap=CAP, max_lag_ns=round(HUNG_S * 1e9))
    made = Surge(plan, told, Clock(), cast("Ledger", kept), gevent.Greenlet)
    return made, kept


def sent(made: Surge, answer: Event | None) -> None:
    """Send everybody; each waits for an answer first, if there is one, and then in line."""

    def life(visit: Visit) -> Life:
        if answer is not None:
            answer.wait()
        yield FAR_NS

    for greenlet in (gevent.spawn(made.send_everybody, life), gevent.spawn(gevent.sleep, 0.002)):
        greenlet.join(HUNG_S)


def test_the_cap_is_of_those_whose_requests_are_under_way() -> None:
    made, kept = surge_of(20)
    sent(made, Event())
    assert (made.started, made.at_cap, made.crowd.awake) == (CAP, 20 - CAP, CAP)
    assert [row[-1] for row in kept.visits] == [Fate.UNSENT] * (20 - CAP)
    made.cut_short()
    assert len(kept.visits) == 20


def test_who_waits_keeps_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surge, "BREATHE_NS", -1)  # everybody falls asleep before the next one comes
    made, kept = surge_of(20)
    sent(made, None)
    assert (made.started, made.at_cap, made.crowd.awake) == (20, 0, 0)
    assert kept.visits == []
    made.cut_short()
    assert kept.visits == [
        (who, 0, 0, UNKNOWN, UNKNOWN, UNKNOWN, Fate.WAITING) for who in range(20)
    ]


def test_there_is_room_for_so_many_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surge, "BREATHE_NS", -1)
    monkeypatch.setattr(surge, "MOST_PRESENT", 8)
    made, _ = surge_of(20)
    sent(made, None)
    assert (made.started, made.at_cap) == (8, 12)
    made.cut_short()


def test_a_long_plan_is_taken_piece_by_piece() -> None:
    plan = np.arange(2_500 * 3).reshape(2_500, 3)
    assert list(surge.rows_of(plan)) == plan.tolist()
