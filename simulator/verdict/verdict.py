"""Verdict: whether the launch, or its rehearsal, holds; and on what that rests.

The order of judgement: the instrument first (was the plan really sent?), then the objectives, then
"holds". An impaired instrument may still show a failure on evidence that it cannot fake; it never
shows a pass. A verdict names its subject: a rehearsal that holds says nothing of the launch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from simulator.outcomes.answered import Answered
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.instrument import Instrument
from simulator.outcomes.rows import Provenance
from simulator.plan.plan import Subject
from simulator.system.objectives import Objectives
from simulator.verdict.chance import over_launches, share_that_holds
from simulator.verdict.criteria import Criterion, Kind, Outcome, conclusion
from simulator.verdict.evidence import forbids, forgotten, proven_errors, unlined, unseen
from simulator.verdict.floor import floor_of
from simulator.verdict.kept import broken_promise, judge_line
from simulator.verdict.line.audit import Audit
from simulator.verdict.objectives import judge_asked, judge_objectives, with_floor
from simulator.verdict.reasons import Forbidden
from simulator.verdict.validity.gates import judge_instrument
from simulator.verdict.validity.room import room_s

EXIT_CODES = {Outcome.HOLDS: 0, Outcome.FAILS: 1, Outcome.INCONCLUSIVE: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """Errors that no fault of the generator explains."""

    errors: float
    """The least share of those let in."""
    forbidden: Forbidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What can be said of one subject."""

    subject: Subject
    provenance: Provenance
    """PREDICTED or OBSERVED: whether it was simulated or really sent."""
    outcome: Outcome
    criteria: tuple[Criterion, ...] = ()
    """None: nothing was recorded."""
    launches: tuple[Outcome, ...] = ()
    """Of each simulated launch by itself."""
    proven: Proven | Criterion | None = None
    """Why it does not hold, although its instrument was impaired: errors, or a promise of the line."""

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.outcome]

    @property
    def objectives(self) -> tuple[Criterion, ...]:
        """What was asked of the subject."""
        return tuple(one for one in self.criteria if one.kind is Kind.OBJECTIVE)

    @property
    def impaired(self) -> tuple[Criterion, ...]:
        """What the instrument did wrong."""
        gates = (one for one in self.criteria if one.kind is Kind.INSTRUMENT)
        return tuple(one for one in gates if one.outcome is not Outcome.HOLDS)

    @property
    def failing(self) -> tuple[bool, ...]:
        """Which launches do not hold; one that cannot be judged is none of them."""
        return tuple(one is Outcome.FAILS for one in self.launches)


def judge(
    launches: Sequence[Summary], objectives: Objectives, subject: Subject = Subject.LAUNCH
) -> Verdict:
    """Whether at least 95 % of launches hold, as far as the simulated ones can tell.

    Every launch is judged by itself. The subject holds if the one-sided 95 % Clopper-Pearson lower
    bound of the share of launches that hold is at least 0.95; it fails if the upper bound of the
    share that do not fail is below. A launch that cannot be judged counts against either.
    """
    closes = subject is Subject.LAUNCH
    asked = [judge_asked(objectives, one, closes=closes) for one in launches]
    floors = [floor_of(objectives, one, closes=closes) for one in launches]
    judged = list(zip(asked, floors, strict=True))
    outcomes = [conclusion(with_floor(criteria, floor)) for criteria, floor in judged]
    if any(floor.outcome is not Outcome.HOLDS for floor in floors):
        asked = [(*criteria, floor) for criteria, floor in judged]
    share = share_that_holds(outcomes, subject)
    return Verdict(
        subject=subject,
        provenance=Provenance.PREDICTED,
        outcome=share.outcome,
        criteria=(*over_launches(asked, subject), share),
        launches=tuple(outcomes),
    )


def judge_replay(
    summary: Summary,
    instrument: Instrument,
    objectives: Objectives,
    answers: Sequence[Answered] = (),
    subject: Subject = Subject.REHEARSAL,
    *,
    awaited: bool = False,
    audit: Audit | None = None,
) -> Verdict:
    """What the replay showed, if its instrument lets it say anything.

    ``answers`` are what the target answered, where that was kept. ``awaited``: many are predicted to
    wait in line. ``audit`` is what was found of the line.
    """
    closes = subject is Subject.LAUNCH
    room = partial(room_s, objectives, summary, closes=closes)
    gates = judge_instrument(instrument, objectives, room)
    asked = judge_objectives(objectives, summary, forgotten(summary, instrument), closes=closes)
    guessed = unseen(objectives, summary, answers)
    line = unlined(summary, answers) if awaited else None
    asked += (*filter(None, [guessed, line]), *judge_line(audit))
    outcome = conclusion(asked)
    proven: Proven | Criterion | None = None
    if any(gate.outcome is not Outcome.HOLDS for gate in gates):
        errors = _proven(summary, instrument, objectives, answers)
        proven = errors or broken_promise((*gates, *asked))
        outcome = Outcome.FAILS if proven else Outcome.INCONCLUSIVE
    return Verdict(
        subject=subject,
        provenance=Provenance.OBSERVED,
        outcome=outcome,
        criteria=(*gates, *asked),
        proven=proven,
    )


def _proven(
    summary: Summary, instrument: Instrument, objectives: Objectives, answers: Sequence[Answered]
) -> Proven | None:
    """What breaks the objectives of the first journey, whatever the generator did; None: nothing."""
    for asked in objectives.journeys:
        journey = summary.layout.journeys.index(asked.journey)
        errors = proven_errors(summary, instrument, journey, answers)
        if forbidden := forbids(asked, errors):
            return Proven(errors=errors, forbidden=forbidden)
    return None


def judge_absent_replay(subject: Subject = Subject.REHEARSAL) -> Verdict:
    """A replay that was to take place, and of which nothing is recorded."""
    return Verdict(subject=subject, provenance=Provenance.OBSERVED, outcome=Outcome.INCONCLUSIVE)
