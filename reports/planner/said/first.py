"""The first screen: the verdict in one sentence, and four answers beside one picture."""

from __future__ import annotations

from dataclasses import dataclass

from reports.planner.answer import Answer
from reports.planner.language import Language, sentence
from reports.planner.said.cost import costs
from reports.planner.said.criteria import criterion_text, found_text, limit_text
from reports.planner.said.knobs import candidate_text, provided
from reports.planner.said.trouble import (
    break_text,
    first_missed,
    first_trouble,
    place_text,
    remedy_text,
)
from simulator.advice.size.answer import Sizing
from simulator.outcomes.figures.intervals import CONFIDENCE
from simulator.units import NS_PER_S
from simulator.verdict.criteria import Asks, Criterion, Outcome, worst_of
from simulator.verdict.reasons import Tally

MOST_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One of the four answers."""

    question: str
    answer: str
    lines: tuple[str, ...] = ()


def outcome_of(answer: Answer) -> Outcome:
    """What the page is about: of a sizing, whether anything in range is certified."""
    if answer.sizing is None:
        return answer.verdict.outcome
    if answer.sizing.certificate is not None:
        return Outcome.HOLDS
    undecided = answer.sizing.unjudged or not answer.sizing.searched.ended
    return Outcome.INCONCLUSIVE if undecided else Outcome.FAILS


def headline(language: Language, answer: Answer) -> str:
    """The verdict in one sentence."""
    return sentence(
        _of_sizing(language, answer.sizing)
        if answer.sizing is not None
        else _of_prediction(language, answer)
    )


def _of_sizing(language: Language, sizing: Sizing) -> str:
    asked = sizing.asked
    share, confidence = language.share(asked.share), language.share(asked.confidence)
    if sizing.certificate is not None:
        what = candidate_text(language, sizing, sizing.certificate.tried.candidate)
        today = sizing.certificate.tried.candidate.values == sizing.today.candidate.values
        key = "headline.today_holds" if today else "headline.holds"
        return language.say(key, what=what, share=share, confidence=confidence)
    if sizing.nearest is None:
        key = "headline.nothing" if sizing.searched.ended else "headline.stopped"
        return language.say(key, share=share, confidence=confidence)
    nearest = sizing.nearest.tried
    key = "headline.unjudged" if sizing.unjudged else "headline.nearest"
    return language.say(
        key if sizing.searched.ended else "headline.interrupted",
        what=candidate_text(language, sizing, nearest.candidate),
        n=language.count(nearest.holds),
        of=language.count(len(nearest.trials)),
        share=share,
        confidence=confidence,
    )


def _of_prediction(language: Language, answer: Answer) -> str:
    verdict, tally = answer.verdict, tally_of(answer)
    key = {
        Outcome.HOLDS: "headline.predicted_holds",
        Outcome.FAILS: "headline.predicted_fails",
    }.get(verdict.outcome, "headline.inconclusive")
    n, of = (tally.hold, tally.launches) if tally else (0, len(answer.prediction.launches))
    return language.say(
        key,
        n=language.count(n),
        of=language.count(of),
    )


def tally_of(answer: Answer) -> Tally | None:
    """How many of the simulated launches hold."""
    for one in answer.verdict.criteria:
        if isinstance(one.reason, Tally):
            return one.reason
    return None


def tiles(language: Language, answer: Answer) -> list[Tile]:
    """What to provision, how sure, what breaks first, what it costs."""
    say = language.say
    found = (
        (say("tiles.provision"), _provision(language, answer)),
        (say("tiles.sure"), _sure(language, answer)),
        (say("tiles.breaks"), _breaks(language, answer)),
        (say("tiles.costs"), costs(language, answer)),
    )
    return [
        Tile(question=question, answer=lines[0], lines=tuple(lines[1:]))
        for question, lines in found
        if lines
    ]


def _provision(language: Language, answer: Answer) -> list[str]:
    sizing = answer.sizing
    if sizing is not None:
        best = sizing.certificate or sizing.nearest
        if best is None:
            return [language.say("nothing_in_range")]
        every = provided(language, sizing.knobs, best.tried.candidate, sizing.plan.system)
        lines = [
            language.say("with_today", what=each.text, now=each.now) if each.changed else each.text
            for each in every
        ]
        more = len(lines) - MOST_LINES
        return lines if more <= 0 else [*lines[:MOST_LINES], language.many("more_change", more)]
    prescription = answer.prescription
    remedies = [each for each in (prescription.remedy, *prescription.others) if each is not None]
    if remedies:
        system = answer.plan.system
        return [remedy_text(language, remedies[0], system), language.say("smallest_change")]
    if answer.verdict.outcome is Outcome.HOLDS:
        return [language.say("as_it_is")]
    if answer.verdict.outcome is Outcome.INCONCLUSIVE:
        return [language.say("undecided"), language.say("cannot_tell")]
    return [language.say("no_change_found" if prescription.tried else "size_tells")]


def _sure(language: Language, answer: Answer) -> list[str]:
    if answer.sizing is not None:
        best = answer.sizing.certificate or answer.sizing.nearest
        if best is None:
            return []
        bound = language.share(best.share_at_least)
        confidence = language.share(best.asked.confidence)
        n, of = language.count(best.tried.holds), language.count(len(best.tried.trials))
        return [
            language.say("at_least_of_launches", share=bound),
            language.say("fresh_launches", n=n, of=of, confidence=confidence),
        ]
    tally = tally_of(answer)
    if tally is None:
        return []
    n, of = language.count(tally.hold), language.count(tally.launches)
    confidence = language.share(CONFIDENCE)
    bound = language.share(tally.bound)
    if answer.verdict.outcome is Outcome.FAILS:
        side = language.say("at_most_hold", share=bound, confidence=confidence)
    elif answer.verdict.outcome is Outcome.HOLDS:
        side = language.say("at_least_hold", share=bound, confidence=confidence)
    else:
        side = language.say("cannot_tell")
    return [language.say("held_in", n=n, of=of), side]


def _breaks(language: Language, answer: Answer) -> list[str]:
    sizing = answer.sizing
    if sizing is not None and sizing.breaks:
        first = sizing.breaks[0]
        place, what = place_text(language, first.place), break_text(language, first)
        lines = [
            language.named(place, what),
            language.from_demand(first.demand_factor),
        ]
        if first.at_ns is not None:
            lines.append(language.say("begins", when=language.after(first.at_ns / NS_PER_S)))
        if sizing.headroom is not None:
            demand = language.demand(sizing.headroom.breaks_at)
            lines.append(language.say("certified_bears", demand=demand))
        return lines
    if sizing is not None and sizing.today.trials:
        missed = first_missed(language, sizing.today)
        if missed:
            return missed
    elif answer.verdict.outcome is not Outcome.HOLDS:
        said, when = first_trouble(language, answer)
        if said:
            return [said, when]
    worst = tightest(answer)
    if worst is None:
        return [language.say("nothing_breaks")]
    name, found = criterion_text(language, worst), found_text(language, worst)
    limit = limit_text(language, worst)
    return [
        language.say("nothing_breaks"),
        language.say("tightest", name=name, found=found, limit=limit),
    ]


def tightest(answer: Answer) -> Criterion | None:
    """The objective that is nearest to its limit."""
    asked = [one for one in answer.verdict.objectives if one.asks is not Asks.FORGOTTEN]
    return worst_of(asked)
