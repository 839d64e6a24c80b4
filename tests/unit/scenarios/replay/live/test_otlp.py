"""What a collector is told: figures as on Prometheus' page, and spans that a target's own hang below."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from scenarios.http.requests.traced import Trace, span_id, trace_id, visit_id
from scenarios.replay.keeping.batch import Batch
from simulator.outcomes.answered import LINE
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from tests.hanging import HUNG_S
from tests.launches.summaries import launch
from tests.loopback import serving
from tests.unit.scenarios.replay.live.test_exposition import ABOUT, exposition, rows
from tests.unit.scenarios.replay.live.test_observed import BEAT, PLAN, S, batch, cells

pytest.importorskip("opentelemetry.exporter.otlp.proto.http")

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from scenarios.replay.live import otlp
from scenarios.replay.live.spans import Spans, Told

BATCH = 512
"""Spans that OpenTelemetry's library pushes at once."""
OPENED_NS, AHEAD_NS = 7 * S, 1_700_000_000 * S


def told(share: float = 1.0) -> Told:
    return Told(
        run="run-1", share=share, steps=("POST /signup",), journeys=("signup",), end_ns=PLAN.end_ns
    )


def spans(*batches: Batch, share: float = 1.0) -> list[ReadableSpan]:
    heard: list[ReadableSpan] = []
    listening = Spans(told(share), Resource.create({}), heard.append, AHEAD_NS)
    for each in (Batch(worker=0, number=0, opened_ns=OPENED_NS), *batches):
        listening.hear(each)
    return heard


def test_a_visit_is_a_trace_of_which_all_else_is_a_part() -> None:
    heard = spans(batch(1, 0, 1))
    trace = trace_id("run-1", 1)
    visit, line, attempt = heard
    assert {span.context.trace_id for span in heard} == {int(trace, 16)}
    assert visit.parent is None
    assert visit.context.span_id == int(visit_id(trace), 16)
    assert line.parent == attempt.parent == visit.context
    assert (visit.name, line.name, attempt.name) == ("signup", "line", "POST /signup")
    assert attempt.kind is SpanKind.CLIENT


def test_a_span_has_the_id_that_was_sent_to_the_target() -> None:
    _, _, attempt = spans(batch(1, 0, 1))
    sent = Trace("run-1", 1, share=1.0)
    assert f"{attempt.context.span_id:016x}" == sent.parent(0, 0).split("-")[2]
    assert span_id(sent.id, LINE, 0) == sent.parent(LINE, 0).split("-")[2]


def test_instants_are_those_of_1970s_clock() -> None:
    visit, line, attempt = spans(batch(1, 0, 1))
    at_ns = OPENED_NS + AHEAD_NS
    assert (visit.start_time, visit.end_time) == (at_ns, at_ns + 2 * S)
    assert (line.start_time, line.end_time) == (at_ns, at_ns + 1 * S)
    assert (attempt.start_time, attempt.end_time) == (at_ns + 1 * S, at_ns + 2 * S)


def test_who_got_nothing_is_an_error_and_who_was_never_sent_is_nothing() -> None:
    unsent = Batch(
        worker=0, number=2, visits=cells([(9, 0, 0, UNKNOWN, UNKNOWN, UNKNOWN, Fate.UNSENT)])
    )
    heard = spans(batch(1, 0, 3), unsent)
    errors = {
        (span.name, span.attributes["surgeproof.visitor"])
        for span in heard
        if span.attributes and span.status.status_code is StatusCode.ERROR
    }
    assert errors == {("signup", 2), ("signup", 3), ("POST /signup", 3)}
    assert len(heard) == 3 + 3 + 3


def test_who_is_still_there_has_a_span_until_the_end() -> None:
    row = (5, 0, 0, 2 * S, UNKNOWN, UNKNOWN, Result.UNFINISHED)
    (attempt,) = spans(Batch(worker=0, number=1, attempts=cells([row])))
    assert attempt.end_time == OPENED_NS + AHEAD_NS + PLAN.end_ns


def test_traces_that_are_not_recorded_are_not_told() -> None:
    assert spans(batch(1, 0, 4), share=0.0) == []


def test_nothing_is_told_before_the_opening_is_known() -> None:
    heard: list[ReadableSpan] = []
    Spans(told(), Resource.create({}), heard.append, AHEAD_NS).hear(batch(1, 0, 4))
    assert heard == []


