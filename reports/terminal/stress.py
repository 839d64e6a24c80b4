"""What a stress test found: as text for a terminal, and as plain values for a program."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from reports.sentences import words
from reports.sentences.change import change_text
from reports.sentences.stress import (
    extent_text,
    moment_text,
    rule_text,
    stress_sentence,
    trigger_text,
)
from reports.terminal.chart import Box, Mark, chart
from reports.terminal.prediction import WIDTH
from simulator.advice.disturbance.found import Reaction, Stressed, Sweep
from simulator.advice.disturbance.moment import Moment
from simulator.advice.disturbance.trigger import Disturbance
from simulator.advice.why.ending import RECOVERED_SHARE
from simulator.plan.plan import Plan
from simulator.units import NS_PER_S

TITLES = {
    Disturbance.PULSE: "launches that do not recover, by how many more people come within {}",
    Disturbance.DIP: "launches that do not recover, by how long {} is down",
}
COLUMNS = 64
HALF_A_MARK = 0.5 / COLUMNS


def stress_text(plan: Plan, found: Stressed) -> str:
    """When it is disturbed, charts, a table of what was tried, and the verdict in the last line."""
    if not found.sweeps:
        return f"{stress_sentence(plan, found)}\n"
    parts = [moment_text(plan, found), rule_text(found), ""]
    for sweep in found.sweeps:
        parts += [_chart(plan, found.moment, sweep), ""] if sweep.some else []
    return "\n".join([*parts, _table(plan, found), "", stress_sentence(plan, found), ""])


def _chart(plan: Plan, moment: Moment, sweep: Sweep) -> str:
    """P over the size, on a logarithmic axis: what was tried, and the intervals behind it."""
    first = sweep.reactions[0].trigger.size
    widest = math.log(sweep.reactions[-1].trigger.size / first) or 1.0
    curve = [(math.log(each.trigger.size / first), each.probability) for each in sweep.reactions]
    boxes: list[Box] = []
    for (x, _), each in zip(curve, sweep.reactions, strict=True):
        low, high = each.interval
        boxes.append(((x - widest * HALF_A_MARK, low), (x + widest * HALF_A_MARK, high)))
    marks: list[Mark] = [(point, "●") for point in curve]
    unit = words.duration(moment.unit_ns / NS_PER_S)
    named = plan.system.stations[moment.station].name
    title = TITLES[sweep.kind].format(unit if sweep.kind is Disturbance.PULSE else named)
    drawn = chart(
        curve,
        marks,
        boxes,
        x_label=lambda x: extent_text(sweep.kind, first * math.exp(x)),
        y_label=words.percent,
        columns=COLUMNS,
        y_max=1.0,
    )
    return f"{title}\n{drawn}\n● tried, ░ its 95 % interval; sizes on a logarithmic scale"


def _table(plan: Plan, found: Stressed) -> str:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("what happens")
    for heading in ("do not recover", "95 % interval", "the others, after"):
        table.add_column(heading, justify="right")
    for sweep in found.sweeps:
        for each in sweep.reactions:
            table.add_row(*_cells(plan, each))
    file = io.StringIO()
    Console(file=file, width=WIDTH, color_system=None, highlight=False).print(table)
    rows = (line.rstrip() for line in file.getvalue().splitlines())
    return "\n".join(row for row in rows if row)


def _cells(plan: Plan, reaction: Reaction) -> Iterator[str]:
    low, high = reaction.interval
    yield trigger_text(plan, reaction.trigger)
    yield f"{len(reaction.lost):,} of {reaction.launches:,}"
    yield words.between(low, high, "share")
    if len(reaction.lost) == reaction.launches:
        yield words.NOTHING
        return
    # Not by the end of the launch: nobody saw more of it.
    seen_ns = max(0, plan.horizon_ns - reaction.trigger.gone_ns)
    unseen = reaction.recovered_ns is None
    least_ns = seen_ns if reaction.recovered_ns is None else reaction.recovered_ns
    yield words.bound(least_ns / NS_PER_S, "s", open_=unseen)


def stress_record(plan: Plan, found: Stressed) -> dict[str, Any]:
    """The same for a program."""
    moment = found.moment
    return {
        "launches": found.launches,
        "recovered_at": RECOVERED_SHARE,
        "at_s": moment.at_ns / NS_PER_S,
        "wanted_per_s": moment.per_s,
        "peak_at_s": moment.peak_ns / NS_PER_S,
        "peak_per_s": moment.peak_per_s,
        "last_window_from_s": moment.from_ns / NS_PER_S,
        "station": plan.system.stations[moment.station].name,
        "wanted": found.wanted,
        "undisturbed": found.undisturbed if found.wanted else None,
        "undisturbed_lost": found.undisturbed_lost,
        "sweeps": [_sweep_record(plan, sweep) for sweep in found.sweeps],
        "outcome": str(found.outcome),
        "sentence": stress_sentence(plan, found),
    }


def _sweep_record(plan: Plan, sweep: Sweep) -> dict[str, Any]:
    return {
        "kind": str(sweep.kind),
        "outcome": str(sweep.outcome),
        "smallest_not_recovered": None if sweep.some is None else sweep.some.trigger.size,
        "half_not_recovered": None if sweep.half is None else sweep.half.trigger.size,
        "tried": [_reaction_record(plan, each) for each in sweep.reactions],
        "cures": [
            {
                "what": str(cure.tweak.turn),
                "now": cure.tweak.now,
                "then": cure.value,
                "recover": cure.healed,
                "launches": cure.launches,
                "text": change_text(cure.tweak, cure.value, plan.system),
            }
            for cure in sweep.cures
        ],
    }


def _reaction_record(plan: Plan, each: Reaction) -> dict[str, Any]:
    low, high = each.interval
    trigger = each.trigger
    return {
        "kind": str(trigger.kind),
        "text": trigger_text(plan, trigger),
        "at_s": trigger.at_ns / NS_PER_S,
        "lasts_s": trigger.lasts_ns / NS_PER_S,
        "people": trigger.people,
        "station": plan.system.stations[trigger.station].name,
        "launches": each.launches,
        "launches_lost": len(each.lost),
        "probability": each.probability,
        "interval": [low, high],
        "share": each.share,
        "recovered_s": None if each.recovered_ns is None else each.recovered_ns / NS_PER_S,
        "outcome": str(each.outcome),
    }
