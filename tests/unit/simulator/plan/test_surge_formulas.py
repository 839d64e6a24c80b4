"""Each curve against values by hand, and each rate against the derivative of its curve."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from simulator.plan.surges.curve import Clock
from simulator.plan.surges.demand import components_of, streams
from simulator.scenario.words.groups import Entry
from simulator.scenario.words.surges.surge import Surge
from simulator.timetable.demand import Component
from simulator.timetable.volume import Volume
from simulator.units import NS_PER_S, Floats
from tests.examples import examples

SURGE: TypeAdapter[Surge] = TypeAdapter(Surge)
OPENING = datetime(2023, 7, 5, 23, 0, tzinfo=UTC)
HOUR_S = 3_600.0
ENTRIES = (
    Entry(group="all", journey=0, share=0.25),
    Entry(group="all", journey=1, share=0.75),
    Entry(group="others", journey=0, share=1.0),
)


def surge(shape: str, **words: object) -> Surge:
    return SURGE.validate_python({"shape": shape, "people": "all", **words})


def clock(hours: float) -> Clock:
    return Clock(opening=OPENING, horizon_ns=int(hours * HOUR_S) * NS_PER_S)


def curve(of: Surge, at_s: list[float]) -> list[float]:
    (stream,) = streams(of, clock(24))
    return [float(count) for count in stream.cumulative(np.array(at_s))]


def test_a_constant_rate_has_a_beginning_and_an_end() -> None:
    found = curve(surge("constant", rate="4/s", **{"from": "10 s"}, until="30 s"), [5, 10, 20, 90])
    assert found == [0, 0, 40, 80]
    assert curve(surge("constant", rate="4/s"), [1e6]) == [4e6]


def test_a_ramp_is_a_parabola() -> None:
    ramp = surge("ramp", first="2/s", last="6/s", **{"from": "10 s"}, until="30 s")
    # After half the time the rate is 4/s, and the mean until then 3/s.
    assert curve(ramp, [10, 20, 30, 99]) == [0, 30, 80, 80]
    assert curve(surge("ramp", last="6/s", until="20 s"), [10, 20]) == [15, 60]


def test_a_spike_rises_evenly_and_relaxes() -> None:
    words = {"at": "100 s", "rise": "20 s", "decay": "60 s"}
    spike = surge("spike", peak="10/s", **words)
    e = np.exp
    assert curve(spike, [100, 110, 120, 180, 1e9]) == pytest.approx(
        [0, 25, 100, 100 + 600 * (1 - e(-1)), 700], rel=1e-12
    )
    assert curve(surge("spike", size=7_000, **words), [1e9]) == pytest.approx([7_000])


@examples("exponent, expected",
    ("a tail of finite size", 2.0, 600 * (1 - 1 / 2)),
    ("a tail that grows as a logarithm", 1.0, 600 * np.log(2)),
    ("a tail that grows for ever", 0.5, 600 * 2 * (np.sqrt(2) - 1)),
)  # fmt: skip
def test_a_power_law_relaxes_slowly(exponent: float, expected: float) -> None:
    # The integral of 10 (1 + u / 60)^-p from 0 to 60 s.
    assert curve(surge("spike", peak="10/s", decay="60 s", exponent=exponent), [60]) == (
        pytest.approx([expected], rel=1e-12)
    )


def test_a_power_law_has_its_size() -> None:
    spike = surge("spike", size=5_000, rise="10 s", decay="60 s", exponent=2.5)
    assert curve(spike, [1e12]) == pytest.approx([5_000], rel=1e-9)


def test_an_adoption_is_fastest_where_bass_says() -> None:
    bass = surge("bass", market=1e6, p="0.03/h", q="0.4/h")
    assert curve(bass, [0, 1e9]) == pytest.approx([0, 1e6])
    peak_s = np.log(0.4 / 0.03) / 0.43 * HOUR_S
    before, at, after = np.diff(curve(bass, [peak_s + d for d in (-90, -30, 30, 90)]))
    assert at > before
    assert at > after
    # The peak rate is m (p + q)^2 / 4q; over x = 30 s around it less by ((p + q) x)^2 / 12.
    assert at / 60 == pytest.approx(1e6 * 0.43**2 / (4 * 0.4) / HOUR_S, rel=2e-6)


def test_a_logistic_curve_starts_at_the_opening_and_ends_at_its_capacity() -> None:
    logistic = surge("logistic", capacity=1e6, midpoint="10 h", growth="2 h")
    assert curve(logistic, [0, 1e9]) == pytest.approx([0, 1e6], rel=1e-12, abs=1e-6)
    # The rate at the midpoint is K / 4g, by the share that comes after the opening.
    around = np.diff(curve(logistic, [10 * HOUR_S - 30, 10 * HOUR_S + 30]))[0] / 60
    assert around == pytest.approx(1e6 / (4 * 2 * HOUR_S) * (1 + np.exp(-5)), rel=1e-5)


def test_invitations_are_accepted_and_expire() -> None:
    batches = [["0 s", 1_000], ["10 h", 2_000]]
    words: dict[str, Any] = {"batches": batches, "accepts": 0.4, "after": "5 h"}
    e = np.exp
    at_s = [5 * HOUR_S, 15 * HOUR_S, 1e9]
    assert curve(surge("waves", **words), at_s) == pytest.approx(
        [400 * (1 - e(-1)), 400 * (1 - e(-3)) + 800 * (1 - e(-1)), 1_200]
    )
    assert curve(surge("waves", expires="5 h", **words), at_s) == pytest.approx(
        [400 * (1 - e(-1)), 400 * (1 - e(-1)) + 800 * (1 - e(-1)), 1_200 * (1 - e(-1))]
    )


def test_who_did_not_come_is_invited_once_more() -> None:
    waves = surge(
        "waves", invited=1_000, every="1 day", times=1, accepts=0.4, after="5 h",
        again={"after": "10 h", "accepts": 0.5},
    )  # fmt: skip
    first = 400 * (1 - np.exp(-2))
    later = (1_000 - first) * 0.5
    assert curve(waves, [10 * HOUR_S, 15 * HOUR_S, 1e9]) == pytest.approx(
        [first, first + later * (1 - np.exp(-1)), first + later]
    )


def test_invitations_in_a_rhythm_are_batches() -> None:
    words: dict[str, Any] = {"accepts": 0.5, "after": "1 h"}
    rhythm = surge("waves", invited=100, every="2 h", times=3, **{"from": "1 h"}, **words)
    batches = surge("waves", batches=[["1 h", 100], ["3 h", 100], ["5 h", 100]], **words)
    at_s = [0.5 * HOUR_S, 4 * HOUR_S, 20 * HOUR_S]
    assert curve(rhythm, at_s) == curve(batches, at_s)


def by_entry(found: tuple[Component, ...]) -> dict[int, float]:
    return {component.people: float(component.mass.sum()) for component in found}


def test_who_is_uninvited_comes_in_a_group_of_its_own() -> None:
    waves = surge(
        "waves", batches=[["0 s", 1_000]], accepts=0.4, after={"law": "fixed", "mean": "1 h"},
        expires="30 min", uninvited={"per_invited": 8.3, "people": "others"},
    )  # fmt: skip
    assert by_entry(components_of([waves], ENTRIES, clock(3))) == pytest.approx(
        {0: 0, 1: 0, 2: 8_300}
    )


def test_who_comes_after_a_fixed_time_comes_not_before() -> None:
    waves = surge(
        "waves", batches=[["0 s", 1_000]], accepts=1.0, after={"law": "fixed", "mean": "1 h"}
    )
    component, _ = components_of([waves], ENTRIES, clock(3))
    hour_ns = int(HOUR_S) * NS_PER_S
    assert (component.expected_by(hour_ns), component.expected_by(hour_ns + 1_000_000)) == (0, 250)


def test_a_day_is_lived_in_each_zone() -> None:
    hours = [0.0] * 24
    hours[9] = 1.0
    day = surge(
        "diurnal", rate="2_400/day", zones=[["UTC+01:00", 0.25], ["UTC-03:30", 0.75]], hours=hours
    )
    # The launch opens at 23:00 UTC: 00:00 and 19:30 there. Nine o'clock comes after 9 and 13.5 h.
    at_s = [9 * HOUR_S, 10 * HOUR_S, 13.5 * HOUR_S, 14 * HOUR_S, 33 * HOUR_S, 38.5 * HOUR_S]
    assert curve(day, at_s) == pytest.approx([0, 600, 600, 1_500, 2_400, 4_800])


def test_a_day_is_a_wave_around_its_peak_hour() -> None:
    day = surge("diurnal", rate="10/s", zones=[["UTC", 1.0]], peak_hour=23.0, depth=0.5)
    # From the peak on: a quarter of a day holds 1/4 + depth / 2 pi of it.
    assert curve(day, [6 * HOUR_S, 24 * HOUR_S]) == pytest.approx(
        [864_000 * (0.25 + 0.5 / (2 * np.pi)), 864_000]
    )


def test_a_day_can_begin_late_and_end_early() -> None:
    words: dict[str, Any] = {"rate": "1/s", "zones": [["UTC", 1.0]], "hours": [1] * 24}
    part = surge("diurnal", **words, **{"from": "2 h"}, until="5 h")
    assert curve(part, [1.0, 3 * HOUR_S, 9 * HOUR_S]) == pytest.approx([0, HOUR_S, 3 * HOUR_S])


def test_a_recording_is_expected_as_it_was() -> None:
    recorded = surge("recorded", every="10 s", counts="3 0 5")
    assert curve(recorded, [5, 10, 20, 26, 99]) == [1.5, 3, 3, 6, 8]
    assert surge("recorded", every="10 s", counts=[3, 0, 5]) == recorded
    component, _ = components_of([recorded], ENTRIES, clock(0.005))
    assert component.edges_ns.tolist() == [0, 10 * NS_PER_S, 18 * NS_PER_S]
    assert component.mass.tolist() == [0.75, 0.0]


SHAPES: list[dict[str, Any]] = [
    {"shape": "constant", "rate": "2/s", "from": "1 h", "until": "3 h"},
    {"shape": "ramp", "last": "5/s", "from": "1 h", "until": "3 h"},
    {"shape": "spike", "size": 9_000, "at": "2 h", "rise": "40 s", "decay": "9 min"},
    {"shape": "spike", "peak": "50/s", "at": "2 h", "decay": "30 s", "exponent": 0.6},
    {"shape": "bass", "market": 20_000, "p": "0.1/h", "q": "2/h"},
    {"shape": "logistic", "capacity": 20_000, "midpoint": "2 h", "growth": "20 min"},
    {"shape": "waves", "invited": 5_000, "every": "1 h", "times": 4, "accepts": 0.5, "expires": "2 h",
     "after": {"law": "lognormal", "mean": "10 min", "cv": 1.0}},
    {"shape": "diurnal", "rate": "3/s", "zones": [["UTC+05:30", 1.0]], "hours": [*range(24)]},
    {"shape": "recorded", "every": "7 s", "counts": [5, 0, 9]},
]  # fmt: skip


@pytest.mark.parametrize("words", SHAPES, ids=lambda words: words["shape"])
def test_blocks_hold_the_curve_at_their_edges_and_middles(words: dict[str, Any]) -> None:
    of = surge(**words)
    (stream,) = streams(of, clock(4))
    quarter, _ = components_of([of], ENTRIES, clock(4))
    edges = quarter.edges_ns
    middles = (edges[1:] + edges[:-1]) // 2
    # Somebody in ten thousand at most stands elsewhere; a block's middle is not a whole nanosecond.
    total = float(stream.cumulative(np.array([4 * HOUR_S]))[0])
    for at_ns in (edges, middles):
        expected = 0.25 * stream.cumulative(at_ns / NS_PER_S)
        found: Floats = quarter.by_instant(quarter.mass, at_ns)
        assert found == pytest.approx(expected, abs=1e-6 * total)


def test_the_volume_moves_the_likely_mass_and_keeps_the_rest_for_the_launch() -> None:
    volume = {"low": 0.5, "likely": 2, "high": 8}
    one = surge("constant", rate="1/s")
    more = surge("constant", rate="1/s", volume=volume)
    plain, _ = components_of([one], ENTRIES, clock(1))
    twice, _ = components_of([more], ENTRIES, clock(1))
    assert plain.volume is None
    assert twice.mass.tolist() == (2 * plain.mass).tolist()
    assert isinstance(twice.volume, Volume)
    assert (twice.volume.low, twice.volume.high) == (0.25, 4.0)
    certain = surge("constant", rate="1/s", volume={"low": 2, "likely": 2, "high": 2})
    assert components_of([certain], ENTRIES, clock(1))[0].volume is None
