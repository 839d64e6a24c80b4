"""A browser's recording becomes a journey: whose requests, which of them, and what each value means."""

import gzip
import json
from urllib.parse import parse_qsl

import pytest

from scenarios.brought.brought import from_har
from scenarios.brought.har.reading import MOST_ENTRIES
from simulator.errors import UsageError
from tests.examples import examples
from tests.launches.hars import (
    API,
    COOKIE,
    MASKED,
    SHOP,
    TOKEN,
    bearer,
    django,
    entry,
    form,
    har,
    openid,
    sent_json,
)  # fmt: skip
from tests.unit.scenarios.brought.walking import FILE, requests_of, text_of, walked


def said_of(raw: bytes, host: str | None = None) -> list[str]:
    return list(from_har(raw, FILE, host).said)


@examples("encoded", ("as text", False), ("in base64", True))
def test_a_form_of_django(encoded: bool) -> None:
    first, send, welcome, likes = requests_of(from_har(django(encoded=encoded), FILE, None))
    assert first.capture == {
        "csrfmiddlewaretoken": "css:input[name=csrfmiddlewaretoken]::attr(value)",
        "csrftoken": "cookie:csrftoken",
    }
    assert send.form == {
        "csrfmiddlewaretoken": "${csrfmiddlewaretoken}",
        "username": "${run}-${visitor}",
        "email": "${email}",
        "password1": "${password}",
        "password2": "${password}",
        "plan": "free",
    }
    assert (send.redirects, send.expect.status) == ("expect", ("302",))
    assert send.expect.header == {"Location": "/welcome/"}
    assert send.headers == {}
    assert (str(welcome), welcome.expect.status) == ("GET /welcome/", ("200",))
    assert likes.json_ == {"post": "first", "by": "${run}-${visitor}"}
    assert likes.headers["X-Csrftoken"] == "${csrftoken}"


def test_what_is_left_out_is_said() -> None:
    said = said_of(django())
    assert said[0].startswith("host: shop.example.org, of 3 hosts")
    assert said[1:5] == [
        "left out: 1 × preflight",
        "left out: 1 × request of the browser itself",
        "left out: 2 × static file",
        "left out: 2 × request to other hosts: www.google-analytics.com (1), o1.ingest.sentry.io (1)",
    ]
    assert "note: sent by everybody as recorded: plan, post" in said


def test_a_json_api_with_a_bearer_token() -> None:
    made, read, add = requests_of(from_har(bearer(), FILE, None))
    assert made.json_ == {
        "name": "${run}-${visitor}", "mail": "${email}", "secret": "${password}", "age": 36,
    }  # fmt: skip
    assert made.capture == {"user_id": "json:data.user.id", "token": "json:data.token"}
    assert made.query == {"ref": "launch"}
    assert read.path == "/api/users/${user_id}"
    assert read.headers["Authorization"] == "Bearer ${token}"
    # A number stays one, and TOML has no null: so it is sent as a text.
    assert add.path == "/api/carts/${cart}/items"
    assert add.text == '{"user": {"user_id": ${user_id}}, "note": null, "cost": "$${5}"}'
    assert add.headers["Content-Type"] == "application/json"


def test_redirects_are_followed_and_a_forms_redirect_is_its_success() -> None:
    login, send, back = requests_of(from_har(openid(), FILE, None))
    assert (str(login), login.redirects, login.expect.status) == ("GET /login", "follow", ("200",))
    assert login.capture == {"state": "css:input[name=state]::attr(value)"}
    assert (send.redirects, send.expect.status) == ("expect", ("303",))
    assert send.capture == {"next": "header:Location"}
    assert (str(back), back.redirects, back.expect.status) == ("GET ${next}", "follow", ("200",))


