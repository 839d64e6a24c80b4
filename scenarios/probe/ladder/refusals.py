"""Asking on for a while after the first refusal, gently, to learn the limit behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Sequence

from scenarios.probe.ladder.limits import Limit, limit_of
from scenarios.probe.ladder.rungs import Exchange
from scenarios.probe.people import People
from simulator.errors import TargetError

ASKS_ON_S = 10.0
PAUSE_S = 0.02
"""After a refusal: fifty a second and worker at most."""
MOST_ASKED = 600


async def learn(people: People, at_once: int, before: Sequence[Exchange]) -> Limit | None:
    """What limit it is: as many at once as when it was met, for some seconds."""
    seen: list[Exchange] = []
    ends_s = time.monotonic() + ASKS_ON_S

    async def worker() -> None:
        while time.monotonic() < ends_s and len(seen) < MOST_ASKED:
            async with people.somebody() as person:
                for step in range(len(people.wanted)):
                    exchange = await person.take(step)
                    seen.append(exchange)
                    if exchange.refused:
                        await asyncio.sleep(PAUSE_S)
                        break

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(quietly(worker()))
    return limit_of([*before, *seen])


async def quietly(doing: Awaitable[None]) -> None:
    """Who gets no answer stops asking: what was learnt before stays."""
    try:
        await doing
    except TargetError:
        return
