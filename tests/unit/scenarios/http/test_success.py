import pytest

from scenarios.http.answers.answer import Answer, json_object
from scenarios.http.answers.success import (
    complaint,
    is_ours,
    judge,
    judge_place,
    leaves_open,
    lets_in,
    quoted,
)
from scenarios.http.line import PROTOCOL
from simulator.outcomes.answered import (
    ACCEPTED,
    ALREADY_DONE,
    ANY_2XX,
    BY_PROTOCOL,
    MOST_KINDS,
    Tally,
)
from simulator.outcomes.rows import Result

JSON = "application/json"


def said(status: int, content: bytes = b"", kind: str = JSON, **more: str) -> Answer:
    return Answer(
        status=status,
        content=content,
        content_type=kind,
        body=json_object(content),
        retry_after=more.get("retry_after"),
    )


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        pytest.param("POST", "/signup", said(201, b'{"account": 7, "verification": "sent"}'), id="signup"),
        pytest.param("POST", "/verify", said(200, b'{"verified": true}'), id="verify"),
        pytest.param("GET", "/read/feed", said(200, b'{"what": "feed", "entries": []}'), id="read nothing"),
        pytest.param("POST", "/write/feed", said(201, b'{"entry": 3}'), id="write"),
        pytest.param("POST", "/pay", said(201, b'{"payment": 3}'), id="pay"),
    ],
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


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(said(200, b'{"status": "waiting", "retry_after_s": 2}'), id="when to ask again"),
        pytest.param(said(202, b'{"position": 200}'), id="a place"),
        pytest.param(said(202, b'{"queue_position": 1}'), id="the first place"),
    ],
)  # fmt: skip
def test_whoever_is_told_to_ask_again_is_in_line(answer: Answer) -> None:
    assert judge(answer, "POST", "/signup", ours=False).result is Result.TURNED_AWAY
    assert not lets_in(answer, judge_place(answer, "GET", ours=False))


@pytest.mark.parametrize(
    ("body", "enters"),
    [
        (b'{"ticket": "t", "admitted": "false"}', False),
        (b'{"ticket": "t", "admitted": 0}', False),
        (b'{"ticket": "t", "position": 50}', False),
        (b'{"ticket": "t", "position": 0}', True),
        (b'{"ticket": "t", "position": 50, "admitted": true}', True),
        (b'{"ticket": "t", "admitted": "true"}', True),
    ],
)
def test_a_line_of_another_lets_in_whom_it_says(body: bytes, *, enters: bool) -> None:
    answer = said(200, body)

    assert lets_in(answer, judge_place(answer, "GET", ours=False)) is enters


@pytest.mark.parametrize(
    "body", [b'{"position": 0}', b'{"position": "left wing"}', b'{"admitted": true, "position": 1}']
)
def test_a_position_that_is_no_place_in_line_is_none(body: bytes) -> None:
    assert judge(said(202, body), "POST", "/signup", ours=False).reason == ACCEPTED


