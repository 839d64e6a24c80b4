"""The small launch, and how often it truly holds with so many servers."""

import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path

import joblib

from scenarios.library import shelf as library
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.player import Player
from simulator.advice.size.prices import Prices, prices_of
from simulator.advice.size.vary.asked import knobs_asked
from simulator.engine.compiled.engine import Compiled
from simulator.plan.launches import play
from simulator.plan.plan import Plan
from simulator.plan.resolve import arriving, resolve
from simulator.timetable.timetable import Timetable
from simulator.verdict.criteria import Outcome, conclusion
from simulator.verdict.objectives import judge_objectives

FILE = Path(__file__).with_name("launch.toml")
LOW, HIGH = 12, 60
"""Between so many servers is searched: what is needed lies well within."""
TRUTH_SEED = 987_654_321
"""No search begins with it, and none of their confirmations comes to it: they add a million each."""
LAUNCHES = 10_000
AT_A_TIME = 500


class Small(Plan):
    """The launch. Who comes is drawn once for all candidates that are tried on the same luck: half of the time."""

    def timetable(self, launch: int = 0) -> Timetable:
        return luck(self.seed, launch)


@functools.lru_cache(maxsize=1024)
def luck(seed: int, launch: int) -> Timetable:
    return Plan.timetable(replace(plan(), seed=seed), launch)


@functools.cache
def plan() -> Small:
    """The launch with the file's own servers."""
    found = arriving(resolve(library.load(str(FILE))), Compiled()).plan(0)
    return Small(**{field.name: getattr(found, field.name) for field in fields(found)})


@functools.cache
def knobs(high: int = HIGH) -> tuple[Knob, ...]:
    """The servers, and nothing else; a range that was asked for is not widened."""
    return knobs_asked([f"station.signup.servers={LOW}..{high}"], plan().system)


@functools.cache
def prices() -> Prices:
    return prices_of(library.load(str(FILE)), knobs())


@contextmanager
def alone() -> Iterator[None]:
    """Play launches one after the other in this process: processes beside it keep the other cores busy."""
    with joblib.parallel_config(backend="sequential"):
        yield


def player(seed: int) -> Player:
    """One who plays on the luck of a seed."""
    return Player(
        plan=replace(plan(), seed=seed), knobs=knobs(), prices=prices(), engine=Compiled()
    )


def with_servers(servers: int) -> Plan:
    """The launch with so many servers, on luck that no certificate has seen."""
    return player(TRUTH_SEED).planned(Candidate(values=(float(servers),)))


def holds(sizes: Sequence[int], launches: range) -> Counter[int]:
    """In how many of these launches each size holds: the objectives' own rule, and nothing else of a trial."""
    engine, asked = Compiled(), [(servers, with_servers(servers)) for servers in sizes]
    found: Counter[int] = Counter()
    for launch in launches:  # with all sizes, as they share its luck
        for servers, its in asked:
            criteria = judge_objectives(its.objectives, play(its, engine, launch), closes=True)
            found[servers] += conclusion(criteria) is Outcome.HOLDS
    return found


def held_in(sizes: Sequence[int], launches: range) -> Counter[int]:
    """The same on every core there is."""
    parts = [launches[first : first + AT_A_TIME] for first in range(0, len(launches), AT_A_TIME)]
    found = joblib.Parallel(n_jobs=-1)(joblib.delayed(holds)(sizes, part) for part in parts)
    return sum(found, Counter())
