"""The people as they are rehearsed: those of whom anything is sent, doing what a visitor can do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from simulator.plan.plan import PredictedOnly
from simulator.scenario.words.document import Document
from simulator.scenario.words.laws import NEVER
from simulator.scenario.words.people import People

IN_THE_LINE = {
    "balks": "with everybody joining the line",
    "refers": "with nobody moving ahead",
    "answers_after": "with people who come at their next poll after the call",
}
"""What only a target knows (how long the wait is, who brought whom, when it called), and how it is
rehearsed without."""
WITHOUT = {"balks": NEVER, "refers": None, "answers_after": None, "cancels": False}


def people_sent(words: Document, journeys: Collection[str]) -> tuple[People, ...]:
    """The groups of whom anything is sent, divided among the journeys that are."""
    found = []
    for group in words.people:
        shares = shares_of(group, words)
        kept = {name: share for name, share in shares.items() if name in journeys and share}
        if kept:
            whole = sum(kept.values())
            divided = {name: share / whole for name, share in kept.items()}
            found.append(group.model_copy(update={**WITHOUT, "journeys": divided}))
    return tuple(found)


def shares_of(group: People, words: Document) -> Mapping[str, float]:
    """Which share of a group takes which journey."""
    return group.journeys or {words.journey[0].name: 1.0}


def people_left_out(
    words: Document, journeys: Collection[str], *, lined: bool
) -> Iterator[PredictedOnly]:
    """Whom the rehearsal lacks, and what those who come do not do."""
    for group in words.people:
        if not any(shares_of(group, words).get(name) for name in journeys):
            yield PredictedOnly(key=f"people.{group.name}")
            continue
        for field, instead in IN_THE_LINE.items():
            if lined and getattr(group, field) != WITHOUT[field]:
                yield PredictedOnly(key=f"people.{group.name}.{field}", instead=instead)
        if group.cancels:
            instead = "with a server that is not told of timeouts"
            yield PredictedOnly(key=f"people.{group.name}.cancels", instead=instead)
