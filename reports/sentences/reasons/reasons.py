"""On what a criterion rests, in words, without a full stop."""

from __future__ import annotations

from typing import assert_never

from reports.sentences import words
from reports.sentences.reasons.line import found_in_line
from simulator.outcomes.answered import ALREADY_DONE
from simulator.outcomes.figures.intervals import ENOUGH_LAUNCHES, Estimate
from simulator.outcomes.figures.reading import Reading
from simulator.outcomes.store import INTERRUPTED, STOPPED, UNFIT
from simulator.verdict.chance import launches_needed
from simulator.verdict.criteria import Criterion, Outcome
from simulator.verdict.line.audit import Finding
from simulator.verdict.reasons import (
    Accounts,
    Busy,
    Clocks,
    Ended,
    FewServed,
    FewServedOn,
    Forbidden,
    Guessed,
    HeldUp,
    InLine,
    Kept,
    LetIn,
    Lost,
    Met,
    Mistimed,
    NotSent,
    OfInstrument,
    OfLaunches,
    OfObjective,
    OfVisits,
    Plain,
    Tally,
    TooFew,
    Unjudged,
)

LOG = "see its log (replay-*.log) in the run's folder, and run it again"
ROOM = "give the generator a core of its own, or lower replay.demand_factor"
EASY = 0.5
"""The share of a core at which a generator is at ease: near all of it its lags explode."""
PLAIN = {
    Plain.NOBODY_CAME: "nobody came",
    Plain.NOBODY_LET_IN: "nobody was let in",
    Plain.NO_LINE: "there was no line",
    Plain.NOBODY_WAITED: (
        "the target let everybody in at once, and many were predicted to wait: is its line on, and does"
        ' [replay.line] say how to see it? If it has none, write preset = "none"'
    ),
    Plain.NO_FATE: "no recorded outcome (giving up does not count)",
    Plain.NOT_ALL_REPLAYED: "the replay was cut short",
    Plain.NOTHING_PLANNED: "no visits were planned; raise replay.demand_factor, or make replay.for longer",
    Plain.NOTHING_STARTED: f"no visits were started; {LOG}",
    Plain.NO_BEATS: f"the replay wrote nothing about its generator; {LOG}",
    Plain.STARTS: "from intended to actual start, the generator's own delay",
}
LATE = f"the generator was late; {ROOM}"


def reason_of(one: Criterion) -> str:
    """Why it came out as it did."""
    reason, held = one.reason, one.outcome is Outcome.HOLDS
    if isinstance(reason, OfInstrument):
        return _of_instrument(reason, held=held)
    if isinstance(reason, OfLaunches):
        return _of_launches(reason, one.outcome)
    if reason is Plain.STARTS and not held:
        return LATE
    return _of_objective(reason, open_=one.outcome is Outcome.INCONCLUSIVE)


def _of_objective(reason: OfObjective, *, open_: bool) -> str:
    """``open_``: nothing follows from it, and where something would tell more it is said."""
    if isinstance(reason, Finding):
        return found_in_line(reason)
    match reason:
        case Plain():
            return PLAIN[reason]
        case TooFew():
            return too_few(reason.samples, reason.needed)
        case OfVisits():
            rest = "" if reason.ended else ", not all of which had ended by the end"
            return f"over {words.times(reason.visits, 'visit')}{rest}"
        case InLine():
            said = f"of {reason.people:,} in the line"
            if reason.waiting is not None:
                waiting = words.count(reason.waiting)
                said += f", {waiting} of them still in it at the end"
            return f"{said}: a longer rehearsal (replay.for) would tell" if open_ else said
        case LetIn():
            return _let_in(reason, open_=open_)
        case FewServed() | FewServedOn():
            return _few_served(reason)
        case Guessed():
            return (
                f"{reason.visits:,} were {ALREADY_DONE}, more than may fail"
                f" ({forbidden_text(reason.forbidden)}): check in the target's own records"
                " that they were done"
            )
    assert_never(reason)


def _let_in(reason: LetIn, *, open_: bool) -> str:
    said = f"of {reason.people:,} let in"
    if reason.unanswered is not None:
        said = f"{words.count(reason.unanswered)} {said} still had no answer at the end"
    helps = "a longer drain" if reason.timeout else "a client timeout"
    return f"{said}: {helps} would tell" if open_ else said


def _few_served(reason: FewServed | FewServedOn) -> str:
    meant = "and no objective allows that few: if intended, write"
    if isinstance(reason, FewServedOn):
        return (
            f"{reason.served:,} of the {reason.let_in:,} let in for {reason.journey} were served,"
            f" {meant} errors in [objectives.{reason.journey}]"
        )
    said = f"{reason.served:,} of the {reason.came:,} who came were served, {meant}"
    if reason.line:
        share = words.percent(reason.kept_out)
        return f"{said} never_let_in in [objectives.line] (here {share})"
    return f"{said} errors in the objectives of the journey"


def forbidden_text(forbidden: Forbidden) -> str:
    """The objective that is broken."""
    limit = words.percent(forbidden.limit)
    if forbidden.quantile is None:
        return f"objective {limit}"
    return f"{words.quantile_name(forbidden.quantile)} allows {limit}"


def _of_launches(reason: OfLaunches, outcome: Outcome) -> str:
    launches = words.times(reason.launches, reason.subject)
    match reason:
        case Met():
            return f"met in {reason.met:,} of {launches}; 95 % stay within this figure"
        case Unjudged():
            return (
                f"{_of_objective(reason.first, open_=True)} (in {reason.unjudged:,} of {launches})"
            )
        case Tally():
            of = words.times(reason.launches, f"simulated {reason.subject}")
            said = f"{reason.hold:,} of {of} met the objectives"
            if outcome is Outcome.INCONCLUSIVE:
                return f"{said}; {_missing(reason)}"
            side = "lower" if outcome is Outcome.HOLDS else "upper"
            return f"{said} (95 % {side} bound {words.percent(reason.bound)})"
    assert_never(reason)


