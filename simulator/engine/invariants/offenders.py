"""Whom an invariant names: those at whom something is wrong."""

from __future__ import annotations

import numpy as np

from simulator.engine.invariants.path import Flags
from simulator.units import Ints


def of(visitors: Ints, wrong: Flags) -> Ints:
    """The visitors at which something is wrong, each once."""
    return np.unique(np.asarray(visitors[wrong], np.int64))


def union(parts: list[Ints]) -> Ints:
    return np.unique(np.concatenate([np.empty(0, np.int64), *parts]))


def over(visitors: Ints, starts_ns: Ints, ends_ns: Ints, most: int) -> Ints:
    """Whose stay begins while ``most`` stays go on; one that ends at that instant is over."""
    order = np.lexsort((visitors, starts_ns))
    begun = np.arange(1, len(order) + 1)
    ended = np.searchsorted(np.sort(ends_ns), starts_ns[order], side="right")
    # One of no length that begins later at this instant counts as ended, not yet as begun: too few.
    return of(visitors[order], begun - ended > most)


def rank_among(instants_ns: Ints) -> Ints:
    """How many of the same instant come before each, in sorted instants."""
    first = np.searchsorted(instants_ns, instants_ns)
    return np.asarray(np.arange(len(instants_ns)) - first)
