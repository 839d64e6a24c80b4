"""Prices: from the words of a scenario, for whatever knobs are turned."""

import datetime as dt

import pytest

from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.size.knobs import Knob
from simulator.advice.size.prices import Prices, prices_of
from simulator.plan.meaning.costs import Piece, bought, lead_times
from simulator.scenario.scenario import parse
from tests.examples import examples
from tests.launches.files import EVERYTHING, changed

SERVERS = "servers = 2"
SERVICE = 'service = { law = "lognormal", mean = "4 s", cv = 0.5 }'
MAIL = """
[[station]]
name = "mail"
kind = "quota"
quota = { rate = "10/s" }
waiting_room = 9
service = "1 s"
"""
CALLED = ('at = "desk"', 'at = "desk"\ncalls = [{ at = "mail" }]')
HOUR_NS = 3_600 * 10**9


def knob(turn: Turn, station: int = 0) -> Knob:
    tweak = Tweak(turn=turn, station=station, now=2.0)
    return Knob(key=f"station.{station}.{turn}", tweak=tweak, low=1.0, high=9.0)


def prices(station: str, *knobs: Knob, beside: str = "") -> Prices:
    """Of a launch whose desk is so, and which sends mails as well."""
    text = changed((SERVERS, station), (SERVICE, f"{SERVICE}\n{MAIL}{beside}"), CALLED)
    return prices_of(parse(text, "f"), knobs)


SERVER, COUNT, CORE = knob(Turn.SERVERS), knob(Turn.INSTANCES), knob(Turn.CORES)
QUOTA, RATE, ROOM = knob(Turn.QUOTA, 1), knob(Turn.RELEASE), knob(Turn.WAITING_ROOM)
CHEAP = 'cost = "0.01 EUR/h"'
PER_SERVER = 'servers = 2\ncost = "0.40 EUR/h"'
PER_CORE = 'kind = "cpu"\nservers = 64\ncores = 4\ncost = "0.05 EUR/h"'
OF_A_NUMBER = 'servers = 8\ninstances = 3\ncost = "0.16 EUR/h"'
OF_A_TABLE = 'instances = { count = 3, servers = 8, price = "0.16 EUR/h" }'
SCALED = (
    'servers = 8\ncost = "0.16 EUR/h"\nautoscaler = { every = "15 s", target = 0.6, ceiling = 8 }'
)


# Rows: what the desk costs, what is turned and to which values, and the sum of an hour.
@examples("desk, knobs, values, per_hour",
    ("servers", PER_SERVER, [SERVER], (5.0,), 5 * 0.40 + 10 * 0.01),
    ("what no knob turns", PER_SERVER, [RATE, ROOM], (40.0, 7.0), 2 * 0.40 + 10 * 0.01),
    ("a quota by its rate", PER_SERVER, [QUOTA], (20.0,), 2 * 0.40 + 20 * 0.01),
    ("several knobs", PER_SERVER, [QUOTA, SERVER], (20.0, 5.0), 5 * 0.40 + 20 * 0.01),
    ("cores, and threads for free", PER_CORE, [SERVER, CORE], (9.0, 6.0), 6 * 0.05 + 10 * 0.01),
    ("threads alone", PER_CORE, [SERVER], (9.0,), 4 * 0.05 + 10 * 0.01),
    ("instances of a number", OF_A_NUMBER, [COUNT], (7.0,), 7 * 0.16 + 10 * 0.01),
    ("instances of a table", OF_A_TABLE, [COUNT], (7.0,), 7 * 0.16 + 10 * 0.01),
    ("an autoscaler's at the opening", SCALED, [RATE], (40.0,), 1 * 0.16 + 10 * 0.01),
    ("larger instances", OF_A_TABLE, [SERVER], (16.0,), 3 * 0.32 + 10 * 0.01),
    ("larger ones, and more", OF_A_TABLE, [COUNT, SERVER], (7.0, 16.0), 7 * 0.32 + 10 * 0.01),
    ("more of what is priced by server", PER_SERVER, [COUNT], (3.0,), 3 * 2 * 0.40 + 10 * 0.01),
    ("both of that", PER_SERVER, [SERVER, COUNT], (5.0, 3.0), 3 * 5 * 0.40 + 10 * 0.01),
)  # fmt: skip
def test_a_candidate_costs_what_its_pieces_cost(
    desk: str, knobs: list[Knob], values: tuple[float, ...], per_hour: float
) -> None:
    found = prices(desk, *knobs, beside=CHEAP)
    assert found.per_hour_of(values) == pytest.approx(per_hour, rel=1e-12)
    assert (found.currency, found.unpriced) == ("EUR", ())


@examples("desk, knobs, values, servers",
    ("servers", SERVERS, [SERVER], (5.0,), 5.0),
    ("and nothing else", SERVERS, [SERVER, RATE, QUOTA, ROOM], (5.0, 40.0, 20.0, 9.0), 5.0),
    ("cores", 'kind = "cpu"\nservers = 64\ncores = 4', [SERVER, CORE], (9.0, 6.0), 6.0),
    ("servers of several instances", "servers = 2\ninstances = 3", [SERVER], (5.0,), 15.0),
    ("instances by their servers", "servers = 8\ninstances = 3", [COUNT], (5.0,), 40.0),
    ("both", "servers = 8\ninstances = 3", [COUNT, SERVER], (5.0, 4.0), 20.0),
    ("nothing that is bought", SERVERS, [RATE], (40.0,), 0.0),
)  # fmt: skip
def test_without_a_price_servers_are_counted(
    desk: str, knobs: list[Knob], values: tuple[float, ...], servers: float
) -> None:
    found = prices(desk, *knobs)
    assert found.of(values) == servers
    assert (found.currency, found.priced, found.unpriced) == ("", None, ())


def test_a_system_is_paid_for_as_long_as_is_said_or_for_the_launch() -> None:
    launch = prices(PER_SERVER, SERVER)
    assert launch.of((5.0,)) == pytest.approx(5 * 0.40 / 6)  # ten minutes
    said = prices(PER_SERVER, SERVER, beside='[costs]\npaid_for = "24 h"\nperson_lost = "3 EUR"')
    assert said.of((5.0,)) == pytest.approx(5 * 0.40 * 24)
    assert (launch.person_lost, said.person_lost) == (0.0, 3.0)
    assert said.paid_for_ns == 24 * HOUR_NS


def test_a_price_that_lacks_is_told_and_in_no_sum() -> None:
    found = prices(PER_SERVER, SERVER, QUOTA)
    assert found.unpriced == ("mail",)
    assert found.per_hour_of((5.0, 20.0)) == pytest.approx(2.0)


def test_the_oldest_price_dates_the_sum() -> None:
    found = prices(f"{PER_SERVER}\npriced = 2026-11-01", beside=f"{CHEAP}\npriced = 2026-06-30")
    assert found.priced == dt.date(2026, 6, 30)


def test_what_is_bought_is_told_by_its_piece() -> None:
    found = bought(parse(EVERYTHING, "f"))
    assert [(each.name, each.piece, each.per_hour, each.type) for each in found] == [
        ("web", Piece.INSTANCE, 0.36, "8 cores"),
        ("database", Piece.SERVER, 0.02, None),
        ("mail", Piece.PER_S, 0.0, None),
        ("feed", Piece.CORE, 0.05, None),
    ]
    assert lead_times(parse(EVERYTHING, "f")) == {"mail": 2 * 24 * HOUR_NS}
