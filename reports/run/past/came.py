"""Whether a prediction came true, in one plain sentence, without a full stop."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reports.sentences import words
from simulator.verdict.truth.judged import Came, Missed, PredictionVerdict
from simulator.verdict.truth.machine.changed import Changed
from simulator.verdict.truth.parts import Contribution, Level, Part, Step, Waterfall
from simulator.verdict.truth.reasons import (
    Contradicted,
    Lacking,
    Reason,
    RightWith,
    StillWrongWith,
    TooFewLaunches,
)
from simulator.verdict.truth.suspects.crowding import Crowding
from simulator.verdict.truth.suspects.fading import Fading
from simulator.verdict.truth.suspects.limited import Limited
from simulator.verdict.truth.suspects.others import Others
from simulator.verdict.truth.took import Took

CLAIMS = {
    Came.RIGHT: "predicted right",
    Came.WRONG: "predicted wrong",
    Came.NOT_COMPARABLE: "not comparable with its prediction",
    Came.UNKNOWN: "not known whether it was predicted right",
}
LACKING = {
    Lacking.NOTHING_PREDICTED: "nothing was predicted of it",
    Lacking.NOTHING_OBSERVED: "nothing was observed",
    Lacking.NOT_VALID: "the replay did not send its plan as planned",
    Lacking.NOTHING_VARIES: "no figure could have missed its prediction",
}
MEASURED = {
    Step.DEMAND: "those who came",
    Step.MACHINE: "the machine as it was",
    Step.AT_MOST: "all of each service as much slower as that piece of work",
    Step.SERVICE: "the measured services",
}
PARTS = {
    Part.DEMAND: "demand",
    Part.MACHINE: "machine",
    Part.SERVICE: "services",
    Part.QUEUE: "queue",
}
STEPS = {
    Step.PROBED: "predicted",
    Step.DEMAND: "with those who came",
    Step.MACHINE: "with the machine as it was",
    Step.AT_MOST: "with all of each service as much slower as the yardstick",
    Step.SERVICE: "with the services as they were",
    Step.OBSERVED: "observed",
}
SPARE = 0.1
"""The share of all cores that is idle where they are not what is short."""
MOST_MISSED = 2
"""So many missed figures are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidCame:
    """What a prediction came to, and its sentence."""

    verdict: PredictionVerdict
    claim: str
    why: str

    @property
    def outcome(self) -> Came:
        return self.verdict.outcome

    @property
    def sentence(self) -> str:
        return f"{self.claim}: {self.why}" if self.why else self.claim

    def with_why(self, said: str) -> SaidCame:
        """With one reason more."""
        return replace(self, why="; ".join(filter(None, [self.why, said])))


def say_came(verdict: PredictionVerdict) -> SaidCame:
    """The claim first, then what missed, then why."""
    joint = ", though " if verdict.outcome is Came.RIGHT else "; "
    first, *rest = [*whys(verdict)] or [""]
    why = joint.join(filter(None, [first, "; ".join(rest)]))
    return SaidCame(verdict=verdict, claim=CLAIMS[verdict.outcome], why=why)


def parts_unknown(why: str) -> str:
    """That nobody knows what a prediction's error is made of."""
    return f"the parts of the prediction's error are not known: {why}"


def whys(verdict: PredictionVerdict) -> Iterator[str]:
    if verdict.outcome is Came.RIGHT:
        yield "what was observed is no surprise"
    elif verdict.outcome is not Came.UNKNOWN:
        yield from map(missed_text, verdict.missed[:MOST_MISSED])
        if (more := len(verdict.missed) - MOST_MISSED) > 0:
            yield f"and {words.times(more, 'more figure')}"
    for reason in verdict.reasons:
        if verdict.outcome is not Came.RIGHT or is_news(reason):
            yield reason_text(reason)


def is_news(reason: Reason) -> bool:
    """Whether it is told of what was predicted right, too."""
    if isinstance(reason, Changed):
        return reason.differs
    return isinstance(reason, Took | Contradicted)


def missed_text(missed: Missed) -> str:
    if missed.from_ <= missed.observed <= missed.to:  # of what not all saw to its end
        least = words.figure(missed.from_, missed.unit)
        seen = words.figure(missed.observed, missed.unit)
        return f"{missed.label} at least {seen} (predicted at least {least})"
    band = words.between(missed.from_, missed.to, missed.unit)
    return f"{missed.label} {words.figure(missed.observed, missed.unit)} (predicted {band})"


