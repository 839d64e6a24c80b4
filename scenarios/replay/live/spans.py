"""What a rehearsal's visitors did, as spans of OpenTelemetry: those that a target's own spans name as their parents.

Made in the parent, of the rows that come in: who sends load has nothing to do with it. A visit is one trace: the
visit, his time in the line within it, and each attempt at a step. Only the traces that are recorded are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from scenarios.http.requests.traced import is_sampled, span_id, trace_id, visit_id
from scenarios.replay.keeping.batch import Batch
from simulator.outcomes.answered import LINE
from simulator.outcomes.rows import UNKNOWN, Fate, Result

SAMPLED = TraceFlags(TraceFlags.SAMPLED)
About = dict[str, str | int]
"""The attributes of a span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What spans say beside the rows."""

    run: str
    share: float
    """Of the visitors, those whose traces are recorded."""
    steps: tuple[str, ...]
    """What each step asks for, by its number."""
    journeys: tuple[str, ...]
    """What each group of people comes for, by its number."""
    end_ns: int
    """Who is still there then has no end of his own."""


class Spans:
    """Turns batches into spans, each of which is handed on once it has ended."""

    def __init__(
        self, told: Told, resource: Resource, hand_on: Callable[[ReadableSpan], None], epoch_ns: int
    ) -> None:
        """``epoch_ns`` is how far the clock of 1970 is ahead of the machine's monotonic one."""
        self.told, self.resource, self.hand_on, self.epoch_ns = told, resource, hand_on, epoch_ns
        self.opened_ns: int | None = None

    def hear(self, batch: Batch) -> None:
        """Hand on what has ended; nothing is known to have begun before the opening is told."""
        if batch.opened_ns is not None:
            self.opened_ns = batch.opened_ns + self.epoch_ns
        if self.opened_ns is None:
            return
        for row in batch.rows("visits"):
            self.tell(row[0], self.visit(row))
        for row in batch.rows("attempts"):
            self.tell(row[0], self.attempt(row))

    def tell(self, visitor: int, spans: Iterator[ReadableSpan]) -> None:
        if is_sampled(trace_id(self.told.run, visitor), self.told.share):
            for span in spans:
                self.hand_on(span)

    def visit(self, row: Sequence[int]) -> Iterator[ReadableSpan]:
        """A visit, and its time in the line."""
        visitor, people, arrived, joined, let_in, ended, fate = row
        if fate == Fate.UNSENT:
            return
        trace, until = trace_id(self.told.run, visitor), self.known(ended)
        about: About = {"surgeproof.fate": Fate(fate).name.lower()}
        journey = self.told.journeys[people]
        yield self.span(
            journey,
            trace,
            visit_id(trace),
            "",
            (arrived, until),
            about,
            visitor,
            good=fate == Fate.SERVED,
        )
        if joined != UNKNOWN:
            left = let_in if let_in != UNKNOWN else until
            line = span_id(trace, LINE, 0)
            yield self.span("line", trace, line, visit_id(trace), (joined, left), {}, visitor)

    def attempt(self, row: Sequence[int]) -> Iterator[ReadableSpan]:
        """An attempt, as its client saw it."""
        visitor, step, attempt, sent, _, finished, result = row
        trace = trace_id(self.told.run, visitor)
        about: About = {
            "surgeproof.attempt": attempt,
            "surgeproof.result": Result(result).name.lower(),
        }
        yield self.span(
            self.told.steps[step],
            trace,
            span_id(trace, step, attempt),
            visit_id(trace),
            (sent, self.known(finished)),
            about,
            visitor,
            kind=SpanKind.CLIENT,
            good=result == Result.SUCCESS,
        )

    def known(self, at_ns: int) -> int:
        return self.told.end_ns if at_ns == UNKNOWN else at_ns

    def span(
        self,
        name: str,
        trace: str,
        span: str,
        parent: str,
        lasted: tuple[int, int],
        about: About,
        visitor: int,
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        good: bool = True,
    ) -> ReadableSpan:
        """``lasted``: from when until when, since the opening."""
        assert self.opened_ns is not None, "rows come after the opening"
        begun, ended = lasted
        return ReadableSpan(
            name=name,
            context=context(trace, span),
            parent=context(trace, parent) if parent else None,
            resource=self.resource,
            attributes={"surgeproof.visitor": visitor, **about},
            kind=kind,
            status=Status(StatusCode.UNSET if good else StatusCode.ERROR),
            start_time=self.opened_ns + begun,
            end_time=self.opened_ns + max(begun, ended),
        )


def context(trace: str, span: str) -> SpanContext:
    return SpanContext(int(trace, 16), int(span, 16), is_remote=False, trace_flags=SAMPLED)
