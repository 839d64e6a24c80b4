"""Users of locustfiles that take journeys: what is sent is in their code, and what it is called in the launch.

A launch file runs no code, but for this: a file of Python that it names. So that is said aloud before,
and a check reads such a file without running it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import Mistake, ScenarioError
from simulator.host.named_files import Read, text_of
from simulator.plan.plan import PredictedOnly
from simulator.scenario.document.paths import closest
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.document import Document
from simulator.scenario.words.journeys import Journey


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A user of a locustfile, and the steps that his requests are."""

    file: Path
    user: str
    steps: Mapping[str, tuple[int, ...]]
    """By the steps' names their numbers in the rehearsed system: one for each of its times."""

    @property
    def label(self) -> str:
        return f"{self.file.name}:{self.user}"


def brought_by(sent: Scenario) -> tuple[Brought | None, ...]:
    """Who takes each journey of what is sent; None: our own visitors."""
    found: list[Brought | None] = []
    first = 0
    for journey in sent.words.journey:
        steps = {}
        for step in journey.sent:
            steps[step.name] = tuple(range(first, first + step.times))
            first += step.times
        found.append(taker(journey, sent.file, steps) if journey.locust else None)
    return tuple(found)


def taker(journey: Journey, launch: str, steps: Mapping[str, tuple[int, ...]]) -> Brought:
    named, user = parts_of(journey)
    return Brought(file=(Path(launch).parent / named).resolve(), user=user, steps=steps)


def parts_of(journey: Journey) -> tuple[str, str]:
    """The file and the class that a journey names."""
    assert journey.locust is not None, "somebody takes it"
    named, _, user = journey.locust.rpartition(":")
    return named, user


def require_locustfiles(scenario: Scenario, read: Read | None) -> None:
    """Raises ScenarioError where a locustfile may not be read, is no Python, or has no such user."""
    for journey in scenario.words.journey:
        if journey.locust:
            key = f"journey.{journey.name}.locust"
            named, user = parts_of(journey)
            instead = "give its steps requests"
            text = text_of(named, read, scenario.file, key, instead)
            if wrong := fault_of(text, user):
                problem, remedy = f'"{named}" {wrong[0]}', wrong[1]
                raise ScenarioError([Mistake(scenario.file, key, problem, remedy)])


def fault_of(text: str, user: str) -> tuple[str, str] | None:
    """What is wrong with a locustfile, and what would help, as far as its text tells."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError) as wrong:
        line = getattr(wrong, "lineno", None)
        return f"is not Python{f' (line {line})' if line else ''}", "does it run with locust -f?"
    defined = set(names_defined(body))
    if user in defined or "*" in defined:
        return None
    return f'has no "{user}"', closest(user, defined)


def names_defined(body: list[ast.stmt]) -> Iterator[str]:
    """What a module's own statements give a name: a user may be written there, or imported."""
    for each in body:
        if isinstance(each, ast.ClassDef):
            yield each.name
        elif isinstance(each, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in each.names)
        elif isinstance(each, ast.Assign):
            yield from (target.id for target in each.targets if isinstance(target, ast.Name))
        elif isinstance(each, ast.If | ast.Try):
            yield from names_defined(each.body)


def code_in_words(words: Document) -> Iterator[str]:
    """What of a launch runs code, for whoever is about to replay it."""
    for journey in words.journey:
        if journey.locust:
            named, user = parts_of(journey)
            yield f'replay runs the code of "{named}" ({user}, for the journey "{journey.name}")'


def retries_left_out(words: Document) -> Iterator[PredictedOnly]:
    """Who tries again in the plan; a locustfile's user does what his code says."""
    for group in words.people:
        takes = group.journeys or {words.journey[0].name: 1.0}
        users = [each.locust for each in words.journey if each.locust and takes.get(each.name)]
        if users and group.retries.attempts > 1:
            instead = f"with the retries of {' and '.join(users)}"
            yield PredictedOnly(key=f"people.{group.name}.retries", instead=instead)
