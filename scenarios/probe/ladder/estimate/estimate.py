"""Servers, inflation and capacity from the rungs of a ladder. Pure: batches in, figures out.

While no more are in flight than there are servers, nobody queues: R(N) less the network's part z is the
service, and R(N) - z over R(1) - z is its inflation. With c servers the capacity is c / (R(c) - z), and
no rung above serves more; so c is the first rung whose own answer time explains the throughput of the
rungs above it:

    g(c, N) = log( X(N) (R(c) - z) / c ),  N > c,   0 where c is the number of servers

Each sweep gives one g, of batches that were measured within the same minute, so that a machine that
changes its speed changes both. A rung is too low where g is more likely above 5 % than below, and confirmed
where it is confidently below: the lowest that is not ruled out would nearly always be too low where a ladder
was short, and so would the capacity. What the data leave open is told. Threads that wait for one lock raise R
in proportion from N = 2 on: one server.

The capacity is what the rungs above the servers are served: z is in R alone. Of z only bounds may be known,
where a request for nothing occupies a server for a part of its time. Two in flight keep one server busy
without a pause, so they gain up to z / S without a second server: the number of servers goes by the upper
bound, and by how much later a server answers that has waited. z then follows from the capacity
(:mod:`scenarios.probe.ladder.estimate.away`), and of inflation only that is written which chance does not
explain (:mod:`scenarios.probe.ladder.estimate.chance`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from scenarios.probe.ladder.estimate.away import LATER, away_s
from scenarios.probe.ladder.estimate.chance import believed
from scenarios.probe.ladder.estimate.sweeps import Sweeps, by_sweep, service
from scenarios.probe.ladder.rungs import Batch, Mean, mean_of

GAIN = 1.05
"""What one more in flight must add, to be another server."""
LOOKED_AT = 2
"""So many rungs above a candidate are held against it."""
NO_INFLATION = 0.005
"""A factor that differs from 1 by less is not written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the ladder says; each mean with its standard error from batch means."""

    servers: int
    confirmed: bool
    """Whether the rungs above serve confidently no more than these servers do."""
    or_else: tuple[int, ...]
    """Other numbers of servers that the data leave open."""
    top: int
    """The highest rung that was measured."""
    service_s: Mean
    """Alone in flight, without the network's part."""
    factors: tuple[tuple[int, Mean], ...]
    """How much longer a service takes while so many are served, by rung up to the servers: as measured."""
    slower: tuple[float, ...]
    """The same as far as chance does not explain it, of the same rungs."""
    correction: float
    """How many times as long as measured a service is taken to be alone in flight: by chance, or, of one server, by
    what the rungs above say."""
    capacity_per_s: Mean
    falls: bool
    """Whether the highest rung serves confidently less than the capacity."""

    network_s: float
    """What of an answer time occupies no server."""
    with_inflation: int
    """How many servers it would be if of an answer only the least that is known were the network's."""

    @property
    def kink_seen(self) -> bool:
        return self.servers < self.top

    @property
    def inflation(self) -> tuple[float, ...]:
        """Factor by number served at once, straight between rungs; empty where there is none to tell.

        With it the servers serve what was measured.
        """
        if all(abs(factor - 1) < NO_INFLATION for factor in self.slower):
            return ()
        found = [1.0]
        rungs = [k for k, _ in self.factors]
        for (low, before), (high, after) in pairwise(zip(rungs, self.slower, strict=True)):
            step = (after - before) / (high - low)
            found += [before + step * k for k in range(1, high - low + 1)]
        return tuple(round(max(0.001, factor), 3) for factor in found)


def estimate(
    batches: Iterable[Batch],
    network_s: tuple[float, float] = (0.0, 0.0),
    servers: int | None = None,
    *,
    told: bool = False,
) -> Estimate:
    """What the batches say; ``servers``: taken as told. A batch of rung 1 is needed.

    ``network_s`` are bounds on what of each answer occupies no server: of a request for nothing, or, if ``told``, by
    what the servers tell of each service, which nothing that is concluded is held against.
    """
    sweeps = by_sweep(batches)
    rungs = sorted({n for sweep in sweeps.values() for n in sweep})
    least_s, most_s = network_s
    later = 0.0 if told else LATER
    gains = {c: gain(sweeps, rungs, c, most_s, later) for c in rungs[:-1]}
    given = servers if servers in rungs else None
    c = first_not_too_low(rungs, gains) if given is None else given
    higher = [n for n in rungs if n > c]
    confirmed = c in gains and gains[c].bounds()[1] < math.log(GAIN)
    part_s = least_s
    if higher and not told:
        busy = of_logs([mean_log(sweeps, n, c, higher, None) for n in sweeps])
        among = mean_of([sweep[c].answer_s for sweep in sweeps.values() if c in sweep])
        part_s = away_s(sweeps, c, among.value, c / busy.value, network_s)
    capacity = of_logs([mean_log(sweeps, n, c, higher, part_s) for n in sweeps])
    service_s = mean_of([service(sweep[1], part_s) for sweep in sweeps.values() if 1 in sweep])
    measured = tuple(factors(sweeps, rungs, c, part_s, service_s.value, capacity.value))
    slower, correction = believed(sweeps, c, measured, part_s)
    if c == 1 and higher:  # there is no inflation that would tell of it
        correction = 1 / capacity.value / service_s.value
        if told:  # it is busy for longer than it tells: accepting, reading, closing
            correction = max(1.0, correction)
            part_s = max(0.0, part_s - (correction - 1) * service_s.value)
    return Estimate(
        servers=c,
        confirmed=confirmed,
        or_else=() if confirmed or given else tuple(also_open(rungs, gains, c)),
        top=rungs[-1],
        service_s=service_s,
        factors=measured,
        slower=slower,
        correction=correction,
        capacity_per_s=capacity,
        falls=bool(higher) and falls(sweeps, c, higher[-1], most_s),
        network_s=part_s,
        with_inflation=first_not_too_low(
            rungs, {c: gain(sweeps, rungs, c, least_s) for c in rungs[:-1]}
        ),
    )


