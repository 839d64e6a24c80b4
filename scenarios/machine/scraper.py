"""The scraper: asks the target for its page of metrics, about each second, while load is sent.

A thread of the parent. It keeps to a share of one core: a page that takes long to be read is read less often. What
it has is kept in memory, within bounds, and written once the load's sender has written its last row.
"""

from __future__ import annotations

import asyncio
import math
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Self

import httpx
from prometheus_client.parser import text_string_to_metric_families

from scenarios.http import bounded
from scenarios.http.allow import Target, check_target, split
from scenarios.http.answers.content import KEPT_BYTES
from simulator.errors import Misbehaved, TargetError
from simulator.outcomes.counts.told import Series, Told, write_told

EVERY_S = 1.0
SHARE = 0.05
"""Of one core, at most, for reading pages."""
MOST_LOOKS = 1_200
MOST_SERIES = 400
LEFT_OUT = ("_bucket", "_created", "_gcount", "_gsum")
"""Endings of samples that say nothing by themselves."""
GROWING = {"histogram": ("_count", "_sum"), "summary": ("_count", "_sum")}
"""Of which kinds of families which samples only grow, by their endings; a counter's is always ``_total``."""

Sample = tuple[Series, float]


def scraper_of(where: str, target: Target, allowed: Collection[str], lasts_s: float) -> Scraper:
    """``where``: a path of the target, or the address of a page elsewhere, to which load may be sent as well.

    Raises UsageError, Unreachable or TargetRefused.
    """
    if where.startswith("/"):
        return Scraper(target, where, lasts_s)
    parts = split(where.partition("?")[0])
    other = check_target(f"{parts.scheme}://{parts.netloc}", allowed)
    return Scraper(other, where[len(f"{parts.scheme}://{parts.netloc}") :] or "/", lasts_s)


class Scraper:
    """Looks while its block lasts."""

    def __init__(self, target: Target, path: str, lasts_s: float) -> None:
        """``path`` is seen from the target's root; ``lasts_s`` is for how long load is sent, at most."""
        self.target, self.path = target, path
        self.every_s = max(EVERY_S, lasts_s / MOST_LOOKS)
        self.values: dict[Series, list[tuple[int, float]]] = {}
        self.looks = self.failed = 0
        self.why = ""
        self.others: set[Series] = set()
        """Series that were too many."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scraper", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def keep(self, db: sqlite3.Connection, part: int) -> None:
        """Write everything into a run's store."""
        told = Told(
            url=f"{self.target.url}{self.path}",
            looks=self.looks,
            failed=self.failed,
            why=self.why,
            left_out=len(self.others),
        )
        write_told(db, part, told, self.values)

    def _run(self) -> None:
        with suppress(TargetError):  # who does not answer now is told so by the replay
            asyncio.run(self._look_again())

    async def _look_again(self) -> None:
        async with bounded.client_of(self.target) as client:
            over = asyncio.ensure_future(asyncio.to_thread(self._over.wait))
            while not over.done() and self.looks < MOST_LOOKS:
                began_s = time.thread_time()
                look = asyncio.ensure_future(self._look(client))
                await asyncio.wait((look, over), return_when=asyncio.FIRST_COMPLETED)
                look.cancel()  # where it is not over: whoever ends us waits for no answer
                with suppress(asyncio.CancelledError):
                    await look
                took_s = time.thread_time() - began_s
                await asyncio.wait((over,), timeout=max(self.every_s, took_s / SHARE))

    async def _look(self, client: httpx.AsyncClient) -> None:
        try:
            answer = await bounded.request(client, "GET", self.path)
            found = list(samples_in(answer))
        except TargetError as error:
            self.looks += 1
            self.failed += 1
            self.why = self.why or str(error)
            return
        self.looks += 1
        self.add(time.perf_counter_ns(), found)

    def add(self, at_ns: int, found: list[Sample]) -> None:
        """What a page said."""
        for series, value in found:
            points = self.values.get(series)
            if points is None:
                if len(self.values) >= MOST_SERIES:
                    self.others.add(series)
                    continue
                points = self.values[series] = []
            points.append((at_ns, value))


def samples_in(answer: httpx.Response) -> Iterator[Sample]:
    """Each sample of a page that says something by itself.

    Raises Misbehaved where it is no page of metrics.
    """
    if answer.status_code != 200:
        raise Misbehaved(f"{answer.url} answers {answer.status_code}")
    try:
        families = list(text_string_to_metric_families(whole_lines(answer.content)))
    except (ValueError, LookupError, TypeError):  # the parser is written for well-formed text
        raise Misbehaved(f"{answer.url} is no page of metrics as Prometheus reads it") from None
    for family in families:
        for sample in family.samples:
            if not sample.name.endswith(LEFT_OUT) and math.isfinite(sample.value):
                yield series_of(family.type, sample.name, sample.labels), float(sample.value)


def whole_lines(content: bytes) -> str:
    """The page as far as it was read, which may end within a line."""
    text = content.decode(errors="replace")
    return text if len(content) < KEPT_BYTES else text[: text.rfind("\n") + 1]


def series_of(kind: str, name: str, labels: dict[str, str]) -> Series:
    """A series by its own words, whatever the order of its labels."""
    told = ",".join(f'{key}="{text}"' for key, text in sorted(labels.items()))
    grows = name.endswith((*GROWING.get(kind, ()), "_total"))
    return Series(name=name, labels=told, grows=grows)
