import pytest

from scenarios.http.answers import success
from scenarios.http.answers.answer import Answer, json_object
from scenarios.http.answers.success import (
    Judged,
    complaint,
    is_ours,
    judge_place,
    leaves_open,
    lets_in,
    quoted,
)
from scenarios.http.line import PROTOCOL
from scenarios.http.requests.person import Person
from simulator.outcomes.answered import (
    ACCEPTED,
    ALREADY_DONE,
    ANY_2XX,
    BY_PROTOCOL,
    MOST_KINDS,
    Tally,
)
from simulator.outcomes.rows import Result
from simulator.scenario.words.rehearsal.requests import Request
from tests.examples import examples

JSON = "application/json"
PERSON = Person.of("run-1", 7)


def judge(answer: Answer, method: str, path: str, *, ours: bool, unheard: bool = False) -> Judged:
    """Of a request that says no more than its method and path."""
    request = Request.model_validate({"method": method, "path": path})
    return success.judge(answer, request, PERSON, ours=ours, unheard=unheard)


def said(status: int, content: bytes = b"", kind: str = JSON, **more: str) -> Answer:
    return Answer(
        status=status,
        content=content,
        content_type=kind,
        body=json_object(content),
        retry_after=more.get("retry_after"),
    )


@examples("method, path, answer",
    ("signup", "POST", "/signup", said(201, b'{"account": 7, "verification": "sent"}')),
    ("verify", "POST", "/verify", said(200, b'{"verified": true}')),
    ("read nothing", "GET", "/read/feed", said(200, b'{"what": "feed", "entries": []}')),
    ("write", "POST", "/write/feed", said(201, b'{"entry": 3}')),
    ("pay", "POST", "/pay", said(201, b'{"payment": 3}')),
)  # fmt: skip
def test_the_reference_protocol_is_checked_exactly(method: str, path: str, answer: Answer) -> None:
    status = 200 if answer.status == 201 else 204
    other = Answer(status=status, content=answer.content, body=answer.body)
    bare = said(answer.status, b"{}")
    assert judge(answer, method, path, ours=True).reason == BY_PROTOCOL
    assert judge(other, method, path, ours=True).kind == f"the protocol promises {answer.status}"
    assert judge(bare, method, path, ours=True).kind.startswith("no “")
    assert judge(other, method, path, ours=False).reason == ANY_2XX


def test_a_target_of_ours_says_so() -> None:
    assert is_ours({"protocol": PROTOCOL, "workers": 4})
    assert not is_ours({"workers": 4, "queue": 100})


@pytest.mark.parametrize("ours", [True, False])
def test_to_wait_in_line_is_never_a_success(*, ours: bool) -> None:
    waits = said(202, b'{"ticket": "t", "admitted": false}', retry_after="2")
    assert judge(waits, "POST", "/signup", ours=ours).result is Result.TURNED_AWAY


def test_a_bare_202_is_counted_apart() -> None:
    judged = judge(said(202, b'{"queued": 1}'), "POST", "/signup", ours=False)
    assert (judged.result, judged.reason) == (Result.SUCCESS, ACCEPTED)


@examples("answer",
    ("when to ask again", said(200, b'{"status": "waiting", "retry_after_s": 2}')),
    ("a place", said(202, b'{"position": 200}')),
    ("the first place", said(202, b'{"queue_position": 1}')),
)  # fmt: skip
def test_whoever_is_told_to_ask_again_is_in_line(answer: Answer) -> None:
    assert judge(answer, "POST", "/signup", ours=False).result is Result.TURNED_AWAY
    assert not lets_in(answer, judge_place(answer, "GET", ours=False))


@pytest.mark.parametrize(("body", "enters"), [
    (b'{"ticket": "t", "admitted": "false"}', False),
    (b'{"ticket": "t", "admitted": 0}', False),
    (b'{"ticket": "t", "position": 50}', False),
    (b'{"ticket": "t", "position": 0}', True),
    (b'{"ticket": "t", "position": 50, "admitted": true}', True),
    (b'{"ticket": "t", "admitted": "true"}', True),
])  # fmt: skip
def test_a_line_of_another_lets_in_whom_it_says(body: bytes, *, enters: bool) -> None:
    answer = said(200, body)
    assert lets_in(answer, judge_place(answer, "GET", ours=False)) is enters


