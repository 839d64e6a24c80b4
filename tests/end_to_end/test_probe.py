"""The probe against the reference target, a foreign one, and none."""

import tomllib
from collections.abc import Iterator

import httpx
import pytest

from scenarios.http.line import LineSettings, Policy
from scenarios.probe.probe import SIGNUP, WARM_UP, probe
from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings, StationSettings
from simulator.errors import Misbehaved, UsageError
from simulator.scenario.scenario import read_stations
from simulator.scenario.words.rehearsal.requests import Request
from tests.loopback import Answering, answering


@pytest.fixture(scope="module")
def target() -> Iterator[TargetProcess]:
    with TargetProcess(Settings(workers=2, queue=7, hash_cost=12)) as running:
        yield running


def test_the_probe_measures_service_apart_from_the_round_trip(target: TargetProcess) -> None:
    target.set_line(LineSettings())
    seen = []
    found = probe(
        target.url, requests=12, rate_per_s=200, progress=lambda done, of: seen.append((done, of))
    )
    (station,) = found.stations
    (cost,) = station.costs
    assert seen == [(done, 12) for done in range(1, 13)]
    assert found.server_timing
    assert (station.name, station.servers, station.waiting_room) == ("signup", 2, 7)
    assert (cost.request, cost.service.n) == (SIGNUP, 12)
    # Queue, service and round trip add up to what the client saw, sample by sample.
    assert 0 < cost.service.mean_ns + found.round_trip.mean_ns <= cost.seen.mean_ns + 1000
    # One at a time: at most one of two servers is ever busy.
    assert 0 < found.utilisation <= 0.5
    (written,) = tomllib.loads(found.stations_toml())["station"]
    assert written["measured"] == found.id


EVERY = tuple(
    Request(method=method, path=path)
    for method, path in [
        ("POST", "/signup"), ("POST", "/verify"), ("GET", "/read/feed"), ("GET", "/read/score"),
        ("POST", "/write/feed"), ("POST", "/pay"),
    ]
)  # fmt: skip


def test_every_request_is_measured_at_the_station_that_serves_it() -> None:
    feed = StationSettings(name="feed", serves=("read/feed", "write"), workers=3, queue=5)
    settings = Settings(workers=1, queue=7, hash_cost=10, outbox=True, stations=(feed,))
    with TargetProcess(settings) as target:
        found = probe(target.url, EVERY, requests=3, rate_per_s=1000)
        audit = httpx.get(f"{target.url}/audit").json()

    stations = read_stations(found.stations_toml(), "staging.toml")
    assert [(s.name, s.servers, s.waiting_room, list(s.serves)) for s in stations] == [
        ("signup", 1, 7, ["POST /signup", "POST /verify", "GET /read/score", "POST /pay"]),
        ("feed", 3, 5, ["GET /read/feed", "POST /write/feed"]),
    ]
    assert all(station.retry_after_ns >= 10**9 for station in stations)
    people = 3 + WARM_UP
    assert {audit[of] for of in ("accounts", "verified", "entries", "payments")} == {people}


def test_who_is_told_no_code_cannot_verify(target: TargetProcess) -> None:
    target.set_line(LineSettings())
    with pytest.raises(Misbehaved, match="returned no verification code"):
        probe(target.url, EVERY[:2], requests=2, rate_per_s=200)


def test_what_the_caller_says_overrules_what_the_target_tells(target: TargetProcess) -> None:
    target.set_line(LineSettings())
    found = probe(target.url, requests=2, rate_per_s=200, servers=5)
    (station,) = found.stations
    assert (station.servers, station.waiting_room) == (5, 7)
    assert found.source == "reported by /healthz, servers given to the probe"


def test_a_line_in_the_way_is_said_in_a_sentence(target: TargetProcess) -> None:
    target.set_line(LineSettings(policy=Policy.FIFO, release_rate_per_s=1e-5))
    with pytest.raises(Misbehaved, match="put the probe into its line; open the line"):
        probe(target.url, requests=2, rate_per_s=200)


def test_a_probe_needs_requests() -> None:
    with pytest.raises(UsageError, match="at least 2 requests"):
        probe("http://127.0.0.1:1", requests=1)


class Foreign(Answering):
    """Somebody's service: it says little of itself, and a signup of its takes a while."""

    status = 201
    metrics = b""

    def do_GET(self) -> None:
        found = self.metrics if self.path == "/metrics" else b""
        self.answer(200 if found else 404, found)

    def do_POST(self) -> None:
        self.body()
        sum(range(200_000))
        self.answer(self.status, b"no")


class Broken(Foreign):
    status = 500


class Telling(Foreign):
    metrics = b"signup_workers 3\nsignup_queue_limit 20\n"


class Raving(Foreign):
    metrics = b"signup_workers NaN\nsignup_queue_limit +Inf\n"


@pytest.fixture
def foreign(request: pytest.FixtureRequest) -> Iterator[str]:
    kind = getattr(request, "param", Foreign)
    with answering(kind) as url:
        yield url


def test_without_server_timing_the_cost_is_a_difference_of_means(foreign: str) -> None:
    found = probe(foreign, requests=5, rate_per_s=500, servers=3, waiting_room=10)
    (cost,) = found.costs
    assert not found.server_timing
    assert cost.service.mean_ns == cost.seen.mean_ns - found.null.mean_ns
    assert found.round_trip == found.null
    assert "as seen, less an empty request" in found.stations_toml()


@pytest.mark.parametrize("foreign", [Foreign, Raving], indirect=True)
def test_a_target_that_says_nothing_of_itself(foreign: str) -> None:
    with pytest.raises(
        UsageError,
        match=r"does not report its servers .*: measure them with surgeproof probe --ladder",
    ):
        probe(foreign, requests=2)


@pytest.mark.parametrize("foreign", [Telling], indirect=True)
def test_capacity_is_read_from_metrics(foreign: str) -> None:
    found = probe(foreign, requests=2, rate_per_s=500)
    (station,) = found.stations
    assert (station.servers, station.waiting_room) == (3, 20)
    assert found.source == "reported by /metrics"


@pytest.mark.parametrize("foreign", [Broken], indirect=True)
def test_an_answer_that_was_not_agreed(foreign: str) -> None:
    with pytest.raises(Misbehaved, match=r"/signup answered 500: unexpected status$"):
        probe(foreign, requests=2, servers=1, waiting_room=1)
