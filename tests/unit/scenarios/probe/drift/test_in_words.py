"""How sure a mean is, in the words of a station."""

import math
import tomllib

import numpy as np
import pytest

from scenarios.probe.drift import in_words
from scenarios.probe.drift.in_words import (
    Band,
    band_of,
    deciles,
    drift_in_words,
    factor_in_words,
    settled,
    surety,
)
from scenarios.probe.drift.posterior import FOREVER_S, LoadedStep, posterior
from scenarios.probe.drift.windows import Windows
from scenarios.probe.measured import Figures
from simulator.scenario.words.stations import Drift
from simulator.scenario.words.terms import Between
from simulator.timetable.volume import Volume
from tests.examples import examples

MS = 1_000_000


def windows(differ: float, many: int = 30, *, loaded: bool = False) -> Windows:
    """That follow one another, of 1 s each, and go up and down within 10 s."""
    begin_s = np.arange(float(many))
    return Windows(
        begin_s=begin_s,
        end_s=begin_s + 1.0,
        kind=np.zeros(many, np.int64),
        log_mean=differ * np.sin(2 * math.pi * begin_s / 10),
        noise=np.full(many, 1e-4),
        freedom=300,
        loaded=loaded,
    )


def test_a_factor_holds_the_truth_as_often_as_it_says() -> None:
    # One mean in ten is below low times the truth, and one in ten above high times it: the factor of
    # the truth over the mean is beyond either as often. 4 standard errors of 2,000 means.
    rng, truth_ms, below, above = np.random.default_rng(8), 40.0, 0, 0
    for _ in range(2_000):
        service = Figures.of(np.rint(rng.gamma(4.0, truth_ms / 4.0, 60) * MS).astype(int).tolist())
        said = tomllib.loads(factor_in_words(deciles(service.relative_error, service.n), ""))[
            "service_factor"
        ]
        factor = truth_ms * MS / service.mean_ns
        below, above = below + (factor < said["low"]), above + (factor > said["high"])
    # A gamma law of cv 0.5 is skew, so that a mean of 60 of it still leans: by skewness / (6 sqrt(60))
    # in units of its error, which moves a tenth by less than 0.01 (Hall 1987).
    far = 4 * math.sqrt(0.1 * 0.9 / 2_000) + 0.01
    assert abs(below / 2_000 - 0.1) < far
    assert abs(above / 2_000 - 0.1) < far


@examples("relative_error, samples",
    ("no spread", 0.0, 60),
    ("less than is written", 1e-6, 60),
    ("one sample, of which nobody knows", math.inf, 1),
)  # fmt: skip
def test_what_is_not_uncertain_or_not_known_is_not_written(
    relative_error: float, samples: int
) -> None:
    assert factor_in_words(deciles(relative_error, samples), "") == ""


def test_a_factor_is_never_beyond_what_a_file_may_say() -> None:
    said = tomllib.loads(factor_in_words(deciles(10.0, 2), ""))["service_factor"]
    assert Between.model_validate(said).law == Volume(low=0.001, high=1_000.0)


def test_what_wanders_is_said_as_drift() -> None:
    found = posterior(windows(0.2))
    sd, over_s = found.drift
    said = tomllib.loads(drift_in_words(found).replace("# drift", "drift"))
    assert found.told
    assert said == {"drift": {"sd": round(sd, 3), "over": f"{over_s:.3g} s"}}


def test_a_station_reads_the_drift_that_the_probe_writes() -> None:
    found = posterior(windows(0.2))
    sd, over_s = found.drift
    read = Drift.model_validate(tomllib.loads(drift_in_words(found))["drift"])
    assert (read.sd, read.over_ns) == (round(sd, 3), round(float(f"{over_s:.3g}") * 1e9))


def test_where_chance_alone_looks_so_no_drift_is_said() -> None:
    found = posterior(windows(0.0))
    assert not found.told
    assert drift_in_words(found) == ""
    assert "cannot rule out" in surety(found)


