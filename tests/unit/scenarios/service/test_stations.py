"""Each endpoint has one station, as its settings or its file say."""

import time

import pytest

from scenarios.service.settings import Settings, StationSettings
from scenarios.service.stations_file import read_target_stations
from scenarios.service.work.busy import toil
from scenarios.service.work.metrics import Metrics
from scenarios.service.work.stations import Stations
from simulator.errors import ScenarioError, UsageError
from tests.examples import examples

FILE = """
[[station]]
name = "payments"
serves = "pay"
servers = 2
waiting_room = 32
work = "8 ms"

[[station]]
name = "content"
serves = ["read/feed", "write"]
servers = 4
"""


def station(name: str, *serves: str) -> StationSettings:
    return StationSettings(name=name, serves=serves)


def test_a_file_of_stations() -> None:
    assert read_target_stations(FILE, "target.toml") == (
        StationSettings(name="payments", serves=("pay",), workers=2, queue=32, work_ns=8 * 10**6),
        StationSettings(name="content", serves=("read/feed", "write"), workers=4, queue=64),
    )


def test_every_mistake_in_a_file_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as told:
        read_target_stations(
            '[[station]]\nname = "a b"\nserves = []\nservers = 0\nwork = "8"\ncolour = "red"',
            "target.toml",
        )
    keys = {mistake.key.rpartition(".")[2] for mistake in told.value.mistakes}
    assert keys == {"name", "serves", "servers", "work", "colour"}


@examples("stations, sentence",
    ("ours", [station("signup", "pay")], "must be a name used once"),
    ("twice", [station("a", "pay"), station("a", "read")], "must be a name used once"),
    ("shared", [station("a", "pay"), station("b", "pay")], "no other station serves"),
    ("unknown", [station("a", "paint")], "one of verify, read, write, pay"),
    ("signup", [station("a", "signup")], "the signup has the workers"),
    ("no what", [station("a", "pay/shop")], "one of verify, read, write, pay"),
)  # fmt: skip
def test_stations_that_cannot_be(stations: list[StationSettings], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        Settings(stations=tuple(stations))


def test_an_endpoint_goes_to_the_station_that_names_it_most_exactly() -> None:
    stations = Stations(
        Settings(stations=(station("feed", "read/feed"), station("reading", "read"))), Metrics()
    )
    asked = [("read", "feed"), ("read", "game"), ("write", "feed"), ("signup", "")]
    found = [stations.of(endpoint, what).settings.name for endpoint, what in asked]
    assert found == ["feed", "reading", "signup", "signup"]
    stations.close()


def test_toil_keeps_a_core_for_as_long_as_it_is_told() -> None:
    cost_ns = 5_000_000
    started_ns = time.thread_time_ns()
    toil(cost_ns)
    assert time.thread_time_ns() - started_ns >= cost_ns
