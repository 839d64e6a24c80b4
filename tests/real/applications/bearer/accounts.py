"""An interface with bearer tokens: register, then read what is one's own."""

import hashlib
import os
import secrets
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from typing import Annotated

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, mail TEXT NOT NULL UNIQUE, salt BLOB NOT NULL,
    secret BLOB NOT NULL, token TEXT NOT NULL UNIQUE
);
"""
HASH_COST = int(os.environ.get("ACCOUNTS_HASH_COST", "14"))


@asynccontextmanager
async def threads(_: FastAPI) -> AsyncIterator[None]:
    """So many requests are worked on at once; the others wait their turn."""
    current_default_thread_limiter().total_tokens = int(os.environ.get("ACCOUNTS_THREADS", "40"))
    yield


app = FastAPI(title="Accounts", lifespan=threads)
bearer = HTTPBearer()


def opened() -> sqlite3.Connection:
    return sqlite3.connect(os.environ["ACCOUNTS_DATABASE"], timeout=60, check_same_thread=False)


with closing(opened()) as db:
    db.executescript(TABLES)


def database() -> Iterator[sqlite3.Connection]:
    with closing(opened()) as db:
        yield db


class NewUser(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    mail: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    secret: str = Field(min_length=8)


class Token(BaseModel):
    token: str


class Created(BaseModel):
    data: Token


class User(BaseModel):
    name: str
    mail: str


@app.get("/count")
def count(db: Annotated[sqlite3.Connection, Depends(database)]) -> dict[str, int]:
    """How many users there are."""
    (users,) = db.execute("SELECT count(*) FROM users").fetchone()
    return {"users": users}


@app.post("/api/users", status_code=status.HTTP_201_CREATED)
def register(user: NewUser, db: Annotated[sqlite3.Connection, Depends(database)]) -> Created:
    """Make an account; 409 where the address has one."""
    taken = HTTPException(status.HTTP_409_CONFLICT, "this address has an account")
    if db.execute("SELECT 1 FROM users WHERE mail = ?", (user.mail,)).fetchone():
        raise taken
    salt, token = secrets.token_bytes(16), secrets.token_urlsafe()
    # scrypt lets go of the interpreter: the threads of one process hash side by side.
    secret = hashlib.scrypt(
        user.secret.encode(), salt=salt, n=1 << HASH_COST, r=8, p=1, maxmem=1 << (HASH_COST + 11)
    )
    row = (user.name, user.mail, salt, secret, token)
    try:
        with db:
            db.execute(
                "INSERT INTO users (name, mail, salt, secret, token) VALUES (?, ?, ?, ?, ?)", row
            )
    except sqlite3.IntegrityError:
        raise taken from None  # somebody with this address was faster
    return Created(data=Token(token=token))


@app.get("/api/me")
def me(
    said: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
    db: Annotated[sqlite3.Connection, Depends(database)],
) -> User:
    """Who holds the token."""
    row = db.execute("SELECT name, mail FROM users WHERE token = ?", (said.credentials,)).fetchone()
    if row is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "unknown token")
    return User(name=row[0], mail=row[1])
