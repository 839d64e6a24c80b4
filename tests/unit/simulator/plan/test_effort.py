"""Work that would take hours is told before it begins; a check does not take them."""

from pathlib import Path
from typing import NoReturn

import pytest

from simulator import Readable, launch_plan, parse
from simulator.plan import resolve
from simulator.plan.effort import COMPILED_PER_S, FIT_ROUNDS, Effort, effort_of_fit, part_of
from simulator.units import NS_PER_S
from surgeproof import effort
from surgeproof.verbs.predicting import predict, stress
from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.launches.files import SMALL, changed

POINTS = '[["5 min", 60], ["10 min", 100]]'
BILLION = changed((POINTS, '[["5 min", 600_000_000], ["10 min", 1_000_000_000]]'))
COUNTED = changed(('counts = "arrivals"', 'counts = "signups"'), text=BILLION)


class Begun(BaseException):
    """The work has begun; no command takes that for a fault of its own."""


def begin(*_: object, **__: object) -> NoReturn:
    raise Begun


@pytest.fixture
def launch(tmp_path: Path) -> Path:
    return tmp_path / "launch.toml"


@examples("launches, at_once, seconds",
    ("one", 1, 1, 20),
    ("two at once", 4, 2, 40),
    ("the last one alone", 5, 2, 60),
)  # fmt: skip
def test_launches_are_not_divided(launches: int, at_once: int, seconds: int) -> None:
    found = Effort(people=2_000, launches=launches, per_s=100.0, at_once=at_once)
    assert found.ns == seconds * NS_PER_S


def test_only_published_outcomes_are_fitted() -> None:
    assert effort_of_fit(resolve.resolve(parse(BILLION, "f"))) is None
    found = effort_of_fit(resolve.resolve(parse(COUNTED, "f")))
    assert found == Effort(people=1e9, launches=FIT_ROUNDS, per_s=COMPILED_PER_S)


def test_milestones_beyond_the_horizon_are_no_work() -> None:
    shorter = effort_of_fit(resolve.resolve(parse(COUNTED, "f", settings=["launch.horizon=5 min"])))
    assert shorter is not None
    assert shorter.people == 6e8


@pytest.mark.parametrize(("people", "total"), [(10, 10.0), (1000, 100.0)])
def test_a_part_has_so_many_people_and_never_more_than_there_are(people: int, total: float) -> None:
    plan = launch_plan(parse(SMALL, "f"), seed=0, engine=None)
    assert part_of(plan, people).demand.total == pytest.approx(total, rel=1e-12)


def test_the_speed_is_that_of_this_machine() -> None:
    plan = launch_plan(parse(SMALL, "f"), seed=0, engine=None)
    assert effort.people_per_s(plan, Readable()) > 0


@examples("text, says", ("arrivals", BILLION, False), ("signups", COUNTED, True))
def test_a_check_of_a_billion_simulates_nobody(
    text: str, says: bool, launch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolve, "fitted", begin)
    launch.write_text(text)
    done = surgeproof("check", launch)
    assert done.returncode == 0
    assert "total     1,000,000,000 in 10 min" in done.stdout
    assert ("only those who were counted" in done.stdout) == says


@examples("words, module, called",
    ("predict", ["predict"], predict, "predict"),
    ("simpy", ["predict", "--engine", "simpy"], predict, "predict"),
    ("stress", ["predict", "--stress"], stress, "stress"),
)  # fmt: skip
def test_hours_are_told_before_they_begin(
    words: list[str],
    module: object,
    called: str,
    launch: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    launch.write_text(BILLION)
    monkeypatch.setattr(effort, "people_per_s", lambda plan, engine: 1e5)
    monkeypatch.setattr(effort, "cores", lambda launches: 1)
    told: list[str] = []
    monkeypatch.setattr(effort, "tell", told.append)
    monkeypatch.setattr(module, called, begin)
    with pytest.raises(Begun):
        surgeproof(words[0], launch, *words[1:])
    (sentence,) = told
    assert "simulating 1,000,000,000 people" in sentence
    assert "takes at least" in sentence
    assert "surgeproof new --like" in sentence
    assert ("--engine compiled" in sentence) == ("simpy" in words)


def test_a_fit_of_hours_is_told_before_it_begins(
    launch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch.write_text(COUNTED)
    told: list[str] = []
    monkeypatch.setattr(effort, "tell", told.append)
    monkeypatch.setattr(resolve, "fitted", begin)
    for verb in ("predict", "show"):
        with pytest.raises(Begun):
            surgeproof(verb, launch)
    assert [sentence.split(":")[0] for sentence in told] == [
        "finding the demand of 1,000,000,000 people takes about 1 h 23 min"
    ] * 2


def test_what_takes_minutes_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "people_per_s", begin)
    plan = launch_plan(parse(SMALL, "f"), seed=0, engine=None)
    effort.tell_of(plan, Readable(), 100)
