"""``python -m tests.ladders.table [NAME...]``: the ladder's answers on servers of a known kind.

Beside each stands a longer closed loop of the same minute: eight at once, half of it before the ladder
and half after it.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean

from scenarios.http.allow import check_target
from scenarios.http.manners import Manners
from scenarios.probe.ladder.bounds import Bounds
from scenarios.probe.ladder.found.findings import Findings
from scenarios.probe.ladder.ladder import climbing
from scenarios.probe.people import People
from scenarios.probe.probe import SIGNUP
from tests.ladders.servers import KINDS, Kind, running

LOOP_S = 8.0
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Row:
    kind: Kind
    found: Findings
    loop_per_s: tuple[float, float]
    """Before and after."""
    took_s: float

    @property
    def off(self) -> float:
        """The ladder's capacity against the loops' mean, as a share of it."""
        return self.found.estimate.capacity_per_s.value / fmean(self.loop_per_s) - 1

    def __str__(self) -> str:
        e, before, after = self.found.estimate, *self.loop_per_s
        c = f"{e.servers}{'' if e.confirmed else f' (or {e.or_else})'}"
        said = self.found.discipline
        shares = "-" if said is None else ("shared" if said.shares else "in turn")
        ratio = 0.0 if said is None else said.median_over_last
        unsure = "" if said is None or said.told else "?"
        return (
            f"{self.kind.name:30} {self.kind.servers} -> {c:12} {shares + unsure:9} {ratio:.2f}"
            f" {e.capacity_per_s.value:7.2f} ± {e.capacity_per_s.error:4.2f}"
            f"  {before:6.2f} {after:6.2f}  {100 * self.off:+5.1f} %  inflation {list(e.inflation)}"
            f"  {self.found.people} people, {self.took_s:.0f} s"
        )


def rows(names: list[str], bounds: Bounds) -> Iterator[Row]:
    for kind in KINDS:
        if names and kind.name not in names:
            continue
        with running(kind) as (url, pid):
            before = asyncio.run(closed_loop(url))
            started_s = time.monotonic()
            ladder = climbing(check_target(url), [SIGNUP], Manners(), bounds, pid)
            found = ladder.run()
            took_s = time.monotonic() - started_s
            yield Row(kind, found, (before, asyncio.run(closed_loop(url))), took_s)


async def closed_loop(url: str) -> float:
    """Answers a second with so many at once, the first second left out."""
    people = People(check_target(url), [SIGNUP], Manners())
    begin_s = time.monotonic() + 1
    end_s, done = begin_s + LOOP_S, [0]

    async def worker() -> None:
        while time.monotonic() < end_s:
            async with people.somebody() as person:
                await person.take(0)
            done[0] += begin_s <= time.monotonic() < end_s

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return done[0] / LOOP_S


def main() -> None:
    names = [word for word in sys.argv[1:] if word != "-v"]
    print(
        "server                         true -> ladder  discipline  capacity/s ± s.e.  loop before, after"
    )
    for row in rows(names, Bounds()):
        print(row, flush=True)
        if "-v" in sys.argv:
            print(row.found.stations_toml())


if __name__ == "__main__":
    main()
