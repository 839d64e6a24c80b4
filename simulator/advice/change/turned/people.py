"""People with one thing set to another value."""

from __future__ import annotations

from dataclasses import replace

from simulator.advice.change.turn import Turn
from simulator.system.people import People
from simulator.units import FOREVER


def with_people(people: People, turn: Turn, factor: float, value: float) -> People:
    """A group by a factor; what was nothing is set to the value."""
    if turn is Turn.CLIENT_TIMEOUT:
        if people.client_timeout_ns == FOREVER:
            return people
        return replace(people, client_timeout_ns=round(people.client_timeout_ns * factor))
    retries = people.retries
    backoff_ns = round(retries.backoff_ns * factor) or round(value)
    cap_ns = max(round(retries.cap_ns * max(factor, 1.0)), backoff_ns)
    return replace(people, retries=replace(retries, backoff_ns=backoff_ns, cap_ns=cap_ns))
