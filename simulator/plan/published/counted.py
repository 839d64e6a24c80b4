"""What published counts count, read off the rows of a launch."""

from __future__ import annotations

import numpy as np

from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Result, Rows
from simulator.units import Ints

Steps = frozenset[int]
"""The steps whose success makes a signup."""


def came_and_counted(
    outcomes: Outcomes, at_ns: Ints, signups: Steps | None, among: frozenset[int]
) -> tuple[Ints, Ints]:
    """How many of these groups had arrived before each instant, and how many were counted then.

    Counted are those who had signed up (``signups`` None: who stood in the line). ``among``: the
    groups' numbers in the system; nobody of another group is ever counted.
    """
    came, counts = np.zeros(len(at_ns), np.int64), np.zeros(len(at_ns), np.int64)
    for block in outcomes.blocks:
        enters, leaves = entering_and_leaving(block, signups)
        came += before(block.visits["arrived"][np.isin(block.visits["people"], list(among))], at_ns)
        counts += before(enters, at_ns) - before(leaves, at_ns)
    return came, counts


def entering_and_leaving(block: Block, signups: Steps | None) -> tuple[Ints, Ints]:
    """When people begin to count, and when they no longer do."""
    return in_line(block.visits) if signups is None else signed_up(block, signups)


def in_line(visits: Rows) -> tuple[Ints, Ints]:
    """When people joined the line, and when they left it again."""
    lined, entered = visits["joined"] != UNKNOWN, visits["let_in"] != UNKNOWN
    gone = lined & np.isin(visits["fate"], [Fate.RENEGED, Fate.NO_SHOW])
    let_in, left = visits["let_in"][lined & entered], visits["ended"][gone]
    return visits["joined"][lined], np.concatenate([let_in, left])


def signed_up(block: Block, steps: Steps) -> tuple[Ints, Ints]:
    """When people succeeded at one of the steps that make a signup; they stay so."""
    attempts = block.attempts
    done = (attempts["result"] == Result.SUCCESS) & np.isin(attempts["step"], list(steps))
    return attempts["finished"][done], np.empty(0, np.int64)


def before(instants_ns: Ints, at_ns: Ints) -> Ints:
    """How many of the instants lie before each of the others, which rise."""
    first = np.searchsorted(at_ns, instants_ns, side="right")
    return np.cumsum(np.bincount(first, minlength=len(at_ns) + 1))[: len(at_ns)]
