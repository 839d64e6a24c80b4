"""``surgeproof check``: is the file right, and what does it say in a few figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from scenarios.library import shelf as library
from scenarios.mail.commands import mails_in_words
from scenarios.rehearsal.brought import code_in_words
from scenarios.rehearsal.few import too_few_in_words
from scenarios.rehearsal.line import line_in_words
from scenarios.rehearsal.sendable import replay_of, sendable
from scenarios.rehearsal.senders import workers_in_words
from simulator.errors import Mistake, ScenarioError
from simulator.plan import peaks
from simulator.plan.effort import PATIENT_NS, Effort, effort_of_fit
from simulator.plan.meaning.costs import bought
from simulator.plan.plan import Plan
from simulator.plan.resolve import arriving, of_those_sent, resolve
from simulator.plan.surges.recorded import came, came_after
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.surges.recorded import Recorded
from simulator.system.described import let_in_over_time, served_in_words
from simulator.text.harmless import harmless
from simulator.text.wording import (
    digits,
    format_count,
    format_duration,
    format_factor,
    format_people,
    format_share,
)
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_S
from surgeproof.engines import engine_named
from surgeproof.progress import progress

FORMAT = 1
LABEL = 10
"""The letters that a label takes."""
Said = tuple[str, str]
"""A fact of a launch behind its label, which is empty where it goes on with the fact before."""


def run(
    name: str, *, variant: str | None, settings: list[str], allow_files: bool, as_json: bool = False
) -> int:
    """Print the launch in a few lines; mistakes are raised, all at once."""
    try:
        scenario = library.load(name, variant=variant, settings=settings, allow_files=allow_files)
        library.require_locustfiles(scenario, allow_files=allow_files)
        said = list(told_of(scenario))
    except ScenarioError as wrong:
        if as_json:
            print(json_of(name, variant, settings, mistakes=wrong.mistakes))
        raise
    if as_json:
        print(json_of(name, variant, settings, scenario=scenario, said=said))
        return 0
    print(harmless(scenario.name + (f" ({variant})" if variant else "")))
    for label, value in said:
        print(harmless(f"  {label:<{LABEL}}{value}"))
    print(f"{harmless(scenario.file)} is a valid launch")
    return 0


def told_of(scenario: Scenario) -> Iterator[Said]:
    """The launch in a few lines.

    Raises ScenarioError where it says what cannot be.
    """
    engine = engine_named("compiled")
    launch = resolve(scenario)
    effort = effort_of_fit(launch)
    quick = effort is None or effort.ns < PATIENT_NS
    with progress("fitting the demand"):
        plan = arriving(launch, engine if quick else None).plan(seed=0)
    yield from facts(plan).items()
    if effort is not None and not quick:
        yield "", not_fitted(effort)
    for label, value in (("costs", costs_in_words(scenario)), ("unsure", unsure_in_words(plan))):
        if value:
            yield label, value
    for line in left_out_in_words(scenario, plan.horizon_ns):
        yield "", line
    if scenario.words.replay:
        for line in rehearsal_in_words(scenario, plan.demand):
            yield line[:LABEL].strip(), line[LABEL:]
    yield "figures", provenance_in_words(scenario)


def json_of(
    name: str,
    variant: str | None,
    settings: Sequence[str],
    *,
    scenario: Scenario | None = None,
    said: Sequence[Said] = (),
    mistakes: Sequence[Mistake] = (),
) -> str:
    """The same for a program, also of a file that is wrong."""
    record: dict[str, Any] = {
        "format": FORMAT,
        "document": "check",
        "file": name if scenario is None else scenario.file,
        "scenario": scenario and scenario.name,
        "variant": variant,
        "settings": list(settings),
        "valid": scenario is not None,
        "mistakes": [asdict(each) for each in mistakes],
        "facts": [{"label": label, "text": " ".join(text.split())} for label, text in said],
    }
    return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)


def facts(plan: Plan) -> dict[str, str]:
    """What a planner would ask first."""
    return {
        "people": ", ".join(dict.fromkeys(people.name for people in plan.system.people)),
        "total": f"{format_count(plan.demand.total)} in {format_duration(plan.horizon_ns)}",
        "peak": peaks.in_words(plan),
        "let in": let_in_over_time(plan.system),
        "served by": "; ".join(served_in_words(station) for station in plan.system.stations),
    }


def costs_in_words(scenario: Scenario) -> str:
    """What each station costs, and how long before it must be ordered; nothing where no word is of it."""
    said = []
    for each in bought(scenario):
        words = []
        if each.per_hour is not None:
            kind = f" ({each.type})" if each.type else ""
            words.append(f"{digits(each.per_hour)} {each.currency}/h for each {each.piece}{kind}")
        if each.lead_time_ns is not None:
            words.append(f"ordered {format_duration(each.lead_time_ns)} ahead")
        if words:
            said.append(f"{each.name} {', '.join(words)}")
    lost = scenario.words.costs.person_lost
    if lost is not None:
        said.append(f"{digits(lost.amount)} {lost.currency} for each person lost")
    return "; ".join(said)


def unsure_in_words(plan: Plan) -> str:
    """What each launch draws for itself, beside who comes: one in ten is beyond each of the two factors."""
    factors = (
        f"{each.key} {format_factor(each.spread.low)} to {format_factor(each.spread.high)}"
        for each in plan.uncertain
    )
    drifts = (
        f"{each.key} by {format_share(each.sd)} (standard deviation) over {format_duration(each.over_ns)}"
        for each in plan.wandering
    )
    return "; ".join((*factors, *drifts))


def left_out_in_words(scenario: Scenario, horizon_ns: int) -> Iterator[str]:
    """Of each recording, how many the horizon cuts off: none is lost without a word."""
    for each in scenario.words.surge:
        if isinstance(each, Recorded) and (late := round(came_after(each, horizon_ns))):
            recorded = f"{came(each):,} recorded in {each.name}"
            yield f"without {late:,} of the {recorded}: they come after the horizon"


def not_fitted(effort: Effort) -> str:
    """That total and peak are of those who were counted, and who tells how many came."""
    return (
        "total and peak cover only those who were counted; predict finds how many more came, in"
        f" about {format_duration(effort.ns)}"
    )


def rehearsal_in_words(scenario: Scenario, demand: Demand) -> Iterator[str]:
    """How much of the launch is rehearsed, and without what."""
    try:
        sent = sendable(scenario)
    except ScenarioError as nothing:
        yield f"{'rehearsal':<10}none: {'; '.join(each.problem for each in nothing.mistakes)}"
        return
    replay = replay_of(scenario)
    window = demand.window(replay.from_ns, replay.from_ns + replay.for_ns, replay.demand_factor)
    people = of_those_sent(window, scenario, sent.scenario).total
    yield (
        f"{'rehearsal':<10}{format_people(people)} in {format_duration(replay.for_ns)},"
        f" {as_many(replay.demand_factor)} as in the launch"
    )
    busiest = peaks.peak(window, NS_PER_S, replay.for_ns)
    if many := workers_in_words(sent.scenario.words, busiest.per_s):
        yield f"{'':<10}{'workers:':<19}{many}"
    if line := line_in_words(scenario.words, replay):
        yield f"{'':<10}{'line:':<19}{line}"
    for line in too_few_in_words(sent.scenario.words, people):
        yield f"{'':<10}{line}"
    for line in (*code_in_words(sent.scenario.words), *mails_in_words(scenario)):
        yield f"{'':<10}{line}"
    for number, left_out in enumerate(sent.left_out):
        yield f"{'':<10}{'' if number else 'not exercised:':<19}{left_out}"


def provenance_in_words(scenario: Scenario) -> str:
    """How much of the file somebody stands for."""
    assumed = len(scenario.assumed)
    return f"{len(scenario.figures) - assumed} sourced or measured, {assumed} assumed"


def as_many(factor: float) -> str:
    """How many of the launch's people come.

    >>> as_many(1.0), as_many(4.5)
    ('as many', '4.5 times as many')
    """
    return "as many" if factor == 1.0 else f"{format_factor(factor)} times as many"
