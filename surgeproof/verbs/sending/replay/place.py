"""Where a rehearsal is sent, by whose leave, and how the target is spoken to."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from scenarios.http import allow
from scenarios.http.allow import Target, check_target
from scenarios.http.manners import Manners
from scenarios.machine.apart import Apart
from scenarios.mail.office import Office
from simulator.errors import TargetRefused
from simulator.plan import peaks
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving, Resolved
from simulator.text.wording import format_count
from surgeproof.endings import tell
from surgeproof.verbs.sending.rehearsal.rehearsal import AS_WRITTEN, Rehearsal


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A target that may be sent load."""

    target: Target
    allowed: tuple[str, ...]
    """The names that a person allowed."""
    manners: Manners
    office: Office | None
    """Where mails to visitors are caught."""
    apart: Apart | None
    """The cores of the two, where they are kept apart."""

    def sending(self) -> AbstractContextManager[None]:
        """What the block starts runs on the generator's cores, where the target has others."""
        return nullcontext() if self.apart is None else self.apart.sending()


def permission(target: str, launch: Resolved) -> tuple[Target, tuple[str, ...], Arriving | None]:
    """The target, and the name that a person allows by typing it, where nobody has allowed it before.

    He is told how many come: who that is has been found then.

    Raises TargetRefused.
    """
    found = allow.resolve(target)
    try:
        return check_target(found), (), None
    except TargetRefused:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        tell(f"{found.host} ({', '.join(found.addresses)}) is not this machine")
        made = Rehearsal.of(AS_WRITTEN, launch, None, 0)
        tell(
            f"the rehearsal sends {load_in_words(made.plan)}; send it only with the owner's permission"
        )
        typed = asked("type the host's name to go on: ")
        return check_target(found, [typed]), (typed,), made.people


def asked(question: str) -> str:
    """What a person types; nothing where he closes the terminal instead."""
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def load_in_words(plan: Plan) -> str:
    """How much would be sent."""
    return f"{format_count(plan.demand.total)} visitors, {peaks.in_words(plan)}"
