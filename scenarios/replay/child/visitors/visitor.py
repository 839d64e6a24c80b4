"""A visitor who knows waiting lines: from the planned instant to a fate.

He joins the line, looks whether he has been let in as often as he is told to, and leaves when his
patience ends (:mod:`scenarios.replay.child.visitors.waiting`). Once let in, or at once where there is no line, he takes the
steps of his journey (:mod:`scenarios.replay.child.visitors.walk`). The same rules, for simulated visitors, are in
:mod:`simulator.engine.rules`; here the target decides who is let in and served.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from scenarios.http.requests.person import Person
from scenarios.mail.boxes import Post
from scenarios.replay.child.visitors.asking import Asked
from scenarios.replay.child.visitors.visit import Life, Session, Stage, Visit
from scenarios.replay.child.visitors.waiting import Waiting
from scenarios.replay.child.visitors.walk import Walk


class Visitor:
    """One visit being made through a session."""

    def __init__(self, visit: Visit, stage: Stage, session: Session) -> None:
        self.visit, self.stage, self.session = visit, stage, session

    def go(self) -> Life:
        """Make the visit."""
        person, post_of = self.person(), self.stage.post_of
        if post_of is None:
            return self.visit_by(person, None)
        return self.with_mails(person, post_of(person))

    def with_mails(self, person: Person, post: Post) -> Life:
        """The same by somebody who gets mails."""
        try:
            yield from self.visit_by(person._replace(mail=post), post)
        finally:
            post.close()

    def visit_by(self, person: Person, post: Post | None) -> Life:
        """Wait, where there is a line, and take the steps; ``post``: the mails that he gets."""
        if self.stage.orders.lined:
            return self.from_the_line(person, post)
        self.visit.let_in_ns = self.stage.clock.now_ns()
        return self.steps(person, None, post)

    def from_the_line(self, person: Person, post: Post | None) -> Life:
        """The same where there is one."""
        entry = yield from Waiting(self.visit, self.stage, self.session, person).wait()
        if entry is not None:
            yield from self.steps(entry.person, entry.first, post)

    def steps(self, person: Person, begun: Asked | None, post: Post | None) -> Life:
        """Those of who is in; ``begun``: his first attempt, where it was what let him in."""
        visit, stage, session = self.visit, self.stage, self.session
        taker = stage.takers.get(stage.orders.people[visit.group].journey)
        if taker is None:
            return Walk(visit, stage, session, person, begun, post).walk()
        return at_once(partial(taker, visit, stage, session, person))

    def person(self) -> Person:
        """Whom the target sees."""
        visit, stage = self.visit, self.stage
        return Person.of(
            stage.orders.run,
            visit.visitor,
            stage.data[visit.place] if stage.data else None,
            secrets=stage.orders.manners.secrets,
        )


def at_once(take: Callable[[], None]) -> Life:
    """A visit by somebody who never leaves his greenlet: the user of a locustfile."""
    take()
    yield from ()
