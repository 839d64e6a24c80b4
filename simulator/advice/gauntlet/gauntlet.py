"""The gauntlet: the crowds of many launches, each at the doors of one host, the worst of them first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.pool import ThreadPool

from simulator.advice.gauntlet.crowd import Crowd, Host
from simulator.advice.gauntlet.trial import LAUNCHES, Trial, trial
from simulator.engine.rules import Engine
from simulator.errors import ScenarioError, UsageError
from simulator.plan.effort import effort_of_fit
from simulator.plan.launches import threads
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import Scenario
from simulator.verdict.criteria import Outcome

Told = Callable[[int], None]
"""Told how many launches have been tried."""

WORST_FIRST = (Outcome.FAILS, Outcome.INCONCLUSIVE, Outcome.HOLDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A crowd that cannot be tried in that size, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauntlet:
    """What became of one system at all of them."""

    host: Host
    expect: int
    seed: int
    trials: tuple[Trial, ...]
    """The worst first: those that do not hold by how many people they lose."""
    launches: Mapping[str, Scenario]
    """Each as a launch of its own, by name."""
    refused: tuple[Refused, ...] = ()

    @property
    def worst(self) -> Trial | None:
        return self.trials[0] if self.trials else None

    @property
    def holding(self) -> int:
        return self._many(Outcome.HOLDS)

    @property
    def breaking(self) -> int:
        return self._many(Outcome.FAILS)

    def _many(self, outcome: Outcome) -> int:
        return sum(each.outcome is outcome for each in self.trials)

    @property
    def outcome(self) -> Outcome:
        """Whether all of them hold: one that does not is enough, and of one that cannot be told it is unknown."""
        found = {each.outcome for each in self.trials}
        unknown = Outcome.INCONCLUSIVE if self.refused or not found else Outcome.HOLDS
        return next((each for each in WORST_FIRST if each in found | {unknown}), unknown)


def gauntlet(
    host: Host,
    library: Sequence[Scenario],
    engine: Engine,
    *,
    expect: int,
    now: datetime,
    seed: int = 0,
    launches: int = LAUNCHES,
    told: Told | None = None,
) -> Gauntlet:
    """Try each launch of a library with so many people."""
    import joblib

    def one(scenario: Scenario) -> tuple[Trial, Scenario] | Refused:
        """Threads try several at once: an engine lets go of the interpreter while it simulates."""
        try:
            launch = Crowd.of(scenario, engine, now).at(host, expect)
            plan = arriving(resolve(launch), engine).plan(seed)
        except (ScenarioError, UsageError) as wrong:
            return Refused(name=scenario.name, why=str(wrong))
        return trial(scenario.name, plan, engine, launches), launch

    tried: dict[str, tuple[Trial, Scenario]] = {}
    refused: list[Refused] = []
    threads()  # those that launches are played on are made once, before two ask for them at once
    with ThreadPool(joblib.cpu_count()) as pool:
        for found in pool.imap_unordered(one, sorted(library, key=work_of, reverse=True)):
            if isinstance(found, Refused):
                refused.append(found)
            else:
                tried[found[0].name] = found
            if told:
                told(len(tried) + len(refused))
    return Gauntlet(
        host=host,
        expect=expect,
        seed=seed,
        trials=tuple(sorted((each for each, _ in tried.values()), key=badness)),
        launches={name: launch for name, (_, launch) in sorted(tried.items())},
        refused=tuple(sorted(refused, key=lambda each: each.name)),
    )


def badness(found: Trial) -> tuple[int, float, str]:
    """The order of trials, the worst first; of those that lose as many, by name."""
    return WORST_FIRST.index(found.outcome), -found.lost, found.name


def work_of(scenario: Scenario) -> float:
    """How long it takes to find who came to a launch."""
    effort = effort_of_fit(resolve(scenario))
    return 0.0 if effort is None else effort.ns
