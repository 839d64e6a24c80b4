"""How much a service wanders, and how sure its mean is, from the means of windows. Pure.

The logarithm of the service's level is a + x(t), with x a stationary Ornstein-Uhlenbeck process of
standard deviation sd and correlation time ``over``. A window's mean is then

    y_i = a_kind(i) + mean of x over window i + (sd^2 - v_i) / 2 + e_i,     e_i normal, variance n s_i

where v_i is the variance of x's mean over the window, s_i the noise by the spread within windows, and n
how far that spread itself may be off (inverse chi-squared). Bayes on a grid: sd and ``over`` are beforehand
equally likely in their logarithms, from 1 to 40 % and from 1 to 100 s; the means a are unknown and
integrated out (REML). A probe that is shorter than the wandering cannot see it, and the posterior says so:
its band is as wide as what it could not exclude. A step of load that follows is one more window. Beside others of servers
that always had something to do it narrows the band where it comes out as these do, and where it does not, that is
wandering as well, and the mean lies between both. Where all others were alone in flight it is of another kind, whose
mean is told by it alone: a processor that rests between two requests serves the next one later.

Sources: Patterson and Thompson 1971 (REML); Uhlenbeck and Ornstein 1930 (the process); the range of the
prior is what windows of real servers on shared machines differed by (23 % over 5 s, 17 % over 30 s).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from scenarios.probe.drift.windows import Loaded, Windows, with_loaded
from simulator.units import Floats

SDS = np.geomspace(0.01, 0.40, 14)
OVERS_S = np.geomspace(1.0, 100.0, 8)
NOISES = 5
"""Points at which the noise's own uncertainty is looked at."""
TELLS = 20.0
"""Wandering is told where it makes the windows so many times as likely as chance alone would: where
nothing wanders that happens in at most one probe of twenty (Markov's inequality)."""
FOREVER_S = math.inf
PAUSE_S = 5.0
"""From the probe's last window to a step of load: what sends it has to start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedStep:
    """How services came out under load, held against what was probed."""

    longer: float
    """How many times as long as probed they must have taken."""
    error: float
    """Standard deviation of the logarithm of that, by the step's own luck."""
    lasted_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """What windows say of the wandering and of the mean: one point of the grid beside the other."""

    weight: Floats
    """Shape (g,), sums to 1."""
    sd: Floats
    over_s: Floats
    centre: Floats
    """Of the logarithm of the typical level (a of the first kind), less that of the mean as measured."""
    variance: Floats
    """Of the same, by noise and wandering together."""
    odds: float
    """How many times as likely the windows are with wandering as without."""
    windows: Windows
    step: LoadedStep | None = None
    """What a step of load said of the services since; None: none was sent."""

    @property
    def told(self) -> bool:
        """Whether the service is seen to wander: chance alone would hardly look so."""
        return self.odds >= TELLS

    @property
    def drift(self) -> tuple[float, float]:
        """Standard deviation of the logarithm, and correlation time (s), as one figure each.

        The variance is the posterior's mean, so that launches that draw with it vary as much.
        """
        sd = math.sqrt(float(self.weight @ self.sd**2))
        return sd, math.exp(float(self.weight @ np.log(self.over_s)))

    def factor(self, stretch_s: float = FOREVER_S) -> tuple[float, float, float]:
        """Low tenth, middle and high tenth of the mean service over another stretch of time, as factors of that measured.

        Over a stretch without end it is the long-run mean alone that is uncertain.
        """
        own = self.sd**2 * kept(stretch_s, self.over_s)
        centre = self.centre + (self.sd**2 - own) / 2
        spread = np.sqrt(self.variance + own)
        low, middle, high = (
            math.exp(quantile(self.weight, centre, spread, q)) for q in (0.1, 0.5, 0.9)
        )
        return low, middle, high


def posterior(windows: Windows, step: LoadedStep | None = None) -> Posterior:
    """Sd, correlation time and mean from windows, and from a step of load after them.

    Whether it wanders within a launch is told by the windows alone: a step that is sent otherwise than they were
    may differ for that reason too, and then says how far a launch may be off.

    >>> still = Windows(begin_s=np.arange(6.0), end_s=np.arange(6.0) + 0.9, kind=np.zeros(6, np.int64),
    ...     log_mean=np.zeros(6), noise=np.full(6, 1e-6), freedom=30)
    >>> posterior(still).told
    False
    """
    before, written = windows, windows.log_written
    odds = odds_of(before)
    if step is not None:
        windows = with_loaded(before, [as_window(before, step)], first=not before.loaded)
    log_likely, centre, variance = fits(windows)
    weight = np.exp(log_likely - log_likely.max())
    sd, over_s, _ = points(windows)
    return Posterior(
        weight=weight / weight.sum(),
        sd=sd,
        over_s=over_s,
        centre=centre - written,
        variance=variance,
        odds=odds,
        windows=before,
        step=step,
    )


def as_window(windows: Windows, step: LoadedStep) -> Loaded:
    """What a step says of the services that are written."""
    begin_s = float(windows.end_s[-1]) + PAUSE_S
    log_mean = windows.log_written + math.log(step.longer)
    return Loaded(
        begin_s=begin_s, end_s=begin_s + step.lasted_s, log_mean=log_mean, noise=step.error**2
    )


