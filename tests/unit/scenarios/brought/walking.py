"""Takes the steps of a launch that was brought against the answers of its own recording."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from scenarios.brought import launch
from scenarios.brought.brought import Brought, from_har
from scenarios.brought.har.chosen import Asked, chosen
from scenarios.brought.har.exchange import Exchange
from scenarios.brought.har.reading import recording_of
from scenarios.http.answers.answer import Answer
from scenarios.http.answers.captured import captured
from scenarios.http.requests.person import Person
from scenarios.http.requests.sent import Sent, sent_of
from simulator.scenario.commented import commented
from simulator.scenario.scenario import Scenario, parse
from simulator.scenario.words.rehearsal.requests import Request

NOW = datetime(2026, 11, 28, tzinfo=UTC)
FILE = "signup.har"


def text_of(found: Brought) -> str:
    """The launch file of what was brought."""
    made = launch.document(found.journey, name="mine", story="Mine.", people=50, now=NOW)
    return commented(made, found.said)


def scenario_of(found: Brought) -> Scenario:
    """The same, read as check reads it."""
    return parse(text_of(found), "mine.toml")


def requests_of(found: Brought) -> list[Request]:
    steps = scenario_of(found).words.journey[0].step
    return [step.request for step in steps if step.request is not None]


def answer_of(exchange: Exchange) -> Answer:
    """A recorded answer, as a visitor would see it."""
    try:
        body = json.loads(exchange.content)
    except ValueError:
        body = None
    headers = {name.lower(): value for name, value in exchange.answer_headers}
    return Answer(
        status=exchange.status,
        content=exchange.content.encode(),
        content_type=exchange.type,
        body=body if isinstance(body, dict) else {},
        headers=headers,
        cookies=dict(exchange.cookies),
        asked=exchange.url,
    )


def walked(raw: bytes, person: Person | None = None) -> Iterator[tuple[Exchange, Sent]]:
    """Each recorded request beside what a visitor sends for it, who gets the recorded answers."""
    asked: Sequence[Asked] = chosen(recording_of(raw, FILE).exchanges, None).asked
    learned: dict[str, str] = {}
    for each, request in zip(asked, requests_of(from_har(raw, FILE, None)), strict=True):
        who = person or Person.of("run-1", 7, learned=learned)
        yield each.first, sent_of(request, who)
        learned |= captured(request.capture, answer_of(each.last))
