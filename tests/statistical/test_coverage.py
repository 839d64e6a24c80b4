"""The table of coverage is true, and an interval that takes visits for the unit would not be in it."""

import re

import numpy as np
import pytest

from simulator.outcomes.counts.durations import bucket_of, upper_bound_ns
from simulator.outcomes.figures.figures import figures_of
from simulator.outcomes.figures.intervals import mean_and_half_width
from tests.statistical import coverage
from tests.statistical.families import FAMILIES
from tests.statistical.oracles import certainty, pools
from tests.statistical.reading import Window


def published() -> dict[str, int]:
    """The counts in docs/coverage.md."""
    page = coverage.PAGE.read_text("utf-8")
    rows = re.findall(r"^\| (?P<name>[^|]+) \|.*\| (\d+) \| \d+ \|$", page, flags=re.MULTILINE)
    return {name: int(count) for name, count in rows}


def test_the_page_has_every_family_and_all_are_within_the_band() -> None:
    low, high = coverage.BAND
    counts = published()
    assert list(counts) == list(FAMILIES)
    assert all(low <= count <= high for count in counts.values()), counts


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_the_page_can_be_counted_again(name: str) -> None:
    assert coverage.covered(name).seeds == published()[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a count of few", "a share of few"])
def test_students_interval_of_few_begins_below_zero_or_misses_too_often(name: str) -> None:
    """The interval that was printed once: at 11 events in all it covers 91.7 % (computed)."""
    family, covered = FAMILIES[name], 0
    for seed in range(coverage.SEEDS):
        readings = [family.summary(seed, launch) for launch in range(coverage.LAUNCHES)]
        figure = next(each for each in figures_of(readings[0].layout) if each.key == family.printed)
        mean, half = mean_and_half_width(np.array([figure.read(each).value for each in readings]))
        covered += abs(mean - family.truth) <= half
    assert covered < coverage.BAND[0]


@pytest.mark.slow
def test_a_quantile_at_its_buckets_upper_bound_is_never_covered() -> None:
    """What was printed once: 0.3 % too long in the mean, where the interval is 0.5 % wide."""
    family, covered = FAMILIES["M/M/1 p50"], 0
    for seed in range(SOME_SEEDS):
        launches = [family.summary(seed, launch).response for launch in range(coverage.LAUNCHES)]
        bounds = [
            upper_bound_ns(int(bucket_of(np.array([each.quantile_ns(0.5)], np.int64))[0]))
            for each in launches
        ]
        mean, half = mean_and_half_width(np.array(bounds) / 1e9)
        covered += abs(mean - family.truth) <= half
    low, _ = certainty.band(SOME_SEEDS, 0.95, 0.9999)
    assert covered < low


SOME_SEEDS = 60


@pytest.mark.slow
def test_an_interval_that_takes_visits_for_the_unit_covers_too_rarely() -> None:
    """The same launches, and each visit's wait as if it were independent of the others."""
    family, window = FAMILIES["Erlang C"], Window(80, 380)
    truth_s = pools.Mmc(8, 1, 10).waiting_time_s
    covered = 0
    for seed in range(SOME_SEEDS):
        launches = [family.rows(seed, launch) for launch in range(20)]
        waits = np.concatenate([window.waits_s(rows) for rows in launches])
        mean_s, half_s = mean_and_half_width(waits)
        covered += abs(mean_s - truth_s) <= half_s
    low, _ = certainty.band(SOME_SEEDS, 0.95, 0.9999)
    assert covered < low
