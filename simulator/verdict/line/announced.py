"""Announced waits against real ones: what people were told first, and how long it took from then on.

The real wait of somebody who was let in ends between his last look that was answered "wait" and the one that
let him in, and begins between his asking for a place and the answer. An announcement is wrong only if no instants
between these make it right, within a factor and a second. Whoever leaves the line lets those behind him in sooner, which no line can announce: a wait that was
too long is judged as if as many of those ahead had left as of all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.outcomes.looks import Told
from simulator.outcomes.rows import UNKNOWN, Rows
from simulator.units import FOREVER, NS_PER_S, Floats, Ints
from simulator.verdict.line.promises import Promises
from simulator.verdict.line.stints import NEVER, Stints, told_in_stints

SLACK_NS = NS_PER_S
"""By less nobody is misled."""
ENOUGH = 20
"""Fewer people have no median (:mod:`simulator.outcomes.instrument`)."""
GROUPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """Of everybody who was told a wait when he got his place."""

    people: int
    short: int
    """Who waited longer than he was told, beyond all doubt."""
    long: int
    """Who waited less."""
    calibration: tuple[Group, ...]

    @property
    def wrong(self) -> float:
        """Share of them who were told a wrong wait."""
        return (self.short + self.long) / self.people if self.people else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People who were announced similar waits, and were let in."""

    people: int
    announced_s: float
    """Their median, as of what follows."""
    real_s: float
    low_s: float
    high_s: float
    """The middle 80 % of real waits, as they saw them end."""


def announced(stints: Stints, looks: Rows, promises: Promises, left: float) -> Announced | None:
    """What came of it; None where no waits are announced. ``left``: the share who gave their place up."""
    rows, starts = told_in_stints(looks)
    first = rows[starts]
    told = (first["wait"] != UNKNOWN) & (first["said"] == Told.PLACED)
    if not told.any():
        return None
    first, chosen = first[told], stints.chosen(told)
    wait = first["wait"]
    least = np.where(chosen.waited > NEVER, chosen.waited - first["seen"], 0)
    came = chosen.entered < FOREVER
    most = np.where(came, chosen.entered - first["sent"], FOREVER)
    factor = promises.wait_factor
    short = least > np.maximum(wait * factor, wait + SLACK_NS)
    reduced = wait * (1 - left)
    long = reduced > np.maximum(most * factor, most.astype(np.float64) + SLACK_NS)
    return Announced(
        people=len(wait),
        short=int(short.sum()),
        long=int(long.sum()),
        calibration=groups_of(wait[came] / NS_PER_S, (chosen.entered - first["seen"])[came]),
    )


def groups_of(wait_s: Floats, real_ns: Ints) -> tuple[Group, ...]:
    """People in groups of equal size, by what they were announced."""
    order, real_s = np.argsort(wait_s, kind="stable"), real_ns / NS_PER_S
    many = min(GROUPS, len(order) // 5) or min(1, len(order))
    found = []
    for part in np.array_split(order, many) if many else []:
        low, middle, high = np.quantile(real_s[part], (0.1, 0.5, 0.9)).tolist()
        found.append(
            Group(
                people=len(part),
                announced_s=float(np.median(wait_s[part])),
                real_s=middle,
                low_s=low,
                high_s=high,
            )
        )
    return tuple(found)
