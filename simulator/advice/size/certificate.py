"""Certificate: "with 95 % confidence at least 95 % of launches meet every objective".

The unit is the launch, the number of launches is fixed beforehand, and they are played on luck that the
search has not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.advice.size.trials import Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a certificate has to say."""

    share: float = 0.95
    """The share of launches that must hold."""
    confidence: float = 0.95
    launches: int = 181
    """Fixed beforehand. 181 certify with probability 0.90 what holds in 99 of 100 launches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What fresh launches say of one candidate."""

    asked: Asked
    tried: Tried
    """On fresh luck only."""
    share_at_least: float
    """The one-sided Clopper-Pearson bound of the share that holds, at the confidence asked for."""
    seed: int
    """The seed of the fresh launches."""

    @property
    def given(self) -> bool:
        """Whether it says what was asked."""
        return self.share_at_least >= self.asked.share
