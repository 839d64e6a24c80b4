"""A launch of another size: people and system are multiplied, times and shares are not."""

from typing import Any

import pytest

from simulator.scenario.scale.numbers import rate_text, rounded_up, significant
from simulator.scenario.scale.scale import Scale
from simulator.scenario.scale.size import Size
from simulator.scenario.words.stations import MOST_FACTORS
from simulator.scenario.words.terms import MOST
from simulator.text.quantities import parse_rate
from tests.examples import examples

POOL = {"name": "desk", "servers": 10, "waiting_room": 40}
SCALED_ROUND = 0.0005
"""Four digits are within so much of what they round."""


def scaled(factor: float, **tables: Any) -> dict[str, Any]:
    document = {"station": [POOL], **tables}
    return Scale.of(document, factor).document(document)


@examples("surge, expected",
    ("points", {"shape": "milestones", "counts": "arrivals", "points": [["1 h", 10], ["2 h", 30]]},
     {"shape": "milestones", "counts": "arrivals", "points": [["1 h", 5], ["2 h", 15]]}),
    ("points as tables", {"points": [{"at": "1 h", "count": 10}], "peak": "4/s"}, {"points": [{"at": "1 h", "count": 5}], "peak": "2/s"}),
    ("a rate", {"rate": "80_000/day"}, {"rate": "27.78/min"}),
    ("ramp", {"first": "1/s", "last": "9/s"}, {"first": "30/min", "last": "4.5/s"}),
    ("a crowd is whole", {"crowd": 7, "reaction": {"median": "4 s"}, "rate": "2/s"},
     {"crowd": 4, "reaction": {"median": "4 s"}, "rate": "1/s"}),
    ("spike", {"size": 9.0}, {"size": 4.5}),
    ("what each does stays", {"market": 10, "p": "0.03/day"}, {"market": 5, "p": "0.03/day"}),
    ("waves", {"batches": [["1 day", 100]], "accepts": 0.4, "uninvited": {"per_invited": 2.0}},
     {"batches": [["1 day", 50]], "accepts": 0.4, "uninvited": {"per_invited": 2.0}}),
    ("recorded", {"counts": [3, 0, 5]}, {"counts": [1.5, 0, 2.5]}),
    ("recorded as a text", {"counts": "3 0 5"}, {"counts": [1.5, 0, 2.5]}),
    ("factors and shares stay", {"volume": {"low": 0.5, "high": 3.0}, "brings": 0.3}, {"volume": {"low": 0.5, "high": 3.0}, "brings": 0.3}),
)  # fmt: skip
def test_half_as_many_people(surge: dict[str, Any], expected: dict[str, Any]) -> None:
    assert scaled(0.5, surge=[surge])["surge"] == [expected]
    assert scaled(0.5, variant={"v": {"surge": {"x": surge}}})["variant"]["v"]["surge"] == {
        "x": expected
    }


@examples("station, expected",
    ("a tenth and a bit is three", {"servers": 10, "waiting_room": 40}, (3, 12)),
    ("at least one, with its room", {"servers": 1, "waiting_room": 40}, (1, 40)),
    ("no room stays none", {"servers": 4, "waiting_room": 0}, (1, 0)),
)  # fmt: skip
def test_servers_are_rounded_up_and_rooms_go_with_them(
    station: dict[str, int], expected: tuple[int, int]
) -> None:
    document = {"station": [{"name": "s", **station}]}
    found = Scale.of(document, 0.23).document(document)["station"][0]
    assert (found["servers"], found["waiting_room"]) == expected


@examples("instances, factor, expected",
    ("fewer instances", 40, 0.1, (4, 8)),
    ("one, and smaller", 2, 0.1, (1, 2)),
    ("a single one is made larger", 1, 3.0, (1, 24)),
    ("more of them", 2, 3.0, (6, 8)),
)  # fmt: skip
def test_instances_before_servers(instances: int, factor: float, expected: tuple[int, int]) -> None:
    document = {"station": [{"name": "s", "servers": 8, "instances": instances, "waiting_room": 0}]}
    found = Scale.of(document, factor).document(document)["station"][0]
    assert (found["instances"], found["servers"]) == expected


@examples("factor, said, expected",
    ("fewer of them", 0.5, {"count": 4, "servers": 8, "price": "0.40 EUR/h"},
     {"count": 2, "servers": 8, "price": "0.40 EUR/h"}),
    ("a single one is one of many", 3.0, {"count": 1, "servers": 8}, {"count": 3, "servers": 8}),
    ("a number that is not said", 3.0, {"servers": 8}, {"count": 3, "servers": 8}),
    # A quarter of eight servers is two, which cost a quarter.
    ("a smaller one costs its part", 0.25, {"count": 1, "type": "large", "servers": 8, "price": "0.40 EUR/h"},
     {"count": 1, "type": "large", "servers": 2, "price": "0.1 EUR/h"}),
)  # fmt: skip
def test_what_one_buys_is_bought_more_or_less_often(
    factor: float, said: dict[str, Any], expected: dict[str, Any]
) -> None:
    document = {"station": [{"name": "s", "instances": said, "waiting_room": 0}]}
    found = Scale.of(document, factor).document(document)["station"][0]
    assert found["instances"] == expected
    assert Scale.of(document, factor).roomier(document) == {"s": 1.0}


@examples("words, cost",
    ("a server costs what it did", {}, "0.40 EUR/h"),
    ("so does an instance of many", {"instances": 20}, "0.40 EUR/h"),
    ("an instance that is made smaller does not", {"instances": 1}, "0.04 EUR/h"),
)  # fmt: skip
def test_prices_stay_unless_something_else_is_bought(words: dict[str, Any], cost: str) -> None:
    station = {"name": "s", "servers": 20, "waiting_room": 0, "cost": "0.40 EUR/h"} | words
    found = Scale.of({"station": [station]}, 0.1).document({"station": [station]})["station"][0]
    assert found["cost"] == cost


