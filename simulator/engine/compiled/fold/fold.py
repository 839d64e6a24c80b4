"""Rows folded into a :class:`simulator.outcomes.counts.summary.Summary`, compiled.

It counts exactly what :func:`simulator.outcomes.counts.fold.add` counts, in one pass over the rows, and
is there for speed alone.
"""

from __future__ import annotations

import numpy as np

from simulator.engine.compiled.fold.groups import fold_groups, group_tally_of, groups_of
from simulator.engine.compiled.fold.kernel import fold
from simulator.engine.compiled.fold.tally import summary_of, tally_of
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import ATTEMPT, VISIT, Outcomes, Provenance, Rows
from simulator.units import Ints


def summarise(outcomes: Outcomes, *, bin_ns: int, layout: Layout) -> Summary:
    """As :func:`simulator.outcomes.counts.fold.summarise`."""
    tally = tally_of(
        bin_ns=bin_ns,
        horizon_ns=outcomes.horizon_ns,
        end_ns=outcomes.end_ns,
        layout=layout,
        told=outcomes.provenance is Provenance.PREDICTED,
    )
    groups = group_tally_of(layout, horizon_ns=outcomes.horizon_ns, end_ns=outcomes.end_ns)
    for block in outcomes.blocks:
        visits, attempts = cells(block.visits, VISIT), cells(block.attempts, ATTEMPT)
        fold(tally, visits, len(visits), attempts, len(attempts))
        fold_groups(groups, visits, len(visits), attempts, len(attempts))
    summary = summary_of(
        tally, horizon_ns=outcomes.horizon_ns, end_ns=outcomes.end_ns, layout=layout
    )
    summary.groups, summary.tracks = groups_of(groups), outcomes.tracks
    return summary


def cells(rows: Rows, kind: np.dtype[np.void]) -> Ints:
    """Rows of records seen as rows of integers."""
    return np.ascontiguousarray(rows).view(np.int64).reshape(-1, len(kind.names or ()))
