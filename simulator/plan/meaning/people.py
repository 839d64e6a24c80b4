"""What the words of people mean to an engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator.scenario.words.groups import Entry
from simulator.scenario.words.people import CLASSES
from simulator.scenario.words.people import People as PeopleWords
from simulator.scenario.words.people import Retries as RetriesWords
from simulator.scenario.words.terms import for_ever
from simulator.system.people import Jitter, People, Referral, Retries
from simulator.timetable.laws import Duration
from simulator.units import MILLION

JITTERS = {"none": Jitter.NONE, "full": Jitter.FULL}


def people_of(
    groups: Iterable[PeopleWords], entries: Iterable[Entry], order: Sequence[str] = CLASSES
) -> tuple[People, ...]:
    """Each entry in numbers; they keep the name of their group."""
    known = {group.name: group for group in groups}
    return tuple(entry_of(known[entry.group], entry.journey, order) for entry in entries)


def entry_of(group: PeopleWords, journey: int, order: Sequence[str]) -> People:
    """Those of a group who take a journey."""
    refers, answers = group.refers, group.answers_after
    return People(
        name=group.name,
        journey=journey,
        rank=order.index(group.class_) if group.class_ in order else len(order),
        client_timeout_ns=for_ever(group.client_timeout_ns),
        cancels=group.cancels,
        retries=retries_of(group.retries),
        honours_retry_after=group.honours_retry_after,
        gives_up_after_ns=for_ever(group.gives_up_after_ns),
        patience=group.patience.duration,
        balks=group.balks.duration,
        silent=group.silent,
        shows_up=group.shows_up,
        answers_after=Duration.fixed(0) if answers is None else answers.duration,
        refreshes=group.refreshes.duration,
        refers=None
        if refers is None
        else Referral(share=refers.share, after=refers.after.duration, places=refers.places),
    )


def retries_of(retries: RetriesWords) -> Retries:
    """What clients do about a failure, in numbers."""
    return Retries(
        attempts=retries.attempts,
        backoff_ns=retries.backoff_ns,
        cap_ns=for_ever(retries.cap_ns),
        jitter=JITTERS[retries.jitter],
        budget_millionths=round((retries.budget or 0.0) * MILLION),
        budget_burst=retries.budget_burst,
    )
