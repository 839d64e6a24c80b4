"""What was asked of the launch, and what came out, in words."""

from __future__ import annotations

import math

from reports.planner.figure import brief
from reports.planner.language import Language
from reports.sentences import words
from simulator.outcomes.rows import Fate
from simulator.verdict.criteria import Asks, Criterion
from simulator.verdict.reasons import Met, Tally, Unjudged


def asks_text(language: Language, asks: Asks, journey: str) -> str:
    """What an objective asks about: "answers of signup in time"."""
    return language.say(f"asks.{asks.name.lower()}", journey=brief(journey, 40))


def missed_text(language: Language, asks: Asks, journey: str) -> str:
    """What goes wrong where it is missed: "signup takes too long"."""
    return language.say(f"missed.{asks.name.lower()}", journey=brief(journey, 40))


def criterion_text(language: Language, one: Criterion) -> str:
    """A criterion's name, with its quantile."""
    if one.quantile is not None:
        what = brief(one.journey, 40) or language.say("asks.wait")
        return f"{what} {words.quantile_name(one.quantile)}"
    return asks_text(language, one.asks, one.journey)


def limit_text(language: Language, one: Criterion) -> str:
    """What is allowed."""
    return language.figure(one.limit, one.unit)


def found_text(language: Language, one: Criterion) -> str:
    """What was found."""
    if one.quantile is not None and math.isinf(one.measured):
        return language.say("never_end", share=language.share(1.0 - one.quantile))
    return language.bound(one.measured, one.unit, open_=one.open)


def reason_text(language: Language, one: Criterion) -> str:
    """In how many launches it is met; of how many launches hold, what that says of all."""
    match one.reason:
        case Met():
            n, of = language.count(one.reason.met), language.count(one.reason.launches)
            return language.say("met_in", n=n, of=of)
        case Tally():
            n, of = language.count(one.reason.hold), language.count(one.reason.launches)
            return language.say("held_in", n=n, of=of)
        case Unjudged():
            n, of = language.count(one.reason.unjudged), language.count(one.reason.launches)
            return language.say("unjudged_in", n=n, of=of)
    return ""


def fate_text(language: Language, fate: Fate) -> str:
    """What became of somebody."""
    return language.say(f"fates.{fate.name.lower()}")
