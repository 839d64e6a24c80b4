"""``surgeproof learn`` on a run whose services are known to have taken 1.3 times as long as thought."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

from reports.run.facts import RunFacts
from reports.run.folder import RunFolder
from reports.run.past.came import say_came
from reports.run.past.sealed import stations_of
from reports.run.report.reading import read_report
from simulator.engine.compiled.engine import Compiled
from simulator.errors import UsageError
from simulator.outcomes.machine import Machine, Strain
from simulator.scenario.scenario import parse, read_stations
from simulator.system.pace import Pace
from simulator.units import frozen_ints
from simulator.verdict.truth.judged import Came, PredictionVerdict
from simulator.verdict.truth.learned import Belief, learned
from simulator.verdict.truth.machine.changed import Changed
from simulator.verdict.truth.took import Took
from surgeproof.verbs.compare import learn
from tests.examples import examples
from tests.launches.files import lognormal, shop_text
from tests.launches.run import observe
from tests.plans import rehearsal_plan
from tests.unit.simulator.verdict.truth.rehearsals import silent, slower, wandering, with_pace

LABEL = "as written"
LOGNORMAL = '{ law = "lognormal", mean = "100 ms", cv = 0.3 }'
LAUNCH = shop_text(
    'name = "signup"\nrequest = { method = "POST", path = "/signup" }',
    rate='"12/s"\nuntil = "60 s"', servers="2", waiting_room="1000", service=LOGNORMAL,
    errors='0.01\np95 = "2 s"', more='[replay]\nfor = "60 s"\ndrain = "30 s"\n',
)  # fmt: skip
FOUND = (
    "service_factor = { low = 0.95, high = 1.05 }\n"
    f'[station.serves]\n"POST /signup" = {LOGNORMAL}\n'
)
STATIONS = "# What a probe found.\n" + lognormal("web", "100 ms", 0.3, FOUND, servers=2, room=1000)


@pytest.fixture
def stations(tmp_path: Path) -> Path:
    path = tmp_path / "staging.toml"
    path.write_text(STATIONS)
    return path


@pytest.fixture
def replayed(tmp_path: Path) -> RunFolder:
    """A run that was predicted with these stations, which took 1.3 times as long."""
    return run_at(tmp_path, slower(1.3))


def run_at(tmp_path: Path, pace: Pace, ended: str = "complete") -> RunFolder:
    """A run that was predicted with these stations, which had another pace."""
    scenario = parse(LAUNCH, "small.toml")
    plan = rehearsal_plan(
        scenario, read_stations(STATIONS, "staging.toml"), seed=1, engine=Compiled()
    )
    real = with_pace(plan, pace)
    rows = silent(Compiled().simulate(real.timetable(), real.system).rows())
    folder = RunFolder.create(tmp_path, "small", datetime(2026, 3, 1, tzinfo=UTC))
    folder.save_scenario(scenario.dump())
    folder.save_facts(RunFacts(scenario="small", started_at=datetime.now(UTC), seed=1))
    folder.save_plan(LABEL, plan)
    folder.seal(LABEL, {"stations": stations_of(plan.system.stations)})
    observe(folder, LABEL, rows, ended, plan)
    return folder


def test_the_new_stations_take_as_long_as_they_were_seen_to_and_what_was_measured_stays(
    replayed: RunFolder, stations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """720 services of cv 0.3 tell their mean to 1.1 %, and the band of the file was 5 %."""
    new = tmp_path / "learned.toml"
    assert learn.run(replayed.path, system=stations, write=new, variant=None) == 0
    (before,) = read_stations(STATIONS, "staging.toml")
    (after,) = read_stations(new.read_text(), str(new))
    assert after.service == before.service
    assert after.serves == before.serves
    factor = after.service_factor
    assert factor is not None
    assert 1.0 < factor.likely < 1.3 < factor.high
    said = capsys.readouterr().out
    assert said.startswith("web: ")
    assert "services took 1.3" in said or "services took 1.2" in said
    assert "service_factor 1.00 (0.95 to 1.05) ->" in said
    assert f"# {said.splitlines()[0]}" in new.read_text()


def test_one_run_is_one_occasion_however_often_it_is_read(
    replayed: RunFolder, stations: Path, tmp_path: Path
) -> None:
    new = tmp_path / "learned.toml"
    learn.run(replayed.path, system=stations, write=new, variant=None)

    with pytest.raises(UsageError, match=f"web has learned from {replayed.path.name} already"):
        learn.run(replayed.path, system=new, write=None, variant=None)


def test_what_made_services_longer_beside_them_is_not_learned_of_them(
    replayed: RunFolder, stations: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Predicted 1.3 times as long beside others, they took as long as was likely."""
    (sealed,) = replayed.path.glob("prediction*.json")
    document = json.loads(sealed.read_text())
    document["stations"][0]["pace"] = {"starts_ns": [0], "factors": [1.3]}
    sealed.unlink()
    replayed.seal(LABEL, document)

    learn.run(replayed.path, system=stations, write=None, variant=None)

    said = capsys.readouterr().out
    assert re.search(r"services took (0\.9[5-9]|1\.0[0-5]) times as long", said), said


