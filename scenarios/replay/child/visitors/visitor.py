"""A visitor who knows waiting lines: from the planned instant to a fate.

He joins the line, looks whether he has been let in as often as he is told to, and leaves when his
patience ends (:mod:`scenarios.replay.child.visitors.waiting`). Once let in, or at once where there is no line, he takes the
steps of his journey (:mod:`scenarios.replay.child.visitors.walk`). The same rules, for simulated visitors, are in
:mod:`simulator.engine.rules`; here the target decides who is let in and served.
"""

from __future__ import annotations

from scenarios.http.requests.person import Person
from scenarios.replay.child.visitors.visit import Session, Stage, Visit
from scenarios.replay.child.visitors.waiting import Waiting
from scenarios.replay.child.visitors.walk import Walk


class Visitor:
    """One visit being made through a session."""

    def __init__(self, visit: Visit, stage: Stage, session: Session) -> None:
        self.visit, self.stage, self.session = visit, stage, session

    def go(self) -> None:
        """Make the visit."""
        visit, stage, session = self.visit, self.stage, self.session
        person, begun = self.person(), None
        if stage.orders.lined:
            entry = Waiting(visit, stage, session, person).wait()
            if entry is None:
                return
            person, begun = entry.person, entry.first
        else:
            visit.let_in_ns = stage.clock.now_ns()
        Walk(visit, stage, session, person, begun).walk()

    def person(self) -> Person:
        """Whom the target sees."""
        visit, stage = self.visit, self.stage
        return Person.of(
            stage.orders.run,
            visit.visitor,
            stage.data[visit.place] if stage.data else None,
            secrets=stage.orders.manners.secrets,
        )
