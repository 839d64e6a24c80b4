"""The answer to "how much?": what is certified, what was searched, and everything a planner asks next."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.advice.size.answers.cases import Break, Case, Headroom, Lead, Naive
from simulator.advice.size.answers.regret import Regret
from simulator.advice.size.answers.sensitivity import Swing
from simulator.advice.size.certificate import Asked, Certificate
from simulator.advice.size.knobs import Knob
from simulator.advice.size.prices import Prices
from simulator.advice.size.trials import Tried
from simulator.plan.plan import Plan
from simulator.verdict.criteria import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was looked at."""

    candidates: int
    """How many were tried."""
    launches: int
    """How many launches were played, all candidates together; fresh ones included."""
    fresh: int = 0
    """How many of them on fresh luck."""
    ran_out: bool = False
    """Whether the search used up its launches, so that something cheaper may hold."""
    ended: bool = True
    """Whether the search came to its end; False: it was interrupted, and this is the best so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """How much is needed, how sure that is, what each choice costs, and what breaks first."""

    plan: Plan
    """With the file's own system."""
    asked: Asked
    knobs: tuple[Knob, ...]
    prices: Prices
    certificate: Certificate | None
    """Of the cheapest that holds; None: nothing in range does."""
    nearest: Certificate | None
    """Where nothing is certified: how near the best came."""
    today: Tried
    """The file's own system."""
    tried: tuple[Tried, ...]
    """All candidates of the search, on the same luck."""
    frontier: tuple[Tried, ...]
    """Those of them that nothing cheaper beats in people lost, in waiting or in launches that hold, the
    cheapest first; each in the same launches."""
    searched: Searched
    regret: Regret | None = None
    cases: tuple[Case, ...] = ()
    breaks: tuple[Break, ...] = ()
    """In the order in which they break, of today's system."""
    headroom_today: Headroom | None = None
    headroom: Headroom | None = None
    """Of the certified system."""
    leads: tuple[Lead, ...] = ()
    naive: Naive | None = None
    swings: tuple[Swing, ...] = ()
    """The widest first."""
    unanswered: tuple[str, ...] = ()
    """What was left open, since so many people take too long to simulate."""

    @property
    def exit_code(self) -> int:
        """0: something in range holds; 1: nothing does; 3: launches have too few people to be judged."""
        if self.certificate is not None:
            return 0
        return 3 if self.unjudged else 1

    @property
    def unjudged(self) -> bool:
        """Whether nothing is certified because launches cannot be judged, and not because they fail."""
        if self.nearest is None or self.certificate is not None:
            return False
        outcomes = [each.outcome for each in self.nearest.tried.trials]
        return Outcome.FAILS not in outcomes and Outcome.INCONCLUSIVE in outcomes
