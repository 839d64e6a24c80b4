"""The first cause of a failure, and what to try first, from the counts of launches alone.

The cause is whatever took the most of those who failed: of two that took as many, the earlier one.
What can be a cause follows from what the criterion asks, and of which journey. Where nothing that was
counted explains the failure, none is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reports.sentences import words
from reports.sentences.reasons.line import found_in_line
from simulator.advice.why.diagnosis import TOLERATED_SHARE
from simulator.advice.why.trouble import IN_VAIN, TOO_LONG, Loss, Sign, losses_of
from simulator.outcomes.bins import Counts
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.shares import KEPT_OUT
from simulator.outcomes.rows import Fate
from simulator.units import NS_PER_S
from simulator.verdict.criteria import Asks, Criterion
from simulator.verdict.line.audit import Finding

KEPT_OUT_TEXT = {
    Fate.WAITING: "still stood in line at the end",
    Fate.RENEGED: "lost patience in the line",
    Fate.TURNED_AWAY: "found the line full",
    Fate.BALKED: "found the line too long",
    Fate.NO_SHOW: "did not come when they were called",
}
FASTER = "try first: let people in faster, as far as the servers can take it"
OF_THE_LINE = {
    Fate.TURNED_AWAY: "try first: let more people stand in line, or let them in faster",
    Fate.NO_SHOW: "try first: let calls stay valid longer, or call again those who did not come",
}
"""What helps other than letting people in faster."""
UNTOLD = (
    "try first: find out whether these answers waited or took so long themselves, since more servers"
    " help against waiting only (a target that sends Server-Timing: service;dur=MS tells it)"
)
"""Where a target says nothing of its service times."""
UNKNOWN = "unknown (nothing that was counted explains it)"
LINE_HINT = "try first: look at how the target keeps its line; what a line may do is said by [replay.line] promises"
EXPLAINED_SHARE = 0.5
"""Of those who failed: whom losses of fewer attempts than that cannot have cost their success in time,
since everybody whom they cost it met one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A cause in plain words, and what to try first; empty where nothing is known that helps."""

    cause: str
    hint: str = ""

    def __str__(self) -> str:
        return f"first cause: {self.cause}"


def first_cause(worst: Criterion, failing: Sequence[Summary], *, observed: bool) -> Told:
    """What took the most of those who failed, in each of the launches that do not hold."""
    if worst.asks is Asks.FORGOTTEN:
        return Told(
            "visitors were started and never reported back",
            "try first: look for the lost visitors in the target's own records",
        )
    if isinstance(worst.reason, Finding):
        return Told(f"the line broke a promise: {found_in_line(worst.reason)}", LINE_HINT)
    if worst.asks is Asks.WAIT:
        return Told("more people came than the line lets in", FASTER)
    if worst.of_line or (worst.asks is Asks.NOT_SERVED and _outside(failing)):
        return _kept_out(worst, failing)
    return _lost(worst, failing, observed=observed)


# The line -----------------------------------------------------------------------------------------


def _outside(failing: Sequence[Summary]) -> bool:
    """Whether more people were lost before they got in than after."""
    outside = sum(int(one.fates[list(KEPT_OUT)].sum()) for one in failing)
    return outside > sum(int(one.fates[[Fate.GAVE_UP, Fate.UNFINISHED]].sum()) for one in failing)


def _kept_out(worst: Criterion, failing: Sequence[Summary]) -> Told:
    if worst.asks is Asks.LEFT:
        fate = Fate.RENEGED
    else:
        fate = max(KEPT_OUT, key=lambda each: sum(int(one.fates[each]) for one in failing))
    counts = sorted(int(one.fates[fate]) for one in failing)
    if not counts or not counts[-1]:
        return Told(UNKNOWN)
    people = words.count(counts[len(counts) // 2])
    return Told(f"{people} {KEPT_OUT_TEXT[fate]}", OF_THE_LINE.get(fate, FASTER))


# Let in, and lost ---------------------------------------------------------------------------------


def _lost(worst: Criterion, failing: Sequence[Summary], *, observed: bool) -> Told:
    found = [(losses[0], one) for one in failing if (losses := losses_that_count(worst, one))]
    if not found:
        return _unexplained(worst, failing)
    places = Counter((loss.station, loss.sign) for loss, _ in found)
    taken: Counter[tuple[int, Sign]] = Counter()
    for loss, _ in found:
        taken[loss.station, loss.sign] += loss.attempts
    place = max(places, key=lambda each: (places[each], taken[each]))
    same = [(loss, one) for loss, one in found if (loss.station, loss.sign) == place]
    middle, summary = sorted(same, key=lambda pair: pair[0].attempts)[len(same) // 2]
    part = "" if len(same) == len(failing) else f" in {len(same):,} of these {len(failing):,}"
    return Told(
        f"{_loss_text(middle, summary)}{part}", _loss_hint(middle.sign, failing, observed=observed)
    )


def losses_that_count(worst: Criterion, summary: Summary) -> list[Loss]:
    """What can have cost a launch this criterion, the biggest first; none where that is too little.

    A late answer is a success: it costs only those who are asked to have it in time.
    """
    journey = _journey(worst, summary)
    signs: Sequence[Sign] = IN_VAIN
    failed = _not_served(worst, summary)
    if worst.asks is Asks.RESPONSE and journey is not None:
        responses = summary.response_of(journey)
        signs = tuple(Sign)
        failed = responses.total - responses.within(round(worst.limit * NS_PER_S))
    found = losses_of(summary, TOLERATED_SHARE, signs, journey)
    taken = sum(loss.attempts for loss in found)
    return found if taken >= EXPLAINED_SHARE * failed else []


def _journey(worst: Criterion, summary: Summary) -> int | None:
    return summary.layout.journeys.index(worst.journey) if worst.journey else None


def _fates(worst: Criterion, summary: Summary) -> Counts:
    """Of the journey that is asked about, or of all."""
    journey = _journey(worst, summary)
    return summary.fates if journey is None else summary.fates_of_journeys[journey]


def _not_served(worst: Criterion, summary: Summary) -> int:
    """How many were let in, and never got what they came for."""
    return int(_fates(worst, summary)[[Fate.GAVE_UP, Fate.UNFINISHED]].sum())


def _unexplained(worst: Criterion, failing: Sequence[Summary]) -> Told:
    """Where answers were not what took so long."""
    if not failing:
        return Told(UNKNOWN)
    layout, journey = failing[0].layout, _journey(worst, failing[0])
    shorter = f"try first: a shorter {worst.journey or 'journey'}, or more time for it"
    under_way = sorted(int(_fates(worst, one)[Fate.UNFINISHED]) for one in failing)
    if sum(under_way) and 2 * sum(under_way) >= sum(_not_served(worst, one) for one in failing):
        people = words.count(under_way[len(under_way) // 2])
        return Told(f"{people} of those let in were still under way at the end", shorter)
    steps = sum(layout.places[place].journey == journey for place in layout.steps)
    if worst.asks is Asks.RESPONSE and steps > 1:
        return Told(
            f"the steps of {worst.journey} and the pauses between them add up to more than the"
            " objective allows, though each was answered",
            shorter,
        )
    return Told(UNKNOWN)


def _loss_text(loss: Loss, summary: Summary) -> str:
    layout = summary.layout
    several = len(layout.stations) > 1
    name, number = layout.stations[loss.station], words.times(loss.attempts, "attempt")
    answers = f"answers from {name}" if several else "answers"
    if loss.sign is Sign.TURNED_AWAY:
        began_s = loss.began_ns / NS_PER_S
        since = f"from {words.duration(began_s)} on" if began_s else "from the opening on"
        return f"{name if several else 'the server'} turned people away {since} ({number})"
    return {
        Sign.FAILED: f"{name if several else 'the target'} broke {number}",
        Sign.TIMED_OUT: f"{answers} came after clients had stopped waiting ({number})",
        Sign.UNANSWERED: f"{number} had no answer{f' from {name}' if several else ''} by the end",
        Sign.LATE: f"{answers} took longer than the objective allows ({number})",
    }[loss.sign]


def _loss_hint(sign: Sign, failing: Sequence[Summary], *, observed: bool) -> str:
    if sign is Sign.FAILED:
        if observed:
            return "try first: look at what the target answers, and whether it knows these requests"
        return "try first: more instances, or ones that fail less"
    if sign is Sign.UNANSWERED and observed:
        return "try first: look for these requests in the target's own records"
    if observed and sign in TOO_LONG and not any(one.service.total for one in failing):
        return UNTOLD
    if any(one.bins.joined.any() for one in failing):
        return "try first: let people in more slowly, or add servers"
    return "try first: let people in through a line, or add servers"
