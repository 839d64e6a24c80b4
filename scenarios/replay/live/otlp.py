"""OTLP: what Prometheus would be told, pushed to a collector, and the visitors' spans with it.

By OpenTelemetry's own exporters, in threads of the parent, and only where it was asked for: the extra ``otel``.
A collector that is slow or gone costs figures and spans, and never the rehearsal.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from prometheus_client.metrics_core import Metric

from scenarios.replay.keeping.batch import Batch
from scenarios.replay.keeping.taking import ahead_ns
from scenarios.replay.live.exposition import Exposition
from scenarios.replay.live.spans import Spans, Told
from simulator.text.wording import one_line

EVERY_MS = 5_000
GIVES_UP_S = 5
"""For one push; at the end, for all that has not been pushed yet."""
LONGEST = 200
MOST_SPANS = 65_536
"""That wait to be pushed; what comes when so many do is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """Where figures and spans go."""

    metrics: MetricExporter
    spans: SpanExporter

    @classmethod
    def at(cls, url: str) -> Collector:
        """The collector at an address; ``OTEL_EXPORTER_OTLP_HEADERS`` holds what it wants to see of a key."""
        base = url.rstrip("/")
        return cls(
            metrics=OTLPMetricExporter(f"{base}/v1/metrics", timeout=GIVES_UP_S),
            spans=OTLPSpanExporter(f"{base}/v1/traces", timeout=GIVES_UP_S),
        )


class Complaints(logging.Handler):
    """What OpenTelemetry's library logs while a block lasts: kept, and printed nowhere."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(one_line(record.getMessage())[:LONGEST])

    def __str__(self) -> str:
        if not self.texts:
            return ""
        first, *others = self.texts
        return f"{first} (and {len(others):,} more)" if others else first

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Nobody else hears of it meanwhile."""
        library = logging.getLogger("opentelemetry")
        propagated, library.propagate = library.propagate, False
        library.addHandler(self)
        try:
            yield
        finally:
            library.removeHandler(self)
            library.propagate = propagated


class Counted(SpanExporter):
    """Counts the spans that a collector took, of those that it was to be given."""

    def __init__(self, exporter: SpanExporter) -> None:
        self.exporter, self.given, self.taken = exporter, 0, 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        found = self.exporter.export(spans)
        if found is SpanExportResult.SUCCESS:
            self.taken += len(spans)
        return found

    def shutdown(self) -> None:
        self.exporter.shutdown()

    @property
    def sentence(self) -> str:
        """How many it lacks; empty: none."""
        lacks = self.given - self.taken
        return f"the collector lacks {lacks:,} of {self.given:,} spans" if lacks else ""


@contextmanager
def pushed(
    collector: Collector, exposition: Exposition, told: Told, complain: Callable[[str], None]
) -> Iterator[Callable[[Batch], None]]:
    """Push until the block ends: figures by themselves, and the spans of what is heard.

    ``complain`` is told at the end what could not be pushed, if anything.
    """
    complaints, counted = Complaints(), Counted(collector.spans)
    collector = replace(collector, spans=counted)
    with complaints.kept(), pushing(collector, exposition, told, counted) as hear:
        yield hear
    if said := "; ".join(filter(None, (counted.sentence, str(complaints)))):
        complain(f"OTLP: not everything could be pushed: {said}")


@contextmanager
def pushing(
    collector: Collector, exposition: Exposition, told: Told, counted: Counted
) -> Iterator[Callable[[Batch], None]]:
    about = {f"surgeproof.{key}": text for key, text in exposition.about.items()}
    resource = Resource.create({"service.name": "surgeproof", **about})
    processor = BatchSpanProcessor(collector.spans, max_queue_size=MOST_SPANS)
    reader = PeriodicExportingMetricReader(collector.metrics, export_interval_millis=EVERY_MS)
    provider = MeterProvider([reader], resource, shutdown_on_exit=False)
    instruments(provider, exposition)

    def hand_on(span: ReadableSpan) -> None:
        counted.given += 1
        processor.on_end(span)

    spans = Spans(told, resource, hand_on, ahead_ns())
    try:
        yield spans.hear
    finally:
        processor.shutdown()  # type: ignore[no-untyped-call]
        provider.shutdown(timeout_millis=GIVES_UP_S * 1_000)


def instruments(provider: MeterProvider, exposition: Exposition) -> None:
    """One for each family, which is asked for its values whenever it is time to push.

    But of a histogram, of which OpenTelemetry wants the samples: they are in the spans.
    """
    meter, page = provider.get_meter("surgeproof"), Page(exposition)
    for family in exposition.collect():
        if family.type == "counter":
            meter.create_observable_counter(
                family.name, [page.asked(family.name)], description=family.documentation
            )
        elif family.type == "gauge":
            meter.create_observable_gauge(
                family.name, [page.asked(family.name)], description=family.documentation
            )


class Page:
    """An exposition, made once for all instruments that are asked at once."""

    def __init__(self, exposition: Exposition) -> None:
        self.exposition = exposition
        self.found: dict[str, Metric] = {}
        self.asked_for = set[str]()

    def asked(self, name: str) -> Callable[[CallbackOptions], Iterable[Observation]]:
        def observe(_: CallbackOptions) -> Iterable[Observation]:
            return [
                Observation(sample.value, sample.labels) for sample in self.family(name).samples
            ]

        return observe

    def family(self, name: str) -> Metric:
        """As it is now: who is asked a second time is asked for the next push."""
        if name in self.asked_for or not self.found:
            self.asked_for.clear()
            self.found = {family.name: family for family in self.exposition.collect()}
        self.asked_for.add(name)
        return self.found[name]