@pytest.mark.parametrize("knows", [False, True])
def test_a_launch_draws_wandering_once(knows: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the drift where a station can say it, and then not by the factor as well."""
    monkeypatch.setattr(in_words, "knows_drift", lambda: knows)
    found = posterior(windows(0.2))
    text = surety(found)
    said = tomllib.loads(text)["service_factor"]
    low, _, high = found.factor(FOREVER_S if knows else 30.0)
    assert said == {"low": round(low, 4), "high": round(high, 4)}
    assert ("\ndrift = " in text) == knows


def test_what_a_step_says_moves_the_mean_that_is_written_by_as_much_as_it_is_sure() -> None:
    """Still windows of 1 %, and a step that came out as if services took 0.9 times as long."""
    alone = posterior(windows(0.0))
    surely, hardly = (
        posterior(windows(0.0, loaded=True), LoadedStep(longer=0.9, error=error, lasted_s=15.0))
        for error in (0.01, 0.3)
    )
    assert settled(None) == settled(alone) == 1.0
    assert 0.9 <= settled(surely) < 0.97
    assert settled(surely) < settled(hardly) <= 1.0
    for found in (surely, hardly):
        low, middle, high = found.factor(found.windows.length_s)
        assert settled(found) in (1.0, middle)
        assert band_of(found) == pytest.approx(
            (low / settled(found), high / settled(found)), abs=0.01
        )
    assert f"make {settled(surely):.3f} times, which is written" in surety(surely)


def test_services_under_load_are_told_by_the_step_alone_where_nobody_else_saw_any() -> None:
    """Windows of one request at a time, between which a processor rests, say how services wander, and not their mean."""
    step = LoadedStep(longer=0.85, error=0.02, lasted_s=15.0)
    found = posterior(windows(0.0), step)
    between = posterior(windows(0.0, loaded=True), step)
    assert settled(found) == pytest.approx(0.85, abs=0.01)
    assert settled(between) > 0.88
    low, high = band_of(found)
    assert low < 0.98 < 1.02 < high  # its own error of 2 %, and what so few windows cannot rule out
    assert "of services under load that makes" in surety(found)


def test_one_window_says_that_it_says_nothing() -> None:
    text = surety(posterior(windows(0.0, many=1)))
    assert text.startswith("# One window of 1 s says nothing of wandering")
    assert "service_factor" in text


def after(longer: float, differ: float = 0.0) -> tuple[Band, Band]:
    """The band of windows that differ so much, and the same after a step of load."""
    known = windows(differ, many=8, loaded=True)
    step = LoadedStep(longer=longer, error=0.02, lasted_s=15.0)
    return band_of(posterior(known)), band_of(posterior(known, step))


def test_a_step_that_came_as_probed_narrows_the_band() -> None:
    """It is one more window, and the only one after some time."""
    (low, high), (lower, higher) = after(1.0)
    assert low < lower < 1.0 < higher < high


@pytest.mark.parametrize("longer", [0.6, 1.5])
def test_a_step_that_came_otherwise_widens_the_band_over_both(longer: float) -> None:
    before, (low, high) = after(longer)
    assert high / low > before[1] / before[0]
    assert low < min(1.0, longer ** (1 / 2))
    assert high > max(1.0, longer ** (1 / 2))


def test_the_mean_moves_towards_a_step() -> None:
    """Windows of 8 s that wandered, and a step as long as all of them: it counts as they do at least."""
    step = LoadedStep(longer=1.2, error=0.02, lasted_s=15.0)
    assert settled(posterior(windows(0.05, many=8, loaded=True), step)) > 1.05


def test_the_step_is_told_beside_the_band() -> None:
    found = posterior(windows(0.0, loaded=True))
    step = LoadedStep(longer=1.4, error=0.02, lasted_s=15.0)
    said = surety(posterior(found.windows, step))
    assert "as if services took 1.40 times as long" in said
    wide = tomllib.loads(said)["service_factor"]
    assert wide["high"] > tomllib.loads(surety(found))["service_factor"]["high"]
    assert wide["high"] > 1.2
