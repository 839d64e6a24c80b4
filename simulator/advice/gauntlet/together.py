"""Where no single change holds: all that runs out is enlarged together, in proportion to what is needed of it.

At the busiest moment of the demand ``r`` people a second come, each of them taking step ``s`` with share ``p_s``;
resource ``i`` then has to give ``n_i = r * sum over s of p_s * need_is`` (:mod:`simulator.system.capacity`). With one
factor ``f`` for all, each resource that has less than ``f * n_i`` is raised to that, and the others stay. The
smallest ``f`` that holds is found as the size of a single change is: doubled until a few launches hold, halved
in between, and confirmed by all launches, on the same luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.engine.rules import Engine
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Fate
from simulator.plan.launches import Prediction, play, predict
from simulator.plan.peaks import peaks
from simulator.plan.plan import Plan, Subject
from simulator.system.capacity import Resource, Supply, resources_of
from simulator.verdict.chance import certain
from simulator.verdict.criteria import Outcome
from simulator.verdict.objectives import outcome_of

TURNS = {
    Supply.SERVERS: Turn.SERVERS,
    Supply.CORES: Turn.CORES,
    Supply.TOKENS: Turn.QUOTA,
}
SMALLEST = 0.25
"""Of what is needed at the busiest moment: a queue, patience and retries may carry most of a short peak."""
DOUBLINGS = 4
"""Up to four times what is needed then."""
HALVINGS = 4
"""So that the factor is known within 4.5 %: the sixteenth part of a doubling."""
FURTHER = 1.2
"""What did for a few launches and not for all is enlarged by so much."""
CONFIRMATIONS = 4
FEW = 3
"""Launches that a factor has to pass first."""

Change = tuple[Tweak, float]
"""What is turned, and how far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Changes that hold together."""

    changes: tuple[Change, ...]
    holds: int
    launches: int
    """So many launches hold with them, of so many."""


Needs = Sequence[tuple[Resource, float]]
"""Each resource, and how much of it is needed at the busiest moment."""


def together(plan: Plan, prediction: Prediction, engine: Engine) -> Together | None:
    """The smallest enlargement of everything that as many launches confirm; None: none was found."""
    launches = len(prediction.launches)
    needs, few = needs_of(plan, prediction), worst_served(prediction)

    def passes(factor: float) -> bool:
        changed = with_all(plan, changes_to(needs, factor))
        return all(is_good(changed, play(changed, engine, launch)) for launch in few)

    factor = smallest(passes)
    if factor is None:
        return None
    for further in range(CONFIRMATIONS):
        changes = tuple(changes_to(needs, factor * FURTHER**further))
        changed = with_all(plan, changes)
        held = [is_good(changed, each) for each in predict(changed, engine, launches).launches]
        if certain(held):
            return Together(changes=changes, holds=sum(held), launches=launches)
    return None


def worst_served(prediction: Prediction) -> list[int]:
    """The launches that lost the most of those who came, the worst first.

    What is enough for them mostly is for all, whether more people came there or services took longer.
    """
    share = [int(each.fates[Fate.SERVED]) / max(1, each.arrivals) for each in prediction.launches]
    return sorted(range(len(share)), key=lambda launch: (share[launch], launch))[:FEW]


def needs_of(plan: Plan, prediction: Prediction) -> Needs:
    """What the busiest second of the demand needs of everything."""
    second, _ = peaks(plan)
    rates = [second.per_s * share for share in prediction.launches[0].step_shares]
    return [
        (resource, resource.utilisation(rates) * resource.amount)
        for resource in resources_of(plan.system)
    ]


def changes_to(needs: Needs, factor: float) -> Iterator[Change]:
    """Everything that has less than so many times what is needed of it."""
    for resource, needed in needs:
        tweak = Tweak(turn=TURNS[resource.kind], station=resource.station, now=resource.amount)
        value = tweak.rounded(factor * needed)
        if value > resource.amount:
            yield tweak, value


def with_all(plan: Plan, changes: Iterable[Change]) -> Plan:
    """The plan with all these changes."""
    for tweak, value in changes:
        plan = replace(plan, system=tweak.applied(plan.system, value))
    return plan


def is_good(plan: Plan, summary: Summary) -> bool:
    """Whether a launch meets all that is asked."""
    closes = plan.subject is Subject.LAUNCH
    return outcome_of(plan.objectives, summary, closes=closes) is Outcome.HOLDS


def smallest(passes: Callable[[float], bool]) -> float | None:
    """The smallest factor that passes, within a sixteenth of a doubling; None: the largest does not.

    >>> smallest(lambda factor: factor >= 0.5), smallest(lambda factor: factor >= 9)
    (0.5, None)
    """
    enough = next((SMALLEST * 2**n for n in range(DOUBLINGS + 1) if passes(SMALLEST * 2**n)), None)
    if enough is None or enough == SMALLEST:
        return enough
    step: float = 0.5
    for _ in range(HALVINGS):
        less: float = enough * 2.0**-step
        if passes(less):
            enough = less
        step /= 2
    return enough
