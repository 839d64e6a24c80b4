"""The people as they are rehearsed: those of whom anything is sent, doing what a visitor can do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from simulator.plan.plan import PredictedOnly
from simulator.scenario.words.document import Document
from simulator.scenario.words.laws import NEVER
from simulator.scenario.words.people import People
from simulator.scenario.words.rehearsal.replay import Replay

IN_THE_LINE = {
    "balks": "with everybody joining the line",
    "refers": "with nobody moving ahead",
    "answers_after": "with people who come at their next poll after the call",
}
"""What only a target knows (how long the wait is, who brought whom, when it called), and how it is
rehearsed without."""
AT_THE_STEP = {
    "shows_up": "with everybody coming who is let in: who is let in has come",
    "refreshes": "with a reload that keeps the place",
}
"""What is not to be told apart where the line stands at the request that people want."""
WITHOUT = {
    "balks": NEVER, "refers": None, "answers_after": None, "cancels": False, "shows_up": 1.0,
    "refreshes": NEVER,
}  # fmt: skip


def without(replay: Replay) -> Mapping[str, str]:
    """What the people do not do in the line, and how it is rehearsed then."""
    return IN_THE_LINE | (AT_THE_STEP if replay.line_spoken.is_at_the_step else {})


def people_sent(words: Document, replay: Replay, journeys: Collection[str]) -> tuple[People, ...]:
    """The groups of whom anything is sent, divided among the journeys that are."""
    found = []
    update = {field: WITHOUT[field] for field in (*without(replay), "cancels")}
    for group in words.people:
        shares = shares_of(group, words)
        kept = {name: share for name, share in shares.items() if name in journeys and share}
        if kept:
            whole = sum(kept.values())
            divided = {name: share / whole for name, share in kept.items()}
            found.append(group.model_copy(update={**update, "journeys": divided}))
    return tuple(found)


def shares_of(group: People, words: Document) -> Mapping[str, float]:
    """Which share of a group takes which journey."""
    return group.journeys or {words.journey[0].name: 1.0}


def people_left_out(
    words: Document, replay: Replay, journeys: Collection[str], *, lined: bool
) -> Iterator[PredictedOnly]:
    """Whom the rehearsal lacks, and what those who come do not do."""
    for group in words.people:
        if not any(shares_of(group, words).get(name) for name in journeys):
            yield PredictedOnly(key=f"people.{group.name}")
            continue
        for field, instead in without(replay).items():
            if lined and getattr(group, field) != WITHOUT[field]:
                yield PredictedOnly(key=f"people.{group.name}.{field}", instead=instead)
        if lined and group.patience_factor is not None:
            key = f"people.{group.name}.patience_factor"
            yield PredictedOnly(key=key, instead="with the likely patience")
        if group.retries_factor is not None:
            key = f"people.{group.name}.retries_factor"
            yield PredictedOnly(key=key, instead="with the likely number of attempts")
        if group.cancels:
            instead = "with a server that is not told of timeouts"
            yield PredictedOnly(key=f"people.{group.name}.cancels", instead=instead)
