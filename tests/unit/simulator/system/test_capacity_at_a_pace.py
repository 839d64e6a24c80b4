"""A station's pace is part of what it can serve: capacity, and what is needed of it, at an instant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.system.capacity import resources_of, visits_per_s
from simulator.system.pace import Pace
from simulator.system.stations import StationKind
from tests.unit.simulator.verdict.truth.rehearsals import S, plan_of, with_pace

SYSTEM = plan_of(0.7).system
LATER = with_pace(plan_of(0.7), Pace.of([0, 10 * S], [1.25, 2.0])).system


def test_what_takes_longer_can_be_served_less_often() -> None:
    assert visits_per_s(SYSTEM, [1.0]) == pytest.approx(20.0)
    assert visits_per_s(LATER, [1.0]) == pytest.approx(16.0)
    assert LATER.stations[0].capacity_per_s == pytest.approx(16.0)


def test_what_is_needed_goes_by_the_instant() -> None:
    needs = [resources_of(LATER, at_s * S)[0].needs[0] for at_s in (0, 9, 10, 60)]
    assert needs == pytest.approx([0.125, 0.125, 0.2, 0.2])


def test_tokens_are_no_slower() -> None:
    quota = replace(LATER.stations[0], kind=StationKind.QUOTA)
    now, then = (
        resources_of(replace(LATER, stations=(quota,)), at_s * S)[0].needs for at_s in (0, 20)
    )
    assert now == then == (1.0,)