@pytest.mark.parametrize("recorded", [django, bearer, openid])
def test_a_visitor_who_gets_the_recorded_answers_sends_what_was_recorded(recorded) -> None:  # type: ignore[no-untyped-def]
    """But for what the person typed, to the last field."""
    own = {
        "ada.lovelace": "run-1-7", "ada": "run-1-7", "ada@example.com": "visitor-7@run-1.invalid",
    }  # fmt: skip
    for asked, sent in walked(recorded()):
        assert sent.method == asked.method
        assert sent.url(asked.origin) == asked.url
        body = (sent.body or b"").decode()
        if asked.body.fields:
            typed = [(k, own.get(str(v), str(v))) for k, v in asked.body.fields]
            typed = [
                (k, v if v != "correct horse 9" else dict(parse_qsl(body))[k]) for k, v in typed
            ]
            assert parse_qsl(body) == typed
        elif asked.body.json is not None:
            expected = {k: own.get(str(v), v) for k, v in asked.body.json.items()}
            expected |= {"secret": json.loads(body)["secret"]} if "secret" in expected else {}
            assert json.loads(body) == expected


def test_no_secret_of_a_recording_reaches_the_file_or_the_terminal() -> None:
    key = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"
    headers = {
        "authorization": f"Bearer {TOKEN}",
        "x-api-key": "k-12",
        "cookie": "sessionid=s3cr3tS3ss10n",
    }
    raw = har(
        entry("POST", f"{API}/api/things?api_key=q-secret-1", headers=headers,
              post=sent_json({"api_secret": "hunter22", "note": f"use {TOKEN} now", "key": key})),
        entry("GET", f"{API}/reset/k3Jx9QpL2mVz7RtY5wBn", headers={"authorization": "Basic YWRhOmh1bnRlcjI="}),
        entry("POST", f"{API}/login", post=form(user="ada", password="hunter2!", note="hunter2!")),
    )  # fmt: skip
    found = from_har(raw, FILE, None)
    written = text_of(found) + "".join(found.said)
    for secret in (TOKEN, "k-12", "s3cr3tS3ss10n", "q-secret-1", "hunter2", key, "k3Jx9QpL2mVz7RtY5wBn",
                   "YWRhOmh1bnRlcjI="):  # fmt: skip
        assert secret not in written
    things, reset, login = requests_of(found)
    assert things.headers["Authorization"] == "Bearer ${env.API_TOKEN}"
    assert things.headers["X-Api-Key"] == "${env.X_API_KEY}"
    assert things.query == {"api_key": "${env.API_KEY}"}
    assert things.json_["note"] == "use ${env.API_TOKEN} now"
    assert reset.path == "/reset/${env.RESET}"
    assert login.form == {
        "user": "${run}-${visitor}",
        "password": "${password}",
        "note": "${password}",
    }
    assert any(line.endswith("export API_TOKEN=...") for line in found.said)
    assert any(
        "visitors log in with accounts that must exist already" in line for line in found.said
    )


@examples("value, content, mime, told, expression",
    ("a key of JSON", "tok-8213-xyz", '{"a": [{"b c": "tok-8213-xyz"}]}', "application/json", (), 'json:a[0]."b c"'),
    ("a list at the top", "tok-8213-xyz", '[{"id": "tok-8213-xyz"}]', "application/json", (), "json:[0].id"),
    ("a meta tag", "tok-8213-xyz", '<meta name="csrf-token" content="tok-8213-xyz">', "text/html", (),
     "css:meta[name=csrf-token]::attr(content)"),
    ("a field with brackets", "tok-8213-xyz", '<input name="a[t]" value="tok-8213-xyz">', "text/html", (),
     'css:input[name="a[t]"]::attr(value)'),
    ("a header", "tok-8213-xyz", "", "text/plain", (("X-Flow", "tok-8213-xyz"),), "header:X-Flow"),
    ("a cookie", "tok-8213-xyz", "", "text/plain", (("Set-Cookie", "flow=tok-8213-xyz; Path=/"),), "cookie:flow"),
    ("Firefox's cookies in one", "tok-8213-xyz", "", "text/plain",
     (("Set-Cookie", "a=1; Path=/\nflow=tok-8213-xyz"),), "cookie:flow"),
    ("a script", "k3Jx9QpL2mVz7RtY", '<script>\nvar nonce = "k3Jx9QpL2mVz7RtY";</script>', "text/html", (),
     "regex:var nonce = \"([^\\s\"'<>&;,\\\\]+)"),
)  # fmt: skip
def test_a_value_is_found_where_the_answer_has_it(
    value: str, content: str, mime: str, told: tuple[tuple[str, str], ...], expression: str
) -> None:
    raw = har(
        entry("GET", f"{SHOP}/a", content=content, mime=mime, told=told),
        entry("POST", f"{SHOP}/b", at_s=1, post=form(flow=value)),
    )
    first, second = requests_of(from_har(raw, FILE, None))
    assert list(first.capture.values()) == [expression]
    assert second.form == {"flow": f"${{{next(iter(first.capture))}}}"}
    assert [sent.body for _, sent in walked(raw)][1] == f"flow={value}".encode()


