"""A launch like another one: as many people as are expected, and nothing that is not one's own."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from scenarios.library import shelf as library
from simulator import Compiled, Scenario, launch_plan, parse
from simulator.errors import UsageError
from simulator.plan.likeness import (
    FEWEST_VISITORS,
    MOST_VISITORS,
    Likeness,
    ahead,
    alike,
    duration_text,
)
from simulator.plan.meaning.system import objectives_of
from simulator.scenario.commented import WIDTH, commented
from simulator.scenario.document.provenance import CLAIMS
from simulator.scenario.document.toml_text import toml_text
from simulator.text.quantities import parse_duration
from tests.examples import examples
from tests.launches.files import EVERYTHING, changed

ENGINE = Compiled()
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ONE_PERCENT = 0.01


def like(scenario: Scenario, expect: float) -> Likeness:
    return alike(scenario, name="mine", expect=expect, now=NOW, engine=ENGINE)


def small(*changes: tuple[str, str]) -> Scenario:
    return parse(changed(*changes), "small.toml")


def keys_in(node: Any) -> Iterator[str]:
    """Every key of a document, however deep."""
    if isinstance(node, list):
        for entry in node:
            yield from keys_in(entry)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from keys_in(value)


@pytest.mark.parametrize("name", library.names())
def test_each_launch_of_the_library_is_a_beginning(name: str) -> None:
    found = like(library.load(name), 50_000)
    text = commented(found.document, ["mine"])
    mine = parse(text, "mine.toml")

    assert tomllib.loads(text) == tomllib.loads(toml_text(found.document))
    assert launch_plan(mine, seed=0, engine=ENGINE).demand.total == pytest.approx(
        50_000, rel=ONE_PERCENT
    )
    assert not set(CLAIMS) & set(keys_in(mine.document))
    assert not mine.sources
    assert not mine.words.reading
    assert mine.words.launch.opening > NOW
    assert objectives_of(mine) == objectives_of(library.load(name))
    assert FEWEST_VISITORS < 1.01 * visitors(mine) < 1.02 * MOST_VISITORS
    assert max(map(len, text.splitlines())) <= WIDTH


def visitors(scenario: Scenario) -> float:
    """Of the rehearsal."""
    replay = scenario.words.replay
    assert replay is not None
    demand = launch_plan(scenario, seed=0, engine=ENGINE).demand
    window = demand.window(replay.from_ns, replay.from_ns + replay.for_ns, replay.demand_factor)
    return window.total


@pytest.mark.parametrize("expect", [200, 30_000, 10_000_000])
def test_nearly_all_words_in_any_size(expect: int) -> None:
    found = like(parse(EVERYTHING, "everything.toml"), expect)
    mine = parse(commented(found.document, []), "mine.toml")
    assert found.people == pytest.approx(expect, rel=ONE_PERCENT)
    assert mine.variants == ("more-mail", "fewer-slots")


def test_the_system_is_as_many_times_as_large() -> None:
    [desk] = like(small(), 1_000).document["station"]
    assert (desk["servers"], desk["waiting_room"]) == (20, 80)


def test_outcomes_become_the_arrivals_that_led_to_them() -> None:
    """The line of the small launch grows by fewer than come: 22.5 a minute are let in."""
    line = small(
        ('counts = "arrivals"', 'counts = "line"'),
        ('[["5 min", 60], ["10 min", 100]]', '[["5 min", 60], ["10 min", 100], ["20 min", 140]]'),
    )
    [surge] = like(line, 1_000).document["surge"]

    assert surge["counts"] == "arrivals"
    assert surge["points"][-1] == ["10 min", 1_000]
    instants = [parse_duration(at) for at, _ in surge["points"]]
    assert all(before < after for before, after in pairwise(instants))
    assert "5 min" in dict(surge["points"])


def test_what_was_recorded_stands_in_the_file_itself() -> None:
    recorded = changed(
        ('shape = "milestones"', 'shape = "recorded"'),
        ('counts = "arrivals"', 'file = "arrivals.csv"'),
        ('points = [["5 min", 60], ["10 min", 100]]', 'every = "5 min"'),
    )
    rows = "from_second,to_second,count\n0,300,60\n300,600,40\n"
    found = like(parse(recorded, "f.toml", read=lambda _: rows), 1_000)
    [surge] = found.document["surge"]

    assert "file" not in surge
    assert surge["counts"] == [600, 400]
    assert found.people == pytest.approx(1_000)


def test_a_variant_that_counts_another_outcome_is_left_out() -> None:
    counted = ('counts = "arrivals"', 'counts = "line"')
    more = (
        "[variant.no-line]",
        '[variant.more]\nsurge.milestones.points = [["5 min", 90]]\n\n[variant.no-line]',
    )
    assert set(like(small(counted, more), 500).document["variant"]) == {"no-line"}
    assert set(like(small(more), 500).document["variant"]) == {"no-line", "more"}


def test_a_variant_that_is_the_launch_itself_in_the_new_size_is_left_out() -> None:
    twice = ("[variant.no-line]", "[variant.twice]\nstation.desk.servers = 4\n\n[variant.no-line]")
    assert set(like(small(twice), 100).document["variant"]) == {"no-line", "twice"}
    assert set(like(small(twice), 25).document["variant"]) == {"no-line"}


def test_a_launch_without_a_rehearsal_gets_one() -> None:
    text = changed()
    found = like(parse(text[: text.index("[replay]")], "small.toml"), 80_000)
    assert found.document["replay"]["for"] == "20 s"
    assert FEWEST_VISITORS <= visitors(parse(toml_text(found.document), "f")) <= MOST_VISITORS


def test_where_nobody_comes_nothing_can_be_made_larger() -> None:
    nobody = small(('[["5 min", 60], ["10 min", 100]]', '[["10 min", 0]]'))
    with pytest.raises(UsageError, match="nobody comes there"):
        like(nobody, 100)


def test_what_no_file_can_say_is_a_sentence() -> None:
    scaler = small(
        (
            "waiting_room = 8",
            'waiting_room = 8\nautoscaler = { every = "1 h", target = 0.5, ceiling = 2 }',
        )
    )
    with pytest.raises(
        UsageError, match=r"cannot be scaled that far: .*too long for this many servers"
    ):
        like(scaler, 1_000_000_000)


@examples("opening, zone, expected",
    ("winter", "2021-07-12T20:00:00+02:00", "Europe/Paris", "2027-01-25T20:00:00+01:00"),
    ("sunday", "2022-02-20T23:00:00-05:00", "America/New_York", "2027-01-24T23:00:00-05:00"),
    ("eight weeks from now", "2026-11-24T10:00:00+00:00", "UTC", "2027-01-19T10:00:00+00:00"),
)  # fmt: skip
def test_it_opens_at_the_same_hour_of_the_same_weekday(
    opening: str, zone: str, expected: str
) -> None:
    then = datetime.fromisoformat(opening)
    found = ahead(then, zone, NOW)
    assert found.isoformat() == expected
    assert found.weekday() == then.weekday()


def test_without_a_time_zone_database_weeks_are_added() -> None:
    then = datetime(2021, 7, 12, 20, tzinfo=UTC)
    found = ahead(then, "Nowhere/Atall", NOW)
    assert (found - then) % timedelta(weeks=1) == timedelta()
    assert found > NOW


@pytest.mark.parametrize("ns", [0, 1, 999, 10**9, 5_400 * 10**9, 86_400 * 10**9 + 1])
def test_durations_are_written_exactly(ns: int) -> None:
    assert parse_duration(duration_text(ns)) == ns
