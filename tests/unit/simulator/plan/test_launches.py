import math
import os
import signal
import threading
from dataclasses import replace
from typing import Any

import joblib
import numpy as np
import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.engine.readable.launch import Readable
from simulator.engine.rules import Engine
from simulator.errors import InvalidRun, UsageError
from simulator.outcomes.figures.figures import FIGURES
from simulator.plan.launches import Prediction, play, predict, side_by_side
from simulator.plan.plan import Plan, Subject
from simulator.system.objectives import JourneyObjective, Objectives
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from tests.hanging import HUNG_S

S = 1_000_000_000
PLAN = Plan(
    subject=Subject.LAUNCH,
    scenario="small",
    variant=None,
    demand=Demand(components=(Component.of(0, [0, 10 * S], [30.0]),)),
    system=System(
        people=(People(name="everybody"),),
        stations=(
            Station(
                name="signup", servers=1, waiting_room=100, service=Duration.exponential(0.2 * S)
            ),
        ),
    ),
    objectives=Objectives(journeys=(JourneyObjective(journey="signup", quantiles_ns=((0.5, S),)),)),
    horizon_ns=10 * S,
    end_ns=60 * S,
    bin_ns=S,
    seed=3,
)


def test_every_launch_has_its_own_luck_and_the_same_one_again() -> None:
    first, again = predict(PLAN, Compiled(), 3), predict(PLAN, Compiled(), 3)
    summaries = [summary.to_json() for summary in first.launches]
    assert summaries == [summary.to_json() for summary in again.launches]
    assert summaries[0] != summaries[1] != summaries[2]
    assert summaries[2] == play(PLAN, Readable(), 2).to_json()


def test_a_rehearsal_varies_its_service_times_only() -> None:
    rehearsal = replace(PLAN, subject=Subject.REHEARSAL)
    prediction = predict(rehearsal, Compiled(), 3)
    arrivals = [summary.bins.arrivals.tolist() for summary in prediction.launches]
    assert arrivals[0] == arrivals[1] == arrivals[2]
    assert len({summary.response.sum_ns for summary in prediction.launches}) == 3


def test_estimates_are_over_launches_and_say_when_samples_are_too_few() -> None:
    prediction = Prediction(
        engine="simpy", launches=[play(PLAN, Readable(), launch) for launch in range(4)]
    )

    estimates = {figure.key: prediction.estimate(figure) for figure in FIGURES}

    totals = [summary.arrivals for summary in prediction.launches]
    assert estimates["arrivals"].mean == np.mean(totals)
    assert math.isnan(estimates["arrivals"].from_)  # of 39 launches on, and these are four
    assert estimates["response_p50"].enough
    assert not estimates["response_p99"].enough
    assert prediction.merged.arrivals == sum(totals)


def test_progress_is_told_after_each_launch() -> None:
    told: list[tuple[int, int]] = []
    predict(PLAN, Compiled(), 2, lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_no_launch_is_no_prediction() -> None:
    with pytest.raises(UsageError, match="at least one launch"):
        predict(PLAN, Readable(), 0)


class Killing(Readable):
    """An engine whose process is killed, as the kernel does where memory runs out."""

    def __init__(self, parent: int) -> None:
        self.parent = parent

    def summarise(self, *of: Any, **more: Any) -> Any:
        assert os.getpid() != self.parent, "one core alone simulates in the parent"
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(joblib.cpu_count() == 1, reason="one core alone simulates in the parent")
@pytest.mark.filterwarnings("ignore:A worker stopped while some jobs were given:UserWarning")
def test_a_process_that_was_killed_is_told() -> None:
    with pytest.raises(InvalidRun, match=r"a simulating process was killed.*--engine compiled"):
        predict(PLAN, Killing(os.getpid()), 2)


def in_turn_from_the_last(plan: Plan, engine: Engine, launch: int) -> int:
    """The first of two is done only after the second is."""
    if launch == 0:
        assert SECOND_IS_DONE.wait(HUNG_S)
    SECOND_IS_DONE.set()
    return launch


SECOND_IS_DONE = threading.Event()


@pytest.mark.skipif(joblib.cpu_count() < 2, reason="one core does one thing after the other")
def test_launches_come_in_their_order_whichever_is_done_first() -> None:
    SECOND_IS_DONE.clear()
    tasks = [(PLAN, Compiled(), number) for number in range(4)]
    assert list(side_by_side(in_turn_from_the_last, tasks, Compiled())) == [0, 1, 2, 3]


def failing_first(plan: Plan, engine: Engine, launch: int) -> int:
    BEGUN.append(launch)
    if launch == 0:
        raise InvalidRun("no more")
    assert TOLD.wait(HUNG_S)
    return launch


BEGUN: list[int] = []
TOLD = threading.Event()


def test_what_fails_is_told_at_once_and_what_has_not_begun_never_does() -> None:
    BEGUN.clear()
    TOLD.clear()
    many = [(PLAN, Compiled(), number) for number in range(1000)]
    with pytest.raises(InvalidRun, match="no more"):
        list(side_by_side(failing_first, many, Compiled()))
    TOLD.set()  # those under way end only now
    assert len(predict(PLAN, Compiled(), 3).launches) == 3
    assert len(BEGUN) <= 2 * joblib.cpu_count()