def test_the_latest_answer_gives_a_value_and_its_placeholder_is_taken_again() -> None:
    page = '<input type="hidden" name="csrf" value="{}">'
    raw = har(
        entry("GET", f"{SHOP}/one", content=page.format("token-one-1")),
        entry("POST", f"{SHOP}/one", at_s=1, post=form(csrf="token-one-1"), content=page.format("token-two-2")),
        entry("GET", f"{SHOP}/two", at_s=2, content=page.format("token-two-2")),
        entry("POST", f"{SHOP}/two", at_s=3, post=form(csrf="token-two-2")),
    )  # fmt: skip
    requests = requests_of(from_har(raw, FILE, None))
    assert [list(each.capture) for each in requests] == [["csrf"], [], ["csrf"], []]
    assert [sent.body for _, sent in walked(raw)][1::2] == [
        b"csrf=token-one-1",
        b"csrf=token-two-2",
    ]


@examples("value",
    ("short", "en-GB"), ("true", "true"), ("zero", "0"), ("a word", "monthly"), ("a day", "2026-11-28"),
)  # fmt: skip
def test_what_is_common_is_no_capture(value: str) -> None:
    raw = har(
        entry("GET", f"{SHOP}/a", content=json.dumps({"x": value}), mime="application/json"),
        entry("POST", f"{SHOP}/b", at_s=1, post=form(y=value)),
    )
    first, second = requests_of(from_har(raw, FILE, None))
    assert (first.capture, second.form) == ({}, {"y": value})


def test_a_cookie_from_before_the_recording_is_taken_from_the_first_page() -> None:
    raw = har(
        entry("GET", f"{SHOP}/a"),
        entry("POST", f"{SHOP}/b", headers={"x-csrftoken": COOKIE, "cookie": f"csrftoken={COOKIE}"},
              post=sent_json({"a": 1})),
    )  # fmt: skip
    first, second = requests_of(from_har(raw, FILE, None))
    assert first.capture == {"csrftoken": "cookie:csrftoken"}
    assert second.headers == {"X-Csrftoken": "${csrftoken}"}
    assert any("was a cookie from before the recording" in line for line in said_of(raw))


@examples("status, location, first",
    ("a redirect", 302, "/orders/9812/", "${next}"), ("what was made", 201, f"{SHOP}/orders/9812/", "${next}"),
)  # fmt: skip
def test_an_address_of_ones_own_is_taken_where_the_answer_names_it(
    status: int, location: str, first: str
) -> None:
    raw = har(
        entry("POST", f"{SHOP}/orders", status=status, told=[("Location", location)], post=form(a="b")),
        entry("GET", f"{SHOP}/orders/9812/", at_s=1),
        entry("POST", f"{SHOP}/orders/9812/pay?way=card", at_s=2, post=form(a="b")),
    )  # fmt: skip
    made, read, pay = requests_of(from_har(raw, FILE, None))
    assert made.capture == {"next": "header:Location"}
    assert (read.path, pay.path, pay.query) == (first, "${next}pay", {"way": "card"})
    assert [sent.url(SHOP) for _, sent in walked(raw)][1:] == [
        f"{SHOP}/orders/9812/", f"{SHOP}/orders/9812/pay?way=card",
    ]  # fmt: skip


