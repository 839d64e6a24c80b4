"""What was judged, how it was made, and how to make it again."""

from __future__ import annotations

from collections import Counter

from reports.planner.answer import Answer
from reports.planner.language import Language
from reports.planner.said.criteria import (
    criterion_text,
    found_text,
    limit_text,
    reason_text,
)
from simulator.outcomes.figures.intervals import CONFIDENCE
from simulator.units import NS_PER_S
from simulator.verdict.criteria import Asks, Outcome
from simulator.verdict.reasons import Met

Row = tuple[str, ...]
CLASSES = {Outcome.HOLDS: "holds", Outcome.FAILS: "fails", Outcome.INCONCLUSIVE: "inconclusive"}


def objectives(answer: Answer, language: Language) -> list[Row]:
    """Each objective: what it is, what was found, what is allowed, the outcome and its class, and why."""
    sizing = answer.sizing
    rows: list[Row] = []
    for one in answer.verdict.criteria:
        certified = sizing is not None and one.asks is Asks.LAUNCHES_THAT_HOLD
        if certified or one.asks is Asks.FORGOTTEN:
            continue  # the certificate says the one, and no prediction loses track of anybody
        outcome = one.outcome
        if sizing is not None and isinstance(one.reason, Met):
            enough = one.reason.met >= sizing.asked.share * one.reason.launches
            outcome = Outcome.HOLDS if enough else Outcome.FAILS
        kind = CLASSES.get(outcome, "aside")
        rows.append(
            (
                criterion_text(language, one),
                found_text(language, one),
                limit_text(language, one),
                language.say(f"outcomes.{kind}"),
                kind,
                reason_text(language, one),
            )
        )
    return rows


def bases(answer: Answer, language: Language) -> str:
    """How many inputs there are, and on what they stand."""
    standings = Counter(each.standing for each in answer.told.assumptions)
    many = language.say("inputs", n=language.count(len(answer.told.assumptions)))
    parts = [
        f"{language.count(number)} {language.say(f'standings.{standing}')}"
        for standing, number in standings.most_common()
    ]
    return language.named(many, ", ".join(parts))


def method(answer: Answer, language: Language) -> list[str]:
    """Half a page, in paragraphs."""
    launches = language.many("launch", len(answer.prediction.launches))
    confidence = language.share(CONFIDENCE)
    said = [
        language.say("method.launches", launches=launches),
        language.say("method.judged", confidence=confidence),
    ]
    sizing = answer.sizing
    if sizing is not None:
        said.append(
            language.say(
                "method.searched",
                sizes=language.many("size", sizing.searched.candidates),
                launches=language.many("launch", sizing.searched.launches),
            )
        )
        said.append(
            language.say(
                "method.certified",
                launches=language.many("launch", sizing.asked.launches),
                share=language.share(sizing.asked.share),
                confidence=language.share(sizing.asked.confidence),
            )
        )
        if not sizing.searched.ended:
            said.append(language.say("method.interrupted"))
    if answer.grid is not None:
        each = language.many("launch", answer.grid.cells[0][0].launches)
        said.append(language.say("method.grid", launches=each))
    return [*said, language.say("method.limits")]


def reproduction(answer: Answer, language: Language) -> list[Row]:
    """The command, and all that the figures depend on."""
    made = answer.made
    rows: list[Row] = [
        (language.say("made.command"), made.command),
        (language.say("made.at"), f"{language.date(made.at, clock=True)} UTC"),
        (language.say("made.seed"), str(made.seed)),
        (language.say("made.engine"), made.engine),
        (language.say("made.launches"), language.count(len(answer.prediction.launches))),
        (language.say("made.horizon"), language.duration(answer.plan.horizon_ns / NS_PER_S)),
    ]
    sizing = answer.sizing
    best = sizing and (sizing.certificate or sizing.nearest)
    if best:
        rows.append((language.say("made.fresh_seed"), str(best.seed)))
    rows += [
        (language.say("made.version", name=name), version)
        for name, version in made.versions.items()
    ]
    rows += [(language.say(f"made.sha256_{name}"), digest) for name, digest in made.sha256.items()]
    return rows
