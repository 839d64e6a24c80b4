"""The charts of the machine: its speed by the yardstick, and who used its cores or waited for one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import altair as alt
import numpy as np

from reports.charts.drawing import Chart, Row, finished, key, rows, short
from reports.charts.over_time import clock_of
from reports.charts.palette import variable
from simulator.outcomes.machine import Machine, Strain
from simulator.units import NS_PER_S, Floats

MOST_PIECES = 3_000
"""More points cannot be told apart: of more, each is the mean of some in a row."""

CORES: Sequence[tuple[str, str, Callable[[Strain], float]]] = (
    ("all cores busy", "muted", lambda strain: strain.busy),
    ("generator", "predicted", lambda strain: strain.generator_cpu),
    ("target", "observed", lambda strain: strain.target_cpu),
    ("target waits", "fails", lambda strain: strain.target_wait),
    ("stolen", "unfinished", lambda strain: strain.steal),
)
"""Each line's name, its colour, and what it shows, in cores."""


def speed_chart(machine: Machine, end_ns: int) -> Chart | None:
    """How long a fixed piece of work took, beside what it took while probed; None: nobody measured."""
    if not len(machine.at_ns):
        return None
    clock, unit = clock_of(end_ns / NS_PER_S)
    at_s, took_ms = thinned(machine)
    points: list[Row] = [
        {"t": short(at / clock), "y": short(took)} for at, took in zip(at_s, took_ms, strict=True)
    ]
    base = alt.Chart(rows(points)).mark_circle(size=9, opacity=0.7, color=variable("observed"))
    layers: list[alt.Chart] = [
        base.encode(
            x=across(unit, end_ns, clock),
            y=alt.Y("y:Q", title=None, scale=alt.Scale(domainMin=0, nice=True)),
            tooltip=[alt.Tooltip("t:Q", title="at"), alt.Tooltip("y:Q", title="ms", format=".3~g")],
        )
    ]
    entries = [("ms for a fixed piece of work", "observed")]
    if machine.comparable and machine.probed is not None:
        probed: list[Row] = [{"y": short(machine.probed.piece_ns / 1e6)}]
        rule = alt.Chart(rows(probed)).mark_rule(strokeDash=[4, 4], color=variable("predicted"))
        layers.append(rule.encode(y="y:Q"))
        entries.append(("while probed", "predicted"))
    return finished([*layers, *key(entries)])


def thinned(machine: Machine) -> tuple[Floats, Floats]:
    """Instants in seconds and durations in milliseconds, few enough to be drawn."""
    group = -(-len(machine.at_ns) // MOST_PIECES)
    starts = np.arange(0, len(machine.at_ns), group)
    many = np.diff(starts, append=len(machine.at_ns))
    at_s = np.add.reduceat(machine.at_ns.astype(np.float64), starts) / many / NS_PER_S
    took_ms = np.add.reduceat(machine.cpu_ns.astype(np.float64), starts) / many / 1e6
    return at_s, took_ms


def cores_chart(machine: Machine, end_ns: int) -> Chart | None:
    """Who used how many cores, and how many of the target's threads waited; None: nobody looked."""
    if not machine.strain:
        return None
    clock, unit = clock_of(end_ns / NS_PER_S)
    layers, entries = [], []
    for name, colour, read in CORES:
        points: list[Row] = [
            {"t": short(each.at_ns / NS_PER_S / clock), "y": short(read(each)), "of": name}
            for each in machine.strain
            if not math.isnan(read(each))
        ]
        if not points or (name == "stolen" and not any(point["y"] for point in points)):
            continue
        line = alt.Chart(rows(points)).mark_line(color=variable(colour), strokeWidth=1.6)
        layers.append(
            line.encode(
                x=across(unit, end_ns, clock),
                y=alt.Y("y:Q", title=None, scale=alt.Scale(domainMin=0, nice=True)),
                tooltip=["of:N", alt.Tooltip("t:Q", title="at"), alt.Tooltip("y:Q", format=".3~g")],
            )
        )
        entries.append((name, colour))
    return finished([*layers, *key(entries)])


def across(unit: str, end_ns: int, clock: float) -> alt.X:
    """The axis that the line and the rates have as well."""
    return alt.X(
        "t:Q",
        title=f"{unit} after the opening",
        axis=alt.Axis(grid=False),
        scale=alt.Scale(domain=[0, short(end_ns / NS_PER_S / clock)], nice=False),
    )