def test_what_a_new_visitor_lacks_is_said() -> None:
    raw = har(entry("GET", f"{SHOP}/a", headers={"cookie": "sessionid=abc; theme=dark"}))
    assert any(
        line.startswith("note: the recording began with a session (sessionid),")
        for line in said_of(raw)
    )
    document = json.loads(django())
    for each in document["log"]["entries"]:
        kept = [h for h in each["request"]["headers"] if h["name"] != "cookie"]
        each["request"]["headers"] = kept
    said = said_of(json.dumps(document).encode())
    assert any("Chrome leaves them out" in line for line in said)
    assert not any("note: the rec" in line or "Chrome" in line for line in said_of(django()))


def test_files_go_as_made_up_ones_of_their_size() -> None:
    edge = "----WebKitFormBoundaryx"
    text = (
        f'--{edge}\r\nContent-Disposition: form-data; name="email"\r\n\r\nada@example.com\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="my holiday.PNG"\r\n'
        f"Content-Type: image/png\r\n\r\n{'x' * 300}\r\n--{edge}--\r\n"
    )
    kind = f"multipart/form-data; boundary={edge}"
    post = {"mimeType": kind, "text": text}
    raw = har(entry("POST", f"{SHOP}/up", headers={"content-type": kind}, post=post))
    (only,) = requests_of(from_har(raw, FILE, None))
    assert only.multipart is not None
    assert only.multipart["email"] == "${email}"
    photo = only.multipart["photo"]
    assert (photo.filename, photo.type, photo.size_bytes) == ("file.PNG", "image/png", 300)  # type: ignore[union-attr]
    assert only.headers == {}


def test_a_body_of_another_kind_goes_as_a_text_without_what_is_secret_in_it() -> None:
    text = "<r><user>ada</user><Password type='x'>hunter2</Password><to>ada</to><n>5</n></r>"
    raw = har(
        entry(
            "POST",
            f"{SHOP}/x",
            headers={"content-type": "text/xml"},
            post={"mimeType": "text/xml", "text": text},
        )
    )
    (only,) = requests_of(from_har(raw, FILE, None))
    assert only.text == (
        "<r><user>${run}-${visitor}</user><Password type='x'>${password}</Password>"
        "<to>${run}-${visitor}</to><n>5</n></r>"
    )
    assert only.headers == {"Content-Type": "text/xml"}


def test_a_code_that_no_answer_gave_comes_by_mail() -> None:
    raw = har(entry("POST", f"{SHOP}/verify", post=form(email="a@example.com", code="482913")))
    found = from_har(raw, FILE, None)
    assert requests_of(found)[0].form == {"email": "${email}", "code": "${mail.code}"}
    assert "482913" not in text_of(found)


def test_pauses_become_think_and_hosts_can_be_chosen() -> None:
    thinks = [step.get("think") for step in from_har(django(), FILE, None).journey.steps]
    assert thinks == [None, "12.2 s", None, "2.5 s"]
    other = from_har(django(), FILE, "o1.ingest.sentry.io")
    assert [str(each) for each in requests_of(other)] == ["POST /api/1/envelope/"]


def test_steps_have_plain_names_and_none_twice() -> None:
    raw = har(
        *(
            entry("GET", f"{SHOP}{path}")
            for path in ("/", "/a/b", "/a/b", "/a/b", "/%F0%9F%8E%89/", "/x.html")
        )
    )
    names = [step["name"] for step in from_har(raw, FILE, None).journey.steps]
    assert names == ["home", "a-b", "get-a-b", "get-a-b-2", "page", "x"]


BROKEN = {"log": {"version": "1.2", "entries": []}}


