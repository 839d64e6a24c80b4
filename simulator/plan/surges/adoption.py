"""An adoption: a curve through published counts that goes on to a ceiling nobody has seen.

After the last count but one it is ``A(t) = K / (1 + e^-((t - m) / g))``. For each ceiling ``K`` there is one
such curve through the last two counts, ``(s, a)`` and ``(t, b)``::

    g = (t - s) / (logit(b / K) - logit(a / K)),    m = t - g logit(b / K)

so two counts say nothing of the ceiling, and three of different things say little. What is left open is the
family of these curves. With ``d`` the share of those who have come that comes on a day, visits by ``t`` are
``d`` times the integral of ``A`` in days: ``K g log(1 + e^((t - m) / g))``.

Whoever lives by the clock on his wall stretches the curve's time: ``A(h(t))``, where the rate of ``h`` is the
wave of the day over all zones, 1 in the mean. Counts are met all the same, since the curve is put through
them in that time.

Source: Verhulst 1838, "Notice sur la loi que la population suit dans son accroissement"; Debecker and Modis
1994, "Determination of the uncertainties in S-curve logistic fits" (that a ceiling is known to a factor of
several while less than half of it has been reached).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.special import expit, logit

from simulator.plan.surges.curve import Clock, Cumulative, edges_until
from simulator.plan.surges.diurnal import DAY_S, clock_s, wave
from simulator.scenario.words.surges.adoption import Adoption
from simulator.timetable.volume import FARTHEST, Curves
from simulator.units import NS_PER_S, Floats, Ints

DEVIATES = np.linspace(-FARTHEST, FARTHEST, 13)
"""Of the curves between which a launch's own lies, in multiples of a decile's deviate."""


def adoption(surge: Adoption, opening: datetime, ceiling: float | None = None) -> Cumulative:
    """Who have come by then, or how often (``daily``), with a ceiling; without one, the likely."""
    stretched = hours_lived(surge, opening)
    at_s = np.array([0.0, *(point.at_ns / NS_PER_S for point in surge.points if point.at_ns)])
    count = np.array([0.0, *(float(point.count) for point in surge.points if point.at_ns)])
    known = Family(at_s=stretched(at_s), count=count)
    curve = known.curve(surge.ceilings[1] if ceiling is None else ceiling)
    if surge.daily is None:
        return lambda s: curve.come(stretched(s))
    per_s = surge.daily / DAY_S
    return lambda s: per_s * curve.integral(stretched(s))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family:
    """All curves through some counts, the first of which is nobody at the opening."""

    at_s: Floats
    count: Floats

    def curve(self, ceiling: float) -> Curve:
        """The one that ends at a ceiling."""
        (s, t), (a, b) = self.at_s[-2:], self.count[-2:]
        growth_s = float((t - s) / (logit(b / ceiling) - logit(a / ceiling)))
        midpoint_s = float(t - growth_s * logit(b / ceiling))
        return Curve(family=self, ceiling=ceiling, growth_s=growth_s, midpoint_s=midpoint_s)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """One of them."""

    family: Family
    ceiling: float
    growth_s: float
    midpoint_s: float

    @property
    def turns_s(self) -> float:
        """Where the logistic part begins: at the last count but one."""
        return float(self.family.at_s[-2])

    def come(self, s: Floats) -> Floats:
        """Who have come."""
        later = self.ceiling * expit((s - self.midpoint_s) / self.growth_s)
        return np.where(s < self.turns_s, self._early(np.minimum(s, self.turns_s)), later)

    def integral(self, s: Floats) -> Floats:
        """The integral of those from the opening on."""
        early = self._early.antiderivative()
        until = np.minimum(s, self.turns_s)
        later = self._soft(np.maximum(s, self.turns_s)) - self._soft(np.array(self.turns_s))
        return np.asarray(early(until) - early(0.0) + self.ceiling * self.growth_s * later)

    @property
    def _early(self) -> PchipInterpolator:
        return PchipInterpolator(self.family.at_s[:-1], self.family.count[:-1])

    def _soft(self, s: Floats) -> Floats:
        return np.asarray(np.logaddexp(0.0, (s - self.midpoint_s) / self.growth_s))


def hours_lived(surge: Adoption, opening: datetime) -> Callable[[Floats], Floats]:
    """The time in which the curve runs: faster at the hours at which people come."""
    if surge.zones is None:
        return lambda s: s
    peak_hour, depth = surge.peak_hour, surge.depth
    assert peak_hour is not None
    assert depth is not None
    shown_s = [(zone.share, clock_s(opening) + zone.offset_s) for zone in surge.zones]

    def stretched(s: Floats) -> Floats:
        zones = (
            w * (wave(peak_hour, depth, o + s) - wave(peak_hour, depth, o)) for w, o in shown_s
        )
        return np.asarray(sum(zones, 0.0 * s))

    return stretched


def ceiling_at(surge: Adoption, deviate: float) -> float:
    """The ceiling of a launch: lognormal in what is still to come, on either side of the likely one."""
    come = float(surge.points[-1].count)
    low, likely, high = (ceiling - come for ceiling in surge.ceilings)
    factor = high / likely if deviate >= 0 else low / likely
    return float(come + likely * factor ** abs(deviate))


def left_open(surge: Adoption, opening: datetime, edges_ns: Ints) -> Curves | None:
    """The family of curves over the blocks of the likely one; None where all is certain.

    How often members come is drawn with the ceiling: what makes more people stay makes them come.
    """
    low, likely, high = surge.ceilings
    use = None if surge.volume is None else surge.volume.law
    if low == high and use is None:
        return None
    edges_s = edges_ns / NS_PER_S
    mass = np.diff(adoption(surge, opening, likely)(edges_s))
    ratios = []
    for deviate in DEVIATES:
        one = np.diff(adoption(surge, opening, ceiling_at(surge, float(deviate)))(edges_s))
        more = 1.0 if use is None else use.at(float(deviate))
        ratios.append(more * np.divide(one, mass, out=np.ones_like(mass), where=mass > 0))
    return Curves.of(DEVIATES, np.maximum(np.array(ratios), 0.0))


def adoption_edges(surge: Adoption, clock: Clock) -> Ints:
    """Blocks with the counts among their edges."""
    return edges_until(clock.horizon_ns, [point.at_ns for point in surge.points])
