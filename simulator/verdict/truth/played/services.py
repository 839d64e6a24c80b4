"""Services: how long a station worked on each job, as it was observed."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np

from simulator.units import Floats, Ints, frozen_ints


class Unrecoverable(enum.StrEnum):
    """Why nobody can tell what a station's services took."""

    NO_ATTEMPTS = "nothing was answered there"
    CALLED = "its work is called by other stations"
    CALLS = "its services call other stations, and nothing tells the two apart"
    SCALES = "its number of servers changes"
    FAILS = "its instances fail"
    COLD = "its instances start cold"
    SEATS = "its servers are held as seats"
    OWN_QUEUES = "each of its instances has a queue of its own"
    DAILY = "it gives so many a day"
    OTHER_ORDER = "it answers in another order than its description says, or has more servers"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Services:
    """The services of one station, in the order in which they began.

    What is told is work: on a server of its own, beside nobody. Where services inflate or share cores,
    that is less than the time between begin and end.
    """

    station: str
    row: Ints
    """Places of their attempts among those that they were recovered from."""
    step: Ints
    """Numbers of the steps, as in the rows."""
    begun_ns: Ints
    """Instants since the opening; likely ones, where they are not exact."""
    least_ns: Ints
    took_ns: Ints
    """The likely one, between the two bounds."""
    most_ns: Ints
    answered: Ints
    """1: its client saw the end. 0: the client had left, and the work went on (0 to FOREVER)."""
    told: int = 0
    """Of how many the target told when they began."""
    contradicted: int = 0
    """Answers that came before the discipline could have begun to work on them."""
    ended: int = 0
    """All answers that its clients saw the end of."""
    why_not: Unrecoverable | None = None

    @classmethod
    def none(cls, station: str, why_not: Unrecoverable) -> Services:
        """Nothing is known of them."""
        nothing = frozen_ints([])
        return cls(
            station=station,
            row=nothing,
            step=nothing,
            begun_ns=nothing,
            least_ns=nothing,
            took_ns=nothing,
            most_ns=nothing,
            answered=nothing,
            why_not=why_not,
        )

    @property
    def is_exact(self) -> Ints:
        """1 for each service that is known to the nanosecond."""
        return np.asarray(self.least_ns == self.most_ns, dtype=np.int64)

    @property
    def exact(self) -> bool:
        """Whether every service that was answered is known to the nanosecond."""
        return self.why_not is None and bool(self.is_exact[self.answered == 1].all())

    @property
    def share_unknown(self) -> float:
        """The share of services of which only bounds are known; 1 where there are none at all."""
        return 1.0 - float(self.is_exact.mean()) if len(self.step) else 1.0


def running_of(services: Services) -> Floats:
    """How many were under way when each began, itself included."""
    begun = np.sort(services.begun_ns)
    ended = np.sort(services.begun_ns + services.took_ns)
    at = services.begun_ns
    many = np.searchsorted(begun, at, side="right") - np.searchsorted(ended, at, side="right")
    return np.maximum(1.0, many.astype(np.float64))
