"""What each printed figure means: of what it is a quantile, a rate or a share."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator

from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.reading import Figure, Read, Reading
from simulator.outcomes.figures.shares import errors_of, errors_on, left, never_let_in
from simulator.outcomes.figures.times import mean_of, quantile_of, response_of
from simulator.outcomes.rows import Fate, Result
from simulator.units import NS_PER_S


def figures_of(layout: Layout) -> tuple[Figure, ...]:
    """Every figure of a launch, in the order in which it is printed.

    Where there are several journeys or stations, theirs follow those of all together.
    """
    return _figures(layout.journeys, tuple(map(layout.name_of_place, range(len(layout.places)))))


@functools.cache
def _figures(journeys: tuple[str, ...], places: tuple[str, ...]) -> tuple[Figure, ...]:
    return (*_of_all(journeys), *_of_journeys(journeys), *_of_places(places))


def _of_all(journeys: tuple[str, ...]) -> tuple[Figure, ...]:
    all_of_them = journeys[0] if len(journeys) == 1 else "all journeys"
    return (
        Figure("arrivals", "arrivals", "", _count_of(lambda s: s.arrivals)),
        Figure("let_in", "let in", "", _count_of(lambda s: s.let_in)),
        Figure("line_peak", "line at its peak", "", _count_of(line_peak)),
        Figure("wait_p50", "wait p50, who stayed", "s", quantile_of(lambda s: s.wait, 0.50)),
        Figure("wait_p95", "wait p95, who stayed", "s", quantile_of(lambda s: s.wait, 0.95)),
        Figure("response_p50", f"{all_of_them} p50", "s", quantile_of(lambda s: s.response, 0.50)),
        Figure("response_p95", f"{all_of_them} p95", "s", quantile_of(lambda s: s.response, 0.95)),
        Figure("response_p99", f"{all_of_them} p99", "s", quantile_of(lambda s: s.response, 0.99)),
        Figure("service_mean", "mean service time", "s", mean_of(lambda s: s.service)),
        Figure(
            "exchange_p50",
            "response time p50 (per request)",
            "s",
            quantile_of(lambda s: s.exchange, 0.50),
        ),
        Figure(
            "exchange_p95",
            "response time p95 (per request)",
            "s",
            quantile_of(lambda s: s.exchange, 0.95),
        ),
        Figure("errors", "errors", "share", _errors),
        Figure("turned_away", "turned away", "", _result(Result.TURNED_AWAY)),
        Figure("timed_out", "timed out", "", _result(Result.TIMED_OUT)),
        Figure("served", "served", "", _fate(Fate.SERVED)),
        Figure("reneged", "left the line", "", _fate(Fate.RENEGED)),
        Figure("balked", "found it too long", "", _fate(Fate.BALKED), rare=True),
        Figure("line_full", "found the line full", "", _fate(Fate.TURNED_AWAY), rare=True),
        Figure("no_show", "called, did not come", "", _fate(Fate.NO_SHOW), rare=True),
        Figure("waiting", "still in line", "", _fate(Fate.WAITING)),
        Figure("never_let_in", "never let in, of the line", "share", never_let_in(), rare=True),
        Figure("left", "left, of the line", "share", left(), rare=True),
        Figure("unfinished", "unfinished", "", _fate(Fate.UNFINISHED)),
        Figure("offered", "offered load, requests", "1/s", _offered),
        Figure("goodput", "goodput", "1/s", _goodput),
    )


def _of_journeys(journeys: tuple[str, ...]) -> Iterator[Figure]:
    if len(journeys) == 1:
        return
    for number, name in enumerate(journeys):
        for quantile in (0.50, 0.95, 0.99):
            short = f"p{100 * quantile:g}"
            key, label = f"{name}/response_{short}", f"{name} {short}"
            yield Figure(key, label, "s", response_of(number, quantile))
        yield Figure(f"{name}/errors", f"{name}: errors", "share", errors_of(number))
        yield Figure(f"{name}/served", f"{name}: served", "", _served_on(number))


def _of_places(places: tuple[str, ...]) -> Iterator[Figure]:
    if len(places) == 1:
        return
    for number, name in enumerate(places):
        wait = quantile_of(_waits_of(number), 0.95)
        yield Figure(f"{name}/sent", f"{name}: attempts", "", _attempts_of(number, "sent"))
        yield Figure(f"{name}/answered", f"{name}: answered", "", _attempts_of(number, "answered"))
        refused = _attempts_of(number, "turned_away")
        yield Figure(f"{name}/turned_away", f"{name}: turned away", "", refused)
        yield Figure(
            f"{name}/timed_out", f"{name}: timed out", "", _attempts_of(number, "timed_out")
        )
        yield Figure(f"{name}/queue_p95", f"{name}: wait p95", "s", wait)


def _errors(summary: Summary) -> Reading:
    return errors_on(range(len(summary.layout.journeys)))(summary)


def _served_on(journey: int) -> Read:
    return _count_of(lambda summary: int(summary.fates_of_journeys[journey, Fate.SERVED]))


def _waits_of(place: int) -> Callable[[Summary], Histogram]:
    return lambda summary: summary.waits[place]


def _attempts_of(place: int, name: str) -> Read:
    return _count_of(lambda summary: int(getattr(summary.steps, name)[place].sum()))


def _count_of(read: Callable[[Summary], int]) -> Read:
    return lambda summary: Reading(float(read(summary)), summary.arrivals)


def _fate(fate: Fate) -> Read:
    return _count_of(lambda summary: int(summary.fates[fate]))


def _result(result: Result) -> Read:
    return _count_of(lambda summary: int(summary.results[result]))


def goodput_per_s(summary: Summary, first: int, last: int) -> float:
    """Served within the objective, a second, from one bin up to another."""
    seconds = (last - first) * summary.bin_ns / NS_PER_S
    return int(summary.bins.good[first:last].sum()) / seconds if seconds > 0 else math.nan


def _goodput(summary: Summary) -> Reading:
    """From the opening to the horizon."""
    last = summary.horizon_ns // summary.bin_ns
    good = int(summary.bins.good[:last].sum())
    return Reading(goodput_per_s(summary, 0, last), good, last > 0)


def _offered(summary: Summary) -> Reading:
    """Requests sent in the mean from the opening to the horizon, all that are tried again included."""
    last = summary.horizon_ns // summary.bin_ns
    sent = int(summary.steps.sent[:, :last].sum())
    seconds = last * summary.bin_ns / NS_PER_S
    return Reading(sent / seconds if seconds else math.nan, sent, last > 0)


def line_peak(summary: Summary) -> int:
    return int(summary.bins.line.max(initial=0))


FIGURES = figures_of(Layout())
"""The figures of a launch with one journey of one step."""
