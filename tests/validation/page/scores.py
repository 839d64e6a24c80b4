"""Errors of predicted figures: of what, in which band of load, and how each configuration did."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.validation.runs.kept import Row, is_steady

PROBED, MACHINE, SERVICES = "probed", "machine", "services"
SMALL_WAIT = 0.1
"""A wait is held against a tenth of a service where it is less."""
FEW = 0.01
"""Failures are held against one in a hundred of those who came where they are fewer."""
INTERVALS = (
    "response_p50", "response_p95", "served", "turned_away", "timed_out", "goodput", "line_peak",
    "wait_p50", "wait_p95",
)  # fmt: skip
"""The figures whose middle 95 % is held against what was observed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What is asked of an error: its median over configurations must not be larger."""

    name: str
    error: Callable[[Row, str], Iterator[float]]
    """The errors of a row, by what was given: as probed, or with the services as they were."""
    probed: float | None
    """None: nothing was asked beforehand, and it is told all the same."""
    services: float | None


def flat(row: Row, low: float, high: float) -> bool:
    """Whether it came at one rate, above the one share of the capacity and at most at the other."""
    return row["kind"] == "flat" and low < float(row["share"]) <= high


def said(row: Row, figure: str, given: str) -> float | None:
    """What was predicted; where the machine's part is not told, it is none.

    What stands in the run's waterfall is as its report tells it: of the median launch.
    """
    again = row.get("given") or {}
    if given == PROBED or (given == MACHINE and MACHINE not in again):
        return known(row["figures"], figure, "predicted")
    level = told_level(row, figure, given)
    value = again.get(given, {}).get(figure) if level is None else level
    return None if value is None else float(value)


def told_level(row: Row, figure: str, given: str) -> float | None:
    """A figure as the run's waterfall has it; None where it has none."""
    step = {SERVICES: "service"}.get(given, given)
    falls = (row.get("prediction") or {}).get("waterfalls") or ()
    levels = (each for fall in falls if fall["key"] == figure for each in fall["levels"])
    return next((level["value"] for level in levels if level["step"] == step), None)


def seen(row: Row, figure: str) -> float | None:
    return known(row["figures"], figure, "observed")


def known(figures: Mapping[str, Any], figure: str, side: str) -> float | None:
    value = figures.get(figure, {}).get(side)
    return None if value is None else float(value)


def relative(
    predicted: float | None, observed: float | None, floor: float = 0.0
) -> Iterator[float]:
    """|predicted - observed| / observed, where both are known."""
    if predicted is None or observed is None:
        return
    against = max(observed, floor)
    if against > 0:
        yield abs(predicted - observed) / against


def quantiles(low: float, high: float) -> Callable[[Row, str], Iterator[float]]:
    def errors(row: Row, given: str) -> Iterator[float]:
        if flat(row, low, high):
            for figure in ("response_p50", "response_p95"):
                yield from relative(said(row, figure, given), seen(row, figure))

    return errors


def sustainable(row: Row, given: str) -> Iterator[float]:
    """Above the capacity it is what is served."""
    if flat(row, 1.0, float("inf")):
        yield from relative(said(row, "sustained", given), seen(row, "sustained"))


def waiting(row: Row, given: str) -> Iterator[float]:
    if row["kind"] == "flat":
        floor = SMALL_WAIT * row["probe"]["service_s"]
        figure = "queue_wait_mean"
        yield from relative(said(row, figure, given), seen(row, figure), floor)


def failing(row: Row, given: str) -> Iterator[float]:
    """Turned away or timed out, of rows in which there were or should have been any."""
    if row["kind"] == "line" or not row["share"] > 1.0:
        return
    floor = FEW * sum(row["arrivals_a_s"])
    predicted, observed = failures(row, given), failures(row, None)
    if predicted is not None and observed is not None and max(predicted, observed) >= floor:
        yield from relative(predicted, observed, floor)


def failures(row: Row, given: str | None) -> float | None:
    """How many attempts; ``given`` None: as observed."""
    both = [
        seen(row, figure) if given is None else said(row, figure, given)
        for figure in ("turned_away", "timed_out")
    ]
    return None if None in both else sum(each for each in both if each is not None)


def lines(share: float) -> Callable[[Row, str], Iterator[float]]:
    def errors(row: Row, given: str) -> Iterator[float]:
        if row["kind"] == "line" and row["share"] == share:
            for figure in ("line_peak", "cleared", "wait_p95"):
                yield from relative(said(row, figure, given), seen(row, figure))

    return errors


def countdown(row: Row, given: str) -> Iterator[float]:
    if row["kind"] == "countdown":
        for figure in ("response_p50", "response_p95"):
            yield from relative(said(row, figure, given), seen(row, figure))


def of_lines(share: float) -> Bar:
    """At 3 times the capacity 5 and 3 %; nearer to the capacity as much more as the peak is more sensitive.

    At k times the capacity the peak is (k - 1) C T, so at a given rate d ln Q / d ln C = -1 / (k - 1).
    """
    sensitive = 2.0 / (share - 1.0)
    return Bar(
        name=f"line at {share:g} times the capacity: peak, time to clear, p95 wait", error=lines(share),
        probed=0.05 * sensitive, services=0.03 * sensitive,
    )  # fmt: skip


BARS = (
    Bar(name="largest sustainable rate", error=sustainable, probed=0.05, services=0.03),
    Bar(name="p50 and p95, up to 0.7 of the capacity", error=quantiles(0, 0.7), probed=0.08, services=0.04),
    Bar(name="p50 and p95, from 0.7 to 0.9", error=quantiles(0.7, 0.9), probed=0.20, services=0.08),
    Bar(name="waiting before service (mean)", error=waiting, probed=0.15, services=0.10),
    Bar(name="turned away and timed out, above the capacity", error=failing, probed=0.10, services=0.05),
    of_lines(3.0), of_lines(2.0), of_lines(1.5), of_lines(1.25),
    Bar(name="p50 and p95 of a countdown with retries", error=countdown, probed=None, services=None),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """The median over configurations of their medians, and the worst of them."""

    median: float
    worst: float
    worst_of: str
    configurations: int


def by_configuration(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["configuration"], []).append(row)
    return found


def medians(
    rows: Iterable[Row], error: Callable[[Row, str], Iterator[float]], given: str
) -> dict[str, float]:
    """Of each configuration that has any such error."""
    found = {}
    for name, each in by_configuration(rows).items():
        errors = [one for row in each for one in error(row, given)]
        if errors:
            found[name] = statistics.median(errors)
    return found


def score(rows: Iterable[Row], bar: Bar, given: str) -> Score | None:
    """None where nothing is known."""
    found = medians(rows, bar.error, given)
    if not found:
        return None
    worst = max(found, key=lambda name: found[name])
    return Score(statistics.median(found.values()), found[worst], worst, len(found))


def measured(rows: Iterable[Row]) -> list[Row]:
    """Those that came to their end, on a machine that was steady, or at which nobody looked."""
    return [row for row in rows if row["outcome"] == "measured" and is_steady(row) is not False]


def covered(rows: Iterable[Row]) -> tuple[int, int]:
    """How many observed figures lie in their middle 95 %, of how many that vary."""
    inside = total = 0
    for row in rows:
        for figure in INTERVALS:
            low, high, value = (
                known(row["figures"], figure, side) for side in ("from", "to", "observed")
            )
            if low is not None and high is not None and value is not None and low < high:
                total += 1
                inside += low <= value <= high
    return inside, total


def shares_of(rows: Sequence[Row]) -> list[float]:
    return sorted({row["share"] for row in rows})
