"""A body: what it is declared as, and what its bytes can be."""

from __future__ import annotations

import codecs
import json
import re
from functools import lru_cache
from typing import Any

from scenarios.http.answers.answer import Answer

LARGEST_READ = 1 << 20
"""A body as large as this is not parsed: that one failed is told in few words, parsing holds the loop
up, and it may have been cut here."""
LOOKED_AT = 1 << 13
"""So many bytes show whether a body is text."""
MOST_CONTROLS = 0.01
"""Share of control characters. Text has none; of random bytes they are 27 in 256."""
MOST_UNDECODABLE = 0.10
"""Share of a text that its declared charset does not know. A French page that is declared wrongly has
3 %, and browsers show it; random bytes declared as UTF-8 have half."""
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)


def media_type(answer: Answer) -> str:
    """Of the body, without parameters and in lower case; empty where none is told."""
    return bare_type(answer.content_type)


@lru_cache(maxsize=256)
def bare_type(content_type: str) -> str:
    """A server has few of them.

    >>> bare_type("Text/HTML; charset=utf-8")
    'text/html'
    """
    return content_type.partition(";")[0].strip().lower()


def is_json(told: str) -> bool:
    return told in ("application/json", "text/json") or told.endswith("+json")


def charset(answer: Answer) -> str | None:
    """The declared one, if Python knows it as one of text."""
    told = CHARSET.search(answer.content_type)
    if told is None or "escape" in told[1].lower():
        return None
    try:
        b"a".decode(told[1], errors="replace")
    except (LookupError, ValueError):
        return None
    return told[1]


def decoded(answer: Answer, sample: bytes) -> str:
    return sample.decode(
        charset(answer) or ("utf-16" if is_wide(sample) else "utf-8"), errors="replace"
    )


def looked_at(answer: Answer) -> str:
    return answer.content[:LOOKED_AT].decode("utf-8", errors="ignore")


def parsed(answer: Answer) -> Any:
    """The JSON in a body. Raises ValueError or RecursionError."""
    encoding = charset(answer)
    try:
        return json.loads(answer.content)
    except UnicodeDecodeError:
        if encoding is None:
            raise
        return json.loads(answer.content.decode(encoding))


def is_text(sample: bytes, encoding: str | None) -> bool:
    """Whether bytes can be text of that encoding; None: of any."""
    if encoding is None:
        encoding = "utf-16" if is_wide(sample) else guessed(sample)
    text = sample.decode(encoding, errors="replace")
    controls, unknown = len(CONTROLS.findall(text)), text.count("\ufffd")
    return (
        "\0" not in text
        and controls <= MOST_CONTROLS * len(text)
        and unknown <= MOST_UNDECODABLE * len(text)
    )


def guessed(sample: bytes) -> str:
    """UTF-8 or UTF-16 where a JSON text is; else one in which every byte is a character."""
    return json.detect_encoding(sample) if sample.lstrip(b"\0")[:1] in (b"{", b"[") else "latin-1"


def is_wide(sample: bytes) -> bool:
    """Whether a text says by its first bytes that it is UTF-16."""
    return sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