@examples("raw, sentence",
    ("nothing", b"", "is no HAR, since it is no JSON"),
    ("cut off", django()[:-20], "is no JSON, or is cut off"),
    ("packed", gzip.compress(django()), "is no JSON"),
    ("a list", b"[]", "since it has no log"),
    ("no entries", b'{"log": {}}', "no log with entries"),
    ("empty", json.dumps(BROKEN).encode(), "no request over HTTP is recorded"),
    ("a version of tomorrow", har(version="2.0"), "of another version of HAR"),
    ("no pages", har(entry("GET", "data:text/html,x"), entry("GET", "https://[")), "no request over HTTP"),
    ("only files", har(entry("GET", f"{SHOP}/a.css", kind="stylesheet")), "nothing but static file was asked of it"),
    ("deep", b'{"log":' + b"[" * 100_000, "is no JSON"),
    ("many", json.dumps({"log": {"entries": [0] * (MOST_ENTRIES + 1)}}).encode(), "20,000 are the most"),
    ("long", har(*(entry("GET", f"{SHOP}/{n}") for n in range(101))), "101 requests to be sent, and 100 are the most"),
)  # fmt: skip
def test_what_is_broken_is_one_sentence(raw: bytes, sentence: str) -> None:
    with pytest.raises(UsageError) as wrong:
        from_har(raw, FILE, None)
    said = str(wrong.value)
    assert sentence in said
    assert "\n" not in said
    assert MASKED not in said


def test_an_unknown_host_is_told_with_those_there_are() -> None:
    with pytest.raises(
        UsageError, match=r"--host shop\.org: was never asked; .* has shop\.example\.org"
    ):
        from_har(django(), FILE, "shop.org")


def test_a_token_of_letters_alone_stands_in_no_name_and_no_condition() -> None:
    token = "kJxQpLmVzRtYwBnDsF"
    raw = har(
        entry("POST", f"{SHOP}/forgot", status=302, told=[("Location", f"/reset/{token}/")], post=form(a="b")),
        entry("GET", f"{SHOP}/reset/{token}/", at_s=1),
    )  # fmt: skip
    found = from_har(raw, FILE, None)
    assert token not in text_of(found) + "".join(found.said)
    assert [step["name"] for step in found.journey.steps] == ["forgot", "next"]


SECRET = "Hunter22!"
DRAWN = "k3Jx9QpL2mVz7RtY5wBn"


def sent(kind: str, text: str) -> dict[str, str]:
    return {"mimeType": kind, "text": text}


