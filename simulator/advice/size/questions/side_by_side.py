"""Cases side by side: the low, the likely and the high demand, and five times as many people.

Low and high are the tenth and the ninetieth percentile of the volume that the file gives: one launch
in ten is smaller, one in ten larger. Each case is of that size for certain. Where the file gives no
range, half and double are assumed, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.advice.size.answers.cases import Case
from simulator.advice.size.knobs import Candidate
from simulator.advice.size.questions.aids.cheapest import Cheapest
from simulator.advice.size.questions.aids.few import Few
from simulator.advice.size.questions.aids.worlds import Sized
from simulator.advice.size.trials import median_wait_p95_s
from simulator.plan.sized import LIKELY, is_uncertain

LOW, HIGH = 0.1, 0.9
ASSUMED_LOW, ASSUMED_HIGH = 0.5, 2.0
FIVE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the demand of a case is."""

    name: str
    factor: float = 1.0
    """Of the volume that the luck names."""
    luck: float = LIKELY
    assumed: bool = False


def sizes(*, uncertain: bool) -> tuple[Size, ...]:
    """The sizes of the cases, from a volume that is uncertain or not."""
    low = Size(name="low", luck=LOW)
    high = Size(name="high", luck=HIGH)
    if not uncertain:
        low = Size(name="low", factor=ASSUMED_LOW, assumed=True)
        high = Size(name="high", factor=ASSUMED_HIGH, assumed=True)
    return low, Size(name="likely"), high, Size(name="five times", factor=FIVE)


def cases(
    sized: Sized, today: Candidate, certified: Candidate, cheapest: Cheapest, few: Few
) -> tuple[Case, ...]:
    """Each case by itself; where nothing is certified, the nearest system takes its place.

    Of a larger demand fewer launches are played.
    """
    return tuple(_cases(sized, today, certified, cheapest, few))


def _cases(
    sized: Sized, today: Candidate, certified: Candidate, cheapest: Cheapest, few: Few
) -> Iterator[Case]:
    likely = sized.demand().total
    for size in sizes(uncertain=is_uncertain(sized.player.plan.demand)):
        player = sized.at(size.factor, size.luck)
        people = player.plan.demand.total
        factor = people / likely if likely else 1.0
        now, then = (few.lighter(factor).counted(player, each) for each in (today, certified))
        needs = cheapest(player, few.lighter(factor), [factor] * len(player.knobs))
        yield Case(
            name=size.name,
            demand_factor=factor,
            assumed=size.assumed,
            people=people,
            today_holds=(now.holds, len(now.trials)),
            needs=needs.candidate if needs else None,
            needs_cost=needs.cost if needs else None,
            with_certified=(then.holds, len(then.trials)),
            lost=then.lost,
            wait_p95_s=median_wait_p95_s(then.trials),
        )