@examples("factor, words, expected",
    ("the same", 1.0, {}, [1, 1.1, 1.3, 1.6]),
    ("half of the servers are as slow as all were", 0.5, {}, [1, 1.6]),
    ("one alone", 0.1, {}, [1]),
    ("twice as many", 2.0, {}, [1, 1, 1.1, 1.1, 1.3, 1.3, 1.6, 1.6]),
    ("instances stay as they are", 0.5, {"instances": 2, "balance": "random"}, [1, 1.1, 1.3, 1.6]),
    ("one queue is one number", 0.5, {"instances": 2}, [1, 1.6]),
)  # fmt: skip
def test_what_inflates_does_so_in_proportion(
    factor: float, words: dict[str, Any], expected: list[float]
) -> None:
    station = {
        "name": "s",
        "servers": 4,
        "waiting_room": 0,
        "inflation": [1, 1.1, 1.3, 1.6],
    } | words
    found = Scale.of({"station": [station]}, factor).document({"station": [station]})["station"][0]
    assert found["inflation"] == expected


@examples("factor, times",
    ("half has its part", 0.5, 1.0),
    # One server of four, which is alone and 1.6 times as fast.
    ("one alone is quicker", 0.25, 1.6),
    ("a server for a tenth", 0.1, 2.5 * 1.6),
)  # fmt: skip
def test_a_station_that_inflates_less_has_more_than_its_part(factor: float, times: float) -> None:
    station = {"name": "s", "servers": 4, "waiting_room": 0, "inflation": [1, 1.1, 1.3, 1.6]}
    document = {"station": [station]}
    assert Scale.of(document, factor).roomier(document) == {"s": pytest.approx(times)}


def test_what_inflates_in_a_large_launch_ends_with_what_holds_for_more() -> None:
    station = {"name": "s", "servers": 4, "waiting_room": 0, "inflation": [1, 1.1, 1.3, 1.6]}
    found = Scale.of({"station": [station]}, 1e4).document({"station": [station]})["station"][0]
    assert len(found["inflation"]) == MOST_FACTORS
    assert (found["inflation"][0], found["inflation"][-1]) == (1, 1.6)


def test_an_autoscaler_keeps_its_instances_between_its_limits() -> None:
    scaler = {"floor": 2, "ceiling": 9}
    station = {"name": "s", "servers": 4, "instances": 3, "waiting_room": 8, "autoscaler": scaler}
    for factor in (0.01, 0.2, 0.5, 1.0, 7.3):
        found = Scale.of({"station": [station]}, factor).document({"station": [station]})
        [grown] = found["station"]
        limits = grown["autoscaler"]
        assert 1 <= limits["floor"] <= grown["instances"] <= limits["ceiling"]
        assert grown["servers"] * limits["ceiling"] >= 4 * 9 * factor


def test_the_line_and_quotas_follow() -> None:
    line = {"places": 100, "release": {"rate": "10/s", "burst": 1}, "poll_every": "2 s"}
    quota = {
        "name": "mail",
        "kind": "quota",
        "waiting_room": 10,
        "quota": {"rate": "14/s", "per_day": 7},
    }
    document = {"station": [quota], "waitlist": line}
    found = Scale.of(document, 0.3).document(document)
    assert found["waitlist"] == {
        "places": 30,
        "release": {"rate": "3/s", "burst": 1},
        "poll_every": "2 s",
    }
    assert found["station"][0]["quota"] == {"rate": "4.2/s", "per_day": 3}
    assert found["station"][0]["waiting_room"] == 3


@examples("change, expected",
    ("all of them", "-10 servers", "-3 servers"),
    ("one more", "+1 server", "+1 server"),
    ("an outage", {"station.desk.servers": 0}, {"station.desk.servers": 0}),
    ("some", {"station.desk.servers": 4}, {"station.desk.servers": 2}),
    ("a policy", {"waitlist.policy": "fifo"}, {"waitlist.policy": "fifo"}),
    ("a rate", {"waitlist.release.rate": "9/s"}, {"waitlist.release.rate": "2.7/s"}),
    ("slots", {"waitlist.release.slots.total": 9}, {"waitlist.release.slots.total": 3}),
)  # fmt: skip
def test_what_operators_do_follows(change: Any, expected: Any) -> None:
    assert scaled(0.3, change=[{"at": "1 h", "set": change}])["change"][0]["set"] == expected


def test_a_rehearsal_has_as_many_visitors_as_before() -> None:
    found = scaled(0.01, variant={"v": {"replay": {"demand_factor": 0.05}}})
    assert found["variant"]["v"]["replay"] == {"demand_factor": 5}


@pytest.mark.parametrize("per_s", [1e-6, 0.2, 1.0, 59.99, 1234.5, 987_654.0])
def test_rates_are_written_as_they_are_read(per_s: float) -> None:
    assert parse_rate(rate_text(per_s)) == pytest.approx(per_s, rel=SCALED_ROUND)


@pytest.mark.parametrize("value", [1e-9, 0.99996, 12.34567, 99_995.0, 1e9])
def test_digits_are_kept(value: float) -> None:
    assert significant(value) == pytest.approx(value, rel=SCALED_ROUND)


def test_nothing_is_more_than_a_file_may_say() -> None:
    assert rounded_up(7, 1e12) == MOST
    assert Size.of({"servers": 3}, 1e12).servers == 1e12
