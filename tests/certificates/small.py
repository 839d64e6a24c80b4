"""The small launch, and how often it truly holds with so many servers."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
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
from simulator.verdict.criteria import Outcome, conclusion
from simulator.verdict.objectives import judge_objectives

FILE = Path(__file__).with_name("launch.toml")
LOW, HIGH = 12, 60
"""Between so many servers is searched: what is needed lies well within."""
TRUTH_SEED = 987_654_321
"""No search begins with it, and none of their confirmations comes to it: they add a million each."""
LAUNCHES = 10_000
AT_A_TIME = 500


@functools.cache
def plan() -> Plan:
    """The launch with the file's own servers."""
    return arriving(resolve(library.load(str(FILE))), Compiled()).plan(0)


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


def holds(servers: int, launches: range) -> int:
    """In how many of these launches it holds: the objectives' own rule, and nothing else of a trial."""
    engine, asked = Compiled(), with_servers(servers)
    summaries = (play(asked, engine, launch) for launch in launches)
    criteria = (judge_objectives(asked.objectives, each, closes=True) for each in summaries)
    return sum(conclusion(each) is Outcome.HOLDS for each in criteria)


def share_that_holds(servers: int, launches: int = LAUNCHES) -> float:
    """The truth about a candidate, within a standard error of 0.22 % at 95 %."""
    parts = [
        range(first, min(first + AT_A_TIME, launches)) for first in range(0, launches, AT_A_TIME)
    ]
    found = joblib.Parallel(n_jobs=-1)(joblib.delayed(holds)(servers, part) for part in parts)
    return float(sum(found) / launches)
