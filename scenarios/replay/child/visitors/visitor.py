"""A visitor who knows waiting lines: from the planned instant to a fate.

He joins the line, looks whether he has been let in as often as he is told to, and leaves when his
patience ends (:mod:`scenarios.replay.child.visitors.waiting`). Once let in, or at once where there is no line, he takes the
steps of his journey (:mod:`scenarios.replay.child.visitors.walk`). The same rules, for simulated visitors, are in
:mod:`simulator.engine.rules`; here the target decides who is let in and served.
"""

from __future__ import annotations

from scenarios.replay.child.visitors.visit import Session, Stage, Visit
from scenarios.replay.child.visitors.waiting import Waiting
from scenarios.replay.child.visitors.walk import Walk


class Visitor:
    """One visit being made through a session."""

    def __init__(self, visit: Visit, stage: Stage, session: Session) -> None:
        self.visit, self.stage, self.session = visit, stage, session

    def go(self) -> None:
        """Make the visit."""
        ticket = None
        if self.stage.orders.lined:
            ticket = Waiting(self.visit, self.stage, self.session).wait()
            if ticket is None:
                return
        else:
            self.visit.let_in_ns = self.stage.clock.now_ns()
        journey = self.stage.orders.people[self.visit.group].journey
        if taker := self.stage.takers.get(journey):
            taker(self.visit, self.stage, self.session, ticket)
        else:
            Walk(self.visit, self.stage, self.session, ticket).walk()
