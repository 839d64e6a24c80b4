"""Every launch of the library meets what was published of it, and both engines play it alike.

The milestones are those of the whole file: the horizon is set to the last of them.
"""

import json
from dataclasses import replace

import joblib
import numpy as np
import pytest
from _pytest.mark import ParameterSet
from numpy.typing import NDArray
from scipy import special

from scenarios.library import shelf as library
from simulator import Compiled, Plan, Readable, Scenario, launch_plan
from simulator.engine.agreement import agreement
from simulator.engine.compiled.fifo.engine import Fifo
from simulator.outcomes.rows import Outcomes
from simulator.plan.published.counted import Steps, before, came_and_counted
from simulator.plan.resolve import resolve, signups_of
from simulator.plan.surges.demand import components_of
from simulator.scenario.words.groups import entries_of
from simulator.scenario.words.surges.surge import Milestones
from simulator.timetable.demand import Demand
from simulator.timetable.draws import COMPONENT_SHIFT
from simulator.units import Ints, frozen_floats
from surgeproof.verbs.predicting import predict
from surgeproof.verbs.predicting.asked import Asked
from tests.plans import library_plan

ENGINE = Compiled()
MANY = 20_000_000
"""From so many people on, ten launches are as telling as forty."""
QUICK = 100_000
"""More people than this, forty times over, wait for the slow suite."""


def whole(name: str) -> Scenario:
    """The launch up to its last published count."""
    last_ns = max(point.at_ns for surge in published(library.load(name)) for point in surge.points)
    return library.load(name, settings=[f"launch.horizon={last_ns} ns"])


def published(scenario: Scenario) -> list[Milestones]:
    return [surge for surge in scenario.words.surge if isinstance(surge, Milestones)]


def with_milestones() -> list[ParameterSet]:
    found = []
    for name in library.names():
        most = max((surge.points[-1].count for surge in published(library.load(name))), default=0.0)
        if most:
            found.append(pytest.param(name, marks=[pytest.mark.slow] if most > QUICK else []))
    return found


class Counting:
    """How the outcome that a surge's milestones count is read off a launch."""

    def __init__(self, scenario: Scenario, surge: Milestones) -> None:
        self.surge = surge
        self.at_ns: Ints = np.array([point.at_ns for point in surge.points])
        self.counts = np.array([float(point.count) for point in surge.points])
        self.steps: Steps | None = None
        if surge.counts == "signups":
            self.steps = signups_of(surge, scenario)
        self.components = components_before(scenario, surge)

    def read(self, outcomes: Outcomes) -> Ints:
        if self.surge.counts != "arrivals":
            return came_and_counted(outcomes, self.at_ns, self.steps, frozenset())[1]
        total = np.zeros(len(self.at_ns), np.int64)
        for block in outcomes.blocks:
            component = block.visits["visitor"] >> COMPONENT_SHIFT
            own = np.isin(component, list(self.components))
            total += before(block.visits["arrived"][own], self.at_ns)
        return total


def components_before(scenario: Scenario, surge: Milestones) -> range:
    """The components of one surge among those of all."""
    words = scenario.words
    number, entries = words.surge.index(surge), entries_of(words.people, words.journey)
    first, last = (
        len(components_of(words.surge[:end], entries, resolve(scenario).clock))
        for end in (number, number + 1)
    )
    return range(first, last)


def outcomes(plan: Plan, counting: Counting, launches: int) -> NDArray[np.int64]:
    """Shape (launches, points)."""
    play = joblib.delayed(
        lambda launch: counting.read(ENGINE.simulate(plan.timetable(launch), plan.system))
    )
    found = joblib.Parallel(n_jobs=-1, prefer="threads")(play(n) for n in range(launches))
    return np.array(found)


@pytest.mark.parametrize("name", with_milestones())
def test_the_prediction_meets_what_was_published(name: str) -> None:
    scenario = whole(name)
    plan = launch_plan(scenario, seed=1, engine=ENGINE)
    for surge in published(scenario):
        counting = Counting(scenario, surge)
        launches = 10 if plan.demand.total > MANY else 40
        found = outcomes(plan, counting, launches)
        mean, sd = found.mean(axis=0), found.std(axis=0, ddof=1)
        # Where one more launch would lie, 95 times of 100 (Student).
        half = special.stdtrit(launches - 1, 0.975) * sd * np.sqrt(1 + 1 / launches)

        assert (np.abs(mean - counting.counts) <= 0.01 * counting.counts).all(), (name, surge.name)
        assert (np.abs(mean - counting.counts) <= half).all(), (name, surge.name)


SOUGHT_LONG = {
    *("bluesky-2024", "gettr-2022", "parler-2020", "truth-social-2022"),
    *("healthcare-gov-2013", "threads-2023", "ticketmaster-eras-2022"),
}
"""Where the search for what would help simulates hundreds of launches, or launches of millions."""


def variants(*, slow: bool = False) -> list[ParameterSet]:
    """Every launch as written, and every variant; ``slow``: these wait for the slow suite."""
    later = [pytest.mark.slow] if slow else []
    return [
        pytest.param(name, variant, marks=later if variant or name in SOUGHT_LONG else [])
        for name in library.names()
        for variant in (None, *library.load(name).variants)
    ]


def scaled(demand: Demand, factor: float) -> Demand:
    """So many times as many people, who come and are brought as before."""
    return Demand(
        components=tuple(
            replace(each, mass=frozen_floats(factor * each.mass)) for each in demand.components
        )
    )


@pytest.mark.parametrize(("name", "variant"), variants())
def test_both_engines_agree_on_a_thousandth_of_it(name: str, variant: str | None) -> None:
    plan = library_plan(name, variant=variant)
    few = replace(plan, demand=scaled(plan.demand, 0.001))
    found = agreement(ENGINE, Readable(), few.timetable(), few.system)
    assert found.visits > 0
    assert found.equal, str(found)
    if Fifo().covers(few.system):
        assert agreement(Compiled(fifo=False), ENGINE, few.timetable(), few.system).equal


@pytest.mark.parametrize(("name", "variant"), variants(slow=True))
def test_predict_runs_on_it(
    name: str, variant: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    code = predict.run(Asked(name=name, seed=1, launches=2, variant=variant, as_json=True))
    found = json.loads(capsys.readouterr().out)

    assert code in (0, 1, 3)
    assert found["verdict"]["exit_code"] == code
    assert found["cost"]["visits"] > 0
