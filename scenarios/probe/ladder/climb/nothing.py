"""A request for nothing: what of an answer is network and handling, and no service."""

from __future__ import annotations

import time

from scenarios.http.browser import Browser
from scenarios.http.requests.person import NoValue, Person
from scenarios.http.requests.sent import sent_of
from scenarios.probe.people import People
from simulator.errors import TargetError


async def nothing_ns(people: People) -> int | None:
    """How long it takes, on a connection of its own; None where the launch has none, or it was refused or failed."""
    health = people.manners.health
    if health is None:
        return None
    try:
        sent = sent_of(health, Person.of(people.id, 0), people.manners.headers)
        async with Browser(
            target=people.target, hosts=people.manners.hosts, address=people.address
        ) as browser:
            sent_ns = time.perf_counter_ns()
            answer = await browser.send(sent)
            return None if answer.refused else time.perf_counter_ns() - sent_ns
    except (TargetError, NoValue):
        return None
