"""What a stress test found: as text for a terminal, and as plain values for a program."""

from __future__ import annotations

import io
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from reports.sentences import words
from reports.sentences.change import change_text, toll_text
from reports.terminal.prediction import WIDTH
from simulator.advice.disturbance.trigger import (
    WANTED,
    Cure,
    Disturbance,
    Reaction,
    Stressed,
    Sweep,
    Trigger,
)
from simulator.advice.why.ending import RECOVERED_SHARE
from simulator.plan.plan import Plan
from simulator.units import NS_PER_S


def stress_text(plan: Plan, found: Stressed) -> str:
    """A table of what was tried, and the verdict in the last line."""
    table = f"{_table(plan, found)}\n" if found.sweeps else ""
    return f"{table}{stress_sentence(plan, found)}\n"


def stress_sentence(plan: Plan, found: Stressed) -> str:
    """The verdict, in one sentence without a full stop."""
    subject = f"the {plan.subject}"
    many = f"in {words.times(found.launches, 'launch')}"
    if not found.judged:
        return (
            f"{subject} is inconclusive under stress: too few people come in its last tenth,"
            f" {found.wanted:,} of {WANTED:,} {many}"
        )
    if not found.sweeps and 0 < found.undisturbed_lost < found.launches:
        return (
            f"{subject} is predicted not to serve its demand even undisturbed: in its last tenth"
            f" goodput is less than {words.percent(RECOVERED_SHARE)} of it in"
            f" {found.undisturbed_lost:,} of {words.times(found.launches, 'launch')}"
        )
    if not found.sweeps:
        return (
            f"{subject} is predicted not to serve its demand even undisturbed: in its last tenth"
            f" goodput is {words.percent(found.undisturbed)} of it {many}"
        )
    fatal = [sweep for sweep in found.sweeps if sweep.fatal]
    if fatal:
        said = "; ".join(_failure(plan, sweep, found.launches) for sweep in fatal)
        return f"{subject} is predicted not to recover by itself {many}: {said}"
    tried = ", and from ".join(_span(plan, sweep) for sweep in found.sweeps)
    return f"{subject} is predicted to recover by itself {many}: from {tried}"


def trigger_text(plan: Plan, trigger: Trigger) -> str:
    """What happens to the launch."""
    lasts = words.duration(trigger.lasts_ns / NS_PER_S)
    if trigger.kind is Disturbance.PULSE:
        extra = words.count(trigger.extra_people(plan.demand, plan.horizon_ns))
        return f"{extra} more people within {lasts}"
    name = plan.system.stations[trigger.station].name
    return f"{name} down for {lasts}"


def _failure(plan: Plan, sweep: Sweep, launches: int) -> str:
    fatal, harmless = sweep.fatal, sweep.harmless
    assert fatal is not None
    from_ = trigger_text(plan, fatal.trigger)
    known = (
        f"it does from {trigger_text(plan, harmless.trigger)}"
        if harmless
        else "nothing less was tried"
    )
    left = f"goodput at the end is {words.percent(fatal.share)} of demand"
    if 0 < fatal.lost < launches:
        left = (
            f"in {fatal.lost:,} of these {launches:,} goodput at the end is"
            f" {words.percent(fatal.lost_share)} of demand"
        )
    return f"not from {from_} ({left}; {known}); {_cures(plan, sweep)}"


def _cures(plan: Plan, sweep: Sweep) -> str:
    changes = [_cure(plan, cure) for cure in sweep.cures]
    if not changes:
        return "no single change that was tried would fix it"
    return f"what would fix it: {', or '.join(changes)}"


def _cure(plan: Plan, cure: Cure) -> str:
    said = change_text(cure.tweak, cure.value, plan.system)
    if not cure.tweak.applied(plan.system, cure.value).has_line:
        return said
    cost = toll_text(cure.tweak, cure.value, cure.toll, plan.system)
    return f"{said} ({cost})" if cost else said


def _span(plan: Plan, sweep: Sweep) -> str:
    first, last = sweep.reactions[0], sweep.reactions[-1]
    return f"{trigger_text(plan, first.trigger)} up to {trigger_text(plan, last.trigger)}"


def _table(plan: Plan, found: Stressed) -> str:
    title = (
        f"stressed in the middle of the launch, predicted, {words.times(found.launches, 'launch')}"
    )
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    table.add_column("what happens")
    for heading in ("goodput at the end, of demand", "recovered after"):
        table.add_column(heading, justify="right")
    for sweep in found.sweeps:
        for each in sweep.reactions:
            table.add_row(*_cells(plan, each))
    file = io.StringIO()
    Console(file=file, width=WIDTH, color_system=None, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip().splitlines()) + "\n"


def _cells(plan: Plan, reaction: Reaction) -> tuple[str, str, str]:
    recovered_ns = reaction.recovered_ns if reaction.healed else None
    # Not by the end of the launch: nobody saw more of it.
    seen_ns = max(0, plan.horizon_ns - reaction.trigger.gone_ns)
    least_ns = seen_ns if recovered_ns is None else recovered_ns
    return (
        trigger_text(plan, reaction.trigger),
        words.percent(round(reaction.share, 3)),
        words.bound(least_ns / NS_PER_S, "s", open_=recovered_ns is None),
    )


def stress_record(plan: Plan, found: Stressed) -> dict[str, Any]:
    """The same for a program."""
    return {
        "launches": found.launches,
        "recovered_at": RECOVERED_SHARE,
        "wanted": found.wanted,
        "undisturbed": found.undisturbed if found.wanted else None,
        "undisturbed_lost": found.undisturbed_lost,
        "sweeps": [_sweep_record(plan, sweep) for sweep in found.sweeps],
        "outcome": str(found.outcome),
        "sentence": stress_sentence(plan, found),
    }


def _sweep_record(plan: Plan, sweep: Sweep) -> dict[str, Any]:
    return {
        "tried": [
            {
                "kind": str(each.trigger.kind),
                "text": trigger_text(plan, each.trigger),
                "at_s": each.trigger.at_ns / NS_PER_S,
                "lasts_s": each.trigger.lasts_ns / NS_PER_S,
                "times": each.trigger.times,
                "station": plan.system.stations[each.trigger.station].name,
                "share": each.share,
                "healed": each.healed,
                "launches_lost": each.lost,
                "recovered_s": None if each.recovered_ns is None else each.recovered_ns / NS_PER_S,
            }
            for each in sweep.reactions
        ],
        "cures": [
            {
                "what": str(cure.tweak.turn),
                "now": cure.tweak.now,
                "then": cure.value,
                "text": change_text(cure.tweak, cure.value, plan.system),
            }
            for cure in sweep.cures
        ],
    }
