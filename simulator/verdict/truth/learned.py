"""Learned: what is thought of a station's services once they have been measured a second time.

A probe and a replay each measure, on one occasion (this hour, these neighbours on the machine), by what
factor services take longer than a file says. Occasions vary, on the logarithm, with a variance of which
the file says ``s0^2``, from launch to launch, and the two measurements, which are ``d`` apart, ``d^2 / 2``
less the replay's own error ``s1^2``. Each of both is one degree of freedom, so it is taken to be

    t2 = (s0^2 + max(0, d^2 - s1^2) / 2) / 2.

The probe then counts by ``1 / t2`` and the replay by ``1 / (t2 + s1^2)``, and a launch, which is a third
occasion, varies around their mean by ``t2`` and by what that mean may be off. Where the two agree a
band becomes narrower, and where they do not, wider; neither is ever written over.

Source: DerSimonian and Laird 1986, "Meta-analysis in clinical trials" (random effects, by moments).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from simulator.timetable.volume import DECILE
from simulator.verdict.truth.took import Took


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """By what factor services take longer than a file says, and how sure that is."""

    likely: float
    spread: float
    """Standard deviation of the logarithm, from launch to launch; 0: nobody said."""

    @classmethod
    def of(cls, low: float, likely: float, high: float) -> Belief:
        """From the deciles of a file."""
        return cls(likely=likely, spread=math.log(high / low) / 2 / DECILE)

    @property
    def deciles(self) -> tuple[float, float]:
        """One launch in ten has less, and one in ten has more."""
        factor = math.exp(DECILE * self.spread)
        return self.likely / factor, self.likely * factor


def learned(before: Belief, took: Took) -> Belief:
    """What is thought after services took so many times as long as was likely before."""
    error = error_of(took)
    if not math.isfinite(error):
        return before
    apart = math.log(took.ratio)
    between = (before.spread**2 + max(0.0, apart**2 - error**2) / 2) / 2
    if not between:  # nobody said how sure the file is, and the two agree
        return before
    probed, replayed = 1.0 / between, 1.0 / (between + error**2)
    moved = apart * replayed / (probed + replayed)
    return Belief(
        likely=before.likely * math.exp(moved),
        spread=math.sqrt(between + 1.0 / (probed + replayed)),
    )


def error_of(took: Took) -> float:
    """The standard error of the logarithm of the ratio; infinite where its interval has no end."""
    if took.batches < 2 or not 0.0 < took.ratio <= took.high < math.inf:
        return math.inf
    wide = float(special.stdtrit(took.batches - 1, 0.975))  # of Student's t, as the interval is
    return (took.high - took.ratio) / took.ratio / wide
