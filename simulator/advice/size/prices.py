"""Prices: what a candidate costs while it is paid for, and what a person costs who is lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What things cost, in one currency; servers are counted where no price is known."""

    currency: str
    """As the file writes it: "EUR". Empty: the unit is servers (or instances), not money."""
    priced: dt.date | None
    """The date of the oldest price."""
    per_hour: tuple[float, ...]
    """Of one more of each knob, an hour; 0 of what is free (a rate of the line, a waiting room)."""
    fixed_per_hour: float = 0.0
    """Of stations that no knob turns."""
    paid_for_ns: int
    """How long the system is paid for."""
    person_lost: float = 0.0
    """What somebody costs who came and left without what he came for."""

    def per_hour_of(self, values: tuple[float, ...]) -> float:
        """What a candidate's values cost in an hour."""
        return self.fixed_per_hour + sum(
            price * value for price, value in zip(self.per_hour, values, strict=True)
        )

    def of(self, values: tuple[float, ...]) -> float:
        """What a candidate costs while it is paid for; without prices: how many servers it has."""
        hours = self.paid_for_ns / 3.6e12 if self.currency else 1.0
        return self.per_hour_of(values) * hours
