"""How much is needed, in sentences: what to provision, how sure that is, and what was searched."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from reports.sentences import words
from simulator.advice.change.turn import Turn
from simulator.advice.size.answer import Sizing
from simulator.advice.size.certificate import TRULY, Asked, Certificate
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.prices import Prices
from simulator.advice.size.trials import Tried
from simulator.system.system import System
from simulator.units import NS_PER_S

RATES = {Turn.QUOTA, Turn.RELEASE}
DURATIONS = {Turn.BATCH_EVERY, Turn.SESSION, Turn.POLL, Turn.DEADLINE}


def value_text(knob: Knob, value: float) -> str:
    """A knob's value, with its unit."""
    if knob.tweak.turn in RATES:
        return words.rate(value)
    if knob.tweak.turn in DURATIONS:
        return words.duration(value / NS_PER_S)
    return words.count(value)


def thing_text(knob: Knob, value: float, system: System) -> str:
    """So much of something."""
    said = value_text(knob, value)
    name = system.stations[knob.tweak.station].name if knob.key.startswith("station.") else ""
    one = value == 1
    return {
        Turn.SERVERS: f"{said} {'server' if one else 'servers'} of {name}",
        Turn.CORES: f"{said} {'core' if one else 'cores'} of {name}",
        Turn.INSTANCES: f"{said} {'instance' if one else 'instances'} of {name}",
        Turn.FLOOR: f"at least {said} {'instance' if one else 'instances'} of {name}",
        Turn.CEILING: f"at most {said} {'instance' if one else 'instances'} of {name}",
        Turn.QUOTA: f"a quota of {said} at {name}",
        Turn.PER_DAY: f"{said} a day at {name}",
        Turn.WAITING_ROOM: f"{said} {'place' if one else 'places'} to wait at {name}",
        Turn.DEADLINE: f"turning away at {name} whoever has waited {said}",
        Turn.RELEASE: f"{said} let in",
        Turn.BATCH: f"{said} let in at a time",
        Turn.BATCH_EVERY: f"a batch every {said}",
        Turn.SLOTS: f"{said} sessions at a time",
        Turn.SESSION: f"sessions of {said}",
        Turn.PER_MINUTE: f"{said} let in per minute",
        Turn.POLL: f"a poll every {said}",
        Turn.PLACES: f"{said} places in the line",
    }[knob.tweak.turn]


def cost_text(prices: Prices, cost: float) -> str:
    """What something costs: money, or servers where no price is known."""
    if prices.currency:
        return f"{words.count(cost)} {prices.currency}"
    return f"{words.count(cost)} {'server' if cost == 1 else 'servers'}"


