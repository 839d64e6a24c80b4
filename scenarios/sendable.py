"""What of a launch the replay can send: one step, through a line that is let in at a rate.

Everything else is predicted in full. It is refused before anything is sent, since a rehearsal that
left it out would be another launch.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.errors import Mistake, ScenarioError
from simulator.people_words import People
from simulator.scenario import Scenario
from simulator.sense import has_line
from simulator.terms import word
from simulator.waitlist_words import Waitlist
from simulator.words import Document

NOT_BY_PEOPLE = (
    "honours_retry_after", "gives_up_after_ns", "balks", "silent", "shows_up", "answers_after",
    "refreshes", "refers",
)  # fmt: skip
NOT_BY_THE_LINE = ("opens_ns", "places", "call_expires_ns")
NOT_RELEASED_BY = ("batch", "slots", "feedback")


def require_sendable(scenario: Scenario) -> None:
    """Raises ScenarioError where the launch has what the replay cannot send."""
    if beyond := tuple(beyond_replay(scenario.words)):
        problem = f"cannot send what this launch has: {', '.join(beyond)}"
        remedy = "rehearse a variant without it; predict plays it in full"
        raise ScenarioError([Mistake(scenario.file, "replay", problem, remedy)])


def beyond_replay(words: Document) -> Iterator[str]:
    """The keys of everything in a launch that is predicted and cannot be sent."""
    yield from _steps(words)
    for people in words.people:
        yield from _people(people)
    if has_line(words.waitlist, words.change):
        yield from _line(words)


def _steps(words: Document) -> Iterator[str]:
    if len(words.journey) > 1:
        yield f"{len(words.journey)} journeys"
        return
    journey = words.journey[0]
    steps = sum(step.times for step in journey.step)
    if steps > 1:
        yield f"the {steps} steps of journey.{journey.name}"
    elif journey.step[0].think is not None:
        yield f"journey.{journey.name}.step.{journey.step[0].name}.think"


def _people(people: People) -> Iterator[str]:
    for field in NOT_BY_PEOPLE:
        if getattr(people, field) != People.model_fields[field].default:
            yield f"people.{people.name}.{word(field)}"
    if people.retries.budget is not None:
        yield f"people.{people.name}.retries.budget"


def _line(words: Document) -> Iterator[str]:
    line = words.waitlist
    for policy in {line.policy: None, **{change.policy: None for change in words.change}}:
        if policy not in (None, "open", "fifo"):
            yield f'policy = "{policy}"'
    for field in NOT_BY_THE_LINE:
        if getattr(line, field) != Waitlist.model_fields[field].default:
            yield f"waitlist.{word(field)}"
    for way in NOT_RELEASED_BY:
        if line.release is not None and getattr(line.release, way) is not None:
            yield f"waitlist.release.{way}"
