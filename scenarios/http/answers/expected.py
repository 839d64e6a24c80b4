"""Whether an answer is what the launch file expects of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.captured import searched, text_of
from scenarios.http.requests.person import NoValue, Person
from simulator.scenario.words.rehearsal.requests import ANYTHING, REDIRECTS, Expect, Request
from simulator.text.placeholders import filled, filled_in


def wrong_status(answer: Answer, request: Request) -> str:
    """What is wrong with its status, in our words; empty where it is one that is expected."""
    if request.expect.status:
        wanted = " or ".join(request.expect.status)
        return "" if request.expect.allows(answer.status) else f"unexpected status, not {wanted}"
    if request.redirects == "expect":
        return "" if answer.status in REDIRECTS else "a redirect was expected"
    if answer.status in REDIRECTS:
        return NOT_ASKED if request.redirects is None else "it leads nowhere"
    return "" if answer.is_2xx else "unexpected status"


NOT_ASKED = 'a redirect (write redirects = "expect", or "follow")'


def led_back(answer: Answer, request: Request) -> str:
    """That a form leads to itself, as where its errors are shown on the page that comes next.

    Whoever says by what else he knows a success has said enough.
    """
    if not request.sends_a_form or request.expect.looks_inside:
        return ""
    if request.redirects == "expect":
        sent_to, leads_to = path_of(answer.asked), path_of(leads(answer))
    elif answer.redirects:
        sent_to, leads_to = path_of(request.path), path_of(answer.asked)
    else:
        return ""
    return LEADS_BACK if sent_to and f"/{leads_to}".endswith(f"/{sent_to}") else ""


LEADS_BACK = "it leads back to the form (say by expect what a success is)"


def leads(answer: Answer) -> str:
    """Where a redirect leads; empty where that is no address."""
    try:
        return urljoin(answer.asked, answer.headers.get("location", ""))
    except ValueError:
        return ""


def path_of(address: str) -> str:
    """Without slashes around it; empty of the first page, to which anything may lead."""
    try:
        return urlsplit(address).path.strip("/")
    except ValueError:
        return ""


def wrong_inside(answer: Answer, request: Request, person: Person) -> str:
    """The first condition of a request that its answer does not meet; empty: it meets all."""
    return unmet(answer, request.expect, person)


def unmet(answer: Answer, asked: Expect, person: Person) -> str:
    """The first condition that an answer does not meet, as the launch file has it; empty: it meets all."""
    if not asked.looks_inside:
        return ""
    try:
        for path, wanted in asked.json_.items():
            if not is_so(searched(path, answer), filled_in(wanted, person.value)):
                return f"expect.json {path} is not so"
        for name, wanted in asked.header.items():
            told = answer.headers.get(name.lower())
            if told is None or (wanted != ANYTHING and filled(wanted, person.value) not in told):
                return f"expect.header {name} is not so"
        if asked.text or asked.no_text:
            text = text_of(answer)
            for wanted in asked.text:
                if filled(wanted, person.value) not in text:
                    return f"expect.text “{wanted}” is not there"
            for unwanted in asked.no_text:
                if filled(unwanted, person.value) in text:
                    return f"expect.no_text “{unwanted}” is there"
    except NoValue as missing:
        return str(missing)
    return ""


def is_so(found: Any, wanted: Any) -> bool:
    """Whether a value of JSON is the one that is wanted: true is not 1, and a number is one however written.

    >>> is_so(True, 1), is_so(2.0, 2), is_so([], "*"), is_so(0, "*")
    (False, True, False, True)
    """
    if wanted == ANYTHING:
        return found is not None and found not in ("", [], {})
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return bool(found == wanted)
