"""One attempt at a step: what is sent, what came back, and when; nobody has written it down yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.looks import BACK_IN_LINE, sent_back
from scenarios.http.answers.success import Judged
from scenarios.http.requests.person import NoValue, Person
from scenarios.http.requests.sent import Sent
from scenarios.rehearsal.recorded import Again
from scenarios.replay.child.visitors.visit import Session, Stage, Visit
from simulator.outcomes.rows import Result
from simulator.scenario.words.rehearsal.requests import Request
from simulator.scenario.words.surges.requests import no_error


class Asked(NamedTuple):
    """What became of one attempt."""

    answer: Answer
    judged: Judged
    sent_ns: int
    seen_ns: int


def ask_for_step(
    visit: Visit,
    stage: Stage,
    session: Session,
    person: Person,
    rule: Callable[[Answer], Judged] | None = None,
    *,
    unheard: bool = False,
) -> Asked:
    """Send the request of the step that he is at; ``rule`` judges its answer, else the step's own does.

    ``unheard``: an earlier attempt may have been served (:func:`scenarios.http.answers.success.leaves_open`).
    """
    request = request_of(visit, stage)
    sent = sent_for(visit, stage, person)  # who waits for his mail has sent nothing yet
    visit.sent_ns = stage.clock.now_ns()
    if isinstance(sent, NoValue):
        answer = Answer(status=0, error=str(sent))
        judged = Judged(Result.FAILED, str(sent))
    else:
        answer, judged = session.send(
            sent,
            timeout_ns=stage.orders.people[visit.group].client_timeout_ns,
            rule=rule or judge_of_step(request, stage, person, unheard=unheard),
            follow=request.redirects == "follow",
        )
    stage.answered(answer)
    return Asked(answer, judged, visit.sent_ns, stage.clock.now_ns())


def again(visit: Visit, stage: Stage) -> Again | None:
    """The recorded request that a visit makes; None where it makes what its journey says."""
    recorded = stage.orders.recorded
    return None if recorded is None else recorded.request(visit.place)


def request_of(visit: Visit, stage: Stage) -> Request:
    """The request of his step, by which its answer is judged."""
    request = stage.orders.steps[visit.step].request
    assert request is not None, "a user of a locustfile takes the others"
    made = again(visit, stage)
    return request if made is None else expecting(request, made.method, made.status)


def as_recorded(sent: Sent, made: Again) -> Sent:
    """What was recorded in the place of what stands for it; headers are the launch's own.

    A log has no bodies, so none is sent.
    """
    return sent._replace(method=made.method, path=made.target, as_told=False, body=None)


@lru_cache(maxsize=512)
def expecting(request: Request, method: str, status: int) -> Request:
    """A request whose answer is judged by what was answered then, unless the launch says which statuses are fine.

    That an expectation is said keeps the reference protocol out: nothing of it was recorded.
    """
    expect, other = request.expect, no_error(status)
    if other and not expect.status and request.redirects != "expect":
        expect = expect.model_copy(update={"status": ("2xx", other)})
    return request.model_copy(update={"method": method, "expect": expect})


def judge_of_step(
    request: Request, stage: Stage, person: Person, *, unheard: bool = False
) -> Callable[[Answer], Judged]:
    """How an answer to a step is judged: who is told to wait, though he is in, was not served."""
    judge = stage.templates.judge_of(request, ours=stage.ours)
    own = partial(judge, person=person, unheard=unheard)
    if not stage.templates.can_send_back:
        return own

    def rule(answer: Answer) -> Judged:
        if sent_back(answer, stage.orders.manners.line, person):
            return Judged(Result.TURNED_AWAY, BACK_IN_LINE)
        return own(answer)

    return rule


def sent_for(visit: Visit, stage: Stage, person: Person) -> Sent | NoValue:
    """The request of his step with his own values, or the recorded one; or what he lacks."""
    template = stage.templates.steps[visit.step]
    assert template is not None, "a user of a locustfile takes the others"
    try:
        sent = template.sent(person)
    except NoValue as missing:
        return missing
    made = again(visit, stage)
    return sent if made is None else as_recorded(sent, made)