@pytest.mark.parametrize(
    "body", [b'{"position": 0}', b'{"position": "left wing"}', b'{"admitted": true, "position": 1}']
)
def test_a_position_that_is_no_place_in_line_is_none(body: bytes) -> None:
    assert judge(said(202, body), "POST", "/signup", ours=False).reason == ACCEPTED


TEXT = "text/plain"


@examples("answer",
    ("a status as a text", said(200, b'{"code": "500", "msg": "boom"}')),
    ("a negative code", said(200, b'{"returnCode": -1}')),
    ("a message of an error", said(200, b'{"errorMessage": "timed out after 3 s"}')),
    ("a type of an error", said(200, b'{"errorType": "KeyError"}')),
    ("a list in an envelope", said(207, b'{"responses": [{"status": 500}]}')),
    ("a bare no", said(200, b"false")),
    ("a bare error", said(200, b'"error"')),
    ("the word", said(200, b"error", TEXT)),
    ("the word, undeclared", said(200, b"error", "")),
    ("a line", said(200, b"Error: connection refused\n", TEXT)),
    ("a phrase", said(200, b"Internal Server Error", TEXT)),
    ("a status", said(200, b"HTTP/1.1 503 Service Unavailable", TEXT)),
    ("a traceback", said(200, b"Traceback (most recent call last):\n ...", TEXT)),
    ("UTF-16", said(200, "error".encode("utf-16"), TEXT)),
    ("PHP, undeclared", said(200, b"<b>Fatal error</b>: Uncaught", "")),
    ("a page as text", said(200, b"<!-- x --><p>down</p>", TEXT)),
    ("XML", said(200, b"<error><code>5</code></error>", "application/xml")),
    ("SOAP 1.1", said(200, b'<?xml version="1.0"?>\n<s:Envelope><s:Body><s:Fault>', "text/xml")),
    ("XML, undeclared", said(200, b'<?xml version="1.0"?><Errors/>', "")),
)  # fmt: skip
def test_what_says_no_to_who_wants_something_done(answer: Answer) -> None:
    assert judge(answer, "POST", "/signup", ours=False).result is Result.FAILED


@examples("answer",
    ("codes", said(200, b'{"code": "5f3a", "returnCode": 0}')),
    ("a status that says yes", said(200, b'{"code": "200"}')),
    ("nothing", said(200, b"[]")),
    ("a bare yes", said(200, b"true")),
    ("a bare text", said(200, b'"5f3a"')),
    ("no error", said(200, b"Signed up without error", TEXT)),
    ("none, in words", said(200, b"no error", TEXT)),
    ("free of them", said(200, b"an error-free signup", TEXT)),
    ("XML", said(200, b"<account><error/></account>", "application/xml")),
    ("SOAP", said(200, b"<s:Envelope><s:Body><signedUp/></s:Body>", "text/xml")),
)  # fmt: skip
def test_what_does_not(answer: Answer) -> None:
    assert judge(answer, "POST", "/signup", ours=False).result is Result.SUCCESS


@pytest.mark.parametrize(
    "body", [b"<title>503 Service Unavailable</title>", b"<p>x<br /><b>Fatal error</b>: no such table"]
)  # fmt: skip
def test_an_error_page_is_no_page(body: bytes) -> None:
    told = said(200, body, "text/html")
    assert judge(told, "GET", "/feed", ours=False).kind == "an error page"


PAGE = said(200, b"<html><title>Welcome</title></html>", "text/html")


def test_a_page_is_for_who_asks_for_one() -> None:
    assert judge(PAGE, "GET", "/welcome", ours=False).result is Result.SUCCESS
    assert judge(PAGE, "POST", "/signup", ours=False).result is Result.FAILED


@examples("answer",
    ("of an older charset", said(200, "été".encode("latin-1") * 9, "text/html")),
    ("UTF-8", said(200, "déjà".encode() * 9, "text/html; charset=utf-8")),
    ("Cyrillic", said(200, "Привет".encode("cp1251"), "text/html; charset=windows-1251")),
    ("UTF-16", said(200, "Hi".encode("utf-16"), "text/plain")),
    ("a charset that nobody knows", said(200, b"x", "text/plain; charset=nonsense")),
    ("a codec that is no charset", said(200, b"x", "text/plain; charset=idna")),
    ("a picture", said(200, bytes(range(256)), "image/png")),
    ("a file", said(200, bytes(range(256)), "")),
    ("a list of what failed", said(200, b'[{"status": "failed", "id": 3}]')),
    ("that, by name", said(200, b'{"jobs": [{"status": "failed"}]}')),
    ("a value", said(200, b"false")),
    ("a title", said(200, b"<title>500 ways to fail</title>", "text/html")),
    ("prose", said(200, b"Errors and how to mend them", "text/plain")),
)  # fmt: skip
def test_what_is_read_may_be_anything_that_it_says_it_is(answer: Answer) -> None:
    assert judge(answer, "GET", "/page", ours=False).result is Result.SUCCESS


