"""What is thought of a station's wandering once a replay has shown its services, beside what a file says.

A replay's windows are a second occasion. Where they tell that the services wander, the variance of the
logarithm becomes the mean of the file's and theirs, since each is one occasion, and so does the logarithm of
the time. A file that says nothing was written by a probe that could not tell, which rules nothing
out: then theirs is taken. Where they do not tell it, they rule nothing out either, and the file's stays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scenarios.probe.drift.posterior import Posterior, posterior
from scenarios.probe.drift.windows import EACH, MOST, Seen, windows_of
from simulator.units import Floats

FEWEST = 10 * EACH
"""Services: fewer than ten windows tell nothing of wandering."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanders:
    """As a station of a file says it."""

    sd: float
    over_s: float

    def __str__(self) -> str:
        """As a file has it.

        >>> print(Wanders(sd=0.123456, over_s=12.345))
        { sd = 0.123, over = "12.3 s" }
        """
        return f'{{ sd = {self.sd:.3f}, over = "{self.over_s:.3g} s" }}'


def shown(begun_s: Floats, ended_s: Floats, factors: Floats) -> Posterior | None:
    """What services say that took so many times as long as was predicted; None: they are too few.

    All of shape (k,), in the order in which they began; factors are above 0.
    """
    if len(factors) < FEWEST:
        return None
    many = min(MOST, len(factors) // EACH)
    edges = np.linspace(0, len(factors), many + 1).round().astype(np.int64).tolist()
    windows = windows_of(
        Seen(float(begun_s[a]), float(ended_s[a:b].max()), 0, [factors[a:b].tolist()])
        for a, b in pairwise(edges)
    )
    return None if windows is None else posterior(windows)


def learned_drift(before: Wanders | None, found: Posterior | None) -> Wanders | None:
    """What is thought afterwards; None: it is not seen to wander."""
    if found is None or not found.told:
        return before
    sd, over_s = found.drift
    if before is None:
        return Wanders(sd=sd, over_s=over_s)
    return Wanders(
        sd=math.sqrt((before.sd**2 + sd**2) / 2), over_s=math.sqrt(before.over_s * over_s)
    )
