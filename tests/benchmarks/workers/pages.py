"""Tables of a page of docs/ that a command writes anew, each between two marks of its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"


def replaced(page: str, name: str, text: str) -> str:
    """The page with another text between the marks of that name.

    >>> replaced("a<!-- t -->\\nold\\n<!-- /t -->b", "t", "new")
    'a<!-- t -->\\nnew\\n<!-- /t -->b'
    """
    marks = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
    found, times = marks.subn(lambda at: f"{at[1]}{text}{at[2]}", page)
    assert times == 1, f"the page has {times} pairs of marks named {name}"
    return found


def write(name: str, text: str, page: Path = DOCS / "workers.md") -> None:
    """Put a text into the page, and on the terminal."""
    print(text)
    page.write_text(replaced(page.read_text("utf-8"), name, text), "utf-8")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """In Markdown, all columns but the first to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))
