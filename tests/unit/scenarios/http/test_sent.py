"""A request of the launch with one person's values in it, as it goes over the wire."""

import json
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

import pytest

from scenarios.http.requests.person import NoValue, Person, is_secret, require_variables
from scenarios.http.requests.sent import Sent, Template, origin, sent_of, to_another
from simulator.errors import UsageError
from simulator.scenario.words.rehearsal.requests import Request
from tests.examples import examples

PERSON = Person.of(
    "run-1", 7, {"name": "Zoë & Co", "pin": "0042"}, learned={"csrf": "a/b?c", "next": "/in?step=2"}
)


def sent(**words: Any) -> Sent:
    return sent_of(Request.model_validate({"path": "/a", **words}), PERSON)


@examples("words, path",
    ("as it is", {}, "/a"),
    ("a value is one piece of a path", {"path": "/users/${csrf}/x"}, "/users/a%2Fb%3Fc/x"),
    ("a query", {"query": {"q": "${data.name}", "page": 2, "on": True}}, "/a?q=Zo%C3%AB+%26+Co&page=2&on=true"),
    ("more of a query", {"path": "/a?x=1", "query": {"tag": ["a", "b"]}}, "/a?x=1&tag=a&tag=b"),
    ("what is no placeholder", {"path": "/price/$${x}"}, "/price/${x}"),
)  # fmt: skip
def test_a_path(words: dict[str, Any], path: str) -> None:
    assert (sent(**words).path, sent(**words).as_told) == (path, False)


@examples("next_, url",
    ("a path of the server", "/in?step=2", "http://host:8000/in?step=2"),
    ("another page of it", "in", "http://host:8000/app/in"),
    ("another server", "https://id.test/login?x=%20y", "https://id.test/login?x=%20y"),
    ("without what only browsers keep", "/in#top", "http://host:8000/in"),
)  # fmt: skip
def test_an_address_that_an_answer_named_is_taken_as_it_is(next_: str, url: str) -> None:
    person = Person.of("run-1", 7, learned={"next": next_})
    request = Request.model_validate({"method": "GET", "path": "${next}"})
    assert sent_of(request, person).url("http://host:8000/app") == url


def test_json_has_values_in_its_texts_alone() -> None:
    told = sent(
        json={"user": {"name": "${data.name}", "age": 7, "tags": ["${visitor}"], "x": None}}
    )
    assert told.body is not None
    assert json.loads(told.body) == {
        "user": {"name": "Zoë & Co", "age": 7, "tags": ["7"], "x": None}
    }
    assert told.headers == {"Content-Type": "application/json", "Accept": "application/json"}


def test_a_form_is_what_a_browser_sends() -> None:
    told = sent(form={"csrf": "${csrf}", "name": "${data.name}", "news": [1, 2], "on": False})
    assert told.body is not None
    assert parse_qsl(told.body.decode()) == [
        ("csrf", "a/b?c"), ("name", "Zoë & Co"), ("news", "1"), ("news", "2"), ("on", "false"),
    ]  # fmt: skip
    assert told.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_form_with_a_file_is_read_by_others() -> None:
    told = sent(multipart={"name": "${data.name}", "photo": {
        "filename": "${visitor}.png", "type": "image/png", "size_bytes": 70_001,
    }})  # fmt: skip
    head = f"Content-Type: {told.headers['Content-Type']}\r\n\r\n".encode()
    name, photo = message_from_bytes(head + (told.body or b""), policy=HTTP).iter_parts()
    assert name.get_payload(decode=True) == "Zoë & Co".encode()
    assert (photo.get_filename(), photo.get_content_type()) == ("7.png", "image/png")
    assert photo.get_payload(decode=True) == (bytes(range(256)) * 274)[:70_001]


def test_a_text_and_its_own_type() -> None:
    told = sent(text="<who>${visitor}</who>", headers={"Content-type": "text/xml"})
    assert (told.body, told.headers) == (b"<who>7</who>", {"Content-type": "text/xml"})


def test_common_headers_give_way_to_a_requests_own() -> None:
    request = Request.model_validate({"path": "/a", "headers": {"X-Run": "own"}, "text": ""})
    told = sent_of(request, PERSON, {"X-Run": "${run}", "X-Who": "${visitor}"})
    assert (told.headers["X-Run"], told.headers["X-Who"]) == ("own", "7")


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\x00b"])
def test_no_value_makes_a_header_of_its_own(value: str) -> None:
    person = Person.of("run-1", 7, learned={"token": value})
    request = Request.model_validate({"path": "/a", "headers": {"X-Token": "${token}"}})
    told = sent_of(request, person).headers["X-Token"]
    assert all(character >= " " for character in told)


