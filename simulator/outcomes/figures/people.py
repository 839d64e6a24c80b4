"""What figures of each group of people mean, where there are several."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from simulator.outcomes.counts.groups import Group
from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import ENTERED, Summary
from simulator.outcomes.figures.reading import Figure, Reading, between
from simulator.outcomes.figures.times import mean_of, quantile_of
from simulator.outcomes.rows import Fate
from simulator.units import NS_PER_S

LEFT = (Fate.RENEGED, Fate.BALKED, Fate.TURNED_AWAY, Fate.NO_SHOW)
"""Came, and went without having been let in."""


def people_figures(layout: Layout) -> Iterator[Figure]:
    """Of each group."""
    for number, name in enumerate(layout.people):
        wait, response = _histogram(number, "wait"), _histogram(number, "response")
        for kind, label, unit, read in (
            ("arrivals", "arrivals", "", _count(number, *Fate)),
            ("let_in", "let in", "", _count(number, *ENTERED)),
            ("wait_p50", "wait p50, who stayed", "s", quantile_of(wait, 0.50)),
            ("wait_p95", "wait p95, who stayed", "s", quantile_of(wait, 0.95)),
            ("wait_mean", "mean wait, who stayed", "s", mean_of(wait)),
            ("response_p50", "response p50", "s", quantile_of(response, 0.50)),
            ("response_p95", "response p95", "s", quantile_of(response, 0.95)),
            ("stay_mean", "mean time to success", "s", _stay(number)),
            ("errors", "errors", "share", _errors(number)),
            ("served", "served", "", _count(number, Fate.SERVED)),
            ("left", "never let in, left", "", _count(number, *LEFT)),
        ):
            yield Figure(f"{name}/group_{kind}", f"{name}: {label}", unit, read)


def _group(summary: Summary, number: int) -> Group:
    return summary.groups.each[number]


def _histogram(number: int, name: str) -> Callable[[Summary], Histogram]:
    def read(summary: Summary) -> Histogram:
        found: Histogram = getattr(_group(summary, number), name)
        return found

    return read


def _count(number: int, *fates: Fate) -> Callable[[Summary], Reading]:
    def read(summary: Summary) -> Reading:
        counts = _group(summary, number).fates
        return Reading(float(counts[list(fates)].sum()), int(counts.sum()))

    return read


def _errors(number: int) -> Callable[[Summary], Reading]:
    """Of those let in, as :func:`simulator.outcomes.figures.shares.errors_of` of a journey."""

    def read(summary: Summary) -> Reading:
        group = _group(summary, number)
        under_way = int(group.fates[Fate.UNFINISHED])
        overdue = min(group.overdue, under_way)
        let_in = int(group.fates[list(ENTERED)].sum())
        return between(int(group.fates[Fate.GAVE_UP]) + overdue, under_way - overdue, let_in)

    return read


def _stay(number: int) -> Callable[[Summary], Reading]:
    """The mean wait of those let in (none where there is no line) and the mean response of the served.

    Who still waits or is under way may come to succeed, and then has taken at least so long: with
    any of them the figure is at least the smaller of what they make of it and what it is without.
    """

    def read(summary: Summary) -> Reading:
        group = _group(summary, number)
        let_in, served = int(group.fates[list(ENTERED)].sum()), group.response.finite
        if not served:
            return Reading(math.nan, 0, enough=False)
        least_ns = _least_mean_ns(group.wait, let_in) + _least_mean_ns(group.response, served)
        some_go_on = group.wait.unended + group.response.unended > 0
        return Reading(least_ns / NS_PER_S, served, above=math.inf if some_go_on else math.nan)

    return read


def _least_mean_ns(durations: Histogram, ended: int) -> float:
    with_all = (durations.sum_ns + durations.censored.sum_ns) / (ended + durations.unended)
    return min(durations.sum_ns / ended, with_all)
