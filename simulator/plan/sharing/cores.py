"""Cores that a target's jobs share with others: how many times as long a job takes beside them.

The kernel gives everybody who is ready to run an equal part of the cores, and nobody more than one: ``n``
jobs beside ``k`` others each go on at the speed ``min(1, cores / (n + k))``. Whoever works beside the jobs has
one thread, and needs a share ``d`` of a core: the more often he has to wait for one, the more of the time he
is ready to run. That share of the time, ``u``, and how long a job takes, as a multiple of what it takes on a
core of its own, are

    u_i = min(1, d_i / E[min(1, cores / (n + 1 + K_i))]),    stretch = 1 / E[min(1, cores / (n + K))],

where ``K`` of the others are ready to run, each with the probability ``u``, and ``K_i`` of those beside ``i``.
Where all cores are busy this keeps what they do: ``n / stretch`` and the ``d`` add up to the cores, if no ``u``
is 1 and one works beside the jobs; of several it is off by the little by which they come to run together.

Source: processor sharing, as each station of kind ``cpu`` has it; others are thought independent of
one another, given how busy the cores are (a mean field).
"""

from __future__ import annotations

import numpy as np

from simulator.units import Floats

CLOSE = 1e-7
MOST_ROUNDS = 10_000


def stretch(jobs: Floats, cores: int, needs: Floats) -> Floats:
    """How many times as long each job takes, shape (k,).

    ``jobs``: how many of them run at once, shape (k,); ``needs``: the cores that each of ``m`` others needs
    then, from 0 to 1, shape (m, k).

    >>> stretch(np.array([1.0, 2.0]), 2, np.array([[0.5, 0.5]])).round(4).tolist()
    [1.0, 1.3333]
    """
    ready = np.array(needs, np.float64)
    for _ in range(MOST_ROUNDS):  # it only grows from round to round, and not beyond 1
        new = np.minimum(1.0, needs / speeds_of_others(jobs, cores, ready))
        moved = float(np.abs(new - ready).max(initial=0.0))
        ready = new
        if moved <= CLOSE:
            break
    return np.asarray(1.0 / speed(jobs, cores, ready))


def speeds_of_others(jobs: Floats, cores: int, ready: Floats) -> Floats:
    """How fast each of the others goes on while he is ready to run, shape (m, k)."""
    found = np.empty_like(ready)
    for number in range(len(ready)):
        found[number] = speed(jobs + 1.0, cores, np.delete(ready, number, axis=0))
    return found


def speed(jobs: Floats, cores: int, ready: Floats) -> Floats:
    """How fast one of the jobs goes on in the mean, beside others who are ready with these shares."""
    law = np.ones((1, len(jobs)))
    for share in ready:
        none = np.zeros((1, len(jobs)))
        law = np.concatenate([law * (1.0 - share), none]) + np.concatenate([none, law * share])
    running = np.maximum(1.0, jobs + np.arange(len(law))[:, None])
    return np.asarray((law * np.minimum(1.0, cores / running)).sum(axis=0))
