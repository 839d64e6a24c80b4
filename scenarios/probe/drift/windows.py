"""Services in windows of time: what is seen of a server whose speed wanders. Pure.

Services within seconds of one another share what the machine did just then. So it is the means of
windows that are looked at: how far they differ beyond what the spread within each window explains.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from simulator.units import Floats, Ints

EACH = 4
"""Services in a window, at least: so that three in four of them tell of the noise."""
MOST = 40
"""Windows, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Mean services in windows that follow one another; all arrays of shape (k,)."""

    begin_s: Floats
    end_s: Floats
    """Of each window; the next one begins no sooner."""
    kind: Ints
    """Windows of one kind measured the same, and have one mean; kinds are 0, 1, ... Told of is kind 0."""
    log_mean: Floats
    """Logarithm of the mean service; its unit is that of the services."""
    noise: Floats
    """Variance of each logarithm by the spread within the windows alone."""
    freedom: int
    """Of the spread: how many differences between services of one window it is made of. At least 1."""
    loaded: bool = False
    """Whether windows of kind 0 are of servers that always had something to do."""

    @property
    def many(self) -> int:
        return len(self.log_mean)

    @property
    def length_s(self) -> float:
        """From the beginning of the first to the end of the last."""
        return float(self.end_s[-1] - self.begin_s[0])

    @property
    def window_s(self) -> float:
        """How long a window lasts in the middle."""
        return float(np.median(self.end_s - self.begin_s))

    @property
    def log_written(self) -> float:
        """Logarithm of the plain mean of all services of the first kind, as windows weigh it."""
        first = self.kind == 0
        noise = self.noise[first]
        # noise is the spread over the number of services: so its inverse counts them.
        means = np.exp(self.log_mean[first] - noise / 2)
        return math.log(float(np.average(means, weights=1 / noise)))

    @property
    def differ(self) -> float:
        """Standard deviation of the windows' means, each of its kind's; NaN of too few."""
        left = self.many - len(set(self.kind.tolist()))
        if left < 1:
            return math.nan
        of_kind = np.array([self.log_mean[self.kind == kind].mean() for kind in self.kind])
        return math.sqrt(float(((self.log_mean - of_kind) ** 2).sum()) / left)

    @property
    def by_chance(self) -> float:
        """What it would be if nothing wandered."""
        return math.sqrt(float(self.noise.mean()))


@dataclass(frozen=True, slots=True)
class Seen:
    """The services of one window, of one kind."""

    begin_s: float
    end_s: float
    kind: int
    """Any number; the lowest becomes kind 0."""
    services: Sequence[Sequence[float]]
    """Of each request by itself, in any unit, all above 0: a window's mean is the sum of their means."""


def windows_of(seen: Iterable[Seen]) -> Windows | None:
    """Windows in order of time; None where no two services of one request share a window.

    One that lasts beyond the next one's beginning is taken to end there.

    What saw fewer requests than others is left out. A request's spread is taken relative to its mean in the window, as what wanders multiplies both; it
    is one for all windows of a kind.
    """
    every = list(seen)
    most = max((len(each.services) for each in every), default=0)
    kept = sorted((e for e in every if len(e.services) == most), key=lambda each: each.begin_s)
    freedom = sum(len(of) - 1 for each in kept for of in each.services)
    if freedom < 1:
        return None
    means = [np.array([np.mean(of) for of in each.services]) for each in kept]
    spread = {
        kind: spread_of([e for e in kept if e.kind == kind]) for kind in {e.kind for e in kept}
    }
    sums = np.array([mean.sum() for mean in means])
    noise = np.array(
        [
            float(
                np.sum(
                    spread[each.kind] * (mean / mean.sum()) ** 2 / [len(of) for of in each.services]
                )
            )
            for each, mean in zip(kept, means, strict=True)
        ]
    )
    noise = np.maximum(noise, LEAST)
    begin_s = np.array([each.begin_s for each in kept])
    end_s = np.array([each.end_s for each in kept])
    end_s[:-1] = np.minimum(end_s[:-1], begin_s[1:])
    return Windows(
        begin_s=begin_s,
        end_s=end_s,
        kind=np.unique([each.kind for each in kept], return_inverse=True)[1].astype(np.int64),
        log_mean=np.log(sums) + noise / 2,  # a logarithm of a mean is too low by as much
        noise=noise,
        freedom=freedom,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A window of time of which one figure is known: the mean of the services in it, as load tells it."""

    begin_s: float
    end_s: float
    log_mean: float
    noise: float
    """Variance of that logarithm, by chance."""


def with_loaded(windows: Windows, loaded: Sequence[Loaded], *, first: bool = False) -> Windows:
    """The windows with others among them, which are of the first kind; or, if ``first``, of one before it."""
    kinds = windows.kind + 1 if first and loaded else windows.kind
    begin_s = np.append(windows.begin_s, [each.begin_s for each in loaded])
    order = np.argsort(begin_s, kind="stable")

    def merged(known: Floats, more: Iterable[float]) -> Floats:
        return np.asarray(np.append(known, list(more))[order])

    begin_s, end_s = begin_s[order], merged(windows.end_s, (each.end_s for each in loaded))
    end_s[:-1] = np.minimum(end_s[:-1], begin_s[1:])
    return Windows(
        begin_s=begin_s,
        end_s=end_s,
        kind=np.append(kinds, np.zeros(len(loaded), np.int64))[order].astype(np.int64),
        log_mean=merged(windows.log_mean, (each.log_mean for each in loaded)),
        noise=merged(windows.noise, (max(LEAST, each.noise) for each in loaded)),
        freedom=windows.freedom,
        loaded=windows.loaded or bool(loaded),
    )


LEAST = 1e-12
"""A variance of services that do not differ at all: of nanoseconds, rounded."""


def spread_of(seen: Sequence[Seen]) -> Floats:
    """The squared coefficient of variation of each request, pooled over the windows of one kind."""
    requests = range(len(seen[0].services))
    found = []
    for number in requests:
        several = [np.asarray(each.services[number], dtype=float) for each in seen]
        squares = sum(float(((of / of.mean() - 1) ** 2).sum()) for of in several)
        found.append(squares / max(1, sum(len(of) - 1 for of in several)))
    return np.array(found)


def cut(at_s: Sequence[float], services: Sequence[Sequence[float]]) -> list[Seen]:
    """Windows of consecutive people, who came at ``at_s`` and whose requests took so long (s).

    ``services`` has one row for each request. As many windows as keep :data:`EACH` people, and no more
    than :data:`MOST`.
    """
    many = max(1, min(MOST, len(at_s) // EACH))
    edges = np.linspace(0, len(at_s), many + 1).round().astype(int)
    rows = [np.asarray(of, dtype=float) for of in services]
    found = []
    for first, after in pairwise(edges.tolist()):
        last_s = at_s[after - 1] + sum(float(of[after - 1]) for of in rows)
        found.append(Seen(at_s[first], last_s, 0, [of[first:after].tolist() for of in rows]))
    return found
