"""Which way a figure gets better: what changed is good news, bad news, or neither."""

from __future__ import annotations

import enum


class Direction(enum.IntEnum):
    """The sign of a change for the better; 0: none of the two is."""

    LESS_IS_BETTER = -1
    NEITHER = 0
    MORE_IS_BETTER = 1


LESS = frozenset({
    "line_peak", "line_mean", "wait_p50", "wait_p95", "wait_mean", "wait_probability",
    "response_p50", "response_p95", "response_p99", "service_mean", "exchange_p50", "exchange_p95",
    "errors", "turned_away", "timed_out", "reneged", "balked", "line_full", "no_show", "waiting",
    "never_let_in", "left", "unfinished", "queue_p95", "queue_mean", "queue_highest",
    "group_wait_p50", "group_wait_p95", "group_wait_mean", "group_response_p50",
    "group_response_p95", "group_stay_mean", "group_errors", "group_left",
})  # fmt: skip
"""Waits, queues, and people or attempts that go without."""
MORE = frozenset({"served", "goodput", "group_served", "launches_that_hold"})
NEITHER = frozenset({
    "arrivals", "let_in", "offered", "sent", "answered", "group_arrivals", "group_let_in",
    "utilisation_mean", "utilisation_highest", "requests_mean", "requests_highest",
    "instances_fewest", "instances_most",
})  # fmt: skip
"""Who comes, who is let in, and how much of what there is was used: means to an end."""


def direction_of(kind: str) -> Direction:
    """By the kind of a figure (:attr:`simulator.outcomes.figures.reading.Figure.kind`).

    Raises KeyError for a kind of which nobody has said it.
    """
    for kinds, direction in (
        (LESS, Direction.LESS_IS_BETTER),
        (MORE, Direction.MORE_IS_BETTER),
        (NEITHER, Direction.NEITHER),
    ):
        if kind in kinds:
            return direction
    raise KeyError(kind)
