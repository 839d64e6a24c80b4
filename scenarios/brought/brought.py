"""What was brought, as a launch, and all that is to be said of how it was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scenarios.brought.har.chosen import Chosen, chosen
from scenarios.brought.har.exchange import values_of
from scenarios.brought.har.journey import Steps, captured_by, steps_of
from scenarios.brought.har.reading import Recording, recording_of
from scenarios.brought.launch import Journey
from scenarios.brought.openapi.description import description_of
from scenarios.brought.openapi.journey import made_of
from scenarios.brought.openapi.operations import chosen as chosen_of
from scenarios.brought.openapi.operations import in_words, operations_of
from scenarios.brought.sayable import clean
from scenarios.brought.secrets import plain
from simulator.text.wording import one_line

SESSIONS = re.compile(
    r"(^|_)(session|sessionid|sess|sid|auth|token|jwt|remember|login)(_|$)|sessid|connect_sid"
)


@dataclass(frozen=True, slots=True)
class Brought:
    """A journey, and what its reader says of it."""

    journey: Journey
    title: str
    """What it was made of, in a few words."""
    said: tuple[str, ...]
    """What was chosen, left out, captured and needed, a sentence each; no value of a recording."""

    @classmethod
    def of(cls, journey: Journey, title: str, said: Iterable[str]) -> Brought:
        """Names of others stand in what is said: each sentence is one line that a file can hold."""
        lines = tuple(one_line(clean(line)) for line in said)
        return cls(journey, one_line(clean(title)), lines)


def from_har(raw: bytes, file: str, host: str | None) -> Brought:
    """The journey that a browser recorded.

    Raises UsageError.
    """
    recording = recording_of(raw, file)
    found = chosen(recording.exchanges, host)
    steps = steps_of(found.asked)
    hosts = {each.host for each in recording.exchanges}
    unread = (f"left out: {recording.unread} × entry that is no request over HTTP",)
    return Brought.of(
        journey=Journey(steps=steps.steps, waits_ms=steps.waits_ms, mailed=steps.meanings.mailed),
        title=f"{len(steps.steps)} requests to {found.host}",
        said=(
            host_in_words(found, len(hosts), wanted=host is not None),
            *(f"left out: {each}" for each in found.left_out),
            *(unread if recording.unread else ()),
            *said_of(steps),
            *beginnings(recording, found),
        ),
    )


def beginnings(recording: Recording, found: Chosen) -> Iterator[str]:
    """What a new visitor lacks that whoever recorded had."""
    known = {name for each in found.asked for name, _ in each.last.cookies + each.first.cookies}
    sent = {
        pair.partition("=")[0].strip()
        for each in found.asked
        for held in values_of(each.first.headers, "cookie")
        for pair in held.split(";")
    }
    before = sorted(name for name in sent - known if SESSIONS.search(plain(name)))
    if before:
        yield (
            f"note: the recording began with a session ({', '.join(before)}), which a new visitor has"
            " not: record from the first page on, in a private window"
        )
    headers = {name.lower() for each in recording.exchanges for name, _ in each.headers}
    if "WebInspector" in recording.browser and not headers & {"cookie", "authorization"}:
        yield (
            "note: neither cookies nor credentials are in the recording: Chrome leaves them out, unless"
            " its settings allow HAR with sensitive data (DevTools, Preferences, Network)"
        )


def from_openapi(raw: bytes, file: str, wanted: Sequence[str]) -> Brought:
    """The journey of operations of a description.

    Raises UsageError.
    """
    description = description_of(raw, file)
    operations = chosen_of(description, wanted)
    made = made_of(description, operations)
    every = operations_of(description)
    others = () if wanted else (f"choose others with --operation: {in_words(every)}",)
    server = description.server
    target = server if "://" in server else f"http://HOST{server}"
    return Brought.of(
        journey=Journey(steps=made.steps),
        title=f"{len(made.steps)} of {len(every)} operations",
        said=(
            f"operations: {', '.join(each.title for each in operations)}",
            *others,
            f"replay it with --target {target}",
            *(f"capture: {each}" for each in made.captures),
            *(
                f"secret: {of} is read from the environment: export {variable}=..."
                for variable, of in made.needed.items()
            ),
            *(f"note: {each}" for each in made.notes),
            *((f"note: made up: {', '.join(made.guessed)}",) if made.guessed else ()),
        ),
    )


def host_in_words(found: Chosen, hosts: int, *, wanted: bool) -> str:
    others = (
        ""
        if wanted or hosts == 1
        else f", of {hosts} hosts that of most pages and calls (--host chooses another)"
    )
    return f"host: {found.host}{others}; replay it with --target {found.origin}"


def said_of(steps: Steps) -> Iterator[str]:
    """What became of the values, and what is still to be done by hand."""
    meanings = steps.meanings
    for line in captured_by(meanings.links, steps.names):
        yield f"capture: {line}"
    guessed = [link.name for link in meanings.links if link.guessed]
    if guessed:
        yield (
            f"note: {', '.join(guessed)} was a cookie from before the recording; a new visitor is taken"
            " to get it with the first page"
        )
    for variable, of in meanings.needed.items():
        yield (
            f"secret: {of} is no earlier answer's, so it is read from the environment and not kept"
            f" in the file: export {variable}=..."
        )
    if meanings.alike:
        yield f"note: sent by everybody as recorded: {', '.join(meanings.alike)}"
    if meanings.mailed:
        yield (
            "note: a code was typed that no answer gave, so it is taken from a mail (${mail.code}); let"
            " the target send its mails to [replay.mail] listen"
        )
    if logs_in(steps):
        yield (
            "note: visitors log in with accounts that must exist already: give each one of his own with"
            ' [data] file = "people.csv", and write ${data.email} and ${data.password}'
        )
    if steps.failed:
        yield f"note: failed when it was recorded, and is expected to fail again: {', '.join(steps.failed)}"


def logs_in(steps: Steps) -> bool:
    """Whether a password is sent to a login, and to nothing before it that makes the account."""
    for step in steps.steps:
        sent = str(
            {word: step["request"].get(word) for word in ("form", "json", "multipart", "text")}
        )
        if "${password}" in sent:
            words = plain(step["request"]["path"])
            return any(
                word in words for word in ("login", "signin", "sign_in", "session", "token", "auth")
            )
    return False
