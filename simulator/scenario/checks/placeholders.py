"""Whether every placeholder of a launch stands for something: told by whom, and by when.

Of a capture, when is before: people take the steps of a journey in their order, so that a step knows
what the steps before it have captured.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from simulator.scenario.checks.found import Found
from simulator.scenario.document.paths import closest
from simulator.scenario.words.document import Document
from simulator.scenario.words.journeys import Journey
from simulator.scenario.words.rehearsal.captures import OWN
from simulator.scenario.words.rehearsal.requests import Request
from simulator.text.placeholders import DATA, ENVIRONMENT, MAIL, names_in

EVERYWHERE = ("run",)
"""What stands for something where there is no visitor."""


def unknown_placeholders(words: Document) -> Iterator[Found]:
    """Every one, with a suggestion."""
    made = [*_of_data(words), *_of_mail(words)]
    replay = words.replay
    in_line = list(replay.line.captures) if replay and replay.line else []
    for journey in words.journey:
        yield from _in_journey(journey, [*OWN, *made, *in_line], words)
    if replay is None:
        return
    yield from _wrong(names_in(replay.headers), [*OWN, *made], "replay.headers", words)
    yield from _of_line([*OWN, *made], in_line, words)
    if isinstance(replay.health, Request):
        yield from _wrong(names_in(replay.health.texts), EVERYWHERE, "replay.health", words)
    if replay.stop is not None and replay.stop.health is not None:
        yield from _wrong(
            names_in(replay.stop.health.texts), EVERYWHERE, "replay.stop.health", words
        )
    yield from _wrong(names_in(replay.cleanup), EVERYWHERE, "replay.cleanup", words)
    if replay.mail is not None:
        yield from _wrong(names_in(replay.mail.command), OWN, "replay.mail.command", words)


def _in_journey(journey: Journey, known: list[str], words: Document) -> Iterator[Found]:
    later = {
        name: step.name
        for step in reversed(journey.step)
        for name in (step.request.capture if step.request else ())
    }
    for step in journey.step:
        if step.request is None:
            continue
        key = f"journey.{journey.name}.step.{step.name}.request"
        names = [*names_in(step.request.texts), *names_in(step.request.expect.texts)]
        for text, name in _bare(step.request.texts, known):
            problem = f'"{text}" is sent as it is, and not what {name} stands for'
            yield Found(key, problem, f"write ${{{name}}}")
        for name in dict.fromkeys(names):
            if name in later and name not in known:
                problem = (
                    f'"${{{name}}}" is captured by "{later[name]}", which does not come before'
                )
                yield Found(key, problem, "change the order of the steps")
            else:
                yield from _wrong([name], known, key, words)
        known = [*known, *step.request.capture]


def _of_line(own: list[str], captured: list[str], words: Document) -> Iterator[Found]:
    """A place in the line is known once one has joined it."""
    line = words.replay.line if words.replay else None
    if line is None:
        return
    joining = [name for name in own if name != "ticket"]
    for name, request in line.requests.items():
        known = joining if name == "join" and line.ask else [*own, *captured]
        yield from _wrong(names_in(request.texts), known, f"replay.line.{name}", words)
    for name, asked in (("waits", line.waits), ("enters", line.enters)):
        if asked is not None:
            yield from _wrong(
                names_in(asked.texts), [*own, *captured], f"replay.line.{name}", words
            )
    yield from _wrong(names_in(line.headers), own, "replay.line.headers", words)


BARE = re.compile(r"\$(\w+)|\$?\{\{?\s*(\w+)\s*\}?\}|<(\w+)>")


def _bare(node: Any, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Texts that are a known name in another tool's dress: $csrf, {csrf}, {{csrf}}."""
    if isinstance(node, str):
        found = BARE.fullmatch(node.strip())
        name = next(filter(None, found.groups()), "") if found else ""
        if name in known and node.strip() != f"${{{name}}}":
            yield node.strip(), name
    elif isinstance(node, dict | list | tuple):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from _bare(inner, known)


def _wrong(
    names: Iterable[str], known: Collection[str], key: str, words: Document
) -> Iterator[Found]:
    for name in dict.fromkeys(names):
        if name in known or name.startswith(ENVIRONMENT):
            continue
        problem = f'"${{{name}}}" stands for nothing'
        if name.startswith(DATA) and words.data is None:
            yield Found(key, problem, 'add [data] with file = "people.csv"')
        elif name.startswith(MAIL) and (words.replay is None or words.replay.mail is None):
            yield Found(key, problem, 'add [replay.mail] with listen = "127.0.0.1:1025"')
        else:
            yield Found(key, problem, closest(name, known))


def _of_data(words: Document) -> list[str]:
    return [f"{DATA}{column}" for column in (words.data.columns if words.data else ())]


def _of_mail(words: Document) -> list[str]:
    mail = words.replay.mail if words.replay else None
    return [f"{MAIL}{name}" for name in (mail.capture if mail else ())]
