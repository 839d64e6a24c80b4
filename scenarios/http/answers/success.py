"""Success: what an answer must be to count as one. The only rule, for the replay and the probe.

Of the reference target (its health says ``"protocol": "surgeproof 1"``) its own protocol is checked
exactly: the status, and the member by which its answer can be known (``PROTOCOL_ANSWERS``). Of any
other server what the launch file expects is (:mod:`scenarios.http.answers.expected`); where it says nothing, a 2xx
is one unless it contradicts itself (:mod:`scenarios.http.answers.contradiction.contradiction`), and the run says so.

*202.* With Retry-After, a ``position`` or ``"admitted": false``, it says "not yet, ask again": that is
the line, never a success, and counts as turned away, whose Retry-After is honoured; so is a 200 whose
body says ``"admitted": false`` or ``retry_after_s``, or that Cloudflare's waiting room sends. A 202 that asks for nothing
more is a success where the server is not ours: its client has done what he could, and interfaces that
send a mail later answer so. HTTP calls it "noncommittal" (RFC 9110, 15.3.3), so it is counted apart.

*409 after no answer.* "It exists already" is a success only if an earlier attempt of the same step may
have been served without its client hearing so (``leaves_open``), and is counted apart, since nobody
saw it being done. A connection that ended, or a timeout, leaves that open: the server may go on. So do
502, 504, 520 and 524: a proxy speaks for a server that it did not hear. Everything that the server
itself said closes it: it knows best whether it failed (500) or was too busy (503, 429), and a server
that fails everybody and then says "exists already" to everybody makes no account. A connection that
was refused never carried a request.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.captured import NotCaptured, captured
from scenarios.http.answers.contradiction.contradiction import contradiction
from scenarios.http.answers.contradiction.reason import told_why
from scenarios.http.answers.expected import led_back, wrong_inside, wrong_status
from scenarios.http.line import PROTOCOL
from scenarios.http.requests.person import Person, is_secret
from simulator.outcomes.answered import (
    ACCEPTED,
    ALREADY_DONE,
    ANY_2XX,
    AS_EXPECTED,
    BY_PROTOCOL,
    CUT_SHORT,
    GATEWAYS,
    NEVER_ASKED,
    WAITS,
)
from simulator.outcomes.rows import Result
from simulator.scenario.words.rehearsal.requests import Expect, Request

PROTOCOL_ANSWERS = {
    "signup": (201, "account"),
    "verify": (200, "verified"),
    "read": (200, "entries"),
    "write": (201, "entry"),
    "pay": (201, "payment"),
}
"""By the word in the path: the status of a success, and what its answer holds."""

TAKEN = 409

LONGEST_QUOTE = 100
LONGEST_WORD = 24
"""Longer words are names of one request, as those with digits or ``@`` are."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What an answer came to."""

    result: Result
    kind: str
    """Of few: why, in our words."""
    said: str = ""
    """Why, in the server's words, safe to show and without what only one request has."""
    learned: Mapping[str, str] = field(default_factory=dict)
    """What was taken from the answer, by the names that the launch gives."""

    @property
    def reason(self) -> str:
        return f"{self.kind}: “{self.said}”" if self.said else self.kind


def is_ours(health: Mapping[str, Any]) -> bool:
    """Whether what a target says of its health says that it speaks the reference protocol."""
    return health.get("protocol") == PROTOCOL


def judge(
    answer: Answer, request: Request, person: Person, *, ours: bool, unheard: bool = False
) -> Judged:
    """What an attempt at a step came to, and what was taken from its answer (:class:`Judge`)."""
    return Judge(request, ours=ours)(answer, person, unheard=unheard)


class Judge:
    """How answers to one request are judged; what its launch says of them is read once."""

    def __init__(self, request: Request, *, ours: bool) -> None:
        self.request, self.ours, self.expect = request, ours, request.expect
        self.method, self.capture = request.method, request.capture
        self.sends_a_form, self.looks_inside = request.sends_a_form, request.expect.looks_inside
        self.names_status, self.gets_a_page = bool(request.expect.status), gets_a_page(request)
        self.wants_2xx = not (self.names_status or request.redirects == "expect")
        self.as_expected = not self.wants_2xx or self.looks_inside
        """Whether the launch says what a success is."""
        self.promised = (
            PROTOCOL_ANSWERS.get(word_in(request.path)) if ours and request.is_bare else None
        )

    def __call__(self, answer: Answer, person: Person, *, unheard: bool = False) -> Judged:
        """``unheard``: an earlier attempt may have been served (:func:`leaves_open`)."""
        if (early := judged_by_status(answer, self.expect)) is not None:
            return early
        if answer.status == TAKEN and unheard and not self.expect.allows(TAKEN):
            return Judged(Result.SUCCESS, ALREADY_DONE)
        is_2xx = answer.is_2xx
        if not (is_2xx and self.wants_2xx) and (wrong := wrong_status(answer, self.request)):
            return failed(answer, wrong, person.hides)
        if answer.asks_to_wait and (not self.names_status or answer.in_a_waiting_room):
            return Judged(Result.TURNED_AWAY, "told to wait")
        if wrong := self.fault_in(answer, person):
            return failed(answer, wrong, person.hides)
        if self.promised is not None:
            return judge_ours(answer, *self.promised)
        basis = AS_EXPECTED if self.as_expected else ACCEPTED if answer.status == 202 else ANY_2XX
        if not self.capture:
            return succeeded(basis)
        try:
            learned = captured(self.capture, answer)
        except NotCaptured as missing:
            return failed(answer, str(missing), person.hides)
        return Judged(Result.SUCCESS, basis, learned=learned)

    def fault_in(self, answer: Answer, person: Person) -> str:
        """Why an answer of the right status is no success."""
        if self.looks_inside:
            return wrong_inside(answer, self.request, person)
        wrong = contradicted(answer, self.method, gets_a_page=self.gets_a_page)
        return wrong or (led_back(answer, self.request) if self.sends_a_form else "")


