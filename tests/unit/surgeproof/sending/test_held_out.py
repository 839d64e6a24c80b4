"""The probe's held-out step, as the command takes it: whatever becomes of it, the probe is kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from scenarios.http.allow import Target, checked
from scenarios.http.manners import Manners
from scenarios.probe.held_out.step import Limits
from scenarios.probe.measured import Cost, Figures, MeasuredStation, Probe
from scenarios.probe.probe import SIGNUP, posterior_of
from scenarios.probe.prober import Samples, Times
from simulator.engine.compiled.engine import Compiled
from simulator.errors import InvalidRun, Stopped, Unreachable
from simulator.outcomes.rows import Block
from simulator.plan.plan import Plan
from simulator.scenario.scenario import read_stations
from simulator.system.uncertain import served_in
from surgeproof.verbs.sending.probe import held_out
from surgeproof.verbs.sending.probe.held_out import judged_by_a_step
from surgeproof.verbs.sending.probe.wish import Wish

MS = 1_000_000
AMPLE = Limits(most_per_s=100.0)


@pytest.fixture
def found() -> Probe:
    """Two servers, of which 40 requests took 40 ms or 44 ms, one after the other."""
    took_ns = [40 * MS, 44 * MS] * 20
    times = Times(at_ns=[100 * MS * n for n in range(40)], seen_ns=took_ns, service_ns=took_ns)
    samples = Samples({SIGNUP: times}, null_ns=[MS, MS])
    service = Figures.of(took_ns)
    station = MeasuredStation(
        name="web",
        servers=2,
        waiting_room=50,
        retry_after_s=0.0,
        costs=(Cost(request=SIGNUP, service=service, seen=service),),
    )
    return Probe(
        id="probe-1",
        url="http://127.0.0.1:9",
        measured_at="",
        rate_per_s=10.0,
        source="",
        stations=(replace(station, posterior=posterior_of(station, samples)),),
        round_trip=Figures.of([MS, MS]),
        null=Figures.of([MS, MS]),
        first_ns=0,
        warm_up=5,
        utilisation=0.1,
        server_timing=True,
    )


def judged(found: Probe, manners: Manners | None = None, limits: Limits = AMPLE) -> Probe:
    target = checked("http://127.0.0.1:9")
    done = judged_by_a_step(found, target, [SIGNUP], manners or Manners(), None, {}, limits)
    assert isinstance(done, Probe)
    return done


def sending(monkeypatch: pytest.MonkeyPatch, factor: float) -> None:
    """A server whose services take that many times as long as the probe said."""

    def sent(plan: Plan, target: Target, *_: object) -> Block:
        system = served_in(plan.system, "web", factor)
        return Compiled().simulate(plan.timetable(901), system).rows()

    monkeypatch.setattr(held_out, "sent", sent)


def test_a_server_that_is_slower_under_load_is_written_so(
    found: Probe, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sending(monkeypatch, 1.6)
    done = judged(found)
    (before,) = read_stations(found.stations_toml(), "f")
    (after,) = read_stations(done.stations_toml(), "f")
    assert before.service_factor is not None
    assert after.service_factor is not None
    # One request at a time says nothing of the mean under load: that is the step's.
    moved = after.service.duration.mean_ns() / before.service.duration.mean_ns()
    assert before.service_factor.high < 1.6 < moved * after.service_factor.high
    assert 1.5 < moved < 1.7
    assert "# Held-out step: " in done.stations_toml()
    assert "observed" in capsys.readouterr().err


@pytest.mark.parametrize("at", ["predicted", "sent", "score", "step_of"])
@pytest.mark.parametrize(
    "error", [InvalidRun("x"), Stopped("x"), Unreachable("x"), OSError(28, "x")]
)
def test_what_goes_wrong_leaves_the_probe(
    found: Probe,
    at: str,
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(*_: object) -> Block:
        raise error

    sending(monkeypatch, 1.0)
    monkeypatch.setattr(held_out, at, fails)
    assert judged(found) == found
    assert "was not made to its end" in capsys.readouterr().err


def test_rows_of_a_table_are_kept_for_the_replay(
    found: Probe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judged(found, Manners(data=tmp_path / "people.csv")) == found
    assert "rows of the launch's table" in capsys.readouterr().err


def test_without_time_no_step_is_sent(found: Probe, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(found, limits=Limits(most_per_s=100.0, within_s=5.2)) == found
    assert "fewer than 20 people would come" in capsys.readouterr().err


@pytest.mark.parametrize(("within_s", "ladder_s"), [(180.0, 155.0), (20.0, 10.0)])
def test_the_step_is_within_the_time_of_the_ladder(within_s: float, ladder_s: float) -> None:
    wish = Wish()
    asked = replace(wish, bounds=replace(wish.bounds, within_s=within_s))
    assert asked.leaving(held_out.NEEDS_S).bounds.within_s == ladder_s
