"""Cures: single changes with which a launch heals from a trigger, as small as may be.

More capacity at the scarcest station, a deadline there, longer pauses between retries, or people let in
more slowly. A size is looked for with a few of the launches that do not recover, on the same luck;
all launches that stand undisturbed have the last word: 95 % of them must heal, and it is told how many do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from simulator.advice.change.offered import tweak_of_line, tweaks_of_people, tweaks_of_station
from simulator.advice.change.smallest import further, smallest_value
from simulator.advice.change.toll import Toll, tolerated, toll_of
from simulator.advice.change.turn import OF_CAPACITY, Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.disturbance.bench import Bench
from simulator.advice.disturbance.found import Cure, Reaction
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import play, predict
from simulator.plan.plan import Plan
from simulator.system.capacity import visits_per_s
from simulator.verdict.chance import SHARE_THAT_MUST_HOLD

FEW = 5
"""So many launches look for a size."""
CONFIRMATIONS = 2
"""A little more is tried so often where that does not do for all."""


def cures(bench: Bench, from_: Reaction) -> Iterator[Cure]:
    """Every single change with which the launches heal from a trigger."""
    few = from_.lost[:FEW]
    for tweak in curing(bench):

        def passes(value: float, tweak: Tweak = tweak) -> bool:
            plan = from_.trigger.applied(changed(bench, tweak, value))
            if bench.told:
                bench.told(f"{tweak.turn}")
            return all(bench.recovers(launch, play(plan, bench.engine, launch)) for launch in few)

        value = smallest_value(tweak, passes)
        found = None if value is None else confirmed(bench, from_, tweak, value)
        if found is not None and found.toll is not None and found.toll.within(bearable(bench)):
            yield found


def confirmed(bench: Bench, from_: Reaction, tweak: Tweak, value: float) -> Cure | None:
    """What all launches say of a change that heals a few; of a little more where that does not do."""
    for _ in range(CONFIRMATIONS):
        plan = from_.trigger.applied(changed(bench, tweak, value))
        hit = predict(plan, bench.engine, bench.launches).launches
        healed = [bench.recovers(launch, hit[launch]) for launch in bench.standing]
        if sum(healed) >= SHARE_THAT_MUST_HOLD * len(healed):
            return Cure(
                tweak=tweak,
                value=value,
                healed=sum(healed),
                launches=len(healed),
                toll=toll(bench, tweak, value),
            )
        if tweak.at_once:
            return None
        value = further(tweak, value)
    return None


def curing(bench: Bench) -> Sequence[Tweak]:
    """More of what is scarce, a deadline, longer pauses, and people let in more slowly."""
    system, station = bench.plan.system, bench.moment.station
    at_station = list(tweaks_of_station(system, station, refuses=False))
    found = [tweak for tweak in at_station if tweak.turn in OF_CAPACITY]
    found += [tweak for tweak in tweaks_of_people(system) if tweak.turn is Turn.BACKOFF]
    found += [tweak for tweak in at_station if tweak.turn is Turn.DEADLINE]
    capacity_per_s = visits_per_s(system, shares(bench.calm))
    slower = tweak_of_line(system, capacity_per_s, faster=False)
    return [*found, slower] if slower else found


def shares(launches: Sequence[Summary]) -> list[float]:
    """Of those who come, the share who have each step in their journey; of the first launch."""
    return launches[0].step_shares


def changed(bench: Bench, tweak: Tweak, value: float) -> Plan:
    """The launch with a change; the demand stays what it was."""
    return replace(bench.plan, system=tweak.applied(bench.plan.system, value))


def bearable(bench: Bench) -> Toll:
    """What a change may cost people in the line."""
    return tolerated(bench.plan.objectives.line, toll_of(bench.calm, within=1.0))


def toll(bench: Bench, tweak: Tweak, value: float) -> Toll:
    """What a change costs people in the line, undisturbed: a line is no free remedy."""
    return toll_of(predict(changed(bench, tweak, value), bench.engine, bench.launches).launches)
