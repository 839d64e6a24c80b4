"""Plans that tests make. What is published of a launch is fitted once a session."""

import functools
import pickle
from collections.abc import Callable, Sequence

from scenarios.library import shelf as library
from simulator import Compiled, Plan, Scenario
from simulator.engine.rules import Engine
from simulator.plan.published.fit import Fit
from simulator.plan.resolve import Arriving, arriving, resolve
from simulator.scenario.words.stations import Station
from simulator.scenario.words.surges.surge import Milestones


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


Fitting = Callable[[Fit, Engine], Milestones]


def remembered(find: Fitting) -> Fitting:
    """The same, which looks for nothing twice; a fit is a function of what it is given."""
    found: dict[tuple[str, bytes], Milestones] = {}

    @functools.wraps(find)
    def fitted(fit: Fit, engine: Engine) -> Milestones:
        asked = repr((type(engine), vars(engine))), pickle.dumps(fit)
        if asked not in found:
            found[asked] = find(fit, engine)
        return found[asked]

    return fitted


def coming(name: str, *settings: str, variant: str | None = None) -> Arriving:
    """Who comes to a launch of the library."""
    launch = resolve(library.load(name, variant=variant, settings=list(settings)))
    return arriving(launch, Compiled())


def library_plan(name: str, *settings: str, variant: str | None = None, seed: int = 1) -> Plan:
    """A launch of the library."""
    return coming(name, *settings, variant=variant).plan(seed)