def gets_a_page(request: Request) -> bool:
    """Whether a page is as good an answer as any: to a form whose launch says by what status it succeeds."""
    return request.sends_a_form and bool(request.expect.status)


def contradicted(answer: Answer, method: str, *, gets_a_page: bool = False) -> str:
    """Why an answer denies the success that its status claims, where the launch file expects nothing inside.

    Who expects something inside has said what a success is. A form, and what a redirect leads to, are
    answered with pages; a page where a program asked is none of its answers.
    """
    if not answer.is_2xx:
        return ""
    return contradiction(answer, "GET" if answer.redirects or gets_a_page else method)


def judge_ours(answer: Answer, status: int, member: str) -> Judged:
    """The same of the reference target, which promises one answer."""
    if answer.status != status:
        return failed(answer, f"the protocol promises {status}")
    if not answer.body.get(member) and answer.body.get(member) != []:
        return failed(answer, f"no “{member}” in the answer")
    return succeeded(BY_PROTOCOL)


def judge_place(answer: Answer, method: str, *, ours: bool) -> Judged:
    """What a request to the line came to: a success is whatever it may say, "wait" included."""
    if (early := judged_by_status(answer)) is not None:
        return early
    if answer.status not in (200, 202, 204):
        return failed(answer, "unexpected status")
    fault = contradiction(answer, method)
    if fault:
        return failed(answer, fault)
    if ours and answer.status == 200 and answer.body.get("admitted") is not True:
        return failed(answer, "no “admitted” in the answer")
    waits = answer.status == 202 or answer.asks_to_wait or answer.place_in_line > 0
    return succeeded(WAITS if waits else "fine")


def lets_in(answer: Answer, judged: Judged) -> bool:
    """Whether the line says that the one who looks may enter: who has a place in it stands there."""
    waits = answer.asks_to_wait or answer.place_in_line > 0
    return judged.result is Result.SUCCESS and answer.status == 200 and not waits


def judged_by_status(answer: Answer, expect: Expect = Expect()) -> Judged | None:  # noqa: B008
    """What is plain without a look at the body."""
    if answer.timed_out:
        return Judged(Result.TIMED_OUT, "timed out")
    if answer.status == 0:
        return Judged(Result.FAILED, answer.error or "the connection ended")
    if answer.error:
        return Judged(Result.FAILED, f"{CUT_SHORT} ({answer.error})")
    if answer.refused and not expect.allows(answer.status):
        return Judged(Result.TURNED_AWAY, "turned away")
    return None


def leaves_open(answer: Answer) -> bool:
    """Whether the server may have done it, and its client just did not hear so."""
    if answer.status and not answer.error:
        return answer.status in GATEWAYS
    return not any(words in answer.error.lower() for words in NEVER_ASKED)


def failed(answer: Answer, kind: str, hides: Callable[[str], bool] = is_secret) -> Judged:
    return Judged(Result.FAILED, kind, quoted(told_why(answer), hides))


@lru_cache(maxsize=64)
def succeeded(kind: str) -> Judged:
    """A success of which nothing is taken: one value for all of its kind."""
    return Judged(Result.SUCCESS, kind)


def taken_as_it_is(_: Answer) -> Judged:
    """Of a question that nobody's visit rests on."""
    return succeeded("not judged")


def complaint(answer: Answer, judged: Judged) -> str:
    """What Locust's table of failures says of it; empty where it kept nobody from getting on.

    Only our own words: that table has a row for each different sentence.
    """
    if judged.result is Result.SUCCESS:
        return ""
    return f"{judged.kind} ({answer.status})" if answer.status else f"no answer: {judged.kind}"


def word_in(path: str) -> str:
    """The word of the protocol in a path, as :mod:`scenarios.http.requests.protocol` finds it."""
    words = path.partition("?")[0].split("/")
    return next((word for word in words if word in PROTOCOL_ANSWERS), "")


def quoted(text: str, hides: Callable[[str], bool] = is_secret) -> str:
    r"""A server's words, safe to show: one short line, without what only one request has.

    >>> quoted("User visitor-7@run.example\n already \x1b[31mexists (id 5d41402a)")
    'User … already exists (id …'
    """
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in ANSI.sub("", text))
    words = ["…" if is_unique(word) or hides(word) else word for word in shown.split()]
    line = " ".join(w for n, w in enumerate(words) if w != "…" or not n or words[n - 1] != "…")
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1].rstrip()}…"


ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


def is_unique(word: str) -> bool:
    """Whether a word may be one request's own: a number, an address, a key."""
    return len(word) > LONGEST_WORD or "@" in word or any(map(str.isdigit, word))
