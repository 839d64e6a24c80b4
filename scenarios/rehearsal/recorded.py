"""Recorded requests as they are sent: which of them each planned visit makes, and in which session.

The plan's rows are the requests themselves. Those of one journey come in the order of the recording in both,
so that the n-th row of an entry makes the n-th request that is recorded for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simulator.plan.plan import Plan, PredictedOnly
from simulator.plan.resolve import named_entries
from simulator.plan.surges.requests import Made, made_by
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.document import Document
from simulator.scenario.words.groups import entries_of
from simulator.scenario.words.surges.recorded import Recorded
from simulator.units import Ints

NONE = -1
"""A visit that is no recorded request."""


class Again(NamedTuple):
    """A request that was recorded."""

    method: str
    target: str
    status: int
    """What was answered then; 0 where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What the visits of a plan ask for, by their places in it."""

    asked: tuple[tuple[str, str], ...]
    """Each different method and target once."""
    which: tuple[int, ...]
    """Of each visit, which of them it is; NONE: what its journey says."""
    session: tuple[int, ...]
    """Of each visit the number of its session; who is in none has one below 0."""
    status: tuple[int, ...]
    """Of each visit what was answered when it was recorded; 0 where nobody knows."""

    def request(self, place: int) -> Again | None:
        """What the visit at that place of the plan makes."""
        which = self.which[place]
        return None if which == NONE else Again(*self.asked[which], self.status[place])


def recording_of(words: Document) -> Recorded | None:
    """The surge whose requests are replayed; None where there is none."""
    found = (each for each in words.surge if isinstance(each, Recorded) and each.requests)
    return next(found, None)


def replayed(scenario: Scenario, sent: Scenario, plan: Plan) -> Replayed | None:
    """What the rows of a rehearsal's plan ask for; None where nothing is replayed.

    ``sent`` is what of the scenario is sent: the plan's entries are its own.
    """
    surge, replay = recording_of(scenario.words), scenario.words.replay
    if surge is None or replay is None:
        return None
    assert surge.requests is not None, "so it was found"
    entries = entries_of(scenario.words.people, scenario.words.journey)
    names, number = named_entries(scenario), {e: n for n, e in enumerate(named_entries(sent))}
    people = np.concatenate(
        [rows.people for rows in plan.timetable().arrivals()] or [np.array([], np.int64)]
    )
    which = np.full(len(people), NONE, np.int64)
    for made in made_by(surge, entries, surge.requests.of_methods(surge.sent_methods)):
        place = number.get(names[made.entry])
        if place is not None:
            which[people == place] = within(made, replay.from_ns, replay.from_ns + replay.for_ns)
    sessions = np.where(which == NONE, NONE, surge.requests.sessions[which])
    asked = tuple(
        (method, target) for method, _, target in (a.partition(" ") for a in surge.requests.asked)
    )
    kinds = np.where(which == NONE, NONE, surge.requests.asked_for[which])
    answered = np.where(which == NONE, 0, surge.requests.answered[which])
    return Replayed(
        asked=asked,
        which=tuple(kinds.tolist()),
        session=tuple(sessions.tolist()),
        status=tuple(answered.tolist()),
    )


def within(made: Made, from_ns: int, until_ns: int) -> Ints:
    """The requests of a window."""
    return made.which[(made.at_ns >= from_ns) & (made.at_ns < until_ns)]


def requests_left_out(words: Document) -> Iterator[PredictedOnly]:
    """The recorded requests whose methods are not sent."""
    surge = recording_of(words)
    if surge is None or surge.requests is None:
        return
    many = len(surge.requests.asked_for) - len(surge.requests.of_methods(surge.sent_methods))
    if many:
        of = f"{many:,} of {len(surge.requests.asked_for):,} requests {'is' if many == 1 else 'are'} not sent"
        instead = f"with {' and '.join(surge.sent_methods)} alone: {of}"
        yield PredictedOnly(key=f"surge.{surge.name}", instead=instead)


def sessions_of(recorded: Replayed | None) -> list[int] | None:
    """What keeps visits together, by their places: a session, or for who is in none his place; None: nothing does."""
    if recorded is None:
        return None
    return [place if each < 0 else each for place, each in enumerate(recorded.session)]
