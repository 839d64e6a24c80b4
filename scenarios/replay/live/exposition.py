"""What Prometheus is told: each series once as observed, and three times as predicted for the same instant.

Counters and levels are those of the instant at which all workers were heard of last. A duration's quantile is
that of all who are done until now; its prediction is that of the whole rehearsal, since quantiles of a surge
move until its end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from scenarios.replay.live.course import Course
from scenarios.replay.live.observed import LIMITS_NS, Observed
from scenarios.replay.live.quantities import ATTEMPTS, Quantity
from simulator.outcomes.figures.reading import Figure, Read
from simulator.outcomes.figures.times import quantile_of, response_of
from simulator.plan.launches import Prediction
from simulator.system.objectives import Objectives
from simulator.units import NS_PER_S

SOURCE = "source"
OBSERVED = "observed"
PREDICTED = ("predicted_low", "predicted", "predicted_high")
"""The values of the label ``source``; the three are those of a spread."""
QUANTILES = (0.5, 0.95, 0.99)
"""Told as the label ``p`` ("95"): the label ``quantile`` is that of Prometheus' own summaries."""
OF_ALL = " Predicted: of the whole rehearsal."


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """A duration's quantile, as a gauge."""

    name: str
    says: str
    labels: tuple[tuple[str, str], ...]
    read: Read
    predicted: tuple[float, float, float]
    """As in PREDICTED; NaN is unknown."""


class Exposition(Collector):
    """Everything that is told of one rehearsal."""

    def __init__(
        self,
        observed: Observed,
        prediction: Prediction,
        course: Course,
        objectives: Objectives,
        about: dict[str, str],
    ) -> None:
        """``about`` names the run."""
        self.observed, self.course, self.about = observed, course, about
        self.quantiles = tuple(quantiles_of(prediction))
        self.objectives = tuple(limits_of(objectives))

    def collect(self) -> Iterable[Metric]:
        with self.observed.lock:
            return [
                info(self.about),
                *self.instant(),
                *self.quantities(),
                *self.durations(),
                self.limits(),
                self.requests(),
                *self.generator(),
            ]

    def instant(self) -> Iterator[Metric]:
        yield gauge(
            "surgeproof_clock_seconds",
            "For how long the doors have been open.",
            [((), self.observed.now_ns / NS_PER_S)],
        )
        yield gauge(
            "surgeproof_end_seconds",
            "When the rehearsal ends, by that clock.",
            [((), self.observed.summary.end_ns / NS_PER_S)],
        )

    def quantities(self) -> Iterator[Metric]:
        """Counts and levels, family by family."""
        now_ns = self.observed.now_ns
        for name, several in groupby(self.course.spreads, key=lambda each: each.name):
            family: CounterMetricFamily | GaugeMetricFamily | None = None
            for quantity in several:
                family = family or family_of(quantity, name)
                labels = [value for _, value in quantity.labels]
                spread = self.course.at(quantity, now_ns)
                family.add_metric([*labels, OBSERVED], self.observed.value(quantity))
                for source, value in zip(PREDICTED, spread, strict=True):
                    family.add_metric([*labels, source], value)
            if family is not None:
                yield family

    def durations(self) -> Iterator[Metric]:
        for name, several in groupby(self.quantiles, key=lambda each: each.name):
            values, says = [], ""
            for quantile in several:
                says = quantile.says
                found = quantile.read(self.observed.summary)
                seen = found.value if found.enough else math.nan
                told = zip((OBSERVED, *PREDICTED), (seen, *quantile.predicted), strict=True)
                values += [((*quantile.labels, (SOURCE, source)), value) for source, value in told]
            yield gauge(name, says + OF_ALL, values)

    def limits(self) -> Metric:
        return gauge(
            "surgeproof_objective_seconds",
            "The longest that a quantile may be: of a journey's responses, or of the wait in the line.",
            self.objectives,
        )

    def requests(self) -> Metric:
        """Durations of requests as a histogram, of which Prometheus makes quantiles over time."""
        family = HistogramMetricFamily(
            "surgeproof_request_seconds",
            "From sending to the last byte, of the attempts that succeeded.",
            labels=["at"],
        )
        layout = self.observed.summary.layout
        for place, durations in enumerate(self.observed.requests):
            counts = zip(LIMITS_NS, durations.within_limits, strict=True)
            buckets = [(f"{limit_ns / NS_PER_S:g}", float(count)) for limit_ns, count in counts]
            family.add_metric(
                [layout.name_of_place(place)],
                [*buckets, ("+Inf", float(durations.many))],
                durations.sum_ns / NS_PER_S,
            )
        return family

    def generator(self) -> Iterator[Metric]:
        """How the load generator itself fares, worker by worker."""
        beats = [((("worker", str(worker)),), beat) for worker, beat in self.observed.beats.items()]
        yield gauge(
            "surgeproof_generator_cpu_share",
            "The share of one core that a worker of the load generator used in the last second.",
            [(labels, beat.cpu_share) for labels, beat in beats],
        )
        yield gauge(
            "surgeproof_generator_lag_seconds",
            "By how much a worker's event loop overslept at most in the last second.",
            [(labels, beat.loop_lag_ns / NS_PER_S) for labels, beat in beats],
        )
        unsent = CounterMetricFamily(
            "surgeproof_visitors_unsent",
            "Planned visitors whom the load generator could not send.",
            labels=["worker", "why"],
        )
        for ((_, worker),), beat in beats:
            unsent.add_metric([worker, "late"], beat.late)
            unsent.add_metric([worker, "too_many_under_way"], beat.at_cap)
        yield unsent