def listed(parts: list[str]) -> str:
    """A list as people say it.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def bought_text(candidate: Candidate, sizing: Sizing) -> str:
    """What of a candidate is bought; and what is only set, where it is not as it was."""
    pairs = list(zip(sizing.knobs, candidate.values, strict=True))
    system = sizing.plan.system
    bought = [thing_text(knob, value, system) for knob, value in pairs if knob.bought]
    only_set = [
        thing_text(knob, value, system)
        for knob, value in pairs
        if not knob.bought and (value != knob.now or not bought)
    ]
    if not bought:
        return listed(only_set)
    return f"{listed(bought)}, with {listed(only_set)}," if only_set else listed(bought)


# The verdict


def size_sentence(sizing: Sizing) -> str:
    """The verdict, without a full stop."""
    if sizing.certificate is not None:
        return certified_text(sizing.certificate, sizing)
    if not sizing.searched.ended:
        return interrupted_text(sizing)
    nearest = sizing.nearest
    assert nearest is not None, "a search that ended has one or the other"
    if sizing.unjudged:
        return (
            "launches cannot be judged: too few people come for what the objectives ask, as check and"
            " predict tell in detail"
        )
    if nearest.number > 1 or nearest.tried.holds > len(nearest.tried.trials) * sizing.asked.share:
        return f"nothing in range was certified: {nearness_text(nearest, sizing)}"
    return f"nothing in range holds: {nearness_text(nearest, sizing)}"


def certified_text(certificate: Certificate, sizing: Sizing) -> str:
    """What holds, and how sure that is."""
    bought = bought_text(certificate.tried.candidate, sizing)
    hold = "hold" if " and " in bought or not bought.startswith(("a ", "1 ")) else "holds"
    return f"{bought} {hold}: {promise_text(certificate)}"


def promise_text(certificate: Certificate) -> str:
    """What a certificate says, with the counts on which it rests."""
    asked, tried = certificate.asked, certificate.tried
    return (
        f"with {words.percent(asked.confidence)} confidence at least {words.percent(asked.share)} of"
        f" launches meet every objective ({counts_text(tried)})"
    )


def counts_text(tried: Tried) -> str:
    """How many do, of how many."""
    return f"{tried.holds:,} of {len(tried.trials):,} do"


def nearness_text(nearest: Certificate, sizing: Sizing) -> str:
    """How near the best came, and where it fails."""
    tried = nearest.tried
    share = f"{tried.holds:,} of {words.times(len(tried.trials), 'fresh launch')} hold"
    place = most_often([each.place for each in tried.trials])
    where = f"; most of the others fail at {place}" if place else ""
    return f"the nearest is {bought_text(tried.candidate, sizing).rstrip(',')}, with which {share}{where}"


def interrupted_text(sizing: Sizing) -> str:
    """What is known so far, and what it lacks."""
    begun = sizing.nearest
    asked = sizing.asked
    if begun is None or not begun.tried.trials:
        return f"interrupted: {promising_text(sizing)}"
    missing = asked.launches - len(begun.tried.trials)
    return (
        f"interrupted: {bought_text(begun.tried.candidate, sizing).rstrip(',')} held in"
        f" {begun.tried.holds:,} of {words.times(len(begun.tried.trials), 'fresh launch')}; a certificate"
        f" lacks {words.times(missing, 'more launch')}"
    )


def promising_text(sizing: Sizing) -> str:
    """The cheapest of which no launch failed so far, where nothing was confirmed yet."""
    good = [each for each in sizing.tried if each.trials and each.holds == len(each.trials)]
    if not good:
        return "nothing that was tried so far holds"
    best = min(good, key=lambda each: (each.cost, -len(each.trials)))
    return (
        f"{bought_text(best.candidate, sizing).rstrip(',')} held in {counts_of(best)} of the search, the cheapest"
        " so far; it was not confirmed on luck that the search has not seen"
    )


def counts_of(tried: Tried) -> str:
    """In how many launches it was played, all of which held."""
    return words.times(len(tried.trials), "launch")


def most_often(places: list[str]) -> str:
    """The commonest that is not empty."""
    named = [place for place in places if place]
    return min(named, key=lambda place: (-named.count(place), place), default="")


def say_waits(found: Sizing, waits: Sequence[tuple[int, Sizing]]) -> Iterator[str]:
    """What it saves if people may wait longer in the line: a sentence for each wait that does."""
    cost = found.certificate.tried.cost if found.certificate else math.inf
    for wait_ns, sizing in waits:
        certificate = sizing.certificate
        if certificate is not None and certificate.tried.cost < cost:
            cost = certificate.tried.cost
            bought = bought_text(certificate.tried.candidate, sizing).rstrip(",")
            wait, counts = words.duration(wait_ns / NS_PER_S), counts_text(certificate.tried)
            yield f"if 95 of 100 may wait {wait} in the line: {bought} ({counts})"


# What was done


def search_lines(sizing: Sizing) -> Iterator[str]:
    """What was varied and between which values, what was played, and how much the certificate can tell."""
    ranges = ", ".join(
        f"{knob.key} {value_text(knob, knob.low)} to {value_text(knob, knob.high)}"
        for knob in sizing.knobs
    )
    chosen = (
        "" if all(knob.asked for knob in sizing.knobs) else " (--vary KEY=LOW..HIGH for others)"
    )
    yield f"varied: {ranges}{chosen}"
    searched = sizing.searched
    yield (
        f"played: {words.times(searched.launches, 'launch')} of {words.times(searched.candidates, 'candidate')},"
        f" of them {searched.fresh:,} on luck that the search has not seen"
    )
    if searched.ran_out:
        yield "the search used up its launches: something cheaper may hold (name fewer knobs with --vary)"
    yield power_text(sizing.asked)
    certificate = sizing.certificate
    if sizing.nearest is not None and sizing.asked.only_once:
        yield (
            f"{sizing.asked.launches:,} launches allow one confirmation, which may be refused by chance: more"
            " --launches allow several"
        )
    if certificate is not None and certificate.number > 1:
        refused = certificate.number - 1
        yield (
            f"{words.times(refused, 'candidate')} before it {'was' if refused == 1 else 'were'} refused on fresh"
            " luck; the chance of error is shared out among all of them"
        )


def power_text(asked: Asked) -> str:
    """How often the certificate is missed although it is deserved."""
    return (
        f"a certificate takes {words.times(asked.launches, 'launch')}, of which {asked.spare:,} may fail; what truly"
        f" holds in {words.percent(TRULY)} of launches gets it {words.percent(round(asked.power, 2))} of the time"
    )
