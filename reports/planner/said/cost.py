"""What it costs: money or servers where sizes were asked about, else people."""

from __future__ import annotations

import math
import statistics

from reports.planner.answer import Answer
from reports.planner.figure import brief
from reports.planner.language import Language
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Fate
from simulator.units import NS_PER_S


def costs(language: Language, answer: Answer) -> list[str]:
    """The cost of what is recommended, beside today's and the rule of thumb's."""
    sizing = answer.sizing
    if sizing is None:
        return people_lost(language, answer)
    prices = sizing.prices
    best = sizing.certificate or sizing.nearest
    tried = best.tried if best is not None else sizing.today
    now = language.money(sizing.today.cost, prices.currency)
    lines = [language.money(tried.cost, prices.currency)]
    if prices.currency:
        paid_for = language.duration(prices.paid_for_ns / NS_PER_S)
        lines.append(language.say("paid_for", time=paid_for, now=now))
    else:
        lines.append(language.say("no_prices", now=now))
    if prices.unpriced:
        stations = language.joined([brief(each, 40) for each in prices.unpriced])
        lines.append(language.say("unpriced", stations=stations))
    if sizing.naive is not None:
        naive = language.money(sizing.naive.cost, prices.currency)
        lost = language.many("person", sizing.naive.lost)
        lines.append(language.say("naive_costs", cost=naive, lost=lost))
    return lines


def people_lost(language: Language, answer: Answer) -> list[str]:
    """How many leave without what they came for, and how long the others wait."""
    launches = answer.prediction.launches
    lost = statistics.fmean(map(lost_of, launches))
    came = statistics.fmean(each.arrivals for each in launches)
    said = language.say("lost_of", lost=language.count(lost), came=language.many("person", came))
    lines = [said]
    waits = [each.wait.quantile_ns(0.95) / NS_PER_S for each in launches if each.stood_in_line]
    known = [each for each in waits if not math.isnan(each)]
    if known:
        wait = statistics.median_high(known)
        endless = math.isinf(wait)
        key = "wait_never_ends" if endless else "wait_costs"
        lines.append(language.say(key, time=language.duration(wait)))
    return lines


def lost_of(summary: Summary) -> int:
    """Who came, and left without what he came for."""
    return summary.arrivals - int(summary.fates[Fate.SERVED])
