"""How a sizing is found: watched while it runs, and kept as far as it came when somebody interrupts or a cluster is lost."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from simulator.advice.size.answer import Sizing
from simulator.advice.size.player import Player
from simulator.advice.size.prices import prices_of
from simulator.advice.size.questions.asked_next import asked_next, known_of
from simulator.advice.size.sizer import Sizer
from simulator.advice.size.vary.asked import knobs_asked, knobs_usual
from simulator.engine.rules import Engine
from simulator.errors import InvalidRun
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving, arriving, resolve
from simulator.scenario.scenario import Scenario
from surgeproof import effort
from surgeproof.endings import INTERRUPTED, tell
from surgeproof.engines import compiling, engine_named
from surgeproof.progress import progress
from surgeproof.verbs.sizing.order import Order

MOST_PEOPLE = 300_000_000
"""Beside the certificate, so many people are simulated for what is asked next, unless all is asked: 46 to
134 s of CPU, at 1.53 to 4.48 s for ten million (README, "How fast")."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The launch that is sized, ready to be played."""

    scenario: Scenario
    people: Arriving
    plan: Plan
    engine: Engine


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found, and what ended it before its end, if anything did."""

    subject: Subject
    sizing: Sizing
    player: Player
    """Knows the launches of the search."""
    ended_by: int | None = None
    """The exit code of what did: Ctrl-C, or a cluster that was lost."""

    @property
    def interrupted(self) -> bool:
        return self.ended_by is not None

    @property
    def exit_code(self) -> int:
        """0: something in range holds; 1: nothing does; else that of what ended it."""
        return self.sizing.exit_code if self.ended_by is None else self.ended_by


def subject_of(scenario: Scenario, order: Order) -> Subject:
    """Who comes, and what they meet.

    Raises ScenarioError.
    """
    resolved = resolve(scenario)
    effort.tell_of_fit(resolved)
    with progress(compiling("fitting the demand")):
        people = arriving(resolved, engine_named("compiled"))
        plan = people.plan(order.seed)
    return Subject(scenario=scenario, people=people, plan=plan, engine=engine_named(order.engine))


def found_of(subject: Subject, order: Order, *, around: bool = True) -> Found:
    """How much is needed.

    ``around``: whether less and more is looked at, too.
    """
    system = subject.plan.system
    knobs = knobs_asked(order.vary, system) if order.vary else knobs_usual(system)
    sizer = Sizer(
        plan=subject.plan,
        knobs=knobs,
        prices=prices_of(subject.scenario, knobs),
        asked=order.asked,
        engine=subject.engine,
    )
    return watched(sizer, subject, around=around)


def watched(sizer: Sizer, subject: Subject, *, around: bool) -> Found:
    """Let it run, with a bar that tells how long it takes."""
    effort.tell_of(
        sizer.plan, subject.engine, sizer.expected, less="fewer --launches, or fewer --vary,"
    )
    with progress("how much is needed", left=True) as step:
        doing, played, until = "", 0, 0

        def stage(now: str, launches: int) -> None:
            nonlocal doing, until
            doing, until = now, played + launches
            step(played, until, doing)

        def told(launches: int) -> None:
            nonlocal played
            played = launches
            step(played, max(until, played), doing)

        sizer.stage, sizer.told = stage, told
        try:
            return Found(subject=subject, sizing=sizer.run(around=around), player=sizer.player)
        except KeyboardInterrupt:
            return Found(
                subject=subject, sizing=sizer.so_far(), player=sizer.player, ended_by=INTERRUPTED
            )
        except InvalidRun as lost:
            ended = lost
    tell(str(ended))
    return Found(
        subject=subject, sizing=sizer.so_far(), player=sizer.player, ended_by=ended.exit_code
    )


def asked_further(found: Found, order: Order) -> Found:
    """What a planner asks next; who interrupts, or loses a cluster, keeps the answers that there are."""
    if order.brief or found.interrupted:
        return found
    people = math.inf if order.every else MOST_PEOPLE
    known = known_of(found.subject.scenario)
    with progress("what is asked next") as step:
        try:
            for sizing in asked_next(
                found.sizing, found.player, known, lambda of: step(0, 0, of), people=people
            ):
                found = replace(found, sizing=sizing)
        except KeyboardInterrupt:
            return replace(found, ended_by=INTERRUPTED)
        except InvalidRun as lost:
            ended = lost
        else:
            return found
    tell(str(ended))
    return replace(found, ended_by=ended.exit_code)
