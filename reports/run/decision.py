"""Decision: what a run came to, made once, for its exit code, its last line and every report of it.

One verdict decides: of the first variant, what was observed, or else what is predicted. What else was
predicted, and other variants, stand beside it and change nothing. A run that was stopped or failed
before it could be judged is decided by how it ended.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.run.facts import Ending
from reports.sentences.verdict import Said
from simulator.verdict.criteria import Outcome
from simulator.verdict.verdict import EXIT_CODES

NOTHING = "nothing was predicted or observed"
OUTCOMES = {code: outcome for outcome, code in EXIT_CODES.items()}
"""Whatever else a run exits by is no judgement: it is inconclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a run came to."""

    outcome: Outcome
    exit_code: int
    claim: str
    """What is decided, in a few words."""
    sentence: str
    """The same with its reasons, without a full stop."""
    variant: str = ""
    verdict: Said | None = None
    """The one that decides; None where how the run ended does."""
    ended: bool = False
    """Whether it was stopped, or failed, before it could be judged."""

    @classmethod
    def of(cls, variant: str, verdict: Said | None, ending: Ending | None) -> Decision:
        """By how the run ended, or else by its verdict; inconclusive where there is neither."""
        if ending is not None:
            return cls(
                outcome=OUTCOMES.get(ending.exit_code, Outcome.INCONCLUSIVE),
                exit_code=ending.exit_code,
                claim=ending.sentence,
                sentence=ending.sentence,
                variant=variant,
                ended=not ending.judged,
            )
        if verdict is None:
            outcome = Outcome.INCONCLUSIVE
            return cls(
                outcome=outcome, exit_code=EXIT_CODES[outcome], claim=NOTHING, sentence=NOTHING
            )
        return cls(
            outcome=verdict.outcome,
            exit_code=verdict.exit_code,
            claim=verdict.claim,
            sentence=verdict.sentence,
            variant=variant,
            verdict=verdict,
        )
