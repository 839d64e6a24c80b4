"""Ladders of real servers, as a validation's probes climbed them: what is made of them gives their rungs again."""

from __future__ import annotations

import pytest

from scenarios.probe.ladder.estimate.estimate import Estimate, estimate
from scenarios.probe.ladder.rungs import Batch

Rungs = tuple[tuple[int, float, float], ...]
"""At once, requests/s, and answers in ms; each was measured within 1 to 3 %."""
NOTHING_S = 0.0031
"""What a request for nothing took of them."""
WITHIN = 0.07
"""A rung is off by 3 % at most, and so is what all of them together say of it; the rest is that a person is
away for a moment where as many are in flight as there are servers."""


def made_of(rungs: Rungs) -> Estimate:
    """Two sweeps that differ by a hundredth."""
    return estimate(
        (
            Batch(n=n, sweep=sweep, per_s=per_s * (1 + off), answer_s=answer_ms / 1e3 * (1 - off))
            for sweep, off in enumerate((-0.005, 0.005))
            for n, per_s, answer_ms in rungs
        ),
        (0.0, NOTHING_S),
    )


def served(found: Estimate, n: int) -> float:
    """What so many in a closed loop are served by what was found, requests/s."""
    c = min(n, found.servers)
    factor = (found.inflation or (1.0,) * c)[c - 1]
    away_s = found.network_s if n <= found.servers else 0.0
    return c / (found.service_s.value * factor + away_s)


SEEN: tuple[tuple[str, int | None, Rungs], ...] = (
    ("gunicorn sync 1", 1, ((1, 42.08, 23.4), (2, 49.09, 40.8), (3, 50.08, 59.8))),
    (
        "gunicorn sync 2",
        2,
        ((1, 42.01, 23.5), (2, 84.92, 23.3), (3, 83.85, 35.5), (4, 82.83, 48.1)),
    ),
    (
        "gunicorn sync 4, waiting",
        4,
        ((1, 11.86, 84.2), (2, 24.77, 81.1), (3, 35.12, 85.2), (4, 44.66, 89.2), (6, 48.49, 124.2)),
    ),
    (
        "gunicorn gthread 4",
        2,
        ((1, 40.7, 23.9), (2, 77.74, 25.3), (3, 86.08, 34.4), (4, 86.23, 45.8)),
    ),
    (
        "gunicorn gthread 4, waiting",
        4,
        ((1, 11.59, 87.1), (2, 23.51, 84.1), (3, 34.93, 84.5), (4, 47.96, 84.9), (6, 50.21, 119.0)),
    ),
    ("uvicorn 1, on its loop", 1, ((1, 40.59, 24.1), (2, 43.88, 45.1), (3, 42.88, 70.2))),
    (
        "uvicorn 1, in threads",
        2,
        ((1, 38.35, 25.5), (2, 67.69, 28.9), (3, 80.69, 36.7), (4, 76.76, 50.8)),
    ),
    ("uvicorn 2", 2, ((1, 41.46, 23.6), (2, 77.33, 25.5), (3, 86.86, 34.1), (4, 88.68, 44.6))),
    (
        "waitress 4, waiting",
        4,
        ((1, 12.1, 82.6), (2, 24.02, 82.7), (3, 37.19, 80.2), (4, 49.48, 80.7), (6, 49.25, 122.1)),
    ),
    (
        "pool of 3 connections",
        3,
        ((1, 14.63, 68.0), (2, 30.89, 64.6), (3, 46.18, 64.2), (4, 47.49, 83.3), (6, 48.39, 123.2)),
    ),
    (
        "HAProxy, timeout queue",
        2,
        ((1, 11.76, 85.2), (2, 24.29, 82.0), (3, 23.73, 127.6), (4, 24.52, 164.1)),
    ),
    (
        "HAProxy, bounded queue",
        None,
        ((1, 43.73, 22.4), (2, 70.31, 27.9), (3, 87.09, 33.9), (4, 82.74, 47.7)),
    ),
    (
        "nginx limit_conn",
        2,
        ((1, 11.68, 84.6), (2, 24.01, 83.2), (3, 24.62, 122.3), (4, 24.86, 161.4)),
    ),
    ("reference target", 1, ((1, 24.54, 40.2), (2, 27.77, 71.5), (3, 27.71, 107.3))),
    (
        "a line of slots",
        2,
        ((1, 12.56, 78.7), (2, 24.09, 81.5), (3, 24.26, 123.1), (4, 25.08, 159.1)),
    ),
)
"""The last but three of them was disturbed: it may have one server more."""


@pytest.mark.parametrize(("name", "servers", "rungs"), SEEN)
def test_what_is_found_serves_each_rung_as_it_was_served(
    name: str, servers: int | None, rungs: Rungs
) -> None:
    found = made_of(rungs)
    assert found.servers == servers or (servers is None and found.servers in (2, 3)), name
    for n, per_s, _ in rungs:
        assert served(found, n) == pytest.approx(per_s, rel=WITHIN), (name, n)


def test_one_server_cannot_serve_two_at_once_twice_as_fast() -> None:
    """The wrong model, which was once made of one of them: alone it would have to answer far sooner than it did."""
    _, _, rungs = next(each for each in SEEN if each[0] == "HAProxy, timeout queue")
    wrong = estimate(
        (Batch(n=n, sweep=0, per_s=x, answer_s=r / 1e3) for n, x, r in rungs),
        (0.0, NOTHING_S),
        servers=1,
    )
    answer_s = wrong.service_s.value * wrong.correction + wrong.network_s
    assert answer_s < 0.7 * rungs[0][2] / 1e3
