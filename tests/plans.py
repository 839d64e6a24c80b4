"""Plans that tests make. A launch of the library is fitted once a session, whatever lies over it."""

import functools
from collections.abc import Sequence

from scenarios.library import shelf as library
from simulator import Compiled, Plan, Scenario
from simulator.engine.rules import Engine
from simulator.plan.resolve import Arriving, Resolved, arriving, resolve
from simulator.scenario.words.stations import Station


def rehearsal_plan(
    scenario: Scenario,
    stations: Sequence[Station] | None,
    *,
    seed: int,
    engine: Engine,
    sent: Scenario | None = None,
) -> Plan:
    """What of a launch is sent."""
    return arriving(resolve(scenario), engine).rehearsal(stations, seed=seed, sent=sent)


def coming(name: str, *settings: str, variant: str | None = None) -> Arriving:
    """Who comes to a launch of the library."""
    launch = resolve(library.load(name, variant=variant, settings=list(settings)))
    same = launch.fit == _as_written(name).fit
    return arriving(launch, Compiled(), known=_coming_as_written(name) if same else None)


@functools.cache
def _as_written(name: str) -> Resolved:
    return resolve(library.load(name))


@functools.cache
def _coming_as_written(name: str) -> Arriving:
    return arriving(_as_written(name), Compiled())


def library_plan(name: str, *settings: str, variant: str | None = None, seed: int = 1) -> Plan:
    """A launch of the library."""
    return coming(name, *settings, variant=variant).plan(seed)