def _missing(tally: Tally) -> str:
    unjudged = tally.launches - tally.hold - tally.fail
    if unjudged:
        return f"{words.times(unjudged, tally.subject)} could not be judged"
    more = launches_needed(tally.fail) - tally.launches
    without = ", without another failure" if tally.fail else ""
    return f"simulate at least {words.times(more, f'more {tally.subject}')}{without}"


def _of_instrument(reason: OfInstrument, *, held: bool) -> str:
    match reason:
        case Ended():
            if reason.how:
                return _ended(reason.how, held=held)
            return "the replay never wrote its end: it was killed or it crashed; run it again"
        case Accounts():
            return _accounts(reason, held=held)
        case Kept():
            return _kept(reason, held=held)
        case NotSent():
            return _not_sent(reason, held=held)
        case Mistimed():
            said = f"the busiest 100 ms had {reason.busiest:,} planned"
            if held:
                return f"{said}; chance alone explains that"
            return f"{said}: the surge was not sent in its planned shape; {ROOM}"
        case Busy():
            return _busy(reason, held=held)
        case HeldUp():
            return _held_up(reason, held=held)
        case Lost():
            return _lost(reason, held=held)
        case Clocks():
            return _clocks(reason, held=held)
    assert_never(reason)


def _ended(how: str, *, held: bool) -> str:
    if held:
        return "the replay ran to its end"
    why = "it was interrupted" if how == INTERRUPTED else how.removeprefix(STOPPED)
    return f"{why.removeprefix(UNFIT)}; run it again"


def _accounts(reason: Accounts, *, held: bool) -> str:
    planned, started = f"{reason.planned:,}", f"{reason.started:,} started"
    if held:
        return f"{planned} planned = {started} + {reason.unsent:,} unsent"
    counted = "an unknown number" if reason.reported is None else f"{reason.reported:,}"
    return (
        f"{planned} were planned, but {started} and {counted} unsent were counted; leave the run's store"
        " alone while it goes on, and run it again"
    )


def _not_sent(reason: NotSent, *, held: bool) -> str:
    """The remedy is that of the larger part."""
    said = f"{reason.unsent:,} of {reason.planned:,}"
    if held:
        return said
    why = f"{reason.late:,} too late, {reason.at_cap:,} at the in-flight cap"
    others = reason.unsent - reason.late - reason.at_cap
    if others > max(reason.late, reason.at_cap):
        return f"{said} ({why}, {others:,} never reached); the replay ended before they came: run it again"
    if reason.at_cap > reason.late:
        return f"{said} ({why}); raise replay.in_flight, or lower replay.demand_factor"
    return f"{said} ({why}); {ROOM}"


def _kept(reason: Kept, *, held: bool) -> str:
    if held:
        return f"of {reason.planned:,}"
    said = f"the run's store has no outcome for {reason.missing:,} of {reason.planned:,}"
    if reason.by_workers:
        return f"{said}, as workers were lost: run it again"
    return f"{said}; do not touch it during the run, and run it again"


def _busy(reason: Busy, *, held: bool) -> str:
    during = "in one second" if reason.seconds == 1 else "in two seconds in a row"
    if held:
        return f"of one core, {during}"
    more = "use more workers, or " if reason.worker else ""
    return (
        f"{reason.worker or 'it'} used {words.percent(reason.share)} of one core {during}, and may have distorted what"
        f" it measured; {more}lower replay.demand_factor to {EASY / max(reason.share, EASY):.1g} times what it is"
    )


def _held_up(reason: HeldUp, *, held: bool) -> str:
    longest = words.duration(reason.longest_s)
    late = f"of what happened was noticed more than {words.duration(reason.limit_s)} late"
    if held:
        return f"{late}; longest scheduling delay {longest}"
    return (
        f"{reason.worker or 'the generator'} was held up by as much as {longest}, and {words.percent(reason.share)} {late};"
        f" {ROOM}"
    )


def _lost(reason: Lost, *, held: bool) -> str:
    if held:
        if reason.workers == 1:
            return "the only worker sent its part to its end"
        return f"all {reason.workers:,} workers sent their part to its end"
    each = "; ".join(f"{name}: {why}" for name, why in reason.lost)
    many = f"{len(reason.lost):,} of {reason.workers:,}"
    return f"{many}: {each}; nobody else sent that part of the plan, so run it again"


def _clocks(reason: Clocks, *, held: bool) -> str:
    known = f"known to {words.duration(reason.bound_s)}"
    if held:
        others = ", all others better" if reason.workers > 1 else ""
        return f"the clock of {reason.worker} is {known}{others}"
    return (
        f"the clock of {reason.worker} was only {known} in the end: it drifted or jumped meanwhile, or its network became"
        " slower; run it again, and if it stays so use another machine for it"
    )


# Figures of which there is too little -------------------------------------------------------------


def too_few(samples: int, needed: int) -> str:
    """The words for a figure that its samples do not carry."""
    return f"too few, {samples:,} of {needed:,}"


def too_few_samples(reading: Reading) -> str:
    """The same of what was read."""
    return too_few(reading.samples, reading.needed)


def too_few_launches(estimate: Estimate) -> str:
    """The words for the middle 95 % of launches that are too few to have one; else nothing."""
    if estimate.launches >= ENOUGH_LAUNCHES:
        return ""
    return too_few(estimate.launches, ENOUGH_LAUNCHES)
