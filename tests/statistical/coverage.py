"""How often a 95 % interval from a hundred launches covers the truth.

The intervals are those of every prediction (:func:`simulator.outcomes.figures.intervals.estimate`); each seed gives
one from a hundred launches, and a closed form is the truth.

``python -m tests.statistical.coverage`` writes docs/coverage.md.
"""

import argparse
import platform
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import joblib

from simulator.outcomes.figures.intervals import CONFIDENCE
from tests.statistical.families import FAMILIES, Family
from tests.statistical.oracles import certainty

LAUNCHES = 100
SEEDS = 1000
BAND = certainty.band(SEEDS, CONFIDENCE, 0.99)
"""So many of the seeds cover the truth, if 95 % do; that is missed once in 100 times."""
PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
TEXT = """\
# Do the intervals cover the truth?

A 95 % interval from {launches} launches, for each of {seeds:,} seeds, held against a closed form. If the intervals are
what they say, {low} to {high} of the seeds cover it: a true 95 % is outside once in 100 times, and a true 92 % is inside
once in {once:.0f}.

| family | system | figure of a launch | truth | seeds that cover it | CPU s |
|---|---|---|---:|---:|---:|
{rows}

`python -m tests.statistical.coverage` writes this page; `pytest -m slow tests/statistical/test_coverage.py` counts again.
Written on {day:%Y-%m-%d} with the compiled engine: {machine}.
"""


class Covered(NamedTuple):
    """How many seeds cover the truth, and the CPU seconds that it took."""

    seeds: int
    cpu_s: float


def covers(family: Family, seed: int) -> bool:
    found = family.estimate(seed, LAUNCHES)
    return found.low <= family.truth <= found.high


def covered_of(name: str, seeds: range) -> Covered:
    before_s = time.process_time()
    covered = sum(covers(FAMILIES[name], seed) for seed in seeds)
    return Covered(covered, time.process_time() - before_s)


SEEDS_AT_A_TIME = 25


def covered(name: str, seeds: int = SEEDS) -> Covered:
    """All seeds of a family, on every core there is."""
    parts = joblib.Parallel(n_jobs=-1)(
        joblib.delayed(covered_of)(name, range(first, min(seeds, first + SEEDS_AT_A_TIME)))
        for first in range(0, seeds, SEEDS_AT_A_TIME)
    )
    return Covered(sum(part.seeds for part in parts), sum(part.cpu_s for part in parts))


def page(found: dict[str, Covered]) -> str:
    low, high = BAND
    rows = [
        f"| {name} | {family.system_in_words} | {family.figure_in_words} | {family.truth:.6g} |"
        f" {found[name].seeds} | {found[name].cpu_s:.0f} |"
        for name, family in FAMILIES.items()
    ]
    return TEXT.format(
        launches=LAUNCHES, seeds=SEEDS, low=low, high=high,
        once=1 / certainty.p_between(low, high, SEEDS, 0.92), rows="\n".join(rows),
        day=datetime.now(UTC), machine=machine(),
    )  # fmt: skip


def machine() -> str:
    """What it ran on."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "llvmlite"))
    python = f"CPython {platform.python_version()}"
    return f"{processor()}, {joblib.cpu_count()} cores, {python}, {versions}"


def processor() -> str:
    described = Path("/proc/cpuinfo")
    said = described.read_text("utf-8").splitlines() if described.exists() else []
    names = [text.split(":", 1)[1].strip() for text in said if text.startswith("model name")]
    return names[0] if names else platform.machine()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seeds", type=int, default=SEEDS, help="fewer: a trial, nothing is written"
    )
    seeds = parser.parse_args().seeds
    found = {}
    for name in FAMILIES:
        found[name] = covered(name, seeds)
        sys.stderr.write(f"{name}: {found[name].seeds} of {seeds}, {found[name].cpu_s:.0f} CPU s\n")
    if seeds == SEEDS:
        PAGE.write_text(page(found), "utf-8")


if __name__ == "__main__":
    main()