def reason_text(reason: Reason) -> str:
    """One reason."""
    match reason:
        case Took():
            return took_text(reason)
        case Changed():
            return changed_text(reason)
        case Others(cores=cores, of=of):
            return f"other programs used {cores:.1f} of {of} cores, and left none idle: the target waited for them"
        case Crowding():
            return crowding_text(reason)
        case Fading(station=station, first=first, over_s=over_s):
            return (
                f"services at {station} took {first:.1f} times as long at first as later, and fell within about"
                f" {words.figure(over_s, 's')}: a cold cache, or what else warms up"
            )
        case Limited():
            return limited_text(reason)
        case RightWith(step=step, within=within):
            far = "" if within is None else f" within {words.percent(within)}"
            return f"with {MEASURED[step]} it is right{far}"
        case StillWrongWith(step=step, labels=labels):
            named = ", ".join(labels[:MOST_MISSED]) or "all figures together"
            return f"with {MEASURED[step]} still wrong in {named}"
        case Contradicted(station=station, share=share):
            return (
                f"{words.percent(share)} of the answers of {station} came before its servers could have"
                " begun to work on them: it has more servers, or another order, than was said"
            )
        case TooFewLaunches(launches=launches, needed=needed):
            return f"{words.times(launches, 'launch')} are too few to tell; simulate {needed}"
        case _:
            return LACKING[reason]


def took_text(took: Took) -> str:
    """By how much services took longer than they were thought to."""
    off = took.ratio - 1
    more = "longer" if off > 0 else "less long"
    ends = f"95 % interval {words.change(took.low - 1)} to {words.change(took.high - 1)}"
    return (
        f"services at {took.station} took {words.percent(abs(off))} {more} than predicted ({ends})"
    )


def crowding_text(seen: Crowding) -> str:
    """What each other one under way adds to a service, and what that is likely to be."""
    others = (
        f"services at {seen.station} took {words.percent(seen.each)} of one alone longer for each other one"
        f" under way (95 % interval {words.percent(seen.low)} to {words.percent(seen.high)})"
    )
    if seen.idle < SPARE:
        return f"{others}: all cores were busy, which is too few of them"
    if seen.low <= 1 <= seen.high or seen.each > 1:
        return f"{others}: they take turns at something that one has at a time, as at a lock"
    return f"{others}: part of each is done one at a time, as under a lock"


def limited_text(seen: Limited) -> str:
    """That servers were free, and how many were let through."""
    return (
        f"{words.count(seen.free)} of {words.count(seen.refused)} refusals at {seen.station} came while a server was"
        f" free: a limit or a quota, of about {words.rate(seen.served_per_s)}"
    )


def changed_text(changed: Changed) -> str:
    """By how much the machine was slower than when it was probed, or that nobody can tell."""
    if not changed.differs:
        return f"the machine's part is not told: {untold_text(changed)}"
    changed = changed.told
    off = changed.ratio - 1
    more = "slower" if off > 0 else "faster"
    worst = changed.most if off > 0 else changed.least
    return (
        f"the machine was {words.percent(abs(off))} {more} than when the target was probed (at its"
        f" {'slowest' if off > 0 else 'fastest'} {words.percent(abs(worst - 1))})"
    )


def untold_text(changed: Changed) -> str:
    """What speaks for a change, and what against it."""
    times = f"a fixed piece of work took {changed.ratio:.2f} times as long as when the target was probed"
    if math.isnan(changed.worked):
        return f"{times}, and nobody knows what the target's services used of its processor time"
    return f"{times}, but the target's own processor time is {changed.worked:.2f} times what its services need"


def waterfall_text(fall: Waterfall) -> str:
    """From what was predicted to what was observed, in one line.

    ``signup p95: predicted 1.2 s, services +900 ms, queue +50 ms, observed 2.15 s``. What never ends has no
    parts.
    """
    first, *_, last = fall.levels
    if not all(math.isfinite(level.value) for level in fall.levels):
        ends = level_text(first, fall.unit), level_text(last, fall.unit)
        return f"{fall.label}: predicted {ends[0]}, observed {ends[1]}"
    parts = ", ".join(f"{PARTS[each.part]} {amount(each, fall.unit)}" for each in fall.parts)
    return (
        f"{fall.label}: predicted {level_text(first, fall.unit)}, {parts}, observed"
        f" {level_text(last, fall.unit)}"
    )


def level_text(level: Level, unit: str) -> str:
    return words.narrow_bound(level.value, unit, open_=level.open)


def amount(part: Contribution, unit: str) -> str:
    """A part with its sign; a dash where nobody knows it.

    >>> amount(Contribution(part=Part.QUEUE, value=-0.05, low=-0.1, high=0.0), "s")
    '-50 ms'
    """
    sign = "+" if part.value > 0 else "-" if part.value < 0 else ""
    if unit == "1/s" and math.isfinite(part.value):  # a small part is written as the whole is
        return f"{sign}{abs(part.value):.2g}/s"
    return f"{sign}{words.figure(abs(part.value), unit)}"
