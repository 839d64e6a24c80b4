"""What a look at the line of a target came to, as the words of [replay.line] have it.

An answer that says "wait" is one whatever else may be said of it; one that lets in is another; what is
neither (an error, a page that nobody expected) is a failed look, after which a person reloads.
"""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.http.answers.answer import Answer, seconds
from scenarios.http.answers.captured import NotCaptured, capture, found_by, value_of
from scenarios.http.answers.expected import unmet, wrong_status
from scenarios.http.answers.success import Judged, contradicted, failed, judged_by_status
from scenarios.http.requests.person import Person
from simulator.outcomes.answered import WAITS
from simulator.outcomes.rows import UNKNOWN, Result
from simulator.scenario.words.rehearsal.lines import Line
from simulator.scenario.words.rehearsal.requests import Expect, Request
from simulator.units import FOREVER

LETS_IN = "lets in"
BACK_IN_LINE = "sent back to the line"


def judge_look(answer: Answer, line: Line, request: Request, person: Person) -> Judged:
    """What a request to a line of its own came to: both "wait" and "come in" are successes."""
    learned = found_in(answer, request)
    if says_wait(answer, line, person):
        return Judged(Result.SUCCESS, WAITS, learned=learned)
    enters = line.enters or Expect()
    if (early := judged_by_status(answer, enters)) is not None:
        return early
    if wrong := not_let_in(answer, line, request, person):
        return failed(answer, wrong, person.hides)
    return Judged(Result.SUCCESS, LETS_IN, learned=learned)


def says_wait(answer: Answer, line: Line, person: Person) -> bool:
    """Whether an answer tells one to wait; what broke off says nothing."""
    if answer.status == 0 or answer.error:
        return False
    if place_in(answer, line) > 0:
        return True
    if line.waits is not None:
        return meets(answer, line.waits, person)
    if line.enters is None:
        return False
    return answer.is_2xx and not meets(answer, line.enters, person)


def can_send_back(line: Line) -> bool:
    """Whether somebody who is in may be told to wait after all, and would be taken for served.

    A line that stands at the requests themselves can answer any of them in the server's place. By
    status and headers alone a launch file may call the same answer a success.
    """
    waits = line.waits if line.is_at_the_step else None
    return waits is not None and bool(waits.json_ or waits.text or waits.no_text)


def sent_back(answer: Answer, line: Line, person: Person) -> bool:
    """Whether he is, by a line that can."""
    return not answer.refused and says_wait(answer, line, person)


def not_let_in(answer: Answer, line: Line, request: Request, person: Person) -> str:
    """Why an answer that does not say "wait" lets nobody in; empty where it does."""
    if line.enters is None:
        return wrong_status(answer, request) or contradicted(answer, request.method)
    if not (line.enters.status or answer.is_2xx):
        return "unexpected status"
    return "" if meets(answer, line.enters, person) else "it says neither wait nor enter"


def meets(answer: Answer, asked: Expect, person: Person) -> bool:
    """Whether an answer is as expected, of any status where none is named."""
    return (not asked.status or asked.allows(answer.status)) and not unmet(answer, asked, person)


def place_in(answer: Answer, line: Line) -> int:
    """The place in the line that an answer tells; 0 where it tells none."""
    told = None if line.position is None else value_of(capture(line.position), answer)
    try:
        return int(float(told or 0))
    except (ValueError, OverflowError):
        return 0


def announced_ns(answer: Answer, line: Line) -> int:
    """The wait that an answer announces; UNKNOWN where it announces none."""
    told: object = None
    if line.preset == "surgeproof":
        told = answer.body.get("expected_wait_s")
    elif line.announced is not None:
        told = value_of(capture(line.announced), answer)
    try:
        wait_s = float(told) if isinstance(told, str | int | float) else -1.0
    except (ValueError, OverflowError):
        return UNKNOWN
    return round(wait_s * 1e9) if 0 <= wait_s < FOREVER / 1e9 else UNKNOWN


def again_in_ns(answer: Answer, line: Line) -> int | None:
    """In how long to ask again, as the answer says it where the line tells such things."""
    told = None if line.again is None else value_of(capture(line.again), answer)
    count_s = seconds(told)
    if count_s is None:
        return answer.again_in_ns
    return round(min(count_s, FOREVER / 1e9) * 1e9)


def found_in(answer: Answer, request: Request) -> Mapping[str, str]:
    """What of the wanted values an answer holds: one that says "wait" need not have them all."""
    found = {}
    for name, text in request.capture.items():
        try:
            found[name] = found_by(name, text, answer)
        except NotCaptured:
            continue
    return found


def told(person: Person, judged: Judged, line: Line) -> Person:
    """One who knows what an answer of the line told him."""
    if not judged.learned:
        return person
    learned = {**person.learned, **judged.learned}
    ticket = learned.get(line.ticket) if line.ticket is not None else person.ticket
    return person._replace(learned=learned, ticket=ticket)
