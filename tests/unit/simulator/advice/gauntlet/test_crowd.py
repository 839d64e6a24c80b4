"""Whose is what, where the crowd of one launch comes to the doors of another."""

from datetime import UTC, datetime

import pytest

from simulator.advice.gauntlet.crowd import Crowd, Host
from simulator.errors import ScenarioError, UsageError
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import Scenario
from tests.examples import examples
from tests.launches.gauntlet import COMPILED, CROWD, MEASURED, PEOPLE, crowd, host, stations

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def met(expect: float = 2 * PEOPLE, *, measured: str | None = None) -> Scenario:
    there = Host.of(host(), COMPILED, stations(measured) if measured else None)
    return Crowd.of(crowd(), COMPILED, NOW).at(there, expect)


def test_people_and_when_they_come_are_the_crowds_and_all_else_is_the_hosts() -> None:
    words, theirs, ours = met().words, crowd().words, host().words
    assert words.launch.horizon_ns == theirs.launch.horizon_ns
    assert [group.name for group in words.people] == ["fans"]
    assert words.people[0].retries == theirs.people[0].retries
    assert words.people[0].client_timeout_ns == theirs.people[0].client_timeout_ns
    assert words.waitlist == ours.waitlist
    assert words.station == ours.station
    assert words.journey == ours.journey
    assert words.objectives == ours.objectives
    assert words.change == ()


def test_they_come_at_the_same_times_in_the_size_that_is_expected() -> None:
    demand = arriving(resolve(met(2 * PEOPLE)), COMPILED).demand
    assert demand.total == pytest.approx(2 * PEOPLE, rel=1e-4)  # four digits of each rate
    rush = demand.window(660 * 10**9, 1200 * 10**9).total
    assert rush / demand.total == pytest.approx((9.5 + 0.5) * 540 / PEOPLE, rel=1e-3)


def test_they_take_the_hosts_journeys_in_the_shares_of_its_own_people() -> None:
    launch = resolve(met())
    by_journey = [0.0, 0.0]
    for part in arriving(launch, COMPILED).demand.components:
        by_journey[launch.entries[part.people].journey] += float(part.mass.sum())
    assert by_journey[0] / sum(by_journey) == pytest.approx(0.75, rel=1e-9)


def test_so_many_come_for_certain_and_behave_as_is_likely() -> None:
    plan = arriving(resolve(met()), COMPILED).plan(0)
    assert all(part.volume is None for part in plan.demand.components)
    assert plan.uncertain == ()
    own = arriving(resolve(crowd()), COMPILED).plan(0)
    assert any(part.volume is not None for part in own.demand.components), "or nothing was tried"


def test_each_step_is_done_where_its_request_was_measured_and_others_are_left_out() -> None:
    there = Host.of(host(), COMPILED, stations())
    words = Crowd.of(crowd(), COMPILED, NOW).at(there, 1000).words
    steps = {step.name: step for journey in words.journey for step in journey.step}
    assert there.left_out == ("journey.signup.step.verify",)
    assert set(steps) == {"create", "read"}
    assert {step.at for step in steps.values()} == {"probed"}
    works = {name: step.work.duration.mean_ns() for name, step in steps.items() if step.work}
    assert works == {"create": 30e6, "read": 2e6}


@examples(
    "text, said",
    ("nothing of a journey was measured", MEASURED.replace('"GET /" = "2 ms"', '"PUT /" = "2 ms"'),
     "journey.look: has no step whose request was measured"),
    ("a station that is named lacks", MEASURED.replace("serves", "#"), 'there is no station "web"'),
)  # fmt: skip
def test_a_system_that_cannot_serve_the_journeys_is_refused(text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        met(measured=text)


def test_a_crowd_in_which_nobody_comes_is_no_crowd() -> None:
    late = CROWD.replace("11 min", "30 min").replace('until = "20 min"', 'until = "40 min"')
    with pytest.raises(UsageError, match="nobody comes there"):
        Crowd.of(crowd(late.replace('"0.5/s"', '"0.5/s"\nfrom = "25 min"')), COMPILED, NOW)