@examples("url, posted, secret, written",
    ("JSON in a form", "/api/graphql", form(variables=json.dumps({"input": {"password": SECRET}}), doc_id="1"), SECRET,
     '{"input":{"password":"${password}"}}'),
    ("JSON in JSON", "/batch", sent_json({"body": json.dumps({"password": SECRET, "n": 1})}), SECRET,
     '{"password":"${password}","n":1}'),
    ("JSON in JSON in JSON", "/batch", sent_json({"a": json.dumps({"b": json.dumps({"pwd": SECRET})})}), SECRET,
     '{"b":"{\\"pwd\\":\\"${password}\\"}"}'),
    ("a list of them", "/batch", sent_json({"body": json.dumps({"passwords": [SECRET], "password": [SECRET]})}), SECRET,
     '"${password}"'),
    ("letters of JSON", "/batch", form(body='{"p\\u0061ssword": "Hunter22\\u0021"}'), SECRET[:-1], '"${password}"'),
    ("GraphQL with its values in it", "/graphql", sent_json({"query": f'mutation{{login(password:"{SECRET}",code:482913)}}'}), SECRET,
     'mutation{login(password:"${password}",code:${mail.code})}'),
    ("GraphQL's other strings", "/graphql", sent_json({"query": f'mutation{{login(password: """{SECRET}""")}}'}), SECRET,
     '"""${password}"""'),
    ("an address in a query", f"/go?next=/r%3Ftoken%3D{DRAWN}", None, DRAWN, "/r?token=${env.TOKEN}"),
    ("one that is escaped once more", f"/go?next=%2Fr%253Ftoken%253D{DRAWN}%2526a%253D1", None, DRAWN,
     "%2Fr%3Ftoken%3D${env.TOKEN}%26a%3D1"),
    ("an address in a form", "/go", form(back=f"https://x.example/cb#access_token={DRAWN}"), DRAWN,
     "https://x.example/cb#access_token=${env.ACCESS_TOKEN}"),
    ("attributes of XML", "/soap", sent("text/xml", f'<r><login user="ada" password="{SECRET}"/>hello<b/></r>'), SECRET,
     '<login user="${run}-${visitor}" password="${password}"/>hello<b/>'),
    ("attributes beside a text", "/soap", sent("text/xml", f"<signin password='{SECRET}'>hello</signin>"), SECRET,
     "<signin password='${password}'>hello</signin>"),
    ("CDATA", "/soap", sent("text/xml", f"<password><![CDATA[{SECRET}<]]></password>"), SECRET, "<![CDATA[${password}]]>"),
    ("two elements without a space", "/soap", sent("text/xml", f"<a>x<password>{SECRET}</password></a>"), SECRET,
     "<a>x<password>${password}</password></a>"),
    ("a value with an escape", "/log", sent("text/plain", f'say {{"password": "{SECRET}\\"x"}}'), SECRET,
     'say {"password": "${password}"}'),
    ("in quotes that are escaped", "/log", sent("text/plain", f'1 {{"a": "{{\\"password\\": \\"{SECRET}\\"}}"}}'), SECRET,
     '1 {"a": "{\\"password\\": \\"${password}\\"}"}'),
    ("a number", "/log", sent("text/plain", 'one line {"otp": 482913}'), "482913", '{"otp": ${mail.code}}'),
    ("JSON that says it is a text", "/beacon", sent("text/plain", json.dumps({"password": SECRET})), SECRET,
     '{"password":"${password}"}'),
)  # fmt: skip
def test_what_is_secret_within_a_value_stays_out_of_the_file(
    url: str, posted: dict[str, str] | None, secret: str, written: str
) -> None:
    method = "POST" if posted else "GET"
    headers = {"content-type": posted["mimeType"]} if posted else {}
    found = from_har(har(entry(method, SHOP + url, headers=headers, post=posted)), FILE, None)
    (only,) = requests_of(found)
    assert any(written in each for each in texts_in(only.texts)), only
    assert secret not in text_of(found) + "".join(found.said)


def texts_in(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    if isinstance(node, dict):
        return [text for inner in node.values() for text in texts_in(inner)]
    if isinstance(node, list | tuple):
        return [text for inner in node for text in texts_in(inner)]
    return []


@examples("value",
    ("JSON", '{"plan": "free",  "size": 1e3, "é": [null, true]}'),
    ("an address", "/cafés?page=2&sort=name"), ("escaped", "%2Fcaf%c3%a9s%3Fpage%3d2"),
    ("GraphQL", 'query { items(first: 5, plan: "free") { id } }'),
    ("XML", '<a b="c"> <d>e</d></a>'), ("a formula", "a = b"),
)  # fmt: skip
def test_what_holds_no_secret_is_sent_as_it_was(value: str) -> None:
    found = from_har(har(entry("POST", f"{SHOP}/x", post=form(note=value))), FILE, None)
    assert requests_of(found)[0].form == {"note": value}


def test_what_lies_deeper_than_anybody_reads_is_taken_for_a_secret() -> None:
    value = "a=" * 40 + "b"
    found = from_har(har(entry("POST", f"{SHOP}/x", post=form(note=value))), FILE, None)
    form_sent = requests_of(found)[0].form or {}
    assert str(form_sent["note"]).endswith("${env.A}")


def test_a_password_in_a_header_is_the_visitors_own() -> None:
    raw = har(entry("GET", f"{API}/x", headers={"x-password": SECRET}))
    (only,) = requests_of(from_har(raw, FILE, None))
    assert only.headers == {"X-Password": "${password}"}
