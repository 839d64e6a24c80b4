"""What counts as a success where the launch file says so, and what is taken from it."""

import json
from typing import Any

import pytest

from scenarios.http.answers.answer import Answer, json_object
from scenarios.http.answers.captured import NotCaptured, captured
from scenarios.http.answers.success import Judged, judge
from scenarios.http.requests.person import Person
from simulator.outcomes.answered import ACCEPTED, ALREADY_DONE, ANY_2XX, AS_EXPECTED
from simulator.outcomes.rows import Result
from simulator.scenario.words.rehearsal.requests import Request
from tests.examples import examples

PERSON = Person.of("run-1", 7, {"name": "Ada"}, learned={"token": "t0p-s3cret"})
HTML = "text/html; charset=utf-8"
FORM = {"form": {"email": "${email}"}}
AGAIN = b"""<title>Sign up</title><form><ul class="errorlist" id="x"><li>This password is too
 common.</li></ul></form>"""


def said(status: int = 200, body: Any = b"", kind: str = HTML, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(
        status=status,
        content=content,
        content_type=kind if isinstance(body, bytes) else "application/json",
        body=json_object(content),
        headers={name.lower().replace("_", "-"): text for name, text in headers.items()},
        cookies={"sid": "1"},
        asked="http://host/app/signup",
        retry_after=headers.get("retry_after"),
    )


def of(answer: Answer, unheard: bool = False, **words: Any) -> Judged:
    request = Request.model_validate({"path": "/a", **words})
    return judge(answer, request, PERSON, ours=False, unheard=unheard)


@examples("answer, words, reason",
    ("any 2xx", said(204), {}, ANY_2XX),
    ("accepted", said(202, {"id": 1}), {}, ACCEPTED),
    ("a status", said(201, {"id": 1}), {"expect": {"status": [201]}}, AS_EXPECTED),
    ("a kind of status", said(418), {"expect": {"status": ["4xx"]}}, AS_EXPECTED),
    ("a refusal that is right", said(429), {"expect": {"status": [200, 429]}}, AS_EXPECTED),
    ("a form's redirect", said(302, location="/in"), {**FORM, "redirects": "expect"}, AS_EXPECTED),
    ("to the right place", said(303, location="/in?x=1"),
     {**FORM, "redirects": "expect", "expect": {"header": {"Location": "/in"}}}, AS_EXPECTED),
    ("a form answered by a page", said(200, b"<h1>Welcome</h1>"), {**FORM, "expect": {"text": "Welcome"}}, AS_EXPECTED),
    ("a member", said(200, {"data": {"ok": True, "id": 3}}), {"expect": {"json": {"data.ok": True, "data.id": "*"}}}, AS_EXPECTED),
    ("his own value", said(200, {"name": "Ada"}), {"expect": {"json": {"name": "${data.name}"}}}, AS_EXPECTED),
    ("what another would take for no", said(200, {"errors": ["none of yours"], "done": 1}), {"expect": {"json": {"done": 1}}}, AS_EXPECTED),
)  # fmt: skip
def test_a_success_is_what_the_launch_expects(
    answer: Answer, words: dict[str, Any], reason: str
) -> None:
    judged = of(answer, **words)
    assert (judged.result, judged.reason) == (Result.SUCCESS, reason)


@examples("answer, words, result, reason",
    ("another status", said(200, {"id": 1}), {"expect": {"status": [201]}}, Result.FAILED, "unexpected status"),
    ("the first trap: shown again with its errors", said(200, AGAIN), {**FORM, "redirects": "expect"},
     Result.FAILED, "a redirect was expected: “This password is too common.”"),
    ("the same without a word", said(200, AGAIN), FORM, Result.FAILED,
     "a web page instead of an answer: “This password is too common.”"),
    ("the second trap: a redirect that nobody asked for", said(302, location="/in"), FORM, Result.FAILED,
     'a redirect (write redirects = "expect", or "follow")'),
    ("to the wrong place", said(302, location="/login"),
     {**FORM, "redirects": "expect", "expect": {"header": {"Location": "/in"}}}, Result.FAILED, "expect.header Location is not so"),
    ("a member that is not so", said(200, {"data": {"ok": 1}}), {"expect": {"json": {"data.ok": True}}}, Result.FAILED, "expect.json data.ok is not so"),
    ("a member that is not there", said(200, {"id": ""}), {"expect": {"json": {"id": "*"}}}, Result.FAILED, "expect.json id is not so"),
    ("no JSON at all", said(200, b"hello"), {"expect": {"json": {"id": "*"}}}, Result.FAILED, "expect.json id is not so"),
    ("a text that is missing", said(200, b"<h1>Hm</h1>"), {**FORM, "expect": {"text": ["Hm", "Welcome"]}}, Result.FAILED, "expect.text “Welcome” is not there"),
    ("a text too many", said(200, b"already registered"), {**FORM, "expect": {"no_text": "already registered"}}, Result.FAILED,
     "expect.no_text “already registered” is there"),
    ("a lie under a status", said(201, {"ok": False}), {"expect": {"status": [201]}}, Result.FAILED, "says that it failed"),
    ("no token", said(200, {"id": 1}), {"capture": {"token": "json:token"}}, Result.FAILED, "no ${token} in the answer (json:token)"),
    ("a refusal", said(503, b"", retry_after="1"), {"expect": {"status": [201]}}, Result.TURNED_AWAY, "turned away"),
    ("told to wait", said(202, {"position": 3}), {}, Result.TURNED_AWAY, "told to wait"),
    ("Django's own", said(403, b"<title>403 Forbidden</title><h1>Forbidden</h1><p>CSRF token missing.</p>"), FORM, Result.FAILED,
     "unexpected status: “403 Forbidden: CSRF token missing.”".replace("403 ", "… ")),
    ("nobody's secret", said(400, {"error": "token t0p-s3cret of Ada is old"}), {}, Result.FAILED, "unexpected status: “token … of Ada is old”"),
)  # fmt: skip
def test_what_is_not_expected_has_failed_with_its_reason(
    answer: Answer, words: dict[str, Any], result: Result, reason: str
) -> None:
    judged = of(answer, **words)
    assert judged.result is result
    assert judged.reason.startswith(reason), judged.reason


def test_an_address_that_is_taken_after_no_answer() -> None:
    assert of(said(409), unheard=True, expect={"status": [201]}).reason == ALREADY_DONE
    assert of(said(409), expect={"status": [201, 409]}).reason == AS_EXPECTED


PAGE = said(200, b"""<html><meta name="csrf" content="m&amp;m"><form><input name=csrf value="t&lt;k">
 <input name=csrf value=second></form><p>Your code is 4711.</p></html>""",
 location="../in?x=1", x_token=" t ")  # fmt: skip
DATA = said(200, {"data": {"token": "abc", "n": 7, "ok": True, "list": [{"id": 1}, {"id": 2}]}})


@examples("answer, wanted, value",
    ("an attribute", PAGE, "css:input[name=csrf]::attr(value)", "t<k"),
    ("by XPath", PAGE, "xpath://meta[@name='csrf']/@content", "m&m"),
    ("a group", PAGE, r"regex:code is (\d+)", "4711"),
    ("the whole", PAGE, r"regex:code is \d+", "code is 4711"),
    ("a header", PAGE, "header:X-Token", " t "),
    ("where it leads, seen from the page", PAGE, "header:Location", "http://host/in?x=1"),
    ("a cookie", PAGE, "cookie:sid", "1"),
    ("a member", DATA, "json:data.token", "abc"),
    ("a number", DATA, "json:data.n", "7"),
    ("what is so", DATA, "json:data.ok", "true"),
    ("one of several", DATA, "json:data.list[?id==`2`].id | [0]", "2"),
    ("JSON by a regular expression", DATA, r'regex:"token": "(\w+)"', "abc"),
)  # fmt: skip
def test_a_value_is_taken(answer: Answer, wanted: str, value: str) -> None:
    assert captured({"x": wanted}, answer) == {"x": value}


@pytest.mark.parametrize("wanted", [
    "css:input[name=other]::attr(value)", "regex:nothing", "header:X-Other", "cookie:other",
    "json:data", "xpath://b",
])  # fmt: skip
def test_a_value_that_is_not_there(wanted: str) -> None:
    with pytest.raises(NotCaptured, match="in the answer"):
        captured({"x": wanted}, PAGE)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"{", b"<a", b"\0" * 99, b"[" * 9999])
@pytest.mark.parametrize(
    "kind", ["", HTML, "application/json", "text/xml", "text/plain; charset=x"]
)
def test_no_answer_is_too_odd_to_look_into(content: bytes, kind: str) -> None:
    answer = Answer(status=200, content=content, content_type=kind)
    for wanted in ("css:a::text", "xpath://b", "regex:a(b)", "json:a.b"):
        with pytest.raises(NotCaptured):
            captured({"x": wanted}, answer)
    of(answer, expect={"json": {"a": 1}, "text": "b"})
    of(answer, form=FORM["form"])
