"""What the probe takes of the cores that it shares with a target, and what the target would serve without it.

Who asks needs processor time too: of a server that computes he takes it away where all cores are busy, and X is
too low by as much. Where the cores have time to spare, nobody is kept waiting for one. With ``C`` cores, of
which the probe itself keeps ``own`` busy, what is served goes by the ``C - own`` that are left:

    X without the probe = X C / (C - own)    where all C are busy, else X.

A target that keeps one of several cores busy, and no more, works on one thing at a time, and gains nothing from another.

What a replay's generator takes instead is put into its prediction (:mod:`simulator.plan.sharing`).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from statistics import fmean

from scenarios.http.allow import Target
from scenarios.machine.cores import cores_of
from scenarios.machine.here import on_this_machine, usable_cores
from scenarios.machine.processes import listeners
from scenarios.probe.ladder.rungs import Batch, Visit, batch_of

FULL = 0.93
"""The share of all cores that is busy where nothing is to spare: handing over takes the rest."""
ONE_CORE = 1.05
"""Cores that a target keeps busy at most which works on one thing at a time."""
OWN_CORE = 0.85
"""Of the probe's one core: beyond that it may be the probe that is slow."""
MOST_OURS = 0.5
"""Of the cores: where the probe needs more, it is itself what is measured; of the target only the least is told."""


def shared_cores(target: Target) -> int | None:
    """How many cores target and probe share; None: they do not, or nobody can tell how busy they are."""
    usable = usable_cores()
    if not on_this_machine(target) or len(usable) != os.cpu_count():
        return None
    its = cores_of(listeners(target.port))
    return None if its and usable - its else len(usable)


def without_us(visits: Iterable[Visit], cores: int | None) -> Iterator[Batch]:
    """The batches as they would be if the probe took nothing."""
    for visit in visits:
        batch = batch_of(visit)
        yield batch if cores is None else replace(batch, per_s=batch.per_s * gained(visit, cores))


def gained(visit: Visit, cores: int) -> float:
    """How many times as much would be served.

    >>> from scenarios.probe.ladder.rungs import Visit
    >>> full = Visit(n=3, sweep=0, begin_ns=0, end_ns=1, exchanges=(), own_cpu=0.4, busy=1.98)
    >>> gained(full, 2), gained(replace(full, busy=1.5), 2)
    (1.25, 1.0)
    """
    if not visit.busy >= FULL * cores or works_alone(visit, cores):  # NaN is not
        return 1.0
    return cores / (cores - min(visit.own_cpu, MOST_OURS * cores))


def works_alone(visit: Visit, cores: int) -> bool:
    """Whether the target could use no more than one of several cores; no, where nobody knows what it used.

    >>> from scenarios.probe.ladder.rungs import Visit
    >>> loop = Visit(n=3, sweep=0, begin_ns=0, end_ns=10**9, exchanges=(), cpu_s=0.98)
    >>> works_alone(loop, 2), works_alone(loop, 1), works_alone(replace(loop, cpu_s=1.6), 2)
    (True, False, False)
    """
    return cores > 1 and visit.cpu_s is not None and visit.cpu_s <= ONE_CORE * visit.window_s


def is_mostly_ours(visit: Visit, cores: int | None) -> bool:
    """Whether the target may serve more than :func:`gained` says: the probe needed most of full cores, or all of its own.

    It sends from one thread, so that one core is all it can use. ``cores``: those that they share.

    >>> from scenarios.probe.ladder.rungs import Visit
    >>> full = Visit(n=3, sweep=0, begin_ns=0, end_ns=1, exchanges=(), own_cpu=0.6, busy=0.99)
    >>> is_mostly_ours(full, 1), is_mostly_ours(full, 2), is_mostly_ours(replace(full, busy=0.8), 1)
    (True, False, False)
    >>> is_mostly_ours(replace(full, own_cpu=0.9), None)
    True
    """
    if visit.own_cpu > OWN_CORE:
        return True
    if cores is None or visit.busy < FULL * cores:  # NaN is not
        return False
    return visit.own_cpu > MOST_OURS * cores


def slowed(visits: Collection[Visit], cores: int | None) -> float:
    """The same of several visits in the mean; 1 where there is none."""
    if cores is None or not visits:
        return 1.0
    return fmean(gained(visit, cores) for visit in visits)
