"""Recordings as browsers write them: a Django form, a JSON API with a bearer token, an OpenID sign-in."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

Raw = dict[str, Any]
BEGAN = datetime(2026, 11, 28, 10, tzinfo=UTC)
CHROME = {
    ":method": "x", ":authority": "shop.example.org", ":scheme": "https", ":path": "/",
    "accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-encoding": "gzip, deflate, br",
    "accept-language": "en-GB,en;q=0.9", "user-agent": "Mozilla/5.0 Chrome/131.0", "referer": "https://x/",
    "sec-ch-ua": '"Chromium";v="131"', "sec-fetch-mode": "navigate", "upgrade-insecure-requests": "1",
    "priority": "u=0, i", "cookie": "old=1; theme=dark",
}  # fmt: skip
"""What Chrome writes of its own; also the names of HTTP/2."""


def listed(pairs: dict[str, str] | Sequence[tuple[str, str]]) -> list[Raw]:
    items = pairs.items() if isinstance(pairs, dict) else pairs
    return [{"name": name, "value": value} for name, value in items]


def entry(
    method: str,
    url: str,
    *,
    at_s: float = 0.0,
    headers: dict[str, str] | None = None,
    post: Raw | None = None,
    status: int = 200,
    told: Sequence[tuple[str, str]] = (),
    mime: str = "text/html; charset=utf-8",
    content: str = "",
    encoded: bool = False,
    kind: str = "document",
    wait: float = 40.0,
) -> Raw:
    """A request and its answer, as Chrome exports them."""
    held: Raw = {"size": len(content), "mimeType": mime, "text": content}
    if encoded:
        held |= {"text": base64.b64encode(content.encode()).decode(), "encoding": "base64"}
    asked: Raw = {
        "method": method, "url": url, "httpVersion": "h2", "cookies": [], "queryString": [],
        "headers": listed({**CHROME, **(headers or {})}), "headersSize": -1, "bodySize": 0,
    }  # fmt: skip
    if post is not None:
        asked["postData"] = post
    leads = next((value for name, value in told if name.lower() == "location"), "")
    return {
        "_resourceType": kind, "pageref": "page_1", "cache": {}, "time": 50.0,
        "startedDateTime": (BEGAN + timedelta(seconds=at_s)).isoformat().replace("+00:00", "Z"),
        "request": asked,
        "response": {
            "status": status, "statusText": "", "httpVersion": "h2", "cookies": [], "headers": listed(told),
            "content": held, "redirectURL": leads, "headersSize": -1, "bodySize": -1,
        },
        "timings": {"blocked": 1.0, "dns": -1, "connect": -1, "send": 0.1, "wait": wait, "receive": 1.0},
    }  # fmt: skip


def har(*entries: Raw, version: str = "1.2", creator: str = "WebInspector") -> bytes:
    log = {
        "version": version,
        "creator": {"name": creator, "version": "1"},
        "pages": [],
        "entries": list(entries),
    }
    return json.dumps({"log": log}).encode()


def form(**fields: str) -> Raw:
    """As Chrome writes a form: its text, and the fields still escaped."""
    return {
        "mimeType": "application/x-www-form-urlencoded",
        "text": urlencode(fields),
        "params": listed({name: urlencode({"": value})[1:] for name, value in fields.items()}),
    }


def sent_json(value: object) -> Raw:
    return {"mimeType": "application/json", "text": json.dumps(value)}


MASKED = "kJ3xT9pQ2LmV7zRtYw5NcB8dF1gH4sKe"
COOKIE = "Zq8rW2eT6yU1iO5pA9sD3fG7hJ4kL0xC"
SHOP = "https://shop.example.org"


def django(*, encoded: bool = False) -> bytes:
    """Django's own signup form, with files, other hosts, and a preflight, as Chrome records them."""
    page = (
        f'<html><head><title>Sign up</title></head><form method="post"><input type="hidden"'
        f' name="csrfmiddlewaretoken" value="{MASKED}"><input name="username"></form></html>'
    )
    fields = {
        "csrfmiddlewaretoken": MASKED, "username": "ada.lovelace", "email": "ada@example.com",
        "password1": "correct horse 9", "password2": "correct horse 9", "plan": "free",
    }  # fmt: skip
    return har(
        entry("GET", f"{SHOP}/signup/", content=page, encoded=encoded,
              told=[("set-cookie", f"csrftoken={COOKIE}; Path=/; SameSite=Lax")]),
        entry("GET", f"{SHOP}/static/site.css", at_s=0.1, kind="stylesheet", mime="text/css"),
        entry("GET", f"{SHOP}/static/site.3f2a.js", at_s=0.1, kind="script", mime="text/javascript"),
        entry("GET", f"{SHOP}/favicon.ico", at_s=0.2, kind="other", mime="image/x-icon", status=404),
        entry("GET", "https://www.google-analytics.com/collect?v=1", at_s=0.2, kind="image", mime="image/gif"),
        entry("POST", "https://o1.ingest.sentry.io/api/1/envelope/", at_s=0.3, kind="fetch",
              mime="application/json"),
        entry("POST", f"{SHOP}/signup/", at_s=12.3, headers={"origin": SHOP}, post=form(**fields),
              status=302, told=[("location", "/welcome/")]),
        entry("GET", f"{SHOP}/welcome/", at_s=12.4, content="<h1>Welcome, ada.lovelace</h1>"),
        entry("OPTIONS", f"{SHOP}/api/likes", at_s=14.9, kind="preflight", status=204),
        entry("POST", f"{SHOP}/api/likes", at_s=15.0, kind="xhr", mime="application/json", status=201,
              headers={"x-csrftoken": COOKIE, "x-requested-with": "XMLHttpRequest", "accept": "application/json"},
              post=sent_json({"post": "first", "by": "ada.lovelace"}), content='{"id": 7}'),
    )  # fmt: skip


TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
API = "https://api.example.org"


def bearer() -> bytes:
    """A JSON API: an account, its token, an order by its id; as Firefox records it."""
    made = {"data": {"token": TOKEN, "user": {"id": 42, "mail": "ada@example.com"}}}
    bearer = {"authorization": f"Bearer {TOKEN}", "accept": "application/json"}
    return har(
        entry("POST", f"{API}/api/users?ref=launch", kind="xhr", mime="application/json", status=201,
              post=sent_json({"name": "ada", "mail": "ada@example.com", "secret": "correct horse 9", "age": 36}),
              content=json.dumps(made)),
        entry("GET", f"{API}/api/users/42", at_s=0.2, kind="xhr", mime="application/json", headers=bearer,
              content=json.dumps({"id": 42, "cart": "c-7781-aa"})),
        entry("POST", f"{API}/api/carts/c-7781-aa/items", at_s=3.2, kind="xhr", mime="application/json",
              headers=bearer, status=201, content='{"ok": true}',
              post=sent_json({"user": {"user_id": 42}, "note": None, "cost": "${5}"})),
        creator="Firefox",
    )  # fmt: skip


def openid() -> bytes:
    """A sign-in by redirects: /login leads to /authorize, its form to /callback?code=..., that to /home."""
    state, code = "xyzSTATE8213abcd", "SplxlOBeZQQYbYS6WxSbIA"
    authorize = f"{SHOP}/authorize?client_id=web&state={state}&redirect_uri=%2Fcallback"
    page = f'<form><input type="hidden" name="state" value="{state}"></form>'
    return har(
        entry("GET", f"{SHOP}/login", status=302, told=[("Location", authorize)]),
        entry("GET", authorize, at_s=0.1, content=page),
        entry("POST", f"{SHOP}/authorize", at_s=5.0, status=303,
              post=form(state=state, user="ada", password="correct horse 9"),
              told=[("Location", f"/callback?code={code}&state={state}")]),
        entry("GET", f"{SHOP}/callback?code={code}&state={state}", at_s=5.1, status=302,
              told=[("Location", "/home")]),
        entry("GET", f"{SHOP}/home", at_s=5.2, content="<h1>Hello</h1>"),
    )  # fmt: skip