def points(windows: Windows) -> tuple[Floats, Floats, Floats]:
    """Of the grid: sd, correlation time, and factor of the noise, shape (g,) each."""
    axes = np.meshgrid(SDS, OVERS_S, noises(windows.freedom), indexing="ij")
    sd, over_s, noise = (axis.ravel() for axis in axes)
    return sd, over_s, noise


def odds_of(windows: Windows) -> float:
    """How many times as likely the windows are with wandering as without."""
    log_likely, _, _ = fits(windows)
    still = noises(windows.freedom)[:, None, None] * np.eye(windows.many) * windows.noise
    log_still, _, _ = fitted(windows, still, np.tile(windows.log_mean, (NOISES, 1)))
    return math.exp(min(700.0, log_mean_exp(log_likely) - log_mean_exp(log_still)))


def fits(windows: Windows) -> tuple[Floats, Floats, Floats]:
    """As :func:`fitted`, of each point of the grid."""
    sd, _, noise = points(windows)
    alone = np.eye(windows.many) * windows.noise
    shape = np.stack([correlation(windows, over) for over in OVERS_S])
    of_over = np.repeat(np.tile(np.arange(len(OVERS_S)), len(SDS)), NOISES)
    wanders = sd[:, None, None] ** 2 * shape[of_over] + noise[:, None, None] * alone
    own = np.einsum("gii->gi", shape[of_over])
    shown = windows.log_mean - sd[:, None] ** 2 * (1 - own) / 2
    return fitted(windows, wanders, shown)


def noises(freedom: int) -> Floats:
    """Factors of the noise's variance, each as likely as the others: inverse chi-squared."""
    middles = (np.arange(NOISES) + 0.5) / NOISES
    return np.asarray(freedom / stats.chi2.ppf(middles, freedom), dtype=float)


def correlation(windows: Windows, over_s: float) -> Floats:
    """Covariances of x's means over windows, of unit variance: shape (k, k).

    The integral of exp(-|t - u| / over) over both windows, over both lengths.
    """
    lengths = (windows.end_s - windows.begin_s) / over_s
    part = np.where(lengths > 0, -np.expm1(-lengths) / np.where(lengths > 0, lengths, 1.0), 1.0)
    between_s = np.maximum(0.0, windows.begin_s[None, :] - windows.end_s[:, None])
    apart = np.triu(np.outer(part, part) * np.exp(-between_s / over_s), 1)
    return np.asarray(apart + apart.T + np.diag(kept(windows.end_s - windows.begin_s, over_s)))


def kept(stretch_s: float | Floats, over_s: float | Floats) -> Floats:
    """How much of x's variance its mean over a stretch still has: 2 (r - 1 + exp(-r)) / r^2.

    >>> kept(np.array([0.0, 1.0, math.inf]), 1.0).round(4).tolist()
    [1.0, 0.7358, 0.0]
    """
    ratio = np.asarray(stretch_s / over_s, dtype=float)
    safe = np.clip(ratio, 1e-3, 1e12)
    full = 2 * (safe + np.expm1(-safe)) / safe**2
    return np.where(ratio < 1e-3, 1 - ratio / 3, np.where(np.isinf(ratio), 0.0, full))


def fitted(windows: Windows, covariance: Floats, shown: Floats) -> tuple[Floats, Floats, Floats]:
    """Restricted log likelihood, and mean and variance of the first kind's level, of each point.

    ``covariance`` has shape (g, k, k), and ``shown``, the windows' logarithms, shape (g, k).
    """
    design = np.eye(int(windows.kind.max()) + 1)[windows.kind]
    root = np.linalg.cholesky(covariance)
    both = np.concatenate(
        [np.broadcast_to(design, (len(root), *design.shape)), shown[:, :, None]], axis=2
    )
    whitened = np.linalg.solve(root, both)
    kinds, values = whitened[:, :, :-1], whitened[:, :, -1:]
    information = kinds.transpose(0, 2, 1) @ kinds
    levels_of = np.linalg.inv(information)
    levels = levels_of @ (kinds.transpose(0, 2, 1) @ values)
    rest = ((values - kinds @ levels) ** 2).sum(axis=(1, 2))
    logs = 2 * np.log(np.einsum("gii->gi", root)).sum(axis=1) + np.linalg.slogdet(information)[1]
    return -(logs + rest) / 2, levels[:, 0, 0], levels_of[:, 0, 0]


def log_mean_exp(logs: Floats) -> float:
    most = float(logs.max())
    return most + math.log(float(np.exp(logs - most).mean()))


def quantile(weight: Floats, centre: Floats, spread: Floats, q: float) -> float:
    """Of a mixture of normal laws, by bisection to within 1e-9."""
    low = float((centre - 10 * spread).min())
    high = float((centre + 10 * spread).max())
    while high - low > 1e-9:
        middle = (low + high) / 2
        below = float(weight @ stats.norm.cdf((middle - centre) / spread)) < q
        low, high = (middle, high) if below else (low, middle)
    return (low + high) / 2
