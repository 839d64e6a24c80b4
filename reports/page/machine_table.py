"""The machine's own figures during a rehearsal, as rows of a table and in one line."""

from __future__ import annotations

import math

import numpy as np

from reports.run.report.report import VariantReport
from reports.sentences import words
from simulator.outcomes.machine import Machine
from simulator.units import NS_PER_S, Floats

WINDOW_NS = 5 * NS_PER_S
"""Long enough that a window's mean is no single piece, short enough to show a machine that changes."""
SHOWN_CORES = 0.005
"""Fewer are written as none."""
FEWEST = 5
"""Pieces in a window that is shown."""


def machine_rows(variant: VariantReport) -> list[tuple[str, str]]:
    """What is known of the machine; empty where nobody looked."""
    machine = variant.machine
    if machine is None:
        return []
    told = [
        ("which machine", "" if machine.here else "the generator's: the target is on another one"),
        ("fixed piece of work", took(machine)),
        ("while probed", probed_in_words(machine)),
        ("all cores busy", cores(machine.mean("busy"))),
        ("stolen by the hypervisor", cores(machine.mean("steal"))),
        ("somebody waited for a core", share(machine.mean("pressure"))),
        ("target on a core", cores(machine.mean("target_cpu"))),
        ("target waiting for a core", cores(machine.mean("target_wait"))),
        ("generator on a core", cores(machine.mean("generator_cpu"))),
        ("generator waiting for a core", cores(machine.mean("generator_wait"))),
    ]
    return [(what, how) for what, how in told if how]


def machine_line(machine: Machine) -> str:
    """The same in one line; empty where nothing is known."""
    told = [speed_finding(machine), cores_finding(machine)] if len(machine.cpu_ns) else []
    return f"machine: {'; '.join(told)}" if told else ""


def speed_finding(machine: Machine) -> str:
    """How long the yardstick took, where it was used."""
    return f"a fixed piece of work took {took(machine)}; {probed_in_words(machine)}"


def cores_finding(machine: Machine) -> str:
    """How busy the cores were, and who waited for one."""
    all_ = f" of {machine.strain[0].cores}" if machine.strain else ""
    told = [f"{machine.mean('busy'):.2f}{all_} cores were busy"] if machine.strain else []
    waited, steal = machine.mean("target_wait"), machine.mean("steal")
    if not math.isnan(waited):
        told.append(f"the target waited for a core {words.figure(waited, 's')} a second")
    if steal >= SHOWN_CORES:
        told.append(f"{cores(steal)} stolen by the hypervisor")
    return "; ".join(told) or "nobody looked at the cores"


def took(machine: Machine) -> str:
    """The mean, and by how much it changed meanwhile."""
    if not len(machine.cpu_ns):
        return ""
    mean = words.figure(float(machine.cpu_ns.mean()) / 1e9, "s")
    windows = window_means(machine)
    if len(windows) < 2:
        return mean
    low, high = (words.figure(float(each) / 1e9, "s") for each in (windows.min(), windows.max()))
    return f"{mean} (means of {words.duration(WINDOW_NS / 1e9)} from {low} to {high})"


def window_means(machine: Machine) -> Floats:
    """The mean duration of a piece in each window that has enough of them, in nanoseconds."""
    windows = machine.at_ns // WINDOW_NS
    many = np.bincount(windows)
    sums = np.bincount(windows, weights=machine.cpu_ns.astype(np.float64))
    means: Floats = sums[many >= FEWEST] / many[many >= FEWEST]
    return means


def probed_in_words(machine: Machine) -> str:
    """How it compares with the probe, or why it does not."""
    if not len(machine.cpu_ns):
        return ""
    if machine.probed is None:
        return "the stations file has no yardstick: nothing to compare with"
    if not machine.comparable:
        return "the target was probed on another machine, or on other cores of it: not comparable by yardstick"
    factor = float(machine.cpu_ns.mean()) / machine.probed.piece_ns
    return f"{words.figure(machine.probed.piece_ns / 1e9, 's')} while probed: {factor:.2f} times"


def cores(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2f} cores"


def share(value: float) -> str:
    return "" if math.isnan(value) else f"{words.percent(value)} of the time"