@examples("answer",
    ("random bytes", said(200, bytes(range(256)), "text/html")),
    ("not UTF-8", said(200, b"\xff\xfe\xfa\xfb\xfc" * 3, "text/html; charset=utf-8")),
    ("cut JSON", said(200, b"{")),
    ("an error", said(200, b'{"error": "down"}')),
)  # fmt: skip
def test_and_nothing_else(answer: Answer) -> None:
    assert judge(answer, "GET", "/page", ours=False).result is Result.FAILED


@examples("answer, is_open",
    ("timeout", Answer(status=0, timed_out=True, error="timed out"), True),
    ("reset", Answer(status=0, error="ConnectionResetError"), True),
    ("cut short", Answer(status=200, error="ended in the middle"), True),
    ("a gateway that did not hear", Answer(status=504), True),
    ("refused", Answer(status=0, error="ConnectionRefusedError"), False),
    ("refused, in words", Answer(status=0, error="connection refused"), False),
    ("heard: it failed", Answer(status=500), False),
    ("heard: busy", Answer(status=503), False),
    ("heard", Answer(status=200), False),
)  # fmt: skip
def test_only_what_nobody_heard_is_open(answer: Answer, *, is_open: bool) -> None:
    assert leaves_open(answer) is is_open
    taken = judge(said(409), "POST", "/signup", ours=False, unheard=is_open)
    assert (taken.reason == ALREADY_DONE) is is_open


@examples("answer, enters",
    ("let in", said(200, b'{"ticket": "t", "admitted": true}'), True),
    ("not yet", said(200, b'{"ticket": "t", "admitted": false}'), False),
    ("ours, and says nothing", said(200, b'{"ticket": "t"}'), False),
    ("an error", said(200, b'{"admitted": true, "error": "down"}'), False),
    ("waits", said(202, b'{"ticket": "t", "admitted": false}'), False),
    ("broken", said(500), False),
)  # fmt: skip
def test_who_may_enter(answer: Answer, *, enters: bool) -> None:
    assert lets_in(answer, judge_place(answer, "GET", ours=True)) is enters


def test_the_line_of_others_says_it_by_its_status() -> None:
    answer = said(200, b'{"ticket": "t"}')
    assert lets_in(answer, judge_place(answer, "GET", ours=False))
    assert not lets_in(PAGE, judge_place(PAGE, "POST", ours=False))


@examples("text, shown",
    ("words", "CSRF token missing", "CSRF token missing"),
    ("what a terminal obeys", "\x1b[31mred\x1b[0m\x07\n\u202ebidi", "red bidi"),
    ("what one request has", "user 7 and a@b.c of 5d41402a", "user … and … of …"),
    ("long as a key", "token " + "x" * 25, "token …"),
    ("cut short", "word " * 40, ("word " * 20)[:99] + "…"),
)  # fmt: skip
def test_a_servers_words_are_safe_to_show(text: str, shown: str) -> None:
    assert quoted(text) == shown


def test_no_secret_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURGEPROOF_AUTHORIZATION", "Bearer swordfish")
    assert quoted("not allowed: swordfish!") == "not allowed: …"


def test_locusts_table_holds_our_words_only() -> None:
    answer = said(403, b'{"error": "CSRF token missing"}')
    judged = judge(answer, "POST", "/signup", ours=False)
    assert judged.reason == "unexpected status: “CSRF token missing”"
    assert complaint(answer, judged) == "unexpected status (403)"
    assert not complaint(said(204), judge(said(204), "POST", "/signup", ours=False))


def test_no_server_makes_a_tally_grow_without_end() -> None:
    tally = Tally()
    for number in range(10 * MOST_KINDS):
        tally.add(0, Result.FAILED, 400, f"reason {number}")
    rows = tally.rows()
    assert len(rows) == MOST_KINDS + 1
    assert sum(row[-1] for row in rows) == 10 * MOST_KINDS