TEXT = "text/plain"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(said(200, b'{"code": "500", "msg": "boom"}'), id="a status as a text"),
        pytest.param(said(200, b'{"returnCode": -1}'), id="a negative code"),
        pytest.param(said(200, b'{"errorMessage": "timed out after 3 s"}'), id="a message of an error"),
        pytest.param(said(200, b'{"errorType": "KeyError"}'), id="a type of an error"),
        pytest.param(said(207, b'{"responses": [{"status": 500}]}'), id="a list in an envelope"),
        pytest.param(said(200, b"false"), id="a bare no"),
        pytest.param(said(200, b'"error"'), id="a bare error"),
        pytest.param(said(200, b"error", TEXT), id="the word"),
        pytest.param(said(200, b"error", ""), id="the word, undeclared"),
        pytest.param(said(200, b"Error: connection refused\n", TEXT), id="a line"),
        pytest.param(said(200, b"Internal Server Error", TEXT), id="a phrase"),
        pytest.param(said(200, b"HTTP/1.1 503 Service Unavailable", TEXT), id="a status"),
        pytest.param(said(200, b"Traceback (most recent call last):\n ...", TEXT), id="a traceback"),
        pytest.param(said(200, "error".encode("utf-16"), TEXT), id="UTF-16"),
        pytest.param(said(200, b"<b>Fatal error</b>: Uncaught", ""), id="PHP, undeclared"),
        pytest.param(said(200, b"<!-- x --><p>down</p>", TEXT), id="a page as text"),
        pytest.param(said(200, b"<error><code>5</code></error>", "application/xml"), id="XML"),
        pytest.param(said(200, b'<?xml version="1.0"?>\n<s:Envelope><s:Body><s:Fault>', "text/xml"), id="SOAP 1.1"),
        pytest.param(said(200, b'<?xml version="1.0"?><Errors/>', ""), id="XML, undeclared"),
    ],
)  # fmt: skip
def test_what_says_no_to_who_wants_something_done(answer: Answer) -> None:
    assert judge(answer, "POST", "/signup", ours=False).result is Result.FAILED


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(said(200, b'{"code": "5f3a", "returnCode": 0}'), id="codes"),
        pytest.param(said(200, b'{"code": "200"}'), id="a status that says yes"),
        pytest.param(said(200, b"[]"), id="nothing"),
        pytest.param(said(200, b"true"), id="a bare yes"),
        pytest.param(said(200, b'"5f3a"'), id="a bare text"),
        pytest.param(said(200, b"Signed up without error", TEXT), id="no error"),
        pytest.param(said(200, b"no error", TEXT), id="none, in words"),
        pytest.param(said(200, b"an error-free signup", TEXT), id="free of them"),
        pytest.param(said(200, b"<account><error/></account>", "application/xml"), id="XML"),
        pytest.param(said(200, b"<s:Envelope><s:Body><signedUp/></s:Body>", "text/xml"), id="SOAP"),
    ],
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


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(said(200, "été".encode("latin-1") * 9, "text/html"), id="of an older charset"),
        pytest.param(said(200, "déjà".encode() * 9, "text/html; charset=utf-8"), id="UTF-8"),
        pytest.param(said(200, "Привет".encode("cp1251"), "text/html; charset=windows-1251"), id="Cyrillic"),
        pytest.param(said(200, "Hi".encode("utf-16"), "text/plain"), id="UTF-16"),
        pytest.param(said(200, b"x", "text/plain; charset=nonsense"), id="a charset that nobody knows"),
        pytest.param(said(200, b"x", "text/plain; charset=idna"), id="a codec that is no charset"),
        pytest.param(said(200, bytes(range(256)), "image/png"), id="a picture"),
        pytest.param(said(200, bytes(range(256)), ""), id="a file"),
        pytest.param(said(200, b'[{"status": "failed", "id": 3}]'), id="a list of what failed"),
        pytest.param(said(200, b'{"jobs": [{"status": "failed"}]}'), id="that, by name"),
        pytest.param(said(200, b"false"), id="a value"),
        pytest.param(said(200, b"<title>500 ways to fail</title>", "text/html"), id="a title"),
        pytest.param(said(200, b"Errors and how to mend them", "text/plain"), id="prose"),
    ],
)  # fmt: skip
def test_what_is_read_may_be_anything_that_it_says_it_is(answer: Answer) -> None:
    assert judge(answer, "GET", "/page", ours=False).result is Result.SUCCESS


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(said(200, bytes(range(256)), "text/html"), id="random bytes"),
        pytest.param(said(200, b"\xff\xfe\xfa\xfb\xfc" * 3, "text/html; charset=utf-8"), id="not UTF-8"),
        pytest.param(said(200, b"{"), id="cut JSON"),
        pytest.param(said(200, b'{"error": "down"}'), id="an error"),
    ],
)  # fmt: skip
def test_and_nothing_else(answer: Answer) -> None:
    assert judge(answer, "GET", "/page", ours=False).result is Result.FAILED


@pytest.mark.parametrize(
    ("answer", "is_open"),
    [
        pytest.param(Answer(status=0, timed_out=True, error="timed out"), True, id="timeout"),
        pytest.param(Answer(status=0, error="ConnectionResetError"), True, id="reset"),
        pytest.param(Answer(status=200, error="ended in the middle"), True, id="cut short"),
        pytest.param(Answer(status=504), True, id="a gateway that did not hear"),
        pytest.param(Answer(status=0, error="ConnectionRefusedError"), False, id="refused"),
        pytest.param(Answer(status=0, error="connection refused"), False, id="refused, in words"),
        pytest.param(Answer(status=500), False, id="heard: it failed"),
        pytest.param(Answer(status=503), False, id="heard: busy"),
        pytest.param(Answer(status=200), False, id="heard"),
    ],
)
def test_only_what_nobody_heard_is_open(answer: Answer, *, is_open: bool) -> None:
    assert leaves_open(answer) is is_open
    taken = judge(said(409), "POST", "/signup", ours=False, unheard=is_open)
    assert (taken.reason == ALREADY_DONE) is is_open


@pytest.mark.parametrize(
    ("answer", "enters"),
    [
        pytest.param(said(200, b'{"ticket": "t", "admitted": true}'), True, id="let in"),
        pytest.param(said(200, b'{"ticket": "t", "admitted": false}'), False, id="not yet"),
        pytest.param(said(200, b'{"ticket": "t"}'), False, id="ours, and says nothing"),
        pytest.param(said(200, b'{"admitted": true, "error": "down"}'), False, id="an error"),
        pytest.param(said(202, b'{"ticket": "t", "admitted": false}'), False, id="waits"),
        pytest.param(said(500), False, id="broken"),
    ],
)
def test_who_may_enter(answer: Answer, *, enters: bool) -> None:
    assert lets_in(answer, judge_place(answer, "GET", ours=True)) is enters


def test_the_line_of_others_says_it_by_its_status() -> None:
    answer = said(200, b'{"ticket": "t"}')

    assert lets_in(answer, judge_place(answer, "GET", ours=False))
    assert not lets_in(PAGE, judge_place(PAGE, "POST", ours=False))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("CSRF token missing", "CSRF token missing", id="words"),
        pytest.param("\x1b[31mred\x1b[0m\x07\n\u202ebidi", "red bidi", id="what a terminal obeys"),
        pytest.param(
            "user 7 and a@b.c of 5d41402a", "user … and … of …", id="what one request has"
        ),
        pytest.param("token " + "x" * 25, "token …", id="long as a key"),
        pytest.param("word " * 40, ("word " * 12)[:59] + "…", id="cut short"),
    ],
)
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
