"""What a target's traces know of each request."""

import re
import time
from collections.abc import Callable

import pytest

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judged, taken_as_it_is
from scenarios.http.requests.sent import Sent, to_another
from scenarios.http.requests.traced import (
    Trace,
    is_sampled,
    span_id,
    trace_id,
    visit_id,
    with_marks,
)
from scenarios.replay.child.visitors.traced import Traced
from scenarios.replay.child.visitors.visit import Visit
from simulator.outcomes.answered import LINE
from simulator.outcomes.rows import UNKNOWN

W3C = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]")
"""Trace Context, 3.2.2: the only version there is, ids that are not all zeros, one flag."""
GET = Sent(method="GET", path="/")


def test_a_header_is_one_by_the_standard_and_a_function_of_who_sends_what() -> None:
    trace = Trace("run-1", 7, share=0.5)
    assert W3C.fullmatch(trace.parent(0, 0))
    assert trace.parent(2, 1) == Trace("run-1", 7, share=0.5).parent(2, 1)
    told = {
        Trace(run, visitor, share=0.0).parent(step, attempt)
        for run in ("run-1", "run-2")
        for visitor in (1, 2, 11)
        for step in (LINE, 0, 1, 11)
        for attempt in (0, 1, 11)
    }
    assert len(told) == 2 * 3 * 4 * 3


def test_a_visit_its_line_and_its_attempts_are_different_spans() -> None:
    trace = trace_id("run-1", 7)
    spans = [visit_id(trace), *(span_id(trace, step, 0) for step in (LINE, 0, 1))]
    assert len(set(spans)) == 4


def test_a_share_of_the_traces_is_recorded_as_opentelemetry_does() -> None:
    sampling = pytest.importorskip("opentelemetry.sdk.trace.sampling")
    traces = [trace_id("run-1", visitor) for visitor in range(400)]
    for share in (0.0, 0.01, 0.5, 1.0):
        sampler = sampling.TraceIdRatioBased(share)
        theirs = [
            sampler.should_sample(None, int(trace, 16), "visit").decision.is_sampled()
            for trace in traces
        ]
        assert [is_sampled(trace, share) for trace in traces] == theirs
        assert any(theirs) == (share > 0)


def test_the_instant_of_sending_is_in_microseconds() -> None:
    before = time.time_ns() // 1000
    sent = Trace("run-1", 7, share=0.0).marked(GET, 0, 0)
    at_us = int(sent.marks["X-Request-Start"].removeprefix("t="))
    assert before <= at_us <= time.time_ns() // 1000


def test_a_redirect_belongs_to_the_same_attempt_and_is_sent_later() -> None:
    sent = Trace("run-1", 7, share=0.0).marked(Sent(method="POST", path="/", body=b"{}"), 0, 0)
    earlier = sent._replace(marks={**sent.marks, "X-Request-Start": "t=1"})
    for status in (302, 307):
        led = earlier.redirected(status)
        assert led.marks["traceparent"] == sent.marks["traceparent"]
        assert int(led.marks["X-Request-Start"].removeprefix("t=")) > 1


@pytest.mark.parametrize("name", ["X-Request-Start", "x-request-start"])
def test_an_instant_that_the_launch_says_itself_stays_through_redirects(name: str) -> None:
    own = Sent(method="GET", path="/", headers={name: "mine"})
    led = Trace("run-1", 7, share=0.0).marked(own, 0, 0).redirected(302)
    told = [*led.headers.items(), *led.marks.items()]
    assert {text for key, text in told if key.lower() == name.lower()} == {"mine"}


def test_nobody_but_the_target_is_told() -> None:
    assert to_another(Trace("run-1", 7, share=1.0).marked(GET, 0, 0)) == GET


def test_what_the_launch_file_says_wins_however_it_is_written() -> None:
    own = {"Traceparent": "00-of-ones-own", "x-request-start": "t=0"}
    assert with_marks(own, Trace("run-1", 7, share=0.0).marks(0, 0)) == own


class Heard:
    """A session that keeps what it is given."""

    def __init__(self) -> None:
        self.parents: list[str] = []
        self.closed = 0

    def send(
        self,
        sent: Sent,
        *,
        timeout_ns: int,
        rule: Callable[[Answer], Judged] = taken_as_it_is,
        follow: bool = False,
    ) -> tuple[Answer, Judged]:
        self.parents.append(sent.marks["traceparent"])
        answer = Answer(status=200)
        return answer, rule(answer)

    def close(self) -> None:
        self.closed += 1


def test_a_look_at_the_line_is_of_the_line_and_an_attempt_of_its_step() -> None:
    visit, heard = Visit(7, 0, 0), Heard()
    trace = Trace("run-1", 7, share=0.0)
    session = Traced(heard, visit, trace)
    session.send(GET, timeout_ns=1)
    visit.let_in_ns, visit.sent_ns, visit.step, visit.attempt = 1, 2, 3, 4
    session.send(GET, timeout_ns=1)
    visit.sent_ns = UNKNOWN
    session.send(GET, timeout_ns=1)
    line, attempt = trace.parent(LINE, 0), trace.parent(3, 4)
    assert heard.parents == [line, attempt, line]
    session.close()
    assert heard.closed == 1
