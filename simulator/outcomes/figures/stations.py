"""What figures of the line and of each station mean: waits, queues, utilisation, instances, requests.

Utilisation is busy server time over available server time, with work whose client has left; what is
down or boots is not available. Means are those from the opening to the horizon; what is highest is
the highest mean of a bin. Only engines know it: of a replay it is unknown, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from simulator.outcomes.bins import Counts
from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.reading import Figure, Reading, between
from simulator.outcomes.figures.times import mean_of
from simulator.outcomes.rows import Fate
from simulator.outcomes.tracks import Grid, Tracks
from simulator.units import NS_PER_S, Floats

OverTime = Callable[[Summary, int], Floats]
"""Of a station, by bin of time."""


def line_figures() -> Iterator[Figure]:
    """Of the line."""
    yield Figure("wait_mean", "mean wait, who stayed", "s", mean_of(lambda summary: summary.wait))
    yield Figure("wait_probability", "probability of waiting in line", "share", _wait_in_line)
    yield Figure("line_mean", "line, mean length", "", _line_mean)


def station_figures(layout: Layout) -> Iterator[Figure]:
    """Of each station."""
    for number, name in enumerate(layout.stations):
        yield Figure(
            f"{name}/wait_mean", f"mean wait at {name}", "s", mean_of(_waits_at(layout, number))
        )
        yield Figure(
            f"{name}/wait_probability",
            f"probability of waiting at {name}",
            "share",
            _probability(_waits_at(layout, number)),
        )
        for kind, label, unit, over_time in (
            ("queue", f"queue at {name}", "", queue),
            ("utilisation", f"utilisation of {name}", "share", utilisation),
            ("requests", f"requests/s at {name}", "1/s", requests_per_s),
        ):
            yield Figure(f"{name}/{kind}_mean", f"{label}: mean", unit, MEANS[kind](number))
            yield Figure(
                f"{name}/{kind}_highest", f"{label}: highest", unit, _highest(over_time, number)
            )
        fewest = f"instances of {name}: fewest"
        yield Figure(f"{name}/instances_fewest", fewest, "", _fewest(number))
        most = f"instances of {name}: most"
        yield Figure(f"{name}/instances_most", most, "", _highest(instances, number))


# Over time -----------------------------------------------------------------------------------------


def queue(summary: Summary, station: int) -> Floats:
    """How many jobs wait, as the mean of each bin."""
    tracks = known(summary)
    return _ratio(tracks.waiting[station], _moments(summary))


def instances(summary: Summary, station: int) -> Floats:
    """How many instances are up, as the mean of each bin."""
    tracks = known(summary)
    return _ratio(tracks.instances[station], _moments(summary))


def utilisation(summary: Summary, station: int) -> Floats:
    """Which share of what is there is busy; NaN where nothing is there.

    Work that ends on servers that were taken away does not make it more than all.
    """
    tracks = known(summary)
    used: Floats = np.minimum(1.0, _ratio(tracks.busy[station], tracks.there[station]))
    return used


def requests_per_s(summary: Summary, station: int) -> Floats:
    """How many jobs come, a second."""
    tracks = known(summary)
    return _ratio(tracks.offered[station], _seconds(summary))


def known(summary: Summary) -> Tracks:
    """What the stations did; unknown in all bins where nobody knows."""
    if summary.tracks is None:
        raise LookupError("what the stations did is not known")
    return summary.tracks


def _ratio(part: Counts, whole: Counts | Floats) -> Floats:
    """NaN where there is nothing to be a part of."""
    ratios: Floats = np.full(len(part), math.nan)
    some = whole > 0
    ratios[some] = part[some] / whole[some]
    return ratios


def _moments(summary: Summary) -> Counts:
    """In each bin; the last one may be cut short."""
    grid = Grid.of(summary.bin_ns, summary.end_ns)
    moments = np.full(grid.bins, grid.moments, np.int64)
    moments[-1:] = (summary.end_ns - (grid.bins - 1) * grid.bin_ns) >> grid.shift
    return moments


def _seconds(summary: Summary) -> Floats:
    starts_ns = np.arange(len(summary.bins.arrivals), dtype=np.int64) * summary.bin_ns
    seconds: Floats = np.minimum(summary.bin_ns, summary.end_ns - starts_ns) / NS_PER_S
    return seconds


def _open(summary: Summary) -> slice:
    """The bins up to the horizon."""
    return slice(0, max(1, summary.horizon_ns // summary.bin_ns))


# Readings ------------------------------------------------------------------------------------------


def _told(
    read: Callable[[Summary, Tracks], float],
) -> Callable[[Summary], Reading]:
    def reading(summary: Summary) -> Reading:
        if summary.tracks is None:
            return Reading(math.nan, 0, enough=False)
        value = read(summary, summary.tracks)
        return Reading(value, int(summary.tracks.offered.sum()), not math.isnan(value))

    return reading


def _highest(over_time: OverTime, station: int) -> Callable[[Summary], Reading]:
    def read(summary: Summary, _: Tracks) -> float:
        values = over_time(summary, station)
        return float(np.nanmax(values)) if np.isfinite(values).any() else math.nan

    return _told(read)


def _fewest(station: int) -> Callable[[Summary], Reading]:
    def read(summary: Summary, _: Tracks) -> float:
        return float(instances(summary, station)[_open(summary)].min())

    return _told(read)


def _queue_mean(station: int) -> Callable[[Summary], Reading]:
    def read(summary: Summary, tracks: Tracks) -> float:
        here = _open(summary)
        return float(tracks.waiting[station, here].sum() / _moments(summary)[here].sum())

    return _told(read)


def _utilisation_mean(station: int) -> Callable[[Summary], Reading]:
    def read(summary: Summary, tracks: Tracks) -> float:
        here = _open(summary)
        busy, there = tracks.busy[station, here].sum(), tracks.there[station, here].sum()
        return min(1.0, float(busy / there)) if there else math.nan

    return _told(read)


def _requests_mean(station: int) -> Callable[[Summary], Reading]:
    def read(summary: Summary, tracks: Tracks) -> float:
        here = _open(summary)
        return float(tracks.offered[station, here].sum() / _seconds(summary)[here].sum())

    return _told(read)


MEANS = {"queue": _queue_mean, "utilisation": _utilisation_mean, "requests": _requests_mean}


def _waits_at(layout: Layout, station: int) -> Callable[[Summary], Histogram]:
    places = layout.places_at(station)

    def read(summary: Summary) -> Histogram:
        together = Histogram()
        for place in places:
            together = together.merged(summary.waits[place])
        return together

    return read


def _probability(waits: Callable[[Summary], Histogram]) -> Callable[[Summary], Reading]:
    """Of those who came to be served, the share who waited for it, if only for a nanosecond.

    Whose service never began has waited as soon as any time has passed.
    """

    def read(summary: Summary) -> Reading:
        if summary.tracks is None:
            return Reading(math.nan, 0, enough=False)
        durations = waits(summary)
        at_once, unseen = int(durations.counts[0]), int(durations.censored.counts[0])
        return between(durations.total - at_once - unseen, unseen, durations.total)

    return read


def _wait_in_line(summary: Summary) -> Reading:
    """Of those who came to the line and did not find it full or too long, the share who waited."""
    kept_out = summary.fates[[Fate.BALKED, Fate.TURNED_AWAY, Fate.UNSENT]].sum()
    came = summary.arrivals - int(kept_out)
    at_once = summary.let_in - summary.wait.finite + int(summary.wait.counts[0])
    if summary.tracks is None or came == 0:
        return Reading(math.nan, 0, enough=False)
    return Reading(1.0 - at_once / came, came)


def _line_mean(summary: Summary) -> Reading:
    """At the ends of the bins up to the horizon."""
    line = summary.bins.line[_open(summary)]
    return Reading(float(line.mean()), summary.arrivals)