def log_gain(sweep: Mapping[int, Batch], c: int, n: int, network_s: float) -> float:
    """g(c, N) in one sweep."""
    return math.log(sweep[n].per_s * service(sweep[c], network_s) / c)


def gain(sweeps: Sweeps, rungs: list[int], c: int, network_s: float, later: float = 0.0) -> Mean:
    """What the next rungs serve beyond what c servers could, as a logarithm.

    ``later``: the share of an answer by which a server that has waited may answer later, of one server; of more it is held
    to as small a share of what another one would add.
    """
    above = [n for n in rungs if n > c][:LOOKED_AT]
    values = []
    for sweep in sweeps.values():
        both = [n for n in above if n in sweep and c in sweep]
        if both:
            away_s = network_s + later * sweep[c].answer_s / c
            values.append(sum(log_gain(sweep, c, n, away_s) for n in both) / len(both))
    return mean_of(values) if values else Mean(0.0, math.inf, 0)


def first_not_too_low(rungs: list[int], gains: Mapping[int, Mean]) -> int:
    """The lowest rung beyond which more in flight are likely to gain less than 5 %."""
    return next((c for c in rungs[:-1] if not rises(gains[c])), rungs[-1])


def rises(found: Mean) -> bool:
    """Whether more likely than not. One batch tells nothing of chance: then only a gain of half a server counts."""
    return found.value > math.log(GAIN if found.batches > 1 else 1.25)


def also_open(rungs: list[int], gains: Mapping[int, Mean], c: int) -> Iterable[int]:
    """Lower rungs that may be enough, and higher ones while all below them may be too low."""
    yield from (n for n in rungs if n < c and gains[n].bounds()[0] <= math.log(GAIN))
    yield from (n for n in rungs if n > c and still_open(gains, c, n))


def still_open(gains: Mapping[int, Mean], c: int, n: int) -> bool:
    """Whether more servers than ``c`` may be the truth: all lower ones are possibly too low."""
    return all(
        found.bounds()[1] >= math.log(GAIN) for each, found in gains.items() if c <= each < n
    )


def mean_log(
    sweeps: Sweeps, number: int, c: int, higher: list[int], network_s: float | None
) -> float | None:
    """The capacity in one sweep: what the rungs above c are served; without any, what c in flight are.

    Without ``network_s`` the rungs above alone.
    """
    sweep = sweeps[number]
    logs = [math.log(sweep[n].per_s) for n in higher if n in sweep]
    if logs:
        return sum(logs) / len(logs)
    return (
        math.log(c / service(sweep[c], network_s)) if c in sweep and network_s is not None else None
    )


def of_logs(logs: list[float | None]) -> Mean:
    """A geometric mean of batches."""
    found = mean_of([each for each in logs if each is not None])
    value = math.exp(found.value)
    return Mean(value, value * found.error, found.batches)


def factors(
    sweeps: Sweeps,
    rungs: list[int],
    c: int,
    network_s: float,
    service_s: float,
    capacity_per_s: float,
) -> Iterable[tuple[int, Mean]]:
    """How much longer a service takes at each rung up to the servers, each of sweeps that have both.

    At the last one the rungs above have their say, in all sweeps: with it the servers serve the capacity that was
    measured, though the last rung may have joined after the first sweep.
    """
    yield 1, Mean(1.0, 0.0, len(sweeps))
    higher = [n for n in rungs if n > c]
    for k in (n for n in rungs if 1 < n <= c):
        last = higher if k == c else []
        both = [number for number in sweeps if 1 in sweeps[number] and k in sweeps[number]]
        served = [mean_log(sweeps, number, k, last, network_s) for number in both]
        if not served:
            if last:  # the capacity is what was measured all the same
                yield k, Mean(c / capacity_per_s / service_s, math.inf, 0)
            continue
        alone = [math.log(service(sweeps[number][1], network_s)) for number in both]
        found = of_logs(
            [
                math.log(k) - much - one
                for much, one in zip(served, alone, strict=True)
                if much is not None
            ]
        )
        if last:
            found = replace(found, value=c / capacity_per_s / service_s)
        yield k, found


def falls(sweeps: Sweeps, c: int, top: int, network_s: float) -> bool:
    """Whether more in flight are served confidently less."""
    found = [
        log_gain(sweep, c, top, network_s)
        for sweep in sweeps.values()
        if c in sweep and top in sweep
    ]
    return len(found) > 1 and mean_of(found).bounds()[1] < -math.log(GAIN)
