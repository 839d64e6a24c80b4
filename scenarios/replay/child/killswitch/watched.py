"""A visitor's session, of which the kill switch counts each request and its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http.cookiejar import Cookie

from scenarios.http.answers.alarm import is_alarming
from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judged, taken_as_it_is
from scenarios.http.requests.sent import Sent
from scenarios.replay.child.killswitch.counted import Counted
from scenarios.replay.child.visitors.visit import Session


class Watched:
    """Sends by another session, and tells what became of it."""

    def __init__(self, session: Session, counted: Counted) -> None:
        self.session, self.counted = session, counted

    @property
    def cookies(self) -> Iterable[Cookie]:
        """Those of the session, where it has any."""
        return getattr(self.session, "cookies", ())

    def send(
        self,
        sent: Sent,
        *,
        timeout_ns: int,
        rule: Callable[[Answer], Judged] = taken_as_it_is,
        follow: bool = False,
    ) -> tuple[Answer, Judged]:
        """As a session does; who leaves before he is answered has no answer that counts."""
        name = f"{sent.method} {sent.name}"
        number = self.counted.sent(name)
        try:
            answer, judged = self.session.send(
                sent, timeout_ns=timeout_ns, rule=rule, follow=follow
            )
            self.counted.answered(name, number, error=is_alarming(answer, judged))
        finally:
            self.counted.left(name, number)
        return answer, judged

    def close(self) -> None:
        self.session.close()
