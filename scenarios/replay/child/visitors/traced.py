"""A visitor's session, whose requests say which visitor, step and attempt they are of, and when they were sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judged, taken_as_it_is
from scenarios.http.requests.sent import Sent
from scenarios.http.requests.traced import Trace
from scenarios.replay.child.visitors.visit import Session, Visit
from simulator.outcomes.answered import LINE
from simulator.outcomes.rows import UNKNOWN


class Traced:
    """The session of somebody who can be told apart."""

    def __init__(self, session: Session, visit: Visit, trace: Trace) -> None:
        self.session, self.visit, self.trace = session, visit, trace

    def send(
        self,
        sent: Sent,
        *,
        timeout_ns: int,
        rule: Callable[[Answer], Judged] = taken_as_it_is,
        follow: bool = False,
    ) -> tuple[Answer, Judged]:
        """Send it with its marks: of the line's, unless an attempt is under way."""
        visit = self.visit
        tries = visit.sent_ns != UNKNOWN
        step, attempt = (visit.step, visit.attempt) if tries else (LINE, 0)
        marked = self.trace.marked(sent, step, attempt)
        return self.session.send(marked, timeout_ns=timeout_ns, rule=rule, follow=follow)

    def close(self) -> None:
        self.session.close()

    @property
    def cookies(self) -> Any:
        """Those that the visitor has, where a session keeps any."""
        return getattr(self.session, "cookies", ())
