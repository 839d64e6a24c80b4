"""What breaks, in words: where, how, when, and what mends it."""

from __future__ import annotations

import statistics
from collections import Counter

from reports.planner.answer import Answer
from reports.planner.figure import brief
from reports.planner.language import Language
from reports.planner.said.criteria import missed_text
from reports.planner.said.knobs import knob_named, turned_text
from simulator.advice.change.candidates import usual_first
from simulator.advice.change.remedy import Remedy
from simulator.advice.size.answer import Sizing
from simulator.advice.size.answers.cases import Break
from simulator.advice.size.trials import Tried
from simulator.system.system import System
from simulator.units import NS_PER_S

LINE = "the line"


def place_text(language: Language, place: str) -> str:
    """A station by its name, or the line."""
    return language.say("the_line") if place == LINE else brief(place, 40)


def break_text(language: Language, one: Break) -> str:
    """What is missed there."""
    return missed_text(language, one.asks, one.journey)


def mended_text(language: Language, sizing: Sizing, one: Break) -> str:
    """What mends it."""
    knob = knob_named(sizing, one.mended_by)
    if knob is None or one.mended_at is None:
        return language.say("nothing_mends")
    return turned_text(language, knob.tweak, one.mended_at, sizing.plan.system)


def first_trouble(language: Language, answer: Answer) -> tuple[str, str]:
    """What breaks first in a prediction, where and when; empty where nothing does."""
    verdict, diagnoses = answer.verdict, answer.diagnoses
    failing = [
        each for each, fails in zip(diagnoses, verdict.failing, strict=False) if fails
    ] or list(diagnoses)
    trouble, launches = usual_first(failing)
    of = language.many("launch", len(failing))
    if trouble is not None:
        stations = answer.plan.system.stations
        said = language.say(
            f"signs.{trouble.sign.name.lower()}", station=brief(stations[trouble.station].name, 40)
        )
        if trouble.supply is not None:
            cause = brief(stations[trouble.cause].name, 40)
            key = f"supplies.{trouble.supply.name.lower()}"
            said = f"{said}{language.say(key, station=cause)}"
        when = language.since(trouble.began_ns / NS_PER_S)
        return said, language.say("since_in", when=when, n=language.count(launches), of=of)
    began = [each.line_began_ns for each in failing if each.line_began_ns is not None]
    if began:
        when = language.since(statistics.median(began) / NS_PER_S)
        return language.say("line_too_long"), language.say(
            "since_in", when=when, n=language.count(len(began)), of=of
        )
    return "", ""


def first_missed(language: Language, today: Tried) -> list[str]:
    """What today's system misses in the most launches, and in how many; nothing where it holds."""
    missed = Counter((each.place, each.failed) for each in today.trials if each.failed is not None)
    if not missed:
        return []
    (place, failed), launches = missed.most_common(1)[0]
    assert failed is not None, "only those were counted"
    said = missed_text(language, *failed)
    n, of = language.count(launches), language.count(len(today.trials))
    return [
        language.named(place_text(language, place), said) if place else said,
        language.say("with_todays_system", n=n, of=of),
    ]


def remedy_text(language: Language, remedy: Remedy, system: System) -> str:
    """A single change that would have held, and in how many launches it did."""
    said = turned_text(language, remedy.tweak, remedy.value, system)
    n, of = language.count(remedy.holds), language.count(remedy.launches)
    return f"{said} ({language.say('held_in', n=n, of=of)})"
