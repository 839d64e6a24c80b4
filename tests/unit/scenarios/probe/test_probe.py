"""What a probe makes of its samples, and how it writes it down."""

import math
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenarios.http.rows import row_of_probe, rows_in
from scenarios.probe.measured import Cost, Figures, MeasuredStation, Probe, write_stations
from scenarios.probe.probe import (
    SIGNUP,
    judge,
    names_of,
    posterior_of,
    require_telling,
    stations_of,
)
from scenarios.probe.prober import Samples, Times
from scenarios.probe.told import Capacity, ToldStation
from simulator.errors import Misbehaved, ScenarioError, UsageError
from simulator.scenario.document.provenance import Basis
from simulator.scenario.document.provenance import figures as figures_in
from simulator.scenario.scenario import read_stations
from simulator.scenario.words.rehearsal.requests import Request
from simulator.scenario.words.stations import cost_of
from simulator.text.wording import format_duration
from surgeproof.verbs.sending.probe.in_words import in_words
from tests.examples import examples

MS = 1_000_000
READ = Request(method="GET", path="/read/feed")


def figures(*durations_ms: float) -> Figures:
    return Figures.of([round(ms * MS) for ms in durations_ms])


@pytest.fixture
def found() -> Probe:
    return Probe(
        id="probe-20260101T000000Z-abcd",
        url="http://127.0.0.1:8080",
        measured_at="2026-01-01 00:00:00 UTC",
        rate_per_s=10.0,
        source="reported by /healthz",
        stations=(
            MeasuredStation(
                name="signup",
                servers=2,
                waiting_room=64,
                retry_after_s=1.0,
                costs=(
                    Cost(request=READ, service=figures(1, 1), seen=figures(2, 2)),
                    Cost(request=SIGNUP, service=figures(30, 34), seen=figures(32, 36)),
                ),
            ),
        ),
        round_trip=figures(1.5, 2.5),
        null=figures(1, 2),
        first_ns=40 * MS,
        warm_up=5,
        utilisation=0.16,
        server_timing=True,
    )


def with_station(found: Probe, **changes: Any) -> Probe:
    (station,) = found.stations
    return replace(found, stations=(replace(station, **changes),))


@examples("servers, words", ("one", 1, "1 worker serves 31"), ("two", 2, "2 workers serve 62"))
def test_workers_are_told_in_the_right_number(found: Probe, servers: int, words: str) -> None:
    assert f"; {words}" in in_words(with_station(found, servers=servers))


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
    assert "p50 1.000 ms, p95 too few (20 of 200)" in str(figures(*[1] * 20))


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
                "serves": {
                    "GET /read/feed": {"law": "lognormal", "mean": "1.000 ms", "cv": 0.0},
                    "POST /signup": {"law": "lognormal", "mean": "32.000 ms", "cv": 0.0884},
                },
                "retry_after": "1.000 s",
                "round_trip": "2.000 ms",
                "measured": "probe-20260101T000000Z-abcd",
            }
        ]
    }


def test_the_scenario_language_reads_it(found: Probe) -> None:
    (station,) = read_stations(found.stations_toml(), "staging.toml")
    assert (station.servers, station.waiting_room, station.measured) == (2, 64, found.id)
    assert (station.service.mean_ns, station.round_trip_ns) == (32 * MS, 2 * MS)
    assert station.retry_after_ns == 1_000 * MS
    assert {request: law.mean_ns for request, law in station.serves.items()} == {
        "GET /read/feed": 1 * MS,
        "POST /signup": 32 * MS,
    }


def test_its_figures_count_as_measured(found: Probe) -> None:
    measured = {figure.key: figure for figure in figures_in(tomllib.loads(found.stations_toml()))}
    cost = measured["station.signup.serves.GET /read/feed.mean"]
    assert (cost.value, cost.basis, cost.sources) == ("1.000 ms", Basis.MEASURED, (found.id,))


def test_a_path_with_quotes_is_read_back(found: Probe) -> None:
    odd = Request(method="POST", path='/"a\\b"')
    cost = Cost(request=odd, service=figures(1, 2), seen=figures(1, 2))
    written = with_station(found, costs=(cost,)).stations_toml()
    assert list(read_stations(written, "f")[0].serves) == [str(odd)]


