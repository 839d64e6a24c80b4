"""``surgeproof size``: the cheapest system that holds, with a certificate."""

from __future__ import annotations

import json
from collections.abc import Sequence

from reports.files.size_record import size_record
from reports.terminal.horizon import horizon_record, horizon_text
from reports.terminal.size import size_text
from scenarios.library import shelf as library
from simulator.advice.horizon.horizon import LONG_NS, Course, long_horizon
from simulator.advice.size.answer import Sizing
from simulator.advice.size.certificate import Asked
from simulator.advice.size.knobs import Knob
from simulator.advice.size.prices import Prices, prices_of
from simulator.advice.size.sizer import Sizer
from simulator.advice.size.vary.asked import knobs_asked, knobs_usual
from simulator.engine.rules import Engine
from simulator.errors import UsageError
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving, arriving, resolve
from simulator.system.system import System
from surgeproof import effort
from surgeproof.endings import INTERRUPTED
from surgeproof.engines import compiling, engine_named
from surgeproof.progress import progress

FORMAT = 1


def run(
    name: str,
    *,
    vary: Sequence[str],
    asked: Asked,
    seed: int,
    engine: str,
    variant: str | None,
    settings: list[str],
    as_json: bool,
    allow_files: bool,
) -> int:
    """Print how much is needed; 0 where something in range holds, 1 where nothing does."""
    require_enough(asked)
    scenario = library.load(name, variant=variant, settings=settings, allow_files=allow_files)
    chosen = engine_named(engine)
    resolved = resolve(scenario)
    knobs = knobs_of(vary, resolved.system)
    effort.tell_of_fit(resolved)
    with progress(compiling("fitting the demand")):
        people = arriving(resolved, engine_named("compiled"))
        plan = people.plan(seed)
    if not vary and plan.horizon_ns > LONG_NS:
        return told_of_years(people, plan, chosen, as_json=as_json, settings=settings)
    found, interrupted = sized(plan, knobs, prices_of(scenario, knobs), asked, chosen)
    if as_json:
        record = {
            "format": FORMAT,
            "scenario": scenario.name,
            "variant": variant,
            "settings": settings,
            "seed": seed,
            "engine": chosen.name,
            **size_record(found),
        }
        print(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        print(size_text(found), end="")
    return INTERRUPTED if interrupted else found.exit_code


def told_of_years(
    people: Arriving, plan: Plan, engine: Engine, *, as_json: bool, settings: list[str]
) -> int:
    """Print until when today's system holds; 1 where it does not, likely, to the end of the horizon."""
    opening = people.launch.clock.opening
    with progress("looking for the busiest days") as step:
        found = long_horizon(people, engine, seed=plan.seed, told=lambda note: step(0, 0, note))
    holds = found.end(Course.LIKELY).at_ns is None
    if not as_json:
        print(horizon_text(plan, opening, found), end="")
        return 0 if holds else 1
    record = {
        "format": FORMAT,
        "scenario": plan.scenario,
        "variant": plan.variant,
        "settings": settings,
        "seed": plan.seed,
        "engine": engine.name,
        "horizon": horizon_record(plan, opening, found),
    }
    print(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False))
    return 0 if holds else 1


def sized(
    plan: Plan, knobs: tuple[Knob, ...], prices: Prices, asked: Asked, engine: Engine
) -> tuple[Sizing, bool]:
    """The answer, or what is known of it when somebody interrupts; and whether somebody did."""
    with progress("sizing") as step:
        expected = [0]

        def stage(doing: str, launches: int) -> None:
            expected[0] = launches
            step(0, launches, doing)

        sizer = Sizer(
            plan=plan,
            knobs=knobs,
            prices=prices,
            asked=asked,
            engine=engine,
            stage=stage,
        )
        try:
            return sizer.run(), False
        except KeyboardInterrupt:
            return sizer.so_far(), True


def knobs_of(vary: Sequence[str], system: System) -> tuple[Knob, ...]:
    return knobs_asked(vary, system) if vary else knobs_usual(system)


def require_enough(asked: Asked) -> None:
    """Raises UsageError where so few launches can never certify what is asked."""
    if asked.launches < asked.fewest:
        raise UsageError(
            f"--launches {asked.launches}: too few to certify {asked.share:.4g} of launches with confidence"
            f" {asked.confidence:.4g}, even if all of them hold (give at least {asked.fewest})"
        )
