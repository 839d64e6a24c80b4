"""How many workers a rehearsal needs, by what one core was measured to send (docs/injector.md)."""

from __future__ import annotations

import math

from simulator.scenario.words.document import Document

FRESH_PER_S, KEPT_PER_S = 4_000.0, 6_000.0
"""Requests that one core sends on time (lag p99 at most 5 ms), each on a fresh connection or on kept ones, over
plain HTTP; measured on an AMD EPYC, 29 November 2026. TLS was tried at 700/s."""
FULL = 0.5
"""The share of that which a plan should ask of a worker: beyond it lags grow before rates fall."""


def requests_a_visitor(words: Document) -> int:
    """The most that one makes, retries and looks at the line left out."""
    steps = (sum(step.times for step in journey.sent) for journey in words.journey)
    return max(steps, default=1) + (words.waitlist.policy != "open")


def workers_for(requests_per_s: float, *, kept: bool) -> int:
    """How many cores send so much.

    >>> workers_for(2000, kept=False), workers_for(2001, kept=False), workers_for(12000, kept=True)
    (1, 2, 4)
    """
    return max(1, math.ceil(requests_per_s / (FULL * (KEPT_PER_S if kept else FRESH_PER_S))))


def workers_in_words(words: Document, peak_per_s: float) -> str:
    """What to start where one worker is too few; nothing where it will do."""
    kept = words.replay is not None and words.replay.connections == "keep-alive"
    requests_per_s = peak_per_s * requests_a_visitor(words)
    many = workers_for(requests_per_s, kept=kept)
    if many == 1:
        return ""
    return (
        f"--workers {many}: up to {requests_per_s:,.0f} requests/s in the busiest second, and a core sends"
        f" {KEPT_PER_S if kept else FRESH_PER_S:,.0f}/s on time at most (docs/injector.md; TLS was tried at 700/s)"
    )