def test_what_nobody_knows_is_not_sent() -> None:
    with pytest.raises(NoValue, match=r"nothing is known for \$\{ticket\}"):
        sent(headers={"X-Ticket": "${ticket}"})
    with pytest.raises(NoValue, match="the header X-Name cannot hold"):
        sent_of(
            Request.model_validate({"path": "/a", "headers": {"X-Name": "${name}"}}),
            Person.of("run-1", 7, learned={"name": "日本"}),
        )


@examples("words",
    ("a path", {"path": "/${half}"}), ("a query", {"query": {"q": "${half}"}}),
    ("a form", {"form": {"q": "${half}"}}), ("a text", {"text": "${half}"}),
)  # fmt: skip
def test_half_a_character_is_not_sent(words: dict[str, Any]) -> None:
    """JSON can name one, and what an answer names may be captured."""
    half = Person.of("run-1", 7, learned={"half": "\ud800"})
    with pytest.raises(NoValue, match="half a character"):
        sent_of(Request.model_validate({"path": "/a", **words}), half)


def test_headers_that_are_the_same_for_everybody_are_made_once() -> None:
    request = Request.model_validate({"path": "/a", "json": {"who": "${visitor}"}})
    same, own = Template(request, {"X-Key": "k"}), Template(request, {"X-Who": "${visitor}"})
    people = [Person.of("run-1", visitor) for visitor in (1, 2)]

    first, second = [same.sent(person).headers for person in people]
    assert first is second
    plain = Template(Request.model_validate({"path": "/a"}))
    first_plain, second_plain = [plain.sent(person).headers for person in people]
    assert first_plain is second_plain
    assert dict(first) == {
        "X-Key": "k", "Content-Type": "application/json", "Accept": "application/json",
    }  # fmt: skip
    assert [own.sent(person).headers["X-Who"] for person in people] == ["1", "2"]


def test_each_form_with_files_has_a_boundary_of_its_own() -> None:
    request = Request.model_validate({"path": "/a", "multipart": {"photo": {"size_bytes": 9}}})
    template = Template(request)
    told = [template.sent(PERSON) for _ in range(2)]
    assert all(
        each.headers["Content-Type"].partition("boundary=")[2].encode() in (each.body or b"")
        for each in told
    )
    assert template.headers_of(PERSON, "text/plain") == {"Content-Type": "text/plain"}


def test_another_server_sees_no_header_that_is_meant_for_the_target() -> None:
    secret = Sent(method="GET", path="/a", headers={
        "Authorization": "Bearer s", "X-Api-Key": "k", "Accept": "text/html",
    })  # fmt: skip
    assert dict(to_another(secret).headers) == {"Accept": "text/html"}
    assert origin("http://HOST:80/c") == origin("http://host/d") != origin("http://host:81/d")


def test_a_redirect_drops_the_body_as_browsers_do() -> None:
    posted = Sent(method="POST", path="/a", body=b"x", headers={"content-type": "a", "X": "1"})
    seen = posted.redirected(302)
    assert (seen.method, seen.body, dict(seen.headers)) == ("GET", None, {"X": "1"})
    kept = posted.redirected(307)
    assert (kept.method, kept.body) == ("POST", b"x")


def test_each_person_has_an_address_that_leads_nowhere_and_a_password_of_his_own() -> None:
    people = [Person.of(run, visitor) for run in ("run-1", "run-2") for visitor in (1, 2)]
    assert len({person.email for person in people}) == len({p.password for p in people}) == 4
    assert all(person.email.endswith(".invalid") for person in people)
    assert Person.of("run-1", 1).password == people[0].password


def test_secrets_come_from_the_environment_and_must_be_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SHOP_KEY", raising=False)
    texts = [{"X": "Bearer ${env.SHOP_KEY}"}]
    with pytest.raises(UsageError, match=r"the environment has no SHOP_KEY: set it"):
        require_variables(texts)
    monkeypatch.setenv("SHOP_KEY", "s3cret-value")
    assert require_variables(texts) == ("SHOP_KEY",)
    person = Person.of("run-1", 7, secrets=("SHOP_KEY",))
    request = Request.model_validate({"path": "/a", "headers": {"X": "${env.SHOP_KEY}"}})
    assert sent_of(request, person).headers["X"] == "s3cret-value"
    assert person.hides("key=s3cret-value,")
    assert is_secret("s3cret-value", ["SHOP_KEY"])
    assert not person.hides("value")


def test_what_is_a_persons_own_is_hidden() -> None:
    assert all(map(PERSON.hides, ("run-1", PERSON.password, "0042", "a/b?c")))
    assert not any(map(PERSON.hides, ("password", "is", "too", "common")))
