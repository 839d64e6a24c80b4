"""Rows folded into a summary, as they come: nothing but the current block is held."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.outcomes.bins import Counts
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import COUNTED_RESULTS, PHASE_EDGES_NS, PHASES, Summary
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Provenance, Result, Rows


def summarise(
    outcomes: Outcomes, *, bin_ns: int, layout: Layout, seen_ns: int | None = None
) -> Summary:
    """Fold a stream of blocks; nothing but the current block is held.

    ``seen_ns`` is until when anything was seen, where a run was cut short.
    """
    summary = Summary.empty(
        bin_ns=bin_ns, horizon_ns=outcomes.horizon_ns, end_ns=outcomes.end_ns, layout=layout
    )
    told = outcomes.provenance is Provenance.PREDICTED
    for block in outcomes.blocks:
        add(summary, block, told=told, seen_ns=seen_ns)
    summary.tracks = outcomes.tracks
    return summary


def add(summary: Summary, block: Block, *, told: bool = True, seen_ns: int | None = None) -> None:
    """Fold one block in.

    ``told``: whether an unknown start of service means that it never began, as in a prediction;
    elsewhere nobody was told. ``seen_ns``: until when anything was seen, where that is not the
    end.
    """
    seen_ns = summary.end_ns if seen_ns is None else min(seen_ns, summary.end_ns)
    _add_visits(summary, block.visits, seen_ns)
    closes_ns = min(summary.horizon_ns, seen_ns)
    summary.groups.add(block.visits, summary.layout, closes_ns=closes_ns, seen_ns=seen_ns)
    _add_attempts(summary, block.attempts, seen_ns, told=told)


def _add_visits(summary: Summary, visits: Rows, seen_ns: int) -> None:
    fate, arrived, joined = visits["fate"], visits["arrived"], visits["joined"]
    let_in, ended = visits["let_in"], visits["ended"]
    journey = summary.layout.journey_of_group[visits["people"]]
    counts = np.bincount(journey * len(Fate) + fate, minlength=summary.fates_of_journeys.size)
    summary.fates_of_journeys += counts.reshape(summary.fates_of_journeys.shape)
    lined, entered, sent = joined != UNKNOWN, let_in != UNKNOWN, fate != Fate.UNSENT
    served, reneged = fate == Fate.SERVED, fate == Fate.RENEGED
    in_vain = lined & (reneged | (fate == Fate.NO_SHOW))
    _count(summary, "arrivals", arrived)
    _count(summary, "joined", joined[lined])
    _count(summary, "left_line", let_in[lined & entered])
    _count(summary, "left_line", ended[in_vain])
    _count(summary, "let_in", let_in[entered])
    _count(summary, "gone", ended[ended != UNKNOWN])
    _count(summary, "served", ended[served])
    _count(summary, "kept_out", arrived[(fate == Fate.BALKED) | (fate == Fate.TURNED_AWAY)])
    _count(summary, "reneged", ended[reneged])

    summary.wait.add((let_in - arrived)[lined & entered])
    summary.wait.add_left((ended - arrived)[in_vain])
    closes_ns = min(summary.horizon_ns, seen_ns)
    summary.wait.add_censored((closes_ns - arrived)[(fate == Fate.WAITING) & ~entered])
    summary.lag.add((np.where(lined, joined, let_in) - arrived)[sent & (lined | entered)])
    began = np.where(lined, let_in, arrived)
    response = ended - began
    good = served & (response <= summary.layout.limit_of_journey_ns[journey])
    _count(summary, "good", ended[good])
    phase = np.searchsorted(PHASE_EDGES_NS, arrived, side="right")
    place = journey * len(PHASES) + phase
    for number, histogram in enumerate(summary.responses):
        here = place == number
        histogram.add(response[served & here])
        under_way = entered & (fate == Fate.UNFINISHED) & here
        histogram.add_censored((seen_ns - began)[under_way])
        histogram.infinite += int((entered & ~served & here & ~under_way).sum())


def _add_attempts(summary: Summary, attempts: Rows, seen_ns: int, *, told: bool) -> None:
    place, result = summary.layout.place_of_step[attempts["step"]], attempts["result"]
    sent, started, finished = attempts["sent"], attempts["started"], attempts["finished"]
    begun, over, success = started != UNKNOWN, finished != UNKNOWN, result == Result.SUCCESS
    _count_step(summary, "sent", place, sent)
    for member, name in COUNTED_RESULTS.items():
        _count_step(summary, name, place[result == member], sent[result == member])
    late = success & (finished - sent > summary.layout.limit_of_place_ns[place])
    _count_step(summary, "late", place[late], sent[late])
    queued = begun | (result != Result.TURNED_AWAY)
    left = queued & (begun | over)
    _count_step(summary, "queued", place[queued], sent[queued])
    _count_step(summary, "dequeued", place[left], np.where(begun, started, finished)[left])
    _count_step(summary, "over", place[over], finished[over])

    lasted = np.where(over, finished, seen_ns) - sent
    in_vain = queued & ~begun & ~success
    for number, histogram in enumerate(summary.waits):
        here = place == number
        histogram.add((started - sent)[begun & here])
        # Of what nobody was told it is known only that it is not negative.
        histogram.add_censored((lasted if told else 0 * lasted)[in_vain & here])
    unanswered = (result == Result.TIMED_OUT) | (result == Result.UNFINISHED)
    summary.service.add((finished - started)[success & begun])
    summary.exchange.add(lasted[success])
    summary.exchange.add_censored(lasted[unanswered])
    late = (result == Result.UNFINISHED) & (lasted >= summary.layout.timeout_of_place_ns[place])
    journey = summary.layout.journey_of_place[place[late]]
    summary.overdue += np.bincount(journey, minlength=len(summary.overdue))
    summary.groups.add_overdue(attempts["visitor"][late], summary.layout)


def _count(summary: Summary, name: str, instants_ns: Counts) -> None:
    counts: Counts = getattr(summary.bins, name)
    counts += np.bincount(_bin(summary, instants_ns), minlength=len(counts))


def _count_step(summary: Summary, name: str, place: Counts, instants_ns: Counts) -> None:
    counts: Counts = getattr(summary.steps, name)
    cell = place * counts.shape[1] + _bin(summary, instants_ns)
    counts += np.bincount(cell, minlength=counts.size).reshape(counts.shape)


def _bin(summary: Summary, instants_ns: Counts) -> NDArray[np.int64]:
    return np.clip(instants_ns // summary.bin_ns, 0, len(summary.bins.arrivals) - 1)