Labels = tuple[tuple[str, str], ...]


def family_of(quantity: Quantity, name: str) -> CounterMetricFamily | GaugeMetricFamily:
    """An empty one."""
    full = f"surgeproof_{name}" if name == ATTEMPTS else f"surgeproof_visitors_{name}"
    labels = [*(key for key, _ in quantity.labels), SOURCE]
    kind = GaugeMetricFamily if quantity.level else CounterMetricFamily
    return kind(full, quantity.says, labels=labels)


def gauge(name: str, says: str, values: Iterable[tuple[Labels, float]]) -> GaugeMetricFamily:
    """Without what is unknown."""
    known = [(labels, value) for labels, value in values if not math.isnan(value)]
    family = GaugeMetricFamily(name, says, labels=[key for key, _ in known[0][0]] if known else [])
    for labels, value in known:
        family.add_metric([text for _, text in labels], value)
    return family


def info(about: dict[str, str]) -> Metric:
    return InfoMetricFamily("surgeproof_rehearsal", "What is rehearsed.", value=about)


def quantiles_of(prediction: Prediction) -> Iterator[Quantile]:
    """Waits, responses of each journey, and exchanges."""
    layout = prediction.launches[0].layout
    for quantile in QUANTILES:
        yield predicted(
            "surgeproof_wait_seconds",
            "How long people stood in the line, of those who were let in or stayed.",
            (),
            quantile,
            quantile_of(lambda summary: summary.wait, quantile),
            prediction,
        )
    for number, journey in enumerate(layout.journeys):
        for quantile in QUANTILES:
            yield predicted(
                "surgeproof_response_seconds",
                "From being let in to the last byte of what they came for, retries included.",
                (("journey", journey),),
                quantile,
                response_of(number, quantile),
                prediction,
            )
    for quantile in QUANTILES:
        yield predicted(
            "surgeproof_exchange_seconds",
            "From sending to the last byte, of attempts; what timed out is longer than its timeout.",
            (),
            quantile,
            quantile_of(lambda summary: summary.exchange, quantile),
            prediction,
        )


def predicted(
    name: str, says: str, labels: Labels, quantile: float, read: Read, prediction: Prediction
) -> Quantile:
    """A quantile, with what the simulated rehearsals say of it."""
    figure = Figure(key=name, label=name, unit="s", read=read)
    found = prediction.estimate(figure)
    known = (found.from_, found.mean, found.to) if found.enough else (math.nan,) * 3
    return Quantile(
        name=name,
        says=says,
        labels=(*labels, ("p", f"{100 * quantile:g}")),
        read=read,
        predicted=known,
    )


def limits_of(objectives: Objectives) -> Iterator[tuple[Labels, float]]:
    """What durations are held against."""
    asked = [("response", each.journey, each.quantiles_ns) for each in objectives.journeys]
    for of, journey, limits in (*asked, ("wait", "", objectives.line.wait_quantiles_ns)):
        for quantile, limit_ns in limits:
            labels = (("of", of), ("journey", journey), ("p", f"{100 * quantile:g}"))
            yield labels, limit_ns / NS_PER_S
