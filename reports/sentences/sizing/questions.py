"""What a planner asks after "how much", in sentences: what breaks, what is regretted, until when to decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from reports.sentences import words
from reports.sentences.sizing.size import bought_text, cost_text, listed, thing_text, value_text
from simulator.advice.size.answer import Sizing
from simulator.advice.size.answers.cases import Break, Case, Headroom, Lead
from simulator.advice.size.answers.regret import Excuse, Regret
from simulator.advice.size.answers.sensitivity import Swing
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.questions.asked_next import HEADROOM, LIKELY, affordable
from simulator.advice.size.questions.tornado import width, worth_measuring
from simulator.text.wording import format_factor
from simulator.units import NS_PER_S
from simulator.verdict.criteria import Asks

NOTHING_HOLDS = "nothing in range holds"


def times_text(factor: float) -> str:
    """So many times the likely demand.

    >>> times_text(1.25), times_text(0.0)
    ('1.25 times', 'any demand')
    """
    return f"{format_factor(factor)} times" if factor else "any demand"


def of_text(pair: tuple[int, int]) -> str:
    """In so many of so many."""
    return f"{pair[0]:,} of {pair[1]:,}"


# What breaks, and how much more it bears


def missed_text(asks: Asks, journey: str) -> str:
    """What goes wrong where an objective is missed."""
    return {
        Asks.RESPONSE: f"{journey} takes too long",
        Asks.ERRORS: f"{journey} fails too often",
        Asks.WAIT: "waits in the line are too long",
        Asks.NEVER_LET_IN: "too many are never let in",
        Asks.LEFT: "too many leave the line",
        Asks.NOT_SERVED: "hardly anybody is served",
    }.get(asks, "an objective is missed")  # fmt: skip


def place_text(one: Break) -> str:
    """Where it breaks, as far as what was counted shows it."""
    return one.place or "unknown"


def mended_text(one: Break, sizing: Sizing) -> str:
    """What mends it, and for how much demand."""
    knob = knob_named(one.mended_by, sizing)
    if knob is None:
        return "nothing that is varied"
    if one.mended_at is None:
        return f"{knob.key}: no value in its range"
    said = thing_text(knob, one.mended_at, sizing.plan.system)
    return said if one.mended_for == 1.0 else f"{said}, for {times_text(one.mended_for)}"


def knob_named(key: str, sizing: Sizing) -> Knob | None:
    """The knob of that key; None where there is none."""
    return next((knob for knob in sizing.knobs if knob.key == key), None)


def begins_text(one: Break) -> str:
    """When it begins, in the median launch."""
    if one.at_ns is None:
        return words.NOTHING
    return f"after {words.duration(one.at_ns / NS_PER_S)}" if one.at_ns else "at the opening"


def headroom_lines(sizing: Sizing) -> Iterator[str]:
    """How many times the likely demand each system bears."""
    if sizing.headroom_today is not None:
        yield f"today's system bears {_bears(sizing.headroom_today)}"
    if sizing.headroom is not None:
        yield f"the certified one bears {_bears(sizing.headroom)}"


def _bears(found: Headroom) -> str:
    if not found.breaks_at and not found.judged:
        return "no demand that was tried, as far as can be told: in a smaller one too few come to judge"
    if not found.breaks_at:
        return "no demand that was tried, not even a sixteenth of the likely one"
    said = f"{times_text(found.breaks_at)} the likely demand"
    if found.breaks_at >= found.searched_to:
        return f"{said} at least; no more was tried"
    return f"{said}, and not {format_factor(found.searched_to)} times"


# Cases, and the naive answer


def case_text(one: Case) -> str:
    """What a case is called, and how large it is."""
    mark = ", assumed" if one.assumed else ""
    return f"{one.name} ({words.count(one.people)} people{mark})"


def needs_text(one: Case, sizing: Sizing) -> str:
    """What it takes."""
    if one.needs is None:
        return NOTHING_HOLDS
    return choice_text(one.needs, sizing)


def choice_text(candidate: Candidate, sizing: Sizing) -> str:
    """What of a candidate is bought; all that is set, where nothing is."""
    pairs = zip(sizing.knobs, candidate.values, strict=True)
    system = sizing.plan.system
    bought = [thing_text(knob, value, system) for knob, value in pairs if knob.bought]
    return listed(bought) if bought else bought_text(candidate, sizing).rstrip(",")


def naive_line(sizing: Sizing) -> str:
    """What a spreadsheet would have said, and what would have come of it; empty where nobody asked."""
    naive = sizing.naive
    if naive is None:
        return ""
    bought = choice_text(Candidate(values=naive.values), sizing)
    lost = f"{words.count(naive.lost)} people lost in a launch"
    if sizing.prices.currency and sizing.prices.person_lost:
        price = cost_text(sizing.prices, naive.lost * sizing.prices.person_lost)
        lost = f"{lost}, which costs {price}"
    return (
        f"the rate of the busiest minute times the mean service is {bought}, for"
        f" {cost_text(sizing.prices, naive.cost)}: {of_text(naive.holds)} launches hold, {lost}"
    )


# Regret


def excuse_text(one: Excuse, found: Regret) -> str:
    """Why a choice is not the one of least regret."""
    if one is found.best:
        return "least regret"
    parts = []
    if one.too_little:
        where = f", at {one.station}" if one.station else ""
        parts.append(f"too little in {one.too_little:,} of {found.worlds:,}{where}")
    if one.too_much:
        parts.append(f"too much in {one.too_much:,}")
    return "; ".join(parts) or "as good in every one"


def regret_lines(sizing: Sizing) -> Iterator[str]:
    """The best, what a step less or more costs, and by what it was scored."""
    found = sizing.regret
    if found is None:
        return
    best = bought_text(found.best.tried.candidate, sizing).rstrip(",")
    certified = sizing.certificate
    same = certified is not None and certified.tried.candidate == found.best.tried.candidate
    beside = ", the certified one" if same else ""
    yield f"least regretted over {words.times(found.worlds, 'launch')}: {best}{beside}"
    little, much = (
        cost_text(sizing.prices, each)
        for each in (found.cost_of_too_little, found.cost_of_too_much)
    )
    yield f"being wrong costs, in a launch: {little} for a step too little, {much} for a step too much"
    yield scored_text(sizing)


def scored_text(sizing: Sizing) -> str:
    """By what regret is counted."""
    prices, share = sizing.prices, sizing.asked.share
    if prices.currency and prices.person_lost:
        return f"scored by price and {cost_text(prices, prices.person_lost)} for each person lost"
    weight = format_factor(share / (1.0 - share))
    return (
        f"the file says no price of a person lost ([costs] person_lost): what is missing counts {weight}"
        f" times what is too much, as asking for {words.percent(share)} of launches implies"
    )


# Lead times


def lead_text(one: Lead, sizing: Sizing, now: dt.datetime) -> str:
    """How much more is needed, and until when to decide."""
    knob = knob_named(one.key, sizing)
    if one.more <= 0 or knob is None:
        return f"{one.key}: nothing more is needed"
    more = f"{one.key}: {value_text(knob, one.more)} more"
    if one.lead_time_ns is None or one.decide_by is None:
        return f"{more}; the file says no lead_time"
    lead = words.duration(one.lead_time_ns / NS_PER_S)
    past = " (that day has passed)" if one.decide_by < now else ""
    return f"{more}, {lead} ahead: decide by {one.decide_by:%Y-%m-%d %H:%M %Z}{past}"


# Sensitivity


def ends_text(one: Swing, sizing: Sizing) -> str:
    """What the cheapest costs at both ends."""
    low, high = one.cost_low, one.cost_high
    if low is None or high is None:
        ends = (NOTHING_HOLDS if c is None else cost_text(sizing.prices, c) for c in (low, high))
        return " to ".join(dict.fromkeys(ends))
    if low == high:
        return cost_text(sizing.prices, low)
    return f"{words.count(low)} to {cost_text(sizing.prices, high)}"


def range_text(one: Swing) -> str:
    """Between which factors an input lies."""
    mark = " (assumed)" if one.assumed else ""
    return f"{format_factor(one.low)} to {format_factor(one.high)} times{mark}"


def measure_line(sizing: Sizing) -> str:
    """The one figure worth measuring next."""
    found = worth_measuring(sizing.swings)
    if found is None:
        return "no figure that can be measured beforehand moves the answer"
    moves = f"between its ends the cheapest costs {ends_text(found, sizing)}"
    if not width(found)[0]:
        moves = f"between its ends {lost_text(found)} people are lost"
    return f"worth measuring next: {found.key} ({moves})"


def lost_text(one: Swing) -> str:
    """How many the certified system loses between both ends."""
    low, high = sorted((one.lost_low, one.lost_high))
    return words.between(low, high, "")


def unanswered_line(sizing: Sizing) -> str:
    """What was left out, why, and how to have it; empty where nothing was."""
    if not sizing.unanswered:
        return ""
    people = words.count(sizing.plan.demand.total)
    left = "; ".join(sizing.unanswered)
    return f"not answered, since {people} people take long to simulate (--all answers it): {left}"


def launches_line(sizing: Sizing) -> str:
    """From how many launches all this comes."""
    many, few = (affordable(number, sizing.plan) for number in (HEADROOM, LIKELY))
    return (
        f"no certificate: what breaks, the cases and the inputs were tried in {words.times(few, 'launch')}"
        f" each at most, all of which must hold; headroom in {many:,}; of a larger demand in fewer"
    )
