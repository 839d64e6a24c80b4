"""A trial in a few words: the line that terminal, page and picture share."""

from __future__ import annotations

from dataclasses import dataclass

from reports.sentences import words
from reports.sentences.change import change_in_brief
from reports.sentences.criterion import asked_of, found_of, name_of
from simulator.advice.gauntlet.gauntlet import Gauntlet
from simulator.advice.gauntlet.trial import Break, Trial
from simulator.advice.why.trouble import Sign
from simulator.system.capacity import Supply
from simulator.system.system import System
from simulator.text.quantities import UNITS_NS
from simulator.verdict.criteria import Outcome, worst_of

OUTCOMES = {
    Outcome.HOLDS: "holds",
    Outcome.FAILS: "breaks",
}
UNITS = (("days", 2), ("h", 1), ("min", 1), ("s", 1), ("ms", 1), ("ns", 1))
"""And from how many of it on it is used: a day has 24 hours."""
RAN_OUT = {
    Supply.SERVERS: "servers",
    Supply.CORES: "cores",
    Supply.TOKENS: "quota",
    Supply.TIME: "service time",
}
SIGNS = {
    Sign.TURNED_AWAY: "turns people away",
    Sign.TIMED_OUT: "answers too late for clients",
    Sign.FAILED: "fails",
    Sign.UNANSWERED: "does not answer by the end",
    Sign.LATE: "answers later than the objective",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One launch of the gauntlet."""

    name: str
    outcome: Outcome
    verdict: str
    """"holds", "breaks at +11 min"."""
    lost: str
    """The share of people that are not served."""
    first: str
    """What breaks first; the tightest figure where nothing does."""
    comes: str
    """What comes of it; empty where nothing breaks."""
    fix: str
    """The smallest change that holds."""

    @classmethod
    def of(cls, trial: Trial) -> Row:
        return cls(
            name=trial.name,
            outcome=trial.outcome,
            verdict=verdict_text(trial),
            lost=lost_text(trial.lost),
            first=first_text(trial),
            comes=comes_text(trial.breaks, trial.plan.system) if trial.breaks else "",
            fix=fix_text(trial),
        )


def lost_text(share: float) -> str:
    """A share in whole per cent; neither all nor none where it is not.

    >>> [lost_text(share) for share in (0.0, 0.004, 0.714, 0.9951, 1.0)]
    ['0 %', '< 1 %', '71 %', '> 99 %', '100 %']
    """
    if 0.0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1.0:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def verdict_text(trial: Trial) -> str:
    """Whether it holds, and since when it does not."""
    if trial.outcome is Outcome.INCONCLUSIVE:
        hold = trial.verdict.launches.count(Outcome.HOLDS)
        return f"holds in {hold} of {len(trial.verdict.launches)}"
    said = OUTCOMES[trial.outcome]
    return f"{said} {when_text(trial.breaks)}" if trial.breaks else said


def when_text(broken: Break) -> str:
    """When it breaks, from the opening: the start of a bin of time, so that more digits would say nothing.

    >>> from dataclasses import replace
    >>> found = Break(station=0, supply=None, at=0, sign=None, began_ns=675 * 10**9, launches=1)
    >>> [when_text(replace(found, began_ns=ns)) for ns in (675 * 10**9, 86_400 * 10**9, 0)]
    ['at +11 min', 'at +24 h', 'at once']
    """
    if broken.began_ns <= 0:
        return "at once"
    unit = next(each for each, least in UNITS if broken.began_ns >= least * UNITS_NS[each])
    return f"at +{broken.began_ns // UNITS_NS[unit]} {unit}"


def first_text(trial: Trial) -> str:
    """What breaks first, or the figure that decides."""
    system = trial.plan.system
    if trial.breaks is not None:
        return ran_out_text(trial.breaks, system)
    *asked, _share = trial.verdict.criteria
    worst = worst_of(asked)
    if worst is None:
        return words.NOTHING
    return f"{name_of(worst)} {found_of(worst)} of {asked_of(worst)}"


def ran_out_text(broken: Break, system: System) -> str:
    """What runs out."""
    if broken.station is None:
        return "the line"
    name = system.stations[broken.station].name
    return f"{name} {RAN_OUT[broken.supply]}" if broken.supply else name


def comes_text(broken: Break, system: System) -> str:
    """What comes of it."""
    if broken.at is None or broken.sign is None:
        return "people wait too long, or never get in"
    return f"{system.stations[broken.at].name} {SIGNS[broken.sign]}"


def fix_text(trial: Trial) -> str:
    """The smallest single change that holds, or several at once; a dash where none is needed."""
    if trial.outcome is not Outcome.FAILS:
        return words.NOTHING
    system = trial.plan.system
    if trial.fix is not None:
        return change_in_brief(trial.fix.tweak, trial.fix.value, system)
    if trial.together is None:
        return "none found"
    return " and ".join(change_in_brief(*each, system) for each in trial.together.changes)


def rows_of(found: Gauntlet) -> list[Row]:
    """All of them, the worst first."""
    return [Row.of(each) for each in found.trials]


def headline(found: Gauntlet) -> str:
    """All of them in a sentence, without a full stop."""
    many = len(found.trials)
    said = f"{found.holding:,} of {words.times(many, 'launch')} hold with {found.expect:,} people"
    if found.worst is None or found.worst.outcome is not Outcome.FAILS:
        return said
    row = Row.of(found.worst)
    worst = found.worst
    fixed = f"; smallest fix: {row.fix}" if worst.fix or worst.together else ""
    return f"{said}; the worst is {row.name}: it {row.verdict} ({row.first}: {row.comes}){fixed}"
