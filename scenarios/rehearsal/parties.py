"""Third parties: whom else a rehearsal may reach, since the target asks them: for mails, texts, payments.

Nobody but the target's owners knows what it does with a request. What a launch file shows is named: other
hosts and mailboxes that its requests name, stations that are a quota (a downstream limit is somebody else's),
and words that speak of mail, text messages or money.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from simulator.scenario.words.document import Document
from simulator.scenario.words.journeys import Journey, Step
from simulator.scenario.words.rehearsal.requests import Part, Request
from simulator.text.wording import format_count

WORDS: Mapping[str, tuple[str, ...]] = {
    "mail": (
        "mail", "mails", "email", "emails", "mailer", "newsletter", "smtp", "sendgrid", "mailgun",
        "postmark", "ses",
    ),
    "SMS": ("sms", "text-message", "phone", "msisdn", "otp", "twilio", "vonage", "whatsapp"),
    "payments": (
        "pay", "payment", "payments", "checkout", "charge", "billing", "invoice", "card", "iban",
        "stripe", "paypal", "adyen", "klarna",
    ),
}  # fmt: skip
"""By what each kind is called where it is spoken of."""
ANOTHER = "another service"
OF_NAMES = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])")
HOST = re.compile(r"https?://[^\s\"'<>\\]+")
MAILBOX = re.compile(r"@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
NOWHERE = ("invalid", "example", "test", "localhost", "example.com", "example.net", "example.org")
"""Names that lead to nobody. Source: RFC 2606; RFC 6761."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody who may be reached, and how often at most where that is known."""

    kind: str
    why: str
    times: float | None = None

    def __str__(self) -> str:
        often = "" if self.times is None else f", {format_count(self.times)} times at most"
        return f"{self.kind}: {self.why}{often}"


def parties(words: Document, asked: Mapping[tuple[str, str], float], host: str) -> Iterator[Party]:
    """Everybody whom the file shows, each once.

    ``asked`` is how often each step is asked for at most, by its journey and name; ``host`` is the target's.
    """
    found: dict[str, Party] = {}
    for journey in words.journey:
        for step in journey.sent:
            times = asked.get((journey.name, step.name))
            for party in _of_step(words, journey, step, times, host):
                found.setdefault(f"{party.kind} {party.why}", party)
    yield from found.values()


def _of_step(
    words: Document, journey: Journey, step: Step, times: float | None, host: str
) -> Iterator[Party]:
    key = f"journey.{journey.name}.step.{step.name}"
    kinds = {each.name: each.kind for each in words.station}
    for station in dict.fromkeys((step.at, *(call.at for call in step.calls))):
        kind = kind_of(station)
        if kinds.get(station) == "quota":
            why = f'the station "{station}" is a quota, which {key} asks'
            yield Party(kind=kind or ANOTHER, why=why, times=times)
        elif kind:
            yield Party(kind=kind, why=f'the station "{station}", which {key} asks', times=times)
    if step.request is None:
        return
    spoken = {kind_of(name): name for name in (step.name, step.request.path, *fields(step.request))}
    for kind, name in spoken.items():
        if kind:
            yield Party(kind=kind, why=f'{step.request} ({key}) speaks of "{name}"', times=times)
    yield from _named(step.request, key, times, host)


def _named(request: Request, key: str, times: float | None, host: str) -> Iterator[Party]:
    """Hosts and mailboxes that a request's own texts name."""
    for text in texts_in(request.texts):
        for found in HOST.findall(text):
            other = (urlsplit(found).hostname or "").rstrip(".")
            if other and other != host and not leads_nowhere(other):
                yield Party(kind="another host", why=f"{other}, named in {key}", times=times)
        for domain in MAILBOX.findall(text):
            if not leads_nowhere(domain):
                why = (
                    f"addresses at {domain.lower()} ({key}): whatever your server sends them leaves"
                )
                yield Party(kind="mail", why=why, times=times)
    if request.path.startswith("${") or request.redirects == "follow":
        why = f"wherever the answers to {key} lead, which is {host}, this machine, or a host of SURGEPROOF_ALLOW"
        yield Party(kind="redirects", why=why, times=times)


def kind_of(name: str) -> str:
    """What a name speaks of; empty where it is nothing of the kind.

    >>> kind_of("/api/payments/confirm"), kind_of("sendMail"), kind_of("/display")
    ('payments', 'mail', '')
    """
    spoken = {word.lower() for word in OF_NAMES.split(name)}
    return next((kind for kind, known in WORDS.items() if spoken & {*known}), "")


def fields(request: Request) -> Iterator[str]:
    """The names of what a body holds. A visitor's own address is part of most, and reaches nobody."""
    for body in (request.json_, request.form, request.multipart):
        for name in keys_in(body):
            if kind_of(name) != "mail":
                yield name


def keys_in(node: Any) -> Iterator[str]:
    """Every key of tables, and of tables in them."""
    if isinstance(node, Mapping):
        for key, inner in node.items():
            yield str(key)
            yield from keys_in(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from keys_in(inner)


def texts_in(node: Any) -> Iterator[str]:
    """Every text of lists and tables, keys aside."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for inner in node.values():
            yield from texts_in(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from texts_in(inner)
    elif isinstance(node, Part) and node.text is not None:
        yield node.text


def leads_nowhere(domain: str) -> bool:
    """Whether a name is reserved, so that nothing that is sent there arrives."""
    name = domain.lower()
    return any(name == each or name.endswith(f".{each}") for each in NOWHERE)