def test_requests_that_share_method_and_path_are_named_by_their_steps(found: Probe) -> None:
    ask = Request(method="POST", path="${action}", json={"ask": True})
    send = Request(method="POST", path="${action}", json={"ask": False})
    cheap, dear = figures(1, 2), figures(30, 34)
    asking = Cost(request=ask, service=cheap, seen=cheap)
    sending = Cost(request=send, service=dear, seen=dear)
    keys = {
        ask: ["POST ${action} #ask", "POST ${action} #ask-again"],
        send: ["POST ${action} #send"],
    }
    made = replace(with_station(found, costs=(asking, sending)), keys=keys)
    (read,) = read_stations(made.stations_toml(), "f")
    assert [cost_of(read.serves, str(ask), step) for step in ("ask", "ask-again", "send")] == [
        read.serves["POST ${action} #ask"],
        read.serves["POST ${action} #ask-again"],
        read.serves["POST ${action} #send"],
    ]
    assert read.service.mean_ns == 32 * MS


@pytest.mark.parametrize("request_", ["POST", "post /signup", "POST signup", "POST /a b"])
def test_what_is_no_request_is_told(found: Probe, request_: str) -> None:
    text = found.stations_toml().replace("GET /read/feed", request_)
    with pytest.raises(ScenarioError, match=r"\(write \"POST /signup\" = "):
        read_stations(text, "staging.toml")


def person_by_person(seen_ms: list[float], told_ms: list[float] | None = None) -> Samples:
    """Who comes ten times a second; asking for nothing takes 1 ms."""
    times = Times(
        at_ns=[100 * MS * n for n in range(len(seen_ms))],
        seen_ns=[round(ms * MS) for ms in seen_ms],
        service_ns=[round(ms * MS) for ms in told_ms or []],
        queue_ns=[0] * len(told_ms or []),
    )
    return Samples({SIGNUP: times}, null_ns=[MS, MS])


@examples("told_ms, mean_ms", ("as seen, less nothing", None, 39), ("told", [30.0, 34.0] * 4, 32))
def test_windows_are_of_services(found: Probe, told_ms: list[float] | None, mean_ms: float) -> None:
    samples = person_by_person([38.0, 42.0] * 4, told_ms)
    station = replace(found.stations[0], costs=(judge(SIGNUP, samples),))
    known = posterior_of(station, samples)
    assert known is not None
    assert known.windows.many == 2
    assert known.windows.freedom == 6
    assert math.exp(known.windows.log_written) == pytest.approx(mean_ms / 1e3)


def test_a_band_goes_where_the_mean_goes(found: Probe) -> None:
    """What is written down, and what is told to a person, are one band."""
    samples = person_by_person(list(np.random.default_rng(2).gamma(9.0, 4.0, 40)))
    costs = (judge(SIGNUP, samples),)
    known = posterior_of(replace(found.stations[0], costs=costs), samples)
    made = with_station(found, costs=costs, posterior=known)
    (read,) = read_stations(made.stations_toml(), "f")
    assert read.service_factor is not None
    mean_ms = costs[0].service.mean_ns / MS
    low, high = read.service_factor.low * mean_ms, read.service_factor.high * mean_ms
    told = (
        f"({format_duration(low * MS)} to {format_duration(high * MS)} in 8 launches of 10, n = 40)"
    )
    assert told in in_words(made)


def costs(*paths: str) -> list[Cost]:
    return [
        Cost(request=Request(path=path), service=figures(1, 2), seen=figures(1, 2))
        for path in paths
    ]


def found_at(*stations: ToldStation) -> dict[str, list[str]]:
    """Which requests are served where."""
    told = Capacity(stations=stations, source="")
    asked = costs("/signup", "/read/feed", "/read/score", "/pay", "/reading")
    return {
        station.name: [cost.request.path for cost in station.costs]
        for station in stations_of(asked, told)
    }


def test_a_request_goes_to_the_station_that_names_most_of_its_path() -> None:
    web = ToldStation(name="web", serves=("signup",), servers=1, waiting_room=1)
    reads = ToldStation(name="reads", serves=("read", "pay"), servers=1, waiting_room=1)
    feed = ToldStation(name="feed", serves=("read/feed",), servers=1, waiting_room=1)
    assert found_at(web, reads, feed) == {
        "web": ["/signup", "/reading"],
        "feed": ["/read/feed"],
        "reads": ["/read/score", "/pay"],
    }


def test_what_a_target_calls_its_stations_does_not_write_our_file() -> None:
    evil = ToldStation(name='x"\n[[station]]', servers=1, waiting_room=1)
    assert list(found_at(evil)) == ["station-1"]