def test_how_it_wandered_is_learned(
    stations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What wanders by a quarter over 8 s does so in the next prediction, and what keeps its pace does not."""
    run_at(tmp_path / "wanders", wandering(0.25, 8.0, for_s=90))
    run_at(tmp_path / "stays", slower(1.3))
    read = {}
    for each in ("wanders", "stays"):
        (folder,) = (tmp_path / each).iterdir()
        new = tmp_path / f"{each}.toml"
        learn.run(folder, system=stations, write=new, variant=None)
        (read[each],) = read_stations(new.read_text(), str(new))
    said = capsys.readouterr().out

    drift = read["wanders"].drift
    assert drift is not None
    assert 0.1 < drift.sd < 0.5
    assert "; drift not seen -> { sd = 0." in said
    assert read["stays"].drift is None


@examples("old,new,said",
    ("another service", "100 ms", "120 ms", r"mean service 120 ms here, 100 ms there"),
    ("another name", '"web"', '"api"', "has api, and .* was predicted with web"),
)  # fmt: skip
def test_stations_that_the_run_was_not_predicted_with_are_refused(
    old: str, new: str, said: str, replayed: RunFolder, stations: Path
) -> None:
    stations.write_text(STATIONS.replace(old, new))

    with pytest.raises(UsageError, match=said):
        learn.run(replayed.path, system=stations, write=None, variant=None)


def test_what_was_learned_is_not_written_over_a_file(replayed: RunFolder, stations: Path) -> None:
    with pytest.raises(UsageError, match="exists and is not overwritten"):
        learn.run(replayed.path, system=stations, write=stations, variant=None)
    assert stations.read_text() == STATIONS


def test_a_replay_that_nobody_may_judge_teaches_nothing_unless_it_shall(
    stations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = run_at(tmp_path, slower(1.3), ended="stopped: the target died")

    with pytest.raises(
        UsageError, match=r"teaches nothing of its stations: its instrument was impaired .*--anyway"
    ):
        learn.run(folder.path, system=stations, write=None, variant=None)
    assert learn.run(folder.path, system=stations, write=None, variant=None, anyway=True) == 0
    assert "services took 1." in capsys.readouterr().out


def machine(strain: Strain) -> Machine:
    none = frozen_ints([])
    return Machine(at_ns=none, cpu_ns=none, wall_ns=none, strain=(strain,), here="here")


OTHERS = Strain(
    at_ns=10**9, for_ns=10**9, cores=2, busy=2.0, steal=0.0,
    target_cpu=0.8, target_wait=0.5, generator_cpu=0.1, generator_wait=0.0,
)  # fmt: skip
CHANGED = say_came(
    PredictionVerdict(
        outcome=Came.NOT_COMPARABLE,
        reasons=(Changed(ratio=1.3, low=1.2, high=1.4, least=1.1, most=1.5),),
    )
)


@examples("change,why",
    ("beside others", {"machine": machine(OTHERS)}, "other programs used 1.1 of 2 cores"),
    ("on another machine", {"came": CHANGED}, "not comparable with its prediction: the machine was 30 % slower"),
    ("beside others that left cores idle", {"machine": machine(replace(OTHERS, busy=1.2))}, ""),
    ("predicted wrong", {"came": say_came(PredictionVerdict(outcome=Came.WRONG))}, ""),
)  # fmt: skip
def test_what_was_not_the_stations_doing_alone_is_not_learned(
    change: dict[str, Any], why: str, replayed: RunFolder
) -> None:
    (observed,) = read_report(replayed).variants

    assert learn.disturbed(replace(observed, **change)).startswith(why)
    assert bool(learn.disturbed(replace(observed, **change))) is bool(why)


def test_a_run_that_was_not_replayed_teaches_nothing(stations: Path, tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "small", datetime(2026, 3, 1, tzinfo=UTC))
    folder.save_facts(RunFacts(scenario="small", started_at=datetime.now(UTC), seed=1))
    with pytest.raises(UsageError, match="nothing was replayed"):
        learn.run(folder.path, system=stations, write=None, variant=None)


def took(ratio: float, error: float) -> Took:
    """Services that took so many times as long, give or take the relative error, of twenty batches."""
    far = float(special.stdtrit(19, 0.975)) * error
    return Took(
        station="web",
        ratio=ratio,
        low=ratio * (1 - far),
        high=ratio * (1 + far),
        services=500,
        share_unknown=0.0,
        batches=20,
    )


def test_two_measurements_that_agree_make_the_band_narrower() -> None:
    """s0 = 4 %, s1 = 2 %, d = 1 %: t2 = 0.0016 / 2, the replay counts 1 / (t2 + 0.0004)."""
    found = learned(Belief(likely=2.0, spread=0.04), took(math.exp(0.01), 0.02))
    assert found.likely == pytest.approx(2.0 * math.exp(0.01 * 0.4))
    assert found.spread == pytest.approx(math.sqrt(0.0008 + 0.00048))
    assert found.spread < 0.04


def test_two_measurements_that_do_not_agree_widen_what_is_thought() -> None:
    """d = 0.3, s0 = s1 = 0.02: t2 = (0.0004 + 0.0448) / 2, so that both count nearly alike."""
    found = learned(Belief(likely=1.0, spread=0.02), took(math.exp(0.3), 0.02))
    assert found.likely == pytest.approx(math.exp(0.3 * 226 / 456))
    assert found.spread == pytest.approx(math.sqrt(0.0226 + 0.0226 * 230 / 456))


def test_what_nobody_was_sure_of_is_learned_and_what_tells_nothing_is_not() -> None:
    unsaid = Belief(likely=1.0, spread=0.0)
    endless = Took(station="web", ratio=1.5, low=0.0, high=math.inf, services=9, share_unknown=0.0)
    assert learned(unsaid, endless) == unsaid
    assert 1.0 < learned(unsaid, took(1.5, 0.02)).likely < 1.5


@pytest.mark.parametrize("ratio", [1.3, math.nan])
def test_of_what_tells_nothing_no_number_is_told(ratio: float) -> None:
    before = Belief(likely=1.0, spread=0.0)
    took = Took(station="web", ratio=ratio, low=0.0, high=math.inf, services=9, share_unknown=0.0)
    lesson = learn.Lesson(
        took=took,
        before=before,
        after=learned(before, took),
        written="1",
        wandered=None,
        wanders=None,
    )
    assert str(lesson) == "web: 9 services teach nothing: too few, or thought to take no time"


def test_the_middle_80_percent_of_the_next_launches_is_what_it_says() -> None:
    """Occasions vary by 10 %; a file knows one of them, a replay another, and a launch is a third.

    Of launches 80 % lie between the deciles where the variance between occasions is known. From two of
    them it is known badly, so 70 to 90 % are asked for of 2,000, whose own error is
    0.9 %. The replay's own error, 1 %, holds hardly a tenth.
    """
    rng = np.random.default_rng(3)
    held = naive = 0
    for _ in range(2_000):
        first, second, third = rng.normal(0.0, 0.1, 3)
        before = Belief(likely=math.exp(first), spread=0.1)
        found = learned(before, took(math.exp(second - first), 0.01))
        low, high = (math.log(each) for each in found.deciles)
        held += low <= third <= high
        naive += abs(third - second) <= 1.2816 * 0.01
    assert 0.7 < held / 2_000 < 0.9
    assert naive / 2_000 < 0.15
