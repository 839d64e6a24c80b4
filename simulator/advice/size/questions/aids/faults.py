"""Faults: where a launch that does not hold was lost first, and which knobs might mend it."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.advice.change.candidates import candidates, line_at_fault, usual_first
from simulator.advice.size.knobs import Candidate
from simulator.advice.size.player import THE_LINE, Player
from simulator.advice.size.questions.aids.few import Few
from simulator.advice.why.diagnosis import Diagnosis, diagnose
from simulator.engine.rules import Engine
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import Prediction, play
from simulator.plan.plan import Plan, Subject
from simulator.verdict.criteria import OF_LINE, Asks, Criterion, Outcome, conclusion, worst_of
from simulator.verdict.objectives import judge_objectives


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """A knob that might mend a fault, and which way it is turned."""

    number: int
    """Its place among the player's knobs."""
    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What was lost first, over a few launches that do not hold."""

    place: str
    """The station's name, or "the line"; empty where nothing that was counted explains it."""
    station: int | None
    """None where it is not a station."""
    asks: Asks
    journey: str
    """Of the objective that is missed in the most of them."""
    turnings: tuple[Turning, ...]
    """The likeliest first."""
    by_line: bool
    """Whether the line kept people out or too long, whatever is missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One launch, judged and diagnosed."""

    summary: Summary
    worst: Criterion | None
    """The criterion that decided against it; None: it holds."""
    diagnosis: Diagnosis


def read_launch(plan: Plan, engine: Engine, launch: int) -> Read:
    """Play one launch, and say why it does not hold."""
    summary = play(plan, engine, launch)
    closes = plan.subject is Subject.LAUNCH
    criteria = judge_objectives(plan.objectives, summary, closes=closes)
    fails = conclusion(criteria) is not Outcome.HOLDS
    return Read(
        summary=summary,
        worst=worst_of(criteria) if fails else None,
        diagnosis=diagnose(summary, plan.system, plan.objectives),
    )


def fault_of(player: Player, candidate: Candidate, launches: Iterable[int]) -> Fault | None:
    """What these launches have in common that fail; None: all of them hold."""
    read = list(player.each(read_launch, candidate, launches))
    failing = [each for each in read if each.worst is not None]
    return _common(player, candidate, failing) if failing else None


def _common(player: Player, candidate: Candidate, failing: Sequence[Read]) -> Fault:
    diagnoses = [each.diagnosis for each in failing]
    asks, journey = _missed(failing)
    place, station = _place(player.plan, diagnoses, asks)
    return Fault(
        place=place,
        station=station,
        asks=asks,
        journey=journey,
        turnings=_turnings(player, candidate, failing),
        by_line=line_at_fault(diagnoses),
    )


def _missed(failing: Sequence[Read]) -> tuple[Asks, str]:
    missed = Counter((each.worst.asks, each.worst.journey) for each in failing if each.worst)
    (found, _), *_ = missed.most_common(1)
    return found


def _place(plan: Plan, diagnoses: Sequence[Diagnosis], asks: Asks) -> tuple[str, int | None]:
    """The station that took the most in most of them; the line, where that is what is missed.

    Who is let in and served too late is no fault of the line.
    """
    trouble, launches = usual_first(diagnoses)
    late = line_at_fault(diagnoses) and asks in OF_LINE | {Asks.NOT_SERVED}
    if trouble is not None and not (late and 2 * launches < len(diagnoses)):
        return plan.system.stations[trouble.cause].name, trouble.cause
    return (THE_LINE, None) if late else ("", None)


def _turnings(player: Player, candidate: Candidate, failing: Sequence[Read]) -> tuple[Turning, ...]:
    """The player's knobs among the changes that the diagnoses suggest."""
    system = player.planned(candidate).system
    prediction = Prediction(engine=player.engine.name, launches=[each.summary for each in failing])
    found = candidates(system, [each.diagnosis for each in failing], prediction)
    turnings = (
        Turning(number=number, up=tweak.up)
        for tweak in (*found.sized, *found.other)
        for number, knob in enumerate(player.knobs)
        if (knob.tweak.turn, knob.tweak.station) == (tweak.turn, tweak.station)
    )
    return tuple(dict.fromkeys(turnings))


def begins_ns(
    player: Player, candidate: Candidate, fault: Fault, launches: Iterable[int]
) -> int | None:
    """When it begins, in the median of the launches in which it does; None: it cannot be told."""
    read = list(player.each(read_launch, candidate, launches))
    began = [at_ns for each in read for at_ns in _began(each.diagnosis, fault)]
    return round(statistics.median(began)) if began else None


def _began(diagnosis: Diagnosis, fault: Fault) -> list[int]:
    if fault.place == THE_LINE:
        return [] if diagnosis.line_began_ns is None else [diagnosis.line_began_ns]
    return [each.began_ns for each in diagnosis.troubles if each.cause == fault.station]


def mended(player: Player, candidate: Candidate, fault: Fault, few: Few) -> bool:
    """Whether in each of the few launches the fault is gone: it holds, or fails elsewhere."""
    return all(
        _without(read, fault)
        for part in few.parts
        for read in list(player.each(read_launch, candidate, part))
    )


def _without(read: Read, fault: Fault) -> bool:
    if read.worst is None:
        return True
    return bool(fault.place) and not _began(read.diagnosis, fault)
