"""The ledger in a terminal: how good the predictions have been so far."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from reports.run.past.past import Past
from reports.run.shown import OF_ALL
from reports.sentences import words
from reports.terminal.bars import Bar, bars_text
from simulator.outcomes.figures.score import Coverage, FigureScore, Held, by_figure, coverage
from simulator.verdict.criteria import Outcome

MOST_BARS = 16
ASKED = 0.95
"""The share of figures that should lie in the middle 95 % of their prediction."""
CLEAR = 0.2
"""An interval that is wider says nothing of the bands."""


def ledger_text(launches: Sequence[Past]) -> str:
    """Errors as bars, then what is to be said of all of them; they must not be none."""
    scores = shown([past.held for past in launches])
    labels = {figure.key: figure.label for past in launches for figure in past.figures}
    parts = [f"Predictions so far: {words.times(len(launches), 'rehearsal')}, {period(launches)}."]
    if bars := [bar_of(score, labels[score.key]) for score in scores if score.errors]:
        parts.append(f"Observed against predicted: median (●), least and most\n\n{bars_text(bars)}")
    parts.append("\n".join(sentences(launches)))
    return "\n\n".join(parts)


def shown(launches: Sequence[Sequence[Held]]) -> list[FigureScore]:
    """Those of all together first, in the order of every table; then those of most launches."""
    scores = by_figure(launches)
    rank = {key: number for number, key in enumerate(OF_ALL)}
    ordered = sorted(scores, key=lambda one: (rank.get(one.key, len(rank)), -one.errors, one.key))
    return ordered[:MOST_BARS]


def bar_of(score: FigureScore, label: str) -> Bar:
    several = f", {score.within} of {score.of} in their band" if score.of else ""
    return Bar(
        label=label,
        value=score.median,
        low=score.least,
        high=score.most,
        text=f"{words.change(score.median) if math.isfinite(score.median) else words.NEVER}{several}",
    )


def period(launches: Sequence[Past]) -> str:
    first, last = launches[0].at[:10], launches[-1].at[:10]
    return first if first == last else f"{first} to {last}"


def sentences(launches: Sequence[Past]) -> Iterator[str]:
    """How many came as they were predicted, and how honest the bands were."""
    yield from of_outcomes(launches)
    yield from of_bands(coverage([past.held for past in launches]))


def of_outcomes(launches: Sequence[Past]) -> Iterator[str]:
    for predicted, said in ((Outcome.HOLDS, "to hold"), (Outcome.FAILS, "not to hold")):
        these = [past for past in launches if past.predicted is predicted]
        if not these:
            continue
        right = sum(past.came is predicted for past in these)
        unclear = sum(past.came not in (Outcome.HOLDS, Outcome.FAILS) for past in these)
        rest = f", and {unclear} could not be judged" if unclear else ""
        wrong = len(these) - right - unclear
        yield f"{words.times(len(these), 'rehearsal')} predicted {said}: {right} came so, {wrong} did not{rest}."
    unsure = sum(past.predicted not in (Outcome.HOLDS, Outcome.FAILS) for past in launches)
    if unsure:
        yield f"{words.times(unsure, 'rehearsal')} whose prediction was itself inconclusive."


def of_bands(found: Coverage) -> Iterator[str]:
    if not found.of:
        yield "No figure could be held against its band."
        return
    share = f"{found.within} of {found.of} figures ({words.percent(found.share)})"
    yield f"In the middle 95 % of their prediction lay {share}; it should be 95 %."
    yield judged(found)


def judged(found: Coverage) -> str:
    """What the interval allows to say of the bands."""
    if math.isnan(found.low):
        return "One launch does not tell how launches differ: add another."
    ends = f"{words.percent(found.low)} to {words.percent(found.high)}"
    said = f"95 % interval, by {words.times(found.launches, 'launch')}: {ends}"
    if found.high < ASKED:
        return f"{said}: the bands are too narrow."
    if found.low > ASKED:
        return f"{said}: the bands are wider than need be."
    if found.high - found.low > CLEAR:
        return f"{said}: too few launches to judge the bands."
    return f"{said}: nothing speaks against the bands."
