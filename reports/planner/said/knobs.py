"""Knobs as people buy them: "11 servers at signup (today 8)"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.planner.figure import brief
from reports.planner.language import Language
from reports.sentences.change import PAUSES, WITHOUT_SIZE
from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.size.answer import Sizing
from simulator.advice.size.knobs import Candidate, Knob
from simulator.system.system import System
from simulator.units import NS_PER_S

RATES = {Turn.RELEASE, Turn.QUOTA, Turn.LINE}
MOST_TOLD = 3
"""A sentence names so many at most; the table has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """One knob of a candidate, in words."""

    text: str
    """With its value."""
    now: str
    """The file's own value."""
    changed: bool


def value_text(language: Language, tweak: Tweak, value: float) -> str:
    """A knob's value with its unit."""
    if tweak.turn in PAUSES:
        return language.duration(value / NS_PER_S)
    return language.rate(value) if tweak.turn in RATES else language.count(value)


def turned_text(language: Language, tweak: Tweak, value: float, system: System) -> str:
    """A knob with its value: "11 servers at signup"."""
    name = brief(system.stations[tweak.station].name, 40)
    said = value_text(language, tweak, value)
    if tweak.turn in WITHOUT_SIZE:
        return language.say(f"turns.{tweak.turn.name.lower()}")
    return language.say(f"turns.{tweak.turn.name.lower()}", n=said, station=name)


def knob_name(language: Language, tweak: Tweak, system: System) -> str:
    """What a knob is called: "servers at signup"."""
    name = brief(system.stations[tweak.station].name, 40)
    return language.say(f"knobs.{tweak.turn.name.lower()}", station=name)


def provided(
    language: Language, knobs: Sequence[Knob], candidate: Candidate, system: System
) -> list[Provided]:
    """Every knob of a candidate; those that differ from today's first."""
    found = [
        Provided(
            text=turned_text(language, knob.tweak, value, system),
            now=value_text(language, knob.tweak, knob.now),
            changed=value != knob.now,
        )
        for knob, value in zip(knobs, candidate.values, strict=True)
    ]
    return sorted(found, key=lambda each: not each.changed)


def candidate_text(language: Language, sizing: Sizing, candidate: Candidate) -> str:
    """A candidate in a few words: what differs from today's, or that nothing does."""
    system = sizing.plan.system
    changed = [each for each in provided(language, sizing.knobs, candidate, system) if each.changed]
    if not changed:
        return language.say("todays_system")
    told = [each.text for each in changed[:MOST_TOLD]]
    if len(changed) > MOST_TOLD:
        told.append(language.many("more_change", len(changed) - MOST_TOLD))
    return language.joined(told)


def knob_named(sizing: Sizing, key: str) -> Knob | None:
    """The knob of that key."""
    return next((knob for knob in sizing.knobs if knob.key == key), None)
