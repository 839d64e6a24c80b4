"""What can be known before anything is sent is said before anything is sent."""

import pytest

from scenarios.library import shelf as library
from simulator.engine.agreement import Agreement
from simulator.errors import InvalidRun, ScenarioError
from simulator.plan.launches import Prediction, play
from simulator.plan.resolve import resolve
from surgeproof.verbs.sending.rehearsal import rehearsal as sending
from surgeproof.verbs.sending.rehearsal.rehearsal import AS_WRITTEN, Rehearsal, require_agreement
from tests.launches.files import ONE_STEP


def rehearsal(in_flight: int) -> Rehearsal:
    settings = [f"replay.in_flight={in_flight}"]
    scenario = library.load(str(ONE_STEP), settings=settings)
    return Rehearsal.of(AS_WRITTEN, resolve(scenario), None, 0)


def test_the_launch_meets_the_stations_of_a_system_file_too_and_nobody_else_comes() -> None:
    launch = resolve(library.load(str(ONE_STEP)))
    station = launch.scenario.words.station[0]
    slower = [station.model_copy(update={"servers": 3})]

    own, met = (
        Rehearsal.of(AS_WRITTEN, launch, slower, 0, launch_meets_them=them)
        for them in (False, True)
    )

    assert (own.launch.system.stations[0].servers, met.launch.system.stations[0].servers) == (
        station.servers,
        3,
    )
    assert met.plan.system == own.plan.system
    assert met.launch.timetable().sha256 == own.launch.timetable().sha256


def predicted(made: Rehearsal) -> Prediction:
    return Prediction(engine=made.engine.name, launches=[play(made.plan, made.engine, 0)])


def test_a_cap_below_those_who_will_ask_at_once_is_refused() -> None:
    made = rehearsal(in_flight=3)
    with pytest.raises(ScenarioError, match=r"in_flight: allows 3 people at once beside the line"):
        made.require_room(predicted(made))


def test_who_waits_in_the_line_needs_no_place_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = rehearsal(in_flight=100)
    (launch,) = predicted(made).launches
    assert launch.bins.present.max() > 1_000
    made.require_room(predicted(made))

    monkeypatch.setattr(sending, "MOST_PRESENT", 1_000)
    with pytest.raises(InvalidRun, match="has room for 1,000: use --workers 2"):
        made.require_room(predicted(made))
    made.require_room(predicted(made), workers=2)


def opened_at(at: str) -> str:
    """The line is opened by an operator, so long after the opening."""
    return f'change=[{{ at = "{at}", set = {{ "waitlist.policy" = "open" }}, assumed = ["at", "set"] }}]'


def test_an_operators_change_inside_the_window_cannot_be_rehearsed() -> None:
    scenario = library.load(str(ONE_STEP), settings=[opened_at("5 s")])
    with pytest.raises(ScenarioError, match="no operator is there to do it"):
        Rehearsal.of(AS_WRITTEN, resolve(scenario), None, 0)


def test_an_operators_change_after_the_window_does_not_matter() -> None:
    scenario = library.load("truth-social-2022", settings=[opened_at("1 h")])
    made = Rehearsal.of(AS_WRITTEN, resolve(scenario), None, 0)
    assert (len(made.launch.system.changes), made.plan.system.changes) == (1, ())


def test_engines_that_differ_make_a_run_invalid() -> None:
    same = Agreement(engines=("compiled", "simpy"), visits=9, attempts=9, equal=True)
    other = Agreement(engines=("compiled", "simpy"), visits=9, attempts=9, equal=False)
    with pytest.raises(InvalidRun, match="DISAGREE"):
        require_agreement(same, other)
