"""A forum that knows its members by an identity provider."""

import os
import secrets
from contextlib import closing
from typing import Annotated
from urllib.parse import urlencode

import httpx
from fastapi import Cookie, FastAPI, Response
from fastapi.responses import RedirectResponse
from pages import made, opened, page

TABLES = """
CREATE TABLE IF NOT EXISTS members (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, email TEXT NOT NULL);
"""

app = FastAPI()
made(TABLES)


@app.get("/")
def home() -> Response:
    return page("The forum", '<a href="/login">Log in</a>')


@app.get("/login")
def log_in() -> Response:
    """To the provider, with a state that only this browser has."""
    state = secrets.token_urlsafe()
    question = {
        "client_id": "forum",
        "response_type": "code",
        "redirect_uri": os.environ["OPENID_REDIRECT_URI"],
        "state": state,
    }
    answer = RedirectResponse(
        f"{os.environ['OPENID_ISSUER']}/authorize?{urlencode(question)}", status_code=302
    )
    answer.set_cookie("state", state, httponly=True, samesite="lax", path="/callback")
    return answer


@app.get("/callback")
def callback(code: str, state: str, cookie: Annotated[str, Cookie(alias="state")]) -> Response:
    """Back from the provider: a member, and a session of his own."""
    if not secrets.compare_digest(state, cookie):
        return page("This login is not yours", "", 403)
    told = httpx.post(
        f"{os.environ['OPENID_ISSUER']}/token",
        data={"code": code, "client_secret": os.environ["OPENID_CLIENT_SECRET"]},
        timeout=60,
    )
    if told.status_code != 200:
        return page("The provider does not know this code", "", 502)
    email, session = told.json()["email"], secrets.token_urlsafe()
    with closing(opened(TABLES)) as db:
        db.execute("INSERT INTO members (email) VALUES (?) ON CONFLICT DO NOTHING", (email,))
        db.execute("INSERT INTO sessions VALUES (?, ?)", (session, email))
    answer = RedirectResponse("/me", status_code=303)
    answer.set_cookie("session", session, httponly=True, samesite="lax")
    return answer


@app.get("/me")
def me(session: Annotated[str, Cookie()]) -> Response:
    with closing(opened(TABLES)) as db:
        row = db.execute("SELECT email FROM sessions WHERE id = ?", (session,)).fetchone()
    if row is None:
        return page("Log in first", "", 403)
    return page(f"Welcome, {row[0]}", "")
