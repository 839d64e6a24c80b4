"""Certificate: "with 95 % confidence at least 95 % of launches meet every objective".

The unit is the launch, the number of launches ``n`` is fixed beforehand, and they are played on luck that
the search has not seen. If the share that holds were less than ``q``, at most ``f`` of them would fail with
a probability of less than ::

    size(f) = sum over k = 0..f of (n over k) (1 - q)**k q**(n - k)

A candidate is confirmed where at most ``f`` fail, ``f`` the largest number of which the size is at most
what may be spent: Clopper and Pearson's one-sided bound at the confidence 1 - size(f) is then ``q`` or more.

Several candidates may have to be confirmed, one after the other, each on fresh luck. So that the certificate
keeps its promise whichever of them gets it, their sizes add up to 1 - confidence at most: each confirmation
may spend half of what is left, or all of it where half allows no failure at all (with few launches), and
spends its own size (Bonferroni's inequality; with unequal parts it is called alpha spending).

Source: Clopper and Pearson 1934; Lan and DeMets 1983, "Discrete sequential boundaries for clinical trials".
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from scipy import special

from simulator.advice.size.trials import Tried
from simulator.outcomes.figures.intervals import clopper_pearson
from simulator.verdict.criteria import Outcome

MOST_CONFIRMATIONS = 6
"""After so many candidates were refused on fresh luck, the search ends."""
TRULY = 0.99
"""The power is told for what holds in so large a share of launches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a certificate has to say."""

    share: float = 0.95
    """The share of launches that must hold."""
    confidence: float = 0.95
    launches: int = 181
    """Fixed beforehand. 181 certify with probability 0.89 what holds in 99 of 100 launches."""

    def size(self, failures: int) -> float:
        """The largest probability that no more fail although too few launches hold."""
        return float(special.bdtr(failures, self.launches, 1.0 - self.share))

    def allowed(self, may_spend: float) -> int | None:
        """How many may fail at the most; None: not even a confirmation without failures says enough."""
        found = None
        for failures in range(self.launches):
            if self.size(failures) > may_spend:
                break
            found = failures
        return found

    @property
    def spare(self) -> int:
        """How many may fail in the first confirmation.

        >>> Asked().spare, Asked(launches=59).spare
        (3, 0)
        """
        first = next(self.confirmations(), None)
        return 0 if first is None else first

    @property
    def only_once(self) -> bool:
        """Whether there are too few launches for a second confirmation.

        >>> Asked(launches=59).only_once, Asked().only_once
        (True, False)
        """
        return len(list(self.confirmations())) <= 1

    @property
    def power(self) -> float:
        """How probably the first confirmation certifies what holds in 99 of 100 launches.

        >>> round(Asked().power, 2), round(Asked(launches=59).power, 2)
        (0.89, 0.55)
        """
        return float(special.bdtr(self.spare, self.launches, 1.0 - TRULY))

    def failing_when_certified(self, power: float) -> float:
        """The share that fails of what the first confirmation certifies with this probability.

        >>> round(Asked().failing_when_certified(0.9), 4)
        0.0097
        """
        return float(special.bdtri(self.spare, self.launches, power))

    @property
    def fewest(self) -> int:
        """The fewest launches that can certify at all.

        >>> Asked().fewest, Asked(share=0.99).fewest
        (59, 299)
        """
        return math.ceil(math.log(1.0 - self.confidence) / math.log(self.share) - 1e-9)

    def confirmations(self) -> Iterator[int]:
        """How many may fail in the first confirmation, in the second, and so on, while anything is left.

        >>> list(Asked(launches=59).confirmations()), list(Asked().confirmations())[:4]
        ([0], [3, 2, 2, 2])
        """
        left = 1.0 - self.confidence
        for _ in range(MOST_CONFIRMATIONS):
            failures = self.allowed(left / 2)
            if failures is None:
                failures = self.allowed(left)
            if failures is None:
                return
            yield failures
            left -= self.size(failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What fresh launches say of one candidate."""

    asked: Asked
    tried: Tried
    """On fresh luck only."""
    share_at_least: float
    """The one-sided Clopper-Pearson bound of the share that holds, at the confidence of this confirmation."""
    seed: int
    """The seed of the fresh launches: ``predict --seed`` plays the same."""
    allowed: int
    """So many might fail."""
    number: int = 1
    """Which confirmation it is, on fresh luck each."""

    @property
    def given(self) -> bool:
        """Whether it says what was asked: all launches were played, and few enough of them failed."""
        played = len(self.tried.trials)
        return played >= self.asked.launches and played - self.tried.holds <= self.allowed


def certificate_of(
    asked: Asked, tried: Tried, *, seed: int, allowed: int, number: int
) -> Certificate:
    """What these launches say; a launch that cannot be judged does not hold."""
    launches, holds = len(tried.trials), tried.holds
    confidence = 1.0 - asked.size(allowed)
    return Certificate(
        asked=asked,
        tried=tried,
        share_at_least=clopper_pearson(holds, launches, confidence)[0],
        seed=seed,
        allowed=allowed,
        number=number,
    )


def failures_of(tried: Tried) -> int:
    """How many launches do not hold."""
    return sum(each.outcome is not Outcome.HOLDS for each in tried.trials)
