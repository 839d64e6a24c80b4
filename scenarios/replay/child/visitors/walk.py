"""A visitor who has been let in: step by step, with thinking, patience for answers and retries.

The same rules, for simulated visitors, are in :mod:`simulator.engine.rules`. Beyond them targets break: an
attempt that does (FAILED) is followed by another like any that failed.
"""

from __future__ import annotations

from typing import NamedTuple

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judged, leaves_open
from scenarios.http.requests.person import Person, code_told
from scenarios.mail.boxes import Post
from scenarios.replay.child.visitors.asking import Asked, ask_for_step
from scenarios.replay.child.visitors.visit import Life, Session, Stage, Visit
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.system.people import Jitter
from simulator.timetable import draws


class Tried(NamedTuple):
    """What one attempt leaves behind.

    Its answer is none of that: bodies may be large, and there are many who pause.
    """

    result: Result
    seen_ns: int
    """When the visitor saw it."""
    again_ns: int
    """When he would try again."""
    unheard: bool
    """Whether it, or one before it, may have been served, although he heard nothing of it."""


class Walk:
    """One visitor's way through the steps of his journey."""

    def __init__(
        self,
        visit: Visit,
        stage: Stage,
        session: Session,
        person: Person,
        begun: Asked | None = None,
        post: Post | None = None,
    ) -> None:
        """``begun``: the first attempt, where it was what let him in; ``post``: the mails that he gets."""
        self.visit, self.stage, self.session = visit, stage, session
        self.person, self.begun = person, begun
        self.orders, self.clock, self.luck = stage.orders, stage.clock, stage.luck
        self.people = stage.orders.people[visit.group]
        self.post = post

    def walk(self) -> Life:
        """Take every step, until one is given up."""
        visit, seen_ns = self.visit, self.visit.let_in_ns
        for step in self.orders.journeys[self.people.journey]:
            visit.step = step
            if self.begun is None and not self.orders.steps[step].think.is_nothing:
                yield seen_ns + self.think_ns()
            tried = self.try_first()
            while tried.result is not Result.SUCCESS and self.may_retry(tried.again_ns):
                yield tried.again_ns
                visit.attempt += 1
                tried = self.try_once(unheard=tried.unheard)
            seen_ns = tried.seen_ns
            if tried.result is not Result.SUCCESS:
                self.stage.ended(visit, Fate.GAVE_UP, seen_ns)
                return
        self.stage.ended(visit, Fate.SERVED, seen_ns)

    def think_ns(self) -> int:
        think = self.orders.steps[self.visit.step].think
        return self.luck.duration_ns(think, draws.THINK, self.visit.visitor, self.visit.step)

    def try_first(self) -> Tried:
        """The first attempt at a step."""
        self.visit.attempt = 0
        if self.post:
            self.post.next_step()
        self.stage.budgets.earn(self.visit.group)
        return self.try_once()

    def try_once(self, *, unheard: bool = False) -> Tried:
        """One attempt; ``unheard``: one before it may have been served."""
        asked, self.begun = self.begun, None
        if asked is None:
            asked = ask_for_step(self.visit, self.stage, self.session, self.person, unheard=unheard)
        answer, judged = asked.answer, asked.judged
        self.write_down(asked)
        if judged.result is Result.SUCCESS:
            self.learn(answer, judged)
            return Tried(judged.result, asked.seen_ns, asked.seen_ns, unheard=False)
        again_ns = asked.seen_ns + self.pause_ns(answer)
        return Tried(judged.result, asked.seen_ns, again_ns, unheard or leaves_open(answer))

    def write_down(self, asked: Asked) -> None:
        visit, judged, seen_ns = self.visit, asked.judged, asked.seen_ns
        completed_ns = seen_ns - self.orders.steps[visit.step].round_trip_ns
        began_ns = service_start_ns(asked.answer, asked.sent_ns, completed_ns)
        visit.sent_ns = asked.sent_ns
        self.stage.tried(visit.tried(judged.result, began_ns, seen_ns))
        self.stage.counted(visit.step, judged.result, asked.answer.status, judged.reason)
        visit.sent_ns = UNKNOWN

    def learn(self, answer: Answer, judged: Judged) -> None:
        """Keep what later steps need: what was captured, and the code that a signup of ours tells."""
        code = code_told(answer.body) or self.person.code
        if code != self.person.code or judged.learned:
            learned = {**self.person.learned, **judged.learned}
            self.person = self.person._replace(code=code, learned=learned)

    # Retries

    def may_retry(self, again_ns: int) -> bool:
        return (
            self.visit.attempt + 1 < self.people.retries.attempts
            and again_ns - self.visit.let_in_ns <= self.people.gives_up_after_ns
            and self.stage.budgets.spend(self.visit.group)
        )

    def pause_ns(self, answer: Answer) -> int:
        """How long he waits after this attempt before he tries again."""
        asked_ns = answer.again_in_ns if answer.refused or answer.asks_to_wait else None
        if asked_ns is not None and self.honours_retry_after:
            return max(self.jittered_ns(), asked_ns)
        return self.jittered_ns()

    @property
    def honours_retry_after(self) -> bool:
        u = self.luck.uniform(draws.HONOUR, self.visit.visitor)
        return u < self.people.honours_retry_after

    def jittered_ns(self) -> int:
        visit, retries = self.visit, self.people.retries
        pause_ns = min(retries.cap_ns, retries.backoff_ns << visit.attempt)
        if retries.jitter is Jitter.NONE:
            return pause_ns
        luck = self.luck.uniform(draws.BACKOFF, visit.visitor, visit.step, visit.attempt)
        return int(pause_ns * luck)


def service_start_ns(answer: Answer, sent_ns: int, completed_ns: int) -> int:
    """When the server began, by what it says of the service's length.

    Counted back from the completion, which is one planned round trip before the answer was seen, as
    in the simulator. UNKNOWN where the server says nothing, or refused.
    """
    if answer.service_ns is None or answer.refused or answer.asks_to_wait:
        return UNKNOWN
    return max(sent_ns, completed_ns - answer.service_ns)
