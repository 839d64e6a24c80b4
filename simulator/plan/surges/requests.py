"""Recorded requests as demand: each comes at its own instant, in every launch.

The unit is the request and not the session: none waits for the answer of the one before, so that each
is an arrival of its own, at the journey that stands for it. Sessions matter to who sends them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.scenario.words.groups import Entry
from simulator.scenario.words.surges.recorded import Recorded
from simulator.scenario.words.surges.requests import Requests
from simulator.scenario.words.surges.surge import Surge
from simulator.timetable.demand import Component
from simulator.units import Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Made:
    """The requests that one entry of the system makes, in their order."""

    entry: int
    at_ns: Ints
    which: Ints
    """Indices of the recording."""


def made_by(surge: Recorded, entries: Sequence[Entry], which: Ints | None = None) -> list[Made]:
    """All requests of a recording, or some, by the entries that make them."""
    requests = surge.requests
    assert requests is not None, "it was read"
    chosen = np.arange(len(requests.asked_for)) if which is None else which
    entry = requests.entries(surge.people, entries)[chosen]
    at_ns = instants_ns(surge, requests)[chosen]
    return [
        Made(entry=number, at_ns=at_ns[entry == number], which=chosen[entry == number])
        for number in np.unique(entry).tolist()
        if number >= 0
    ]


def requested(surge: Recorded, entries: Sequence[Entry], horizon_ns: int) -> list[Component]:
    """A component for each entry that makes any of them before the horizon."""
    made = made_by(surge, entries)
    return [Component.at(each.entry, each.at_ns, horizon_ns) for each in made]


def instants_ns(surge: Recorded, requests: Requests) -> Ints:
    """When they are made: since the opening, as much earlier as the speed says."""
    if surge.speed is None or surge.speed == 1.0:
        return requests.came_ns
    return np.floor(requests.came_ns / surge.speed).astype(np.int64)


def without_unsent(surge: Surge) -> Surge:
    """A surge without the recorded requests whose methods are not sent."""
    if not isinstance(surge, Recorded) or surge.requests is None:
        return surge
    requests = surge.requests
    kept = requests.of_methods(surge.sent_methods)
    if len(kept) == len(requests.asked_for):
        return surge
    return surge.model_copy(update={"requests": part(requests, kept)})


def part(requests: Requests, kept: Ints) -> Requests:
    """Some of the requests; :mod:`simulator.scenario.checks.recorded` sees to it that some are left."""
    columns = (requests.asked_for, requests.came_ns, requests.sessions, requests.answered)
    which, at_ns, session, status = (
        " ".join(map(str, column[kept].tolist())) for column in columns
    )
    return Requests.model_construct(
        asked=requests.asked, which=which, at_ns=at_ns, session=session, status=status
    )
