"""Room: by how much a generator's delays could have changed what is judged, and by how much they may.

What a replay finds is held against an objective. Where the two are far apart, a start that was 60 ms late decides
nothing. Two things are asked, of a delay of at most d seconds that touched m visits:

*How much later or sooner could a response have been?* Where jobs are served first come first served, and in the planned
order, each end is made of arrivals and services by ``max`` and ``+`` alone, so that it is monotone in the arrivals and
moves with them: if every arrival moves by at most d, every end does (Crandall and Tartar 1980: such maps are
nonexpansive). Responses are counted from the intended instant, so that they move by at most d as well; what was merely
seen late was so by at most d. So a quantile decides where it is farther from its limit than d.

*Who was passed?* One who is late lets others by, and then they lack his work before them: of 300 a second, 18 are quicker by
the whole of a long service that started 60 ms late. No d bounds these, so they count as touched, like himself
(:attr:`simulator.outcomes.instrument.Instrument.passed`). Who comes after both of them finds the same work: with one server
exactly, for the work that is left at an instant does not depend on the order in which it came; with several as likely as
in the planned order, where services are alike in law.

*Who could have fared otherwise?* Where places run out, a visit that comes at another instant may lose its place,
or take somebody else's: two visits at most for each that was touched, who passed one included. So a share decides only where so
many more or fewer errors leave it on its side of the limit, and a quantile q is read at q plus and minus that share,
as if they all had been the slowest, or the quickest.

A target that is hit by a burst may do worse than either says; bursts have a gate of their own (mistimed starts), as
have visits that were never sent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.reading import Reading
from simulator.outcomes.figures.shares import FLOOR, errors_of, left, never_let_in, not_served
from simulator.outcomes.figures.times import quantile_of, response_of
from simulator.system.objectives import Objectives
from simulator.units import NS_PER_S

HIMSELF_AND_ANOTHER = 2
"""So many may fare otherwise for each visit that was touched."""
Read = Callable[[float], Callable[[Summary], Reading]]
"""Reads a quantile."""


def room_s(objectives: Objectives, summary: Summary, touched: float, *, closes: bool) -> float:
    """The longest delay in seconds of that many visits that leaves each objective where it is; 0: none does.

    Infinite where nothing is asked that a delay alone could change.
    """
    return min(_rooms(objectives, summary, HIMSELF_AND_ANOTHER * touched, closes=closes))


def _rooms(
    objectives: Objectives, summary: Summary, otherwise: float, *, closes: bool
) -> Iterator[float]:
    """``otherwise``: how many might have fared so."""
    for asked in objectives.journeys:
        journey = summary.layout.journeys.index(asked.journey)
        share = otherwise / max(summary.let_in_of(journey), 1)
        read: Read = lambda quantile: response_of(journey, quantile)  # noqa: B023, E731 - at once
        for quantile, limit_ns in asked.quantiles_ns:
            yield _of_quantile(summary, read, quantile, limit_ns, share)
        if asked.errors is not None:
            yield _of_share(errors_of(journey)(summary), asked.errors, share)
    share, line = otherwise / max(summary.came_to_line, 1), objectives.line
    if summary.bins.joined.any():
        for quantile, limit_ns in line.wait_quantiles_ns:
            yield _of_quantile(summary, _wait, quantile, limit_ns, share)
    if line.never_let_in is not None:
        yield _of_share(never_let_in(closes=closes)(summary), line.never_let_in, share)
    if line.left is not None:
        yield _of_share(left(closes=closes)(summary), line.left, share)
    share = otherwise / max(summary.arrivals, 1)
    yield _of_share(not_served(objectives, summary, closes=closes), FLOOR, share)


def _wait(quantile: float) -> Callable[[Summary], Reading]:
    return quantile_of(lambda summary: summary.wait, quantile)


def _of_quantile(
    summary: Summary, read: Read, quantile: float, limit_ns: int, share: float
) -> float:
    """How far it is from its limit, if a share of the visits had been the slowest, or the quickest."""
    limit_s = limit_ns / NS_PER_S
    if quantile + share >= 1 or quantile - share <= 0:
        return 0.0
    slowest, quickest = (read(quantile + by)(summary) for by in (share, -share))
    if slowest.enough and slowest.most + slowest.blur <= limit_s:
        return limit_s - slowest.most - slowest.blur
    if quickest.enough and quickest.value - quickest.blur > limit_s:
        return quickest.value - quickest.blur - limit_s
    return 0.0


def _of_share(reading: Reading, limit: float, share: float) -> float:
    """All that there is where it stays on its side of the limit; a delay changes no share by itself."""
    if not reading.samples:
        return math.inf
    stays = reading.most + share <= limit or reading.value - share > limit
    return math.inf if stays else 0.0
