"""``surgeproof size``: the cheapest system that holds, with a certificate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from reports.files.size_record import size_record
from reports.terminal.size import size_text
from scenarios.library import shelf as library
from simulator.advice.size.answer import Sizing
from simulator.advice.size.certificate import Asked
from simulator.advice.size.knobs import Knob
from simulator.advice.size.prices import Prices, prices_of
from simulator.advice.size.sizer import Sizer
from simulator.advice.size.vary.asked import knobs_asked, knobs_usual
from simulator.engine.rules import Engine
from simulator.errors import UsageError
from simulator.plan.plan import Plan
from simulator.plan.resolve import arriving, resolve
from simulator.system.system import System
from surgeproof import effort, planning
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
    report: Path | None = None,
    formats: str = "html",
    language: str = "en",
) -> int:
    """Print how much is needed; 0 where something in range holds, 1 where nothing does."""
    require_enough(asked)
    wanted = planning.Wanted.of(report, formats, language)
    scenario = library.load(name, variant=variant, settings=settings, allow_files=allow_files)
    chosen = engine_named(engine)
    resolved = resolve(scenario)
    knobs = knobs_of(vary, resolved.system)
    effort.tell_of_fit(resolved)
    with progress(compiling("fitting the demand")):
        people = arriving(resolved, engine_named("compiled"))
        plan = people.plan(seed)
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
    if wanted is not None:
        options = planning.options(seed=seed, engine=engine, variant=variant, settings=settings)
        command = ["surgeproof", "size", name, *asked_options(vary, asked), *options]
        made = planning.made_of(command, scenario, plan, chosen)
        wanted.write(planning.sizing_answer(people, made, found, chosen, interrupted=interrupted))
    return INTERRUPTED if interrupted else found.exit_code


def asked_options(vary: Sequence[str], asked: Asked) -> list[str]:
    """What was asked, as it is typed."""
    found = [word for each in vary for word in ("--vary", each)]
    return [
        *found,
        *("--launches", str(asked.launches)),
        *("--share", f"{asked.share:g}"),
        *("--confidence", f"{asked.confidence:g}"),
    ]


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
