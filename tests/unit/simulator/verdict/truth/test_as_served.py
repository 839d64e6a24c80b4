"""A rehearsal predicted with the services as they were."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.plan.plan import Plan
from simulator.system.uncertain import Matter, Uncertain
from simulator.timetable.volume import Volume
from simulator.verdict.truth.as_served import as_served
from simulator.verdict.truth.judged import held_against, is_surprising
from simulator.verdict.truth.played.services import Services, Unrecoverable
from simulator.verdict.truth.recovered import recovered
from tests.unit.simulator.verdict.truth.rehearsals import (
    MEAN_NS,
    Replayed,
    S,
    figures_by_key,
    plan_of,
    predicted,
    replayed,
    slower,
    wandering,
    with_pace,
)


def again(plan: Plan, seen: Replayed) -> Plan:
    found = as_served(plan, recovered(seen.rows, plan.system))
    assert found is not None
    return found


def off(plan: Plan, seen: Replayed, key: str = "response_p95") -> float:
    """The error of what is predicted, as a share of what was observed."""
    figure = figures_by_key()[key]
    return predicted(plan).estimate(figure).mean / figure.read(seen.summary).value - 1.0


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_a_launch_that_drifted_is_predicted_right_where_independent_draws_are_not(
    seed: int,
) -> None:
    """Services that wander by 30 %: with their mean alone the queue is half of what it was.

    A right prediction is surprised once in twenty times. One that draws the same services in any order
    is surprised each time.
    """
    plan = plan_of(0.85, seed=seed)
    seen = replayed(plan, wandering(0.3, 15.0, seed=seed))
    served = again(plan, seen)
    independent = with_pace(served, None)
    assert not is_surprising(held_against(seen.summary, predicted(served)))
    assert is_surprising(held_against(seen.summary, predicted(independent)))
    assert abs(off(served, seen)) < abs(off(independent, seen)) / 2


def test_what_wanders_is_found_again() -> None:
    pace = wandering(0.3, 15.0)
    plan = plan_of(0.85)
    found = again(plan, replayed(plan, pace)).system.stations[0].pace
    assert found is not None
    assert len(found.starts_ns) > 8
    instants = range(5 * S, 115 * S, S)
    log_ratio = np.log([found.at(at) / pace.at(at) for at in instants])
    assert log_ratio.std() < 0.5 * 0.3, "most of what it wanders by is in the windows"


def test_services_that_do_not_drift_are_given_no_windows() -> None:
    """They are given some once in twenty times, where chance looks like drift: not in these three."""
    for seed in (1, 2, 3):
        plan = plan_of(0.85, seed=seed)
        served = again(plan, replayed(plan))
        assert served.system.stations[0].pace is not None
        assert len(served.system.stations[0].pace.factors) == 1


def test_how_much_longer_they_took_is_taken_over() -> None:
    """The mean of 1,400 services whose coefficient of variation is 0.3 is off by 0.8 % in the sd."""
    plan = plan_of(0.6, seed=4)
    served = again(plan, replayed(plan, slower(1.31)))
    law, station = served.system.service_of(0), served.system.stations[0]
    assert station.pace is not None
    mean = law.mean_ns() * np.mean(station.pace.factors)
    assert abs(mean / MEAN_NS / 1.31 - 1.0) < 3.9 * 0.3 / np.sqrt(1400)


def test_what_was_drawn_of_the_services_is_certain_now_and_nothing_else() -> None:
    spread = Volume(low=0.8, high=1.25)
    factor = Uncertain(
        key="station.web.service_factor", matter=Matter.SERVICE, name="web", spread=spread
    )
    other = replace(factor, key="station.mail.service_factor", name="mail")
    plan = replace(plan_of(0.5, for_s=30), uncertain=(factor, other))
    assert again(plan, replayed(plan)).uncertain == (other,)


def test_where_nothing_was_recovered_there_is_no_other_plan() -> None:
    plan = plan_of(0.5, for_s=30)
    nothing = Services.none("web", Unrecoverable.CALLS)
    assert as_served(plan, {"web": nothing}) is None
    assert as_served(plan, {}) is None
    assert as_served(plan, recovered(replayed(plan).rows, plan.system)) is not None
