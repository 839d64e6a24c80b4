"""An identity provider: who comes with a client's question logs in, consents, and is sent back.

An address that nobody has is registered by its first login.
"""

import hashlib
import os
import secrets
import sqlite3
from contextlib import closing
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Cookie, FastAPI, Form, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pages import form, made, opened, page

TABLES = """
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, salt BLOB NOT NULL, secret BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS logins (
    id TEXT PRIMARY KEY, csrf TEXT NOT NULL, redirect_uri TEXT NOT NULL, state TEXT NOT NULL,
    email TEXT
);
CREATE TABLE IF NOT EXISTS codes (code TEXT PRIMARY KEY, email TEXT NOT NULL);
"""
CLIENT, CLIENT_SECRET = "forum", os.environ["OPENID_CLIENT_SECRET"]
FIELDS = (
    '<label>Address <input type="email" name="email"></label>'
    '<label>Password <input type="password" name="password"></label>'
)

app = FastAPI()
made(TABLES)


@app.get("/authorize")
def authorize(client_id: str, redirect_uri: str, state: str, response_type: str) -> Response:
    """The form to log in by, absolute as providers write it."""
    known = redirect_uri == os.environ["OPENID_REDIRECT_URI"]
    if client_id != CLIENT or response_type != "code" or not known:
        return page("Unknown client", "", 400)
    login, csrf = secrets.token_urlsafe(), secrets.token_urlsafe()
    with closing(opened(TABLES)) as db:
        db.execute(
            "INSERT INTO logins VALUES (?, ?, ?, ?, NULL)", (login, csrf, redirect_uri, state)
        )
    answer = login_page(csrf)
    answer.set_cookie("login", login, httponly=True, samesite="lax")
    return answer


def login_page(csrf: str, error: str = "") -> HTMLResponse:
    action = f"{os.environ['OPENID_ISSUER']}/login"
    return page("Log in", error + form(action, {"csrf": csrf}, FIELDS, "Log in"))


@app.post("/login")
def log_in(
    csrf: Annotated[str, Form()],
    email: Annotated[str, Form()],
    password: Annotated[str, Form()],
    login: Annotated[str, Cookie()],
) -> Response:
    """Then consent is asked for, or the form is shown again."""
    with closing(opened(TABLES)) as db:
        known = db.execute("SELECT 1 FROM logins WHERE id = ? AND csrf = ?", (login, csrf))
        if not known.fetchone():
            return page("This form is not yours", "", 403)
        if not checked(db, email, password):
            return login_page(csrf, "<p class='error'>Wrong password.</p>")
        db.execute("UPDATE logins SET email = ? WHERE id = ?", (email, login))
    action = f"{os.environ['OPENID_ISSUER']}/consent"
    return page("Share your address with the forum?", form(action, {"csrf": csrf}, "", "Share"))


def checked(db: sqlite3.Connection, email: str, password: str) -> bool:
    """Whether the password is the person's, who is registered if he is new."""
    salt = secrets.token_bytes(16)
    db.execute(
        "INSERT INTO people (email, salt, secret) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (email, salt, hashed(password, salt)),
    )
    salt, secret = db.execute(
        "SELECT salt, secret FROM people WHERE email = ?", (email,)
    ).fetchone()
    return secrets.compare_digest(secret, hashed(password, salt))


def hashed(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=1 << 13, r=8, p=1)


@app.post("/consent")
def consent(csrf: Annotated[str, Form()], login: Annotated[str, Cookie()]) -> Response:
    """Back to the client, with a code that is good once."""
    with closing(opened(TABLES)) as db:
        row = db.execute(
            "SELECT redirect_uri, state, email FROM logins WHERE id = ? AND csrf = ?", (login, csrf)
        ).fetchone()
        if row is None or row[2] is None:
            return page("This form is not yours", "", 403)
        redirect_uri, state, email = row
        code = secrets.token_urlsafe()
        db.execute("INSERT INTO codes VALUES (?, ?)", (code, email))
    query = urlencode({"code": code, "state": state})
    return RedirectResponse(f"{redirect_uri}?{query}", status_code=302)


@app.post("/token")
def token(code: Annotated[str, Form()], client_secret: Annotated[str, Form()]) -> Response:
    """Who it was, for the client's ears alone."""
    if not secrets.compare_digest(client_secret, CLIENT_SECRET):
        return JSONResponse({"error": "invalid_client"}, 401)
    with closing(opened(TABLES)) as db:
        row = db.execute("DELETE FROM codes WHERE code = ? RETURNING email", (code,)).fetchone()
    if row is None:
        return JSONResponse({"error": "invalid_grant"}, 400)
    return JSONResponse({"email": row[0]})
