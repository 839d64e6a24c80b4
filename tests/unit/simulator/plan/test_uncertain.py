"""The words for what nobody knows for sure, and the launches that meet what they say."""

from dataclasses import replace

import numpy as np
import pytest

from simulator import Compiled, Plan, Readable, launch_plan, parse
from simulator.advice.why.diagnosis import diagnose, diagnoses_of
from simulator.engine.agreement import agreement
from simulator.plan.launches import play, predict
from simulator.plan.meaning.system import system_of
from simulator.scenario.scenario import read_stations
from simulator.system.line import TokenBucket
from simulator.system.uncertain import Matter
from simulator.timetable.laws import Duration
from simulator.units import NS_PER_S
from tests.examples import examples
from tests.launches.files import LAUNCH, SMALL, changed
from tests.plans import rehearsal_plan

PATIENCE = 'patience = "30 min"'
SERVERS = "servers = 2"
RANGE = "{ low = 0.5, high = 2 }"
DOUBTS = (
    (PATIENCE, f"{PATIENCE}\npatience_factor = {RANGE}\nretries_factor = {RANGE}"),
    (SERVERS, f"{SERVERS}\nservice_factor = {RANGE}"),
)
MEASURED = f"""
[[station]]
name = "desk"
servers = 2
waiting_room = 8
service = "4 s"
service_factor = {RANGE}
"""


def plan_of(*changes: tuple[str, str]) -> Plan:
    return launch_plan(parse(changed(*changes), "f"), seed=3, engine=None)


def test_what_is_certain_is_the_very_same_system() -> None:
    plan = plan_of()
    assert (plan.uncertain, plan.system_of(7)) == ((), plan.system)
    assert plan.system_of(7) is plan.system


def test_every_doubt_of_a_file_is_drawn_by_its_key() -> None:
    assert [(each.key, each.matter, each.further) for each in plan_of(*DOUBTS).uncertain] == [
        ("people.early.patience_factor", Matter.PATIENCE, 0.0),
        ("people.early.retries_factor", Matter.RETRIES, 2.0),
        ("station.desk.service_factor", Matter.SERVICE, 0.0),
    ]


def test_a_launch_meets_its_own_system_and_the_same_one_again() -> None:
    plan = plan_of(*DOUBTS)
    met = [plan.system_of(launch) for launch in range(5)]
    assert met == [plan.system_of(launch) for launch in range(5)]
    assert len({system.stations[0].service for system in met}) == 5
    assert replace(plan, seed=4).system_of(0) != met[0]


@examples("doubts, changes",
    # What is likely is what the file's own figure is multiplied by, whether or not it varies.
    ("a likely service", "low = 0.5, likely = 1.5, high = 2", {"service": 1.5}),
    ("a certain one", "low = 1.5, likely = 1.5, high = 1.5", {"service": 1.5}),
)  # fmt: skip
def test_the_likely_system_has_the_likely_factors(doubts: str, changes: dict[str, float]) -> None:
    said = (SERVERS, f"{SERVERS}\nservice_factor = {{ {doubts} }}")
    found, plain = (system_of(parse(text, "f")) for text in (changed(said), SMALL))
    assert found.stations[0].service == plain.stations[0].service.times(changes["service"])
    # The line goes by the likely service: 0.75 of two servers of 6 s each, one call in 4 s.
    assert found.waitlist.release == TokenBucket(spacing_ns=4 * NS_PER_S)


def test_likely_patience_and_attempts_are_those_of_the_system() -> None:
    said = "{ low = 1.5, likely = 1.5, high = 1.5 }"
    words = f"{PATIENCE}\npatience_factor = {said}\nretries_factor = {said}"
    plan = plan_of((PATIENCE, words))
    [early] = plan.system.people
    assert early.patience == Duration.exponential(45 * 60 * NS_PER_S)
    assert early.retries.attempts == 1 + 3  # two further ones are likely three
    assert plan.uncertain == ()


def test_a_line_keeps_the_rate_that_was_set_by_what_was_likely() -> None:
    plan = plan_of(*DOUBTS)
    met = [plan.system_of(launch) for launch in range(20)]
    assert {system.waitlist for system in met} == {plan.system.waitlist}


def test_those_let_in_have_time_for_the_most_attempts_of_any_launch() -> None:
    plan = plan_of((PATIENCE, f"{PATIENCE}\nretries_factor = {{ low = 1, high = 1.5 }}"))
    # Two further attempts, at most 1.5 ** 3 times as many: 1 + 7 attempts of 5 s each, and pauses of
    # 1, 2, 4, 8, 10, 10 and 10 s between them.
    assert plan.end_ns - plan.horizon_ns == (8 * 5 + 45) * NS_PER_S


def test_a_launch_is_played_with_the_system_that_it_meets() -> None:
    plan = plan_of(*DOUBTS)
    for launch in range(3):
        alone = replace(plan, system=plan.system_of(launch), uncertain=())
        met, said = play(plan, Readable(), launch), play(alone, Readable(), launch)
        assert met.to_json() == said.to_json()
    certain = replace(plan, uncertain=())
    assert play(plan, Readable(), 0).to_json() != play(certain, Readable(), 0).to_json()


def test_both_engines_play_it() -> None:
    plan = plan_of(*DOUBTS)
    for launch in range(3):
        found = agreement(Readable(), Compiled(), plan.timetable(launch), plan.system_of(launch))
        assert found.equal, found


def test_each_launch_is_diagnosed_by_the_system_that_it_met() -> None:
    slow = "{ low = 0.1, likely = 1, high = 10 }"
    plan = plan_of((SERVERS, f"{SERVERS}\nservice_factor = {slow}"))
    found = predict(plan, Compiled(), 4)
    expected = [
        diagnose(summary, plan.system_of(launch), plan.objectives)
        for launch, summary in enumerate(found.launches)
    ]
    assert list(diagnoses_of(plan, found)) == expected


@pytest.fixture(scope="module")
def rehearsal() -> Plan:
    doubts = changed(
        ('jitter = "full" }', f'jitter = "full" }}\nretries_factor = {RANGE}\n{PATIENCE}\npatience_factor = {RANGE}'),
        text=LAUNCH,
    )  # fmt: skip
    stations = read_stations(MEASURED.replace("desk", "signup"), "stations.toml")
    return rehearsal_plan(parse(doubts, "f"), stations, seed=3, engine=Compiled())


def test_a_rehearsal_varies_what_serves_and_sends_the_likely_people(rehearsal: Plan) -> None:
    assert [each.key for each in rehearsal.uncertain] == ["station.signup.service_factor"]
    met = [rehearsal.system_of(launch) for launch in range(4)]
    assert {system.people for system in met} == {rehearsal.system.people}
    means = np.array([system.stations[0].service.mean_ns() for system in met])
    assert len(set(means.tolist())) == 4


def test_what_does_not_serve_in_a_rehearsal_is_not_drawn() -> None:
    stations = read_stations(
        MEASURED.replace("desk", "signup").replace("service_factor", "# ")
        + MEASURED.replace("desk", "elsewhere"),
        "stations.toml",
    )
    plan = rehearsal_plan(parse(LAUNCH, "f"), stations, seed=3, engine=Compiled())
    assert plan.uncertain == ()
