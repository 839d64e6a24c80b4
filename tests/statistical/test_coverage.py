"""The table of coverage is true, and an interval that takes visits for the unit would not be in it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from simulator.intervals import mean_and_half_width
from tests.statistical import coverage
from tests.statistical.families import FAMILIES
from tests.statistical.oracles import certainty, pools
from tests.statistical.reading import Window, waits_s


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


SOME_SEEDS = 60


@pytest.mark.slow
def test_an_interval_that_takes_visits_for_the_unit_covers_too_rarely() -> None:
    """The same launches, and each visit's wait as if it were independent of the others."""
    family, window = FAMILIES["Erlang C"], Window(80, 380)
    truth_s = pools.Mmc(8, 1, 10).waiting_time_s
    covered = 0
    for seed in range(SOME_SEEDS):
        launches = [family.rows(seed, launch) for launch in range(20)]
        waits = np.concatenate([waits_s(window.attempts(rows)) for rows in launches])
        mean_s, half_s = mean_and_half_width(waits)
        covered += abs(mean_s - truth_s) <= half_s
    low, _ = certainty.band(SOME_SEEDS, 0.95, 0.9999)
    assert covered < low
