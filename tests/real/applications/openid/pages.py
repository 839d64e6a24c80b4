"""What provider and application share: a page, and a database."""

import os
import sqlite3
from contextlib import closing
from html import escape

from fastapi.responses import HTMLResponse


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><title>{escape(title)}</title></head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>",
        status,
    )


def form(action: str, hidden: dict[str, str], fields: str, button: str) -> str:
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in hidden.items()
    )
    return (
        f'<form method="post" action="{escape(action)}">{kept}{fields}'
        f"<button>{escape(button)}</button></form>"
    )


def opened(tables: str) -> sqlite3.Connection:
    db = sqlite3.connect(os.environ["OPENID_DATABASE"], timeout=60, isolation_level=None)
    db.executescript(f"PRAGMA journal_mode = WAL; {tables}")
    return db


def made(tables: str) -> None:
    with closing(opened(tables)):
        pass
