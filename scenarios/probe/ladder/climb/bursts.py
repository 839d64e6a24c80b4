"""Bursts: several people who ask for the same at one instant, and nobody else, show in which order they are served."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from scenarios.probe.ladder.climb.together import together
from scenarios.probe.ladder.rungs import Exchange
from scenarios.probe.people import People
from simulator.errors import TargetError


async def burst(
    people: People,
    size: int,
    asked: int,
    refused: Callable[[Exchange, int], None],
    failed: Callable[[TargetError], None],
) -> list[float]:
    """When each was answered, in s after the first asked, sorted.

    So many people make the launch's requests, and wait for one another before the step ``asked``; whoever is
    refused before is told of, and whose request fails, as long as these are few.
    """
    gate, ready = asyncio.Event(), asyncio.Semaphore(0)
    done: list[Exchange] = []

    async def one() -> None:
        async with people.somebody() as person:
            for step in range(len(people.wanted)):
                if step == asked:
                    ready.release()
                    await gate.wait()
                try:
                    exchange = await person.take(step)
                except TargetError as error:
                    failed(error)
                    ready.release()
                    return
                if exchange.refused:
                    refused(exchange, size)
                    ready.release()
                    return
                if step == asked:
                    done.append(exchange)

    async def open_gate() -> None:
        for _ in range(size):
            await ready.acquire()
        gate.set()

    await together([open_gate(), *(one() for _ in range(size))])
    first_ns = min((e.sent_ns for e in done), default=0)
    return sorted((e.seen_ns - first_ns) / 1e9 for e in done)
