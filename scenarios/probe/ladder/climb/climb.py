"""Climbing: so many people at once, each making the launch's requests one after the other, again and again.

A closed loop cannot run away: nobody sends before his last answer has come. Rungs are visited up and
down, up and down, so that a machine that slowly changes changes all of them alike.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from statistics import median

from scenarios.machine.watch import worked_s
from scenarios.probe.ladder.bounds import (
    BURST,
    BURSTS,
    FEWEST_SWEEPS,
    WARM_UP,
    Bounds,
    agreed,
    next_rung,
    sweeps_over,
)
from scenarios.probe.ladder.climb.bursts import burst
from scenarios.probe.ladder.climb.nothing import nothing_ns
from scenarios.probe.ladder.climb.together import together
from scenarios.probe.ladder.climb.window import Window
from scenarios.probe.ladder.estimate.away import MOST_AWAY
from scenarios.probe.ladder.estimate.estimate import Estimate, estimate
from scenarios.probe.ladder.machine.beside import without_us
from scenarios.probe.ladder.machine.processor import Cpu
from scenarios.probe.ladder.rungs import Exchange, Rung, Visit, rungs_of
from scenarios.probe.people import People
from simulator.errors import TargetError

Tell = Callable[[float, float, str], None]
NULLS = 12
AFTERWARDS = 0.25
"""Share of the time that is kept for what follows the sweeps."""
PACED_PEOPLE, BELOW_LIMIT = 6, 0.7
"""In a batch below a limit, and how far below."""
LONGEST_HOLD_S = 0.05
FEW_FAIL, FAIL = 2, 0.01
"""Requests that may fail and be left out: so many, or such a share of all."""


@dataclass(slots=True)
class Climb:
    """Everything that was seen so far: it is kept if somebody ends the climb early."""

    people: People
    bounds: Bounds
    cpu: Cpu
    tell: Tell = lambda *_: None
    cores: int | None = None
    """Those that target and probe share; None: none that are known."""
    visits: list[Visit] = field(default_factory=list)
    warm: list[Exchange] = field(default_factory=list)
    history: list[Exchange] = field(default_factory=list)
    """Every request so far, refused ones as well."""
    refused_at: int = 0
    """In flight when the first was refused; 0: nobody was."""
    broke: str = ""
    """Why there was no answer, at a rung above the first."""
    failed: list[str] = field(default_factory=list)
    """What went wrong with single requests that are left out."""
    on_refusal: Callable[[int], Awaitable[None]] | None = None
    """Is told, once, how many were in flight when the first was refused."""
    bursts: list[list[float]] = field(default_factory=list)
    nulls_idle_ns: list[int] = field(default_factory=list)
    nulls_busy_ns: list[int] = field(default_factory=list)
    ends_s: float = 0.0

    @property
    def rungs(self) -> tuple[Rung, ...]:
        return rungs_of(self.visits)

    @property
    def swept(self) -> bool:
        """Whether what is left of the time is for bursts and a request for nothing."""
        left_s = self.ends_s - time.monotonic()
        return self.over or left_s <= AFTERWARDS * self.bounds.within_s

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.ends_s or self.people.many >= self.bounds.people

    def is_too_many(self, n: int) -> bool:
        """Whether so many at once were refused already."""
        return 0 < self.refused_at <= n

    @property
    def unloaded_s(self) -> float:
        """How long an answer takes that nobody disturbs."""
        took = [each.took_ns for each in self.warm]
        return sum(took) / max(1, len(took)) / 1e9

    @property
    def nothing_s(self) -> float:
        """What a request for nothing takes: of an answer no more than this can occupy no server."""
        took_s = median(self.nulls_idle_ns) / 1e9 if self.nulls_idle_ns else 0.0
        return min(took_s, MOST_AWAY * self.unloaded_s)

    def estimated(
        self,
        network_s: tuple[float, float] | None = None,
        servers: int | None = None,
        *,
        told: bool = False,
    ) -> Estimate:
        """What the visits say, as :func:`scenarios.probe.ladder.estimate.estimate.estimate`."""
        bounds_s = (0.0, self.nothing_s) if network_s is None else network_s
        return estimate(without_us(self.visits, self.cores), bounds_s, servers, told=told)

    async def go(self) -> None:
        """Warm up, climb, sweep until the batches agree, then bursts and what they need.

        Raises Misbehaved or Unreachable where the first rung cannot be measured.
        """
        self.ends_s = time.monotonic() + self.bounds.within_s
        await self._warm_up()
        await self._sweeps()
        if not self.rungs or self.refused_at or self.broke:
            return
        try:
            await self._null_while_busy()
            await self._bursts()
        except TargetError as error:
            self.broke = str(error)

    async def _warm_up(self) -> None:
        for _ in range(WARM_UP):
            await self._null(self.nulls_idle_ns)
            await self._one_person(self.warm)
            if self.refused_at:
                return
        del self.warm[: len(self.people.wanted)]  # the first one is cold
        for _ in range(NULLS - WARM_UP):
            await self._null(self.nulls_idle_ns)

    async def _one_person(self, kept: list[Exchange], n: int = 1) -> bool:
        """Somebody, of ``n`` at once, makes each request, and they are kept as he goes on; whether none was refused.

        What fails ends his way. Raises TargetError where too much does.
        """
        async with self.people.somebody() as person:
            for step in range(len(self.people.wanted)):
                try:
                    exchange = await person.take(step)
                except TargetError as error:
                    self._failed(error)
                    return True
                if exchange.refused:
                    self._refused(exchange, n)
                    return False
                kept.append(exchange)
                self.history.append(exchange)
        return True

    async def _sweeps(self) -> None:
        """Up and down the rungs; a rung that turns out to be needed joins the next sweep."""
        wanted, sweep = [1, 2][: self.bounds.at_most], 0
        while wanted and not self.swept:
            order = wanted if sweep % 2 == 0 else wanted[::-1]
            for n in order:
                if not self.swept and not self.is_too_many(n):
                    await self.visit(n, sweep)
                if self.broke:
                    return
            while sweep == 0 and not self.swept and self.rungs and not self.broke:
                more = next_rung(self.rungs, self.estimated(), self.bounds, self.refused_at > 0)
                if more is None or more < max(wanted):
                    break
                wanted.append(more)
                await self.visit(more, sweep)
            sweep += 1
            if not self.rungs or self.broke:
                return
            measured = [rung.n for rung in self.rungs]
            wanted = [n for n in wanted if n in measured and not self.is_too_many(n)]
            found = self.estimated()
            more = next_rung(self.rungs, found, self.bounds, self.refused_at > 0)
            if more is not None and more not in wanted:
                wanted = sorted([*wanted, more])
            elif agreed(self.rungs, found) or sweeps_over(self.rungs):
                return

    async def visit(self, n: int, sweep: int) -> None:
        """One batch: ``n`` people at a time until the window is over.

        It lasts until a few were answered in it, and some rounds of all requests at least.
        """
        kept, refused = list[Exchange](), self.refused_at
        window = Window.of(self.unloaded_s, len(self.people.wanted))
        cpu, own, busy = await self.cpu(), time.process_time(), worked_s()
        started_ns = time.perf_counter_ns()

        def ended() -> bool:
            stopped = self.over or bool(self.broke) or self.refused_at != refused
            return window.is_over(kept) or stopped

        async def worker() -> None:
            while not ended():
                if not await self._one_person(kept, n):
                    return

        try:
            await together(worker() for _ in range(n))
        except TargetError as error:
            if not any(visit.n == 1 for visit in self.visits):
                raise
            self.broke = str(error)
        lasted_s = max(1e-9, (time.perf_counter_ns() - started_ns) / 1e9)
        own, busy = (time.process_time() - own) / lasted_s, (worked_s() - busy) / lasted_s
        after = await self.cpu()
        whole_s = (time.perf_counter_ns() - started_ns) / 1e9
        if self.refused_at != refused:
            if not refused and self.on_refusal is not None:
                await self.on_refusal(self.refused_at)
            return
        exchanges = window.cut(kept)
        if self.broke or not exchanges:
            return
        # Of several processes each may tell its own.
        spent = None if cpu is None or after is None or after < cpu else after - cpu
        share = (window.end_ns - window.begin_ns) / 1e9 / whole_s
        self.visits.append(
            Visit(
                n=n,
                sweep=sweep,
                begin_ns=window.begin_ns,
                end_ns=window.end_ns,
                exchanges=exchanges,
                cpu_s=None if spent is None else spent * share,
                own_cpu=own,
                busy=busy,
            )
        )
        self.tell(self._gone_s(), self.bounds.within_s, self._so_far())

    async def paced(self, rate_per_s: float) -> None:
        """Rung 1 where the loop itself would meet a limit: one person after the other, below it."""
        each_s = len(self.people.wanted) / (BELOW_LIMIT * rate_per_s)
        for sweep in range(FEWEST_SWEEPS):
            kept: list[Exchange] = []
            begin_ns = time.perf_counter_ns()
            for _ in range(PACED_PEOPLE):
                if self.over:
                    break
                before_s = time.monotonic()
                await self._one_person(kept)
                await asyncio.sleep(max(0.0, before_s + each_s - time.monotonic()))
            if kept:
                self.visits.append(
                    Visit(
                        n=1,
                        sweep=sweep,
                        begin_ns=begin_ns,
                        end_ns=time.perf_counter_ns(),
                        exchanges=tuple(kept),
                        paced=True,
                    )
                )

    def _refused(self, exchange: Exchange, n: int) -> None:
        self.history.append(exchange)
        self.refused_at = min(n, self.refused_at or n)

    def _failed(self, error: TargetError) -> None:
        """Raises it where it is not one of few: a service that is probed may fail once."""
        self.failed.append(str(error))
        if len(self.failed) > max(FEW_FAIL, FAIL * len(self.history)):
            raise error

    def _gone_s(self) -> float:
        return self.bounds.within_s - max(0.0, self.ends_s - time.monotonic())

    def _so_far(self) -> str:
        last = self.visits[-1]
        return f"{last.n} at once: {last.per_s:.3g}/s, {self.people.many:,} people"

    async def _null(self, kept: list[int]) -> None:
        """Ask for nothing; what is refused or fails does not count."""
        if (took_ns := await nothing_ns(self.people)) is not None:
            kept.append(took_ns)

    async def _null_while_busy(self) -> None:
        """Whether a request for nothing waits while all servers are busy: it occupies one then."""
        if not self.nulls_idle_ns or self.over:
            return
        found = self.estimated()
        n = min(self.bounds.at_most, found.servers + 1)
        busy = True

        async def keep_busy() -> None:
            while busy and not self.over and not self.refused_at:
                await self._one_person([], n)

        async def ask() -> None:
            nonlocal busy
            await asyncio.sleep(self.unloaded_s)
            for _ in range(NULLS):
                await self._null(self.nulls_busy_ns)
                await asyncio.sleep(min(LONGEST_HOLD_S, self.unloaded_s / 3))
            busy = False

        await together([ask(), *(keep_busy() for _ in range(n))])

    async def _bursts(self) -> None:
        """Several at once, all of them asking for the dearest request, and nobody else."""
        found = self.estimated()
        size = min(self.bounds.at_most, BURST if found.servers <= BURST // 2 else 2 * found.servers)
        if size <= found.servers + 1:
            return
        for _ in range(BURSTS):
            if self.over or self.refused_at:
                return
            self.bursts.append(
                await burst(self.people, size, self._dearest(), self._refused, self._failed)
            )

    def _dearest(self) -> int:
        """The step whose request takes longest by itself."""
        took = [
            sum(e.took_ns for e in self.warm if e.request == request)
            for request in self.people.wanted
        ]
        return took.index(max(took))
