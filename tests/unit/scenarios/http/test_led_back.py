"""The third trap: a form whose errors are shown on the page that a redirect leads to, which is itself."""

from typing import Any

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.expected import LEADS_BACK
from scenarios.http.answers.success import Judged, judge
from scenarios.http.requests.person import Person
from simulator.outcomes.rows import Result
from simulator.scenario.words.rehearsal.requests import Request
from tests.examples import examples

SENT_TO = "http://host/base/signup/"
PAGE = b"<title>Become a member</title><p class='error'>This password is too common.</p>"


def sent_on(location: str, *, asked: str = SENT_TO) -> Answer:
    return Answer(status=302, headers={"location": location}, asked=asked)


def arrived(at: str, redirects: int = 1) -> Answer:
    return Answer(status=200, content=PAGE, content_type="text/html", asked=at, redirects=redirects)


def of(answer: Answer, **words: Any) -> Judged:
    asked = {"path": "/signup/", "form": {"email": "${email}"}, **words}
    return judge(answer, Request.model_validate(asked), Person.of("run-1", 7), ours=False)


@examples("answer, words",
    ("to itself", sent_on("/base/signup/"), {"redirects": "expect"}),
    ("to itself, seen from there", sent_on("."), {"redirects": "expect"}),
    ("with its host", sent_on(SENT_TO), {"redirects": "expect"}),
    ("with a hint", sent_on("?error=1#form"), {"redirects": "expect"}),
    ("with the status that is expected", sent_on("."), {"redirects": "expect", "expect": {"status": [302]}}),
    ("a captured address", sent_on("/f/7", asked="http://host/f/7"), {"path": "${action}", "redirects": "expect"}),
    ("followed", arrived(SENT_TO), {"redirects": "follow"}),
    ("followed twice", arrived("http://host/signup", redirects=2), {"redirects": "follow"}),
)  # fmt: skip
def test_a_form_that_leads_to_itself_has_failed(answer: Answer, words: dict[str, Any]) -> None:
    judged = of(answer, **words)
    assert (judged.result, judged.kind) == (Result.FAILED, LEADS_BACK)


@examples("answer, words",
    ("on", sent_on("/base/welcome/"), {"redirects": "expect"}),
    ("to what only ends alike", sent_on("/base/resignup/"), {"redirects": "expect"}),
    ("followed on", arrived("http://host/base/welcome/"), {"redirects": "follow"}),
    ("the first page, which is everybody's", sent_on("/", asked="http://host/"), {"path": "/", "redirects": "expect"}),
    ("expected there", sent_on("."), {"redirects": "expect", "expect": {"header": {"Location": "."}}}),
    ("a page that says what it should", arrived(SENT_TO), {"redirects": "follow", "expect": {"text": "member"}}),
    ("no form", sent_on("."), {"form": None, "json": {"a": 1}, "redirects": "expect"}),
    ("nowhere to be seen", sent_on("http://[host/signup/"), {"redirects": "expect"}),
)  # fmt: skip
def test_whatever_leads_on_or_is_said_to_be_right_has_not(
    answer: Answer, words: dict[str, Any]
) -> None:
    assert of(answer, **words).result is Result.SUCCESS


def test_the_form_says_why() -> None:
    assert of(arrived(SENT_TO), redirects="follow").said == "This password is too common."