def test_figures_are_those_of_prometheus_page() -> None:
    page = exposition((60, launch([0.5] * 300)))
    page.observed.hear_rows(rows(33, S // 2))
    page.observed.hear_beat(BEAT)
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], shutdown_on_exit=False)
    otlp.instruments(provider, page)
    for served in (33.0, 40.0):
        (metrics,) = [each for each in found(reader) if each.name == "surgeproof_visitors_served"]
        points = {
            dict(point.attributes)["source"]: point.value for point in metrics.data.data_points
        }
        assert points == {
            "observed": served, "predicted_low": 300.0, "predicted": 300.0, "predicted_high": 300.0,
        }  # fmt: skip
        page.observed.hear_rows(rows(7, S // 2))
    provider.shutdown()


def found(reader: InMemoryMetricReader) -> list[Any]:
    data = reader.get_metrics_data()
    assert data is not None
    return [
        each for of in data.resource_metrics for scope in of.scope_metrics for each in scope.metrics
    ]


@contextmanager
def collecting(status: int = 200) -> Iterator[tuple[str, dict[str, list[bytes]]]]:
    """A collector: its address, and what it was sent, by path."""
    taken: dict[str, list[bytes]] = {}

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.setdefault(self.path, []).append(body)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Takes)) as url:
        yield url, taken


def test_a_collector_has_everything_when_the_block_ends() -> None:
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
        ExportMetricsServiceRequest,
    )
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    page, complaints = exposition((60, launch([0.5] * 300))), list[str]()
    with (
        collecting() as (url, taken),
        otlp.pushed(otlp.Collector.at(url), page, told(), complaints.append) as hear,
    ):
        hear(Batch(worker=0, number=1, opened_ns=OPENED_NS))
        hear(batch(2, 0, 4))
    traces = ExportTraceServiceRequest.FromString(b"".join(taken["/v1/traces"]))
    pushed = [
        span for of in traces.resource_spans for scope in of.scope_spans for span in scope.spans
    ]
    assert len(pushed) == len(spans(batch(2, 0, 4)))
    (resource,) = {str(of.resource.attributes) for of in traces.resource_spans}
    assert ABOUT["run"] in resource
    figures = ExportMetricsServiceRequest.FromString(taken["/v1/metrics"][-1])
    names = {m.name for of in figures.resource_metrics for s in of.scope_metrics for m in s.metrics}
    assert "surgeproof_visitors_served" in names
    assert complaints == []


def test_a_collector_that_takes_nothing_is_told_in_one_sentence(
    capfd: pytest.CaptureFixture[str],
) -> None:
    page, complaints = exposition((1, launch([0.5]))), list[str]()
    with (
        collecting(status=400) as (url, _),
        otlp.pushed(otlp.Collector.at(url), page, told(), complaints.append) as hear,
    ):
        hear(Batch(worker=0, number=1, opened_ns=OPENED_NS))
        hear(batch(2, 0, 4))
    (sentence,) = complaints
    assert sentence.startswith("OTLP: not everything could be pushed: ")
    assert (
        f"the collector lacks {len(spans(batch(2, 0, 4)))} of {len(spans(batch(2, 0, 4)))} spans"
        in sentence
    )
    assert "\n" not in sentence
    assert capfd.readouterr() == ("", "")


class Slow(InMemorySpanExporter):
    """Takes nothing before it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        assert self.let.wait(HUNG_S)
        return super().export(spans)


def test_what_a_slow_collector_lacks_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """One batch is on its way and one queue is full: of 1,500 spans at most 1,024 are left to be taken."""
    monkeypatch.setattr(otlp, "MOST_SPANS", BATCH)
    page, complaints, slow = exposition((1, launch([0.5]))), list[str](), Slow()
    sent = [(visitor, 0, 0, S, UNKNOWN, 2 * S, Result.SUCCESS) for visitor in range(1500)]
    everything = Batch(worker=0, number=2, attempts=cells(sent))
    with (
        collecting() as (url, _),
        otlp.pushed(
            replace(otlp.Collector.at(url), spans=slow), page, told(), complaints.append
        ) as hear,
    ):
        hear(Batch(worker=0, number=1, opened_ns=OPENED_NS))
        hear(everything)
        slow.let.set()
    given, taken = len(spans(everything)), len(slow.get_finished_spans())
    assert given == 1500
    assert 0 < taken <= 2 * BATCH
    (sentence,) = complaints
    assert f": the collector lacks {given - taken:,} of {given:,} spans; " in sentence
