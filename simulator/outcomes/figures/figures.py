"""What each printed figure means: of what it is a quantile, a rate or a share."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from simulator.outcomes.counts.histogram import Histogram, samples_needed
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Fate, Result
from simulator.system.objectives import Objectives
from simulator.units import NS_PER_S

KEPT_OUT = (Fate.TURNED_AWAY, Fate.BALKED, Fate.RENEGED, Fate.NO_SHOW, Fate.WAITING)
"""The fates of those who came to the line and were never let in."""
FLOOR = 0.5
"""The largest share of those who came that may go without what they came for, if nothing is said."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure read from a Summary. ``value`` is NaN where nothing can be read."""

    value: float
    samples: int
    enough: bool = True
    """Whether the samples carry the figure; if not, it is reported as "too few"."""
    needed: int = 1
    """How many samples would carry it."""
    above: float = math.nan
    """Where nobody saw how all of it ended: the figure lies between ``value`` and this."""
    blur: float = 0.0
    """How far it may be off however many samples there are: what its bucket hides."""

    @property
    def open(self) -> bool:
        """Whether ``value`` is a lower bound: the figure is at least that."""
        return self.above > self.value

    @property
    def unseen(self) -> float:
        """Of a share: how many may be a part of it or not."""
        return (self.most - self.value) * self.samples

    @property
    def most(self) -> float:
        """The largest that the figure can be."""
        return self.above if self.open else self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure: its key, what people call it, its unit, and how it is read."""

    key: str
    """Of one journey or station among several: "NAME/key"."""
    label: str
    unit: str
    read: Callable[[Summary], Reading]
    rare: bool = False
    """Left out of a table for people where there is none of it."""

    @property
    def kind(self) -> str:
        """The key without the name of a journey or station."""
        return self.key.rpartition("/")[2]

    @property
    def of_part(self) -> bool:
        """Whether it speaks of one journey or station among several."""
        return "/" in self.key


def _count_of(read: Callable[[Summary], int]) -> Callable[[Summary], Reading]:
    return lambda summary: Reading(float(read(summary)), summary.arrivals)


def _fate(fate: Fate) -> Callable[[Summary], Reading]:
    return _count_of(lambda summary: int(summary.fates[fate]))


def _result(result: Result) -> Callable[[Summary], Reading]:
    return _count_of(lambda summary: int(summary.results[result]))


def quantile_of(
    histogram: Callable[[Summary], Histogram], quantile: float
) -> Callable[[Summary], Reading]:
    """Reads a quantile in seconds."""

    def read(summary: Summary) -> Reading:
        counts = histogram(summary)
        least_ns, most_ns = counts.quantile_bounds_ns(quantile)
        known = least_ns > 0 or most_ns < math.inf
        return Reading(
            least_ns / NS_PER_S if known else math.nan,
            counts.total,
            known and counts.enough_for(quantile),
            samples_needed(quantile),
            most_ns / NS_PER_S,
            # A lower bound is the lower end of its bucket, and not interpolated.
            0.0 if least_ns < most_ns else counts.blur_ns(quantile) / NS_PER_S,
        )

    return read


def mean_of(histogram: Callable[[Summary], Histogram]) -> Callable[[Summary], Reading]:
    """Reads a mean in seconds: of requests that cost differently, no quantile says how fast all are."""

    def read(summary: Summary) -> Reading:
        durations = histogram(summary)
        least_ns, most_ns = durations.mean_bounds_ns()
        total = durations.total
        return Reading(least_ns / NS_PER_S, total, total > 0, above=most_ns / NS_PER_S)

    return read


def response_of(journey: int, quantile: float) -> Callable[[Summary], Reading]:
    """Reads how long those let in on a journey took to get what they came for."""
    return quantile_of(lambda summary: summary.response_of(journey), quantile)


def errors_of(journey: int) -> Callable[[Summary], Reading]:
    """Reads the share of those let in on a journey who left without what they came for.

    Whose end nobody saw is no success. Who was still under way at the end, and had waited for an
    answer longer than any client of the journey does, is an error; all others under way may become
    one or not, so that the share lies between two bounds: none of them, and all of them. Where the
    clients have no timeout, nothing but an answer can tell.
    """
    return _errors_on([journey])


def _errors_on(journeys: Sequence[int]) -> Callable[[Summary], Reading]:
    def read(summary: Summary) -> Reading:
        let_in = sum(summary.let_in_of(journey) for journey in journeys)
        gave_up, under_way, overdue = (
            sum(int(counts[journey]) for journey in journeys)
            for counts in (
                summary.fates_of_journeys[:, Fate.GAVE_UP],
                summary.fates_of_journeys[:, Fate.UNFINISHED],
                summary.overdue,
            )
        )
        known = min(overdue, under_way)
        return between(gave_up + known, under_way - known, let_in)

    return read


def _errors(summary: Summary) -> Reading:
    return _errors_on(range(len(summary.layout.journeys)))(summary)


Read = Callable[[Summary], Reading]


def between(known: int, unseen: int, total: int) -> Reading:
    """A share of which some may turn out to be a part or not."""
    if not total:
        return Reading(math.nan, 0, enough=False)
    return Reading(known / total, total, above=(known + unseen) / total)


def never_let_in(*, closes: bool = True) -> Read:
    """Reads the share of those who came to the line who had not been let in at the end.

    Where the line does not close then, nobody knows of those who still stand in it.
    """

    def read(summary: Summary) -> Reading:
        waiting = int(summary.fates[Fate.WAITING])
        out = int(summary.fates[list(KEPT_OUT)].sum())
        unseen = 0 if closes else waiting
        return between(out - unseen, unseen, summary.came_to_line)

    return read


def left(*, closes: bool = True) -> Read:
    """Reads the share of those who stood in line who left it since their patience ran out."""

    def read(summary: Summary) -> Reading:
        waiting = 0 if closes else int(summary.fates[Fate.WAITING])
        return between(int(summary.fates[Fate.RENEGED]), waiting, summary.stood_in_line)

    return read


def not_served(objectives: Objectives, summary: Summary, *, closes: bool = True) -> Reading:
    """The share of those who came who went without what they came for.

    Without those of whom an objective says how many there may be.
    """
    fates = summary.fates_of_journeys.copy()
    line = objectives.line
    if line.never_let_in is not None:
        fates[:, list(KEPT_OUT)] = 0
    elif line.left is not None:
        fates[:, Fate.RENEGED] = 0
    for asked in objectives.journeys:
        if asked.errors is not None:
            journey = summary.layout.journeys.index(asked.journey)
            fates[journey, [Fate.GAVE_UP, Fate.UNFINISHED]] = 0
    open_fates = [Fate.UNFINISHED] if closes else [Fate.UNFINISHED, Fate.WAITING]
    came = summary.arrivals - int(summary.fates[Fate.UNSENT])
    unseen = int(fates[:, open_fates].sum())
    lost = int(fates[:, [*KEPT_OUT, Fate.GAVE_UP, Fate.UNFINISHED]].sum())
    return between(lost - unseen, unseen, came)


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


def _served_on(journey: int) -> Callable[[Summary], Reading]:
    return _count_of(lambda summary: int(summary.fates_of_journeys[journey, Fate.SERVED]))


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


def _waits_of(place: int) -> Callable[[Summary], Histogram]:
    return lambda summary: summary.waits[place]


def _attempts_of(place: int, name: str) -> Callable[[Summary], Reading]:
    return _count_of(lambda summary: int(getattr(summary.steps, name)[place].sum()))


FIGURES = figures_of(Layout())
"""The figures of a launch with one journey of one step."""