def test_the_comments_tell_how_it_was_measured(found: Probe) -> None:
    text = found.stations_toml()
    assert "# Service, 2 times, reported by Server-Timing." in text
    assert "# POST /signup: mean 32.000 ms ± 2.000 ms (standard error)" in text


def test_a_file_that_exists_is_kept(found: Probe, tmp_path: Path) -> None:
    path = tmp_path / "staging.toml"
    path.write_text("# mine\n")
    with pytest.raises(UsageError, match="exists and is not overwritten"):
        write_stations(path, found.stations_toml())
    assert path.read_text() == "# mine\n"


def test_a_file_that_cannot_be_written(found: Probe, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file or directory"):
        write_stations(tmp_path / "nowhere" / "staging.toml", found.stations_toml())


def samples(**times: list[int]) -> Samples:
    return Samples({SIGNUP: Times(**times)}, null_ns=[MS, MS])


def test_with_server_timing_the_rest_is_round_trip() -> None:
    made = samples(
        seen_ns=[35 * MS, 37 * MS], queue_ns=[1 * MS, 2 * MS], service_ns=[32 * MS, 32 * MS]
    )
    assert judge(SIGNUP, made).service.mean_ns == 32 * MS
    assert made.round_trips_ns == [2 * MS, 3 * MS]


def test_without_it_the_cost_is_a_difference() -> None:
    made = samples(seen_ns=[35 * MS, 37 * MS])
    assert judge(SIGNUP, made).service.mean_ns == 35 * MS
    assert made.round_trips_ns == [MS, MS]


def test_a_busy_target_is_not_measured() -> None:
    made = samples(
        seen_ns=[80 * MS, 80 * MS], queue_ns=[40 * MS, 40 * MS], service_ns=[32 * MS, 32 * MS]
    )
    with pytest.raises(Misbehaved, match=r"requests waited 40 ms for a worker"):
        require_telling(made, [judge(SIGNUP, made)])


def test_an_idle_worker_takes_a_moment_too() -> None:
    """A wait of 3 ms is long for a read of 1 ms; somebody else's signup would be one of 16 ms."""
    times = {
        SIGNUP: Times(seen_ns=[36 * MS] * 2, queue_ns=[3 * MS] * 2, service_ns=[32 * MS] * 2),
        READ: Times(seen_ns=[5 * MS] * 2, queue_ns=[3 * MS] * 2, service_ns=[1 * MS] * 2),
    }
    made = Samples(times, null_ns=[MS, MS])
    require_telling(made, [judge(request, made) for request in times])


def test_what_costs_nothing_is_no_measurement() -> None:
    made = samples(seen_ns=[MS // 2, MS // 2])
    with pytest.raises(Misbehaved, match="no request took longer than an empty one"):
        require_telling(made, [judge(SIGNUP, made)])


def test_made_up_names_are_nobody_elses() -> None:
    told = [ToldStation(name=name) for name in ("station-2", "é", "a", "a")]
    assert list(names_of(told)) == ["station-2", "station-1", "station-3", "station-4"]


def test_the_probes_people_have_rows_of_their_own(tmp_path: Path) -> None:
    """From the last on: the replay's visitors have the first."""
    table = tmp_path / "people.csv"
    table.write_text("name\nAda\nBob\nCleo\n")
    rows = rows_in(table)
    assert [row_of_probe(rows, n) for n in (1, 3)] == [{"name": "Cleo"}, {"name": "Ada"}]
    with pytest.raises(UsageError, match="has 3 rows, and the probe has used them all"):
        row_of_probe(rows, 4)
    assert row_of_probe(rows_in(None), 1) is None
    table.unlink()
    with pytest.raises(UsageError, match="cannot be read any more"):
        rows_in(table)


def test_a_request_that_the_server_says_took_nothing_leaves_a_file_that_can_be_read(
    found: Probe,
) -> None:
    """Whole milliseconds are common in Server-Timing: less than one is told as 0."""
    both = {
        request: Times(
            at_ns=[100 * MS * n for n in range(40)], seen_ns=[ns] * 40, service_ns=[told] * 40
        )
        for request, ns, told in ((SIGNUP, 42 * MS, 40 * MS), (READ, MS, 0))
    }
    samples = Samples(both, null_ns=[MS, MS])
    known = posterior_of(found.stations[0], samples)

    text = with_station(found, posterior=known).stations_toml()

    (read,) = read_stations(text, "staging.toml")
    assert "nan" not in text
    assert read.serves
