"""What a probe makes of its samples, and how it writes it down."""

import math
import tomllib
from pathlib import Path

import pytest

from scenarios.capacity import Capacity
from scenarios.measured import Figures, Probe, Step
from scenarios.probe import Samples, address_of, judge
from simulator.errors import Misbehaved, UsageError
from simulator.scenario import read_stations

MS = 1_000_000


def figures(*durations_ms: float) -> Figures:
    return Figures.of([round(ms * MS) for ms in durations_ms])


@pytest.fixture
def found() -> Probe:
    return Probe(
        id="probe-20260101T000000Z-abcd",
        url="http://127.0.0.1:8080",
        measured_at="2026-01-01 00:00:00 UTC",
        rate_per_s=10.0,
        capacity=Capacity(servers=2, waiting_room=64, source="told by /healthz"),
        steps=(Step(name="signup", service=figures(30, 34), seen=figures(32, 36)),),
        round_trip=figures(1.5, 2.5),
        null=figures(1, 2),
        first_ns=40 * MS,
        warm_up=5,
        utilisation=0.16,
        server_timing=True,
    )


def test_figures() -> None:
    three = figures(1, 2, 3)
    assert (three.n, three.mean_ns, three.sd_ns) == (3, 2 * MS, 1 * MS)
    assert three.cv == 0.5
    assert three.standard_error_ns == MS / math.sqrt(3)


def test_skewness_tells_the_longer_tail() -> None:
    assert figures(1, 2, 3).skewness == 0
    assert figures(1, 1, 4).skewness > 0
    assert figures(5, 5, 5).skewness == 0


def test_a_quantile_needs_ten_samples_beyond_it() -> None:
    assert "p50 1.004 ms, p95 too few (20 of 200)" in str(figures(*[1] * 20))


def test_means_and_variances_subtract() -> None:
    left = figures(11, 15).less(figures(1, 3))
    assert left.mean_ns == 11 * MS
    assert left.sd_ns**2 == pytest.approx((8 - 2) * MS**2)
    assert left.standard_error_ns**2 == pytest.approx((8 + 2) / 2 * MS**2)
    assert math.isnan(left.p50_ns)


def test_a_difference_is_never_negative() -> None:
    left = figures(1, 1).less(figures(2, 4))
    assert (left.mean_ns, left.sd_ns, left.cv) == (0, 0, 0)


def test_the_stations_file_speaks_the_scenario_language(found: Probe) -> None:
    assert tomllib.loads(found.stations_toml()) == {
        "station": [
            {
                "name": "signup",
                "kind": "pool",
                "servers": 2,
                "waiting_room": 64,
                # Two samples, 30 and 34 ms: sd 2.828, cv 2.828 / 32.
                "service": {"law": "lognormal", "mean": "32.000 ms", "cv": 0.0884},
                "round_trip": "2.000 ms",
                "measured": "probe-20260101T000000Z-abcd",
            }
        ]
    }


def test_the_scenario_language_reads_it(found: Probe) -> None:
    (station,) = read_stations(found.stations_toml(), "staging.toml")
    assert (station.servers, station.waiting_room, station.measured) == (2, 64, found.id)
    assert (station.service.mean_ns, station.round_trip_ns) == (32 * MS, 2 * MS)


def test_the_comments_tell_how_it_was_measured(found: Probe) -> None:
    text = found.stations_toml()
    assert "# Service, 2 times, told by Server-Timing:" in text
    assert "# mean 32.000 ms ± 2.000 ms (standard error)" in text


def test_a_file_that_exists_is_kept_unless_told(found: Probe, tmp_path: Path) -> None:
    path = tmp_path / "staging.toml"
    path.write_text("# mine\n")
    with pytest.raises(UsageError, match="exists and is not overwritten"):
        found.write(path)
    assert path.read_text() == "# mine\n"
    found.write(path, replace=True)
    assert path.read_text() == found.stations_toml()


def test_a_file_that_cannot_be_written(found: Probe, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file or directory"):
        found.write(tmp_path / "nowhere" / "staging.toml")


def test_with_server_timing_the_rest_is_round_trip() -> None:
    samples = Samples(
        null_ns=[MS, MS],
        seen_ns=[35 * MS, 37 * MS],
        queue_ns=[1 * MS, 2 * MS],
        service_ns=[32 * MS, 32 * MS],
    )
    step, round_trip = judge(samples)
    assert (step.service.mean_ns, round_trip.mean_ns) == (32 * MS, 2.5 * MS)


def test_a_busy_target_is_not_measured() -> None:
    samples = Samples(
        null_ns=[MS, MS],
        seen_ns=[80 * MS, 80 * MS],
        queue_ns=[40 * MS, 40 * MS],
        service_ns=[32 * MS, 32 * MS],
    )
    with pytest.raises(Misbehaved, match=r"waited 40\.0 ms for a worker"):
        judge(samples)


def test_a_signup_that_costs_nothing_is_no_measurement() -> None:
    with pytest.raises(Misbehaved, match="no longer than a request for nothing"):
        judge(Samples(null_ns=[2 * MS, 2 * MS], seen_ns=[MS, MS]))


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://localhost", "http://", "http://a:b"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match="is not an address"):
        address_of(url)
