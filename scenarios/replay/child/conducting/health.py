"""How the target is: asked before the opening, and whenever it looks dead; apart from Locust's statistics."""

from __future__ import annotations

from collections.abc import Callable

from gevent.socket import create_connection

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judged, judge, taken_as_it_is
from scenarios.http.requests.person import Person
from scenarios.http.requests.sent import origin, sent_of
from scenarios.replay.child.killswitch.looks import WITHIN_NS
from scenarios.replay.child.wire.browser import Browser
from scenarios.replay.child.wire.faults import LACKS, OURS, reason_of
from scenarios.replay.child.wire.wire import Wire
from scenarios.replay.orders import Orders
from simulator.outcomes.rows import Result
from simulator.outcomes.store import STOPPED, UNFIT
from simulator.scenario.words.rehearsal.requests import Request

HEALTH_TIMEOUT_NS = 2_000_000_000


class Health:
    """Asks one target."""

    def __init__(self, orders: Orders, wire: Wire) -> None:
        self.orders, self.wire = orders, wire

    @property
    def asked(self) -> str:
        """What is asked, in words."""
        return str(self.orders.manners.health or "connecting")

    def is_well(self) -> bool:
        """Whether the target answers at all, be it slowly; what this machine lacks says nothing of it."""
        answer = self.look()
        return not answer.broke or answer.error in LACKS

    def wrong(self, asked: Request) -> str:
        """Why a request that tells how the target is has failed; empty where it has not."""
        rule = lambda answer: judge(answer, asked, self.person, ours=False)  # noqa: E731
        _, judged = self.ask(asked, WITHIN_NS, rule)
        return "" if judged.result is Result.SUCCESS else judged.reason

    def look(self) -> Answer:
        """Ask the target how it is."""
        asked = self.orders.manners.health
        if asked is None:
            return self.knock()
        answer, _ = self.ask(asked, HEALTH_TIMEOUT_NS)
        return answer

    @property
    def person(self) -> Person:
        """Nobody's visitor, who asks how the target is."""
        return Person.of(self.orders.run, "health", secrets=self.orders.manners.secrets)

    def ask(
        self, asked: Request, timeout_ns: int, rule: Callable[[Answer], Judged] = taken_as_it_is
    ) -> tuple[Answer, Judged]:
        """One request apart from all visitors', on a connection of its own."""
        session = Browser(self.wire.unheard())
        try:
            sent = sent_of(asked, self.person, self.orders.manners.headers)
            follow = asked.redirects == "follow"
            return session.send(sent, timeout_ns=timeout_ns, rule=rule, follow=follow)
        finally:
            session.close()

    def knock(self) -> Answer:
        """Connect and say nothing: all that may be done where there is no health to ask for."""
        _, _, port = origin(self.orders.url)
        try:
            create_connection((self.orders.address, port), HEALTH_TIMEOUT_NS / 1e9).close()
        except TimeoutError:
            return Answer(status=0, timed_out=True)
        except OSError as error:
            if lack := OURS.get(error.errno or 0):
                self.wire.lacking(lack)
            return Answer(status=0, error=reason_of(error))
        return Answer(status=204)


def not_opened(answer: Answer, asked: str, lack: str) -> str:
    """How a replay ends after such a look before its opening; empty where it can open.

    ``lack``: what this machine lacks for looking.
    """
    if lack:
        return f"{UNFIT}{lack}"
    return f"{STOPPED}{asked} failed ({answer.error})" if answer.broke else ""


def with_nobody_sent(how: str) -> str:
    """The same in the end record."""
    return how.replace(STOPPED, f"{STOPPED}nobody was sent, since ", 1)
