"""What is taken from an answer, for the steps that follow.

JSON by JMESPath, pages by CSS or XPath (parsel, with ``::attr(name)`` and ``::text``), any text by a
regular expression, headers and cookies by their names. Of several values the first is taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import jmespath
from parsel import Selector

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.contradiction.body import decoded, parsed
from simulator.scenario.words.rehearsal.captures import Capture, Kind, capture_of

MOST_CHARACTERS = 8_192
"""Of a value: what is longer is no token, and no header bears it."""


class NotCaptured(Exception):
    """A value that is not in the answer; its text is the name and where it was looked for."""


def captured(wanted: Mapping[str, str], answer: Answer) -> dict[str, str]:
    """The values by their names.

    Raises NotCaptured for the first that the answer does not hold.
    """
    return {name: found_by(name, text, answer) for name, text in wanted.items()}


def found_by(name: str, text: str, answer: Answer) -> str:
    value = value_of(capture(text), answer)
    if value is None or value == "":
        raise NotCaptured(f"no ${{{name}}} in the answer ({text})")
    if len(value) > MOST_CHARACTERS:
        raise NotCaptured(f"${{{name}}} has more than {MOST_CHARACTERS:,} characters ({text})")
    return value


@lru_cache(maxsize=256)
def capture(text: str) -> Capture:
    return capture_of(text)


def value_of(wanted: Capture, answer: Answer) -> str | None:
    """The value, or None where the answer has none."""
    match wanted.kind:
        case Kind.HEADER:
            return header(wanted.expression, answer)
        case Kind.COOKIE:
            return answer.cookies.get(wanted.expression)
        case Kind.JSON:
            return as_text(searched(wanted.expression, answer))
        case _:
            return value_in(wanted, text_of(answer), xml=is_xml(answer))


def value_in(wanted: Capture, text: str, *, xml: bool = False) -> str | None:
    """The same of a text that is no answer, such as a mail."""
    match wanted.kind:
        case Kind.REGEX:
            found = re.search(wanted.expression, text)
            return None if found is None else found[1 if found.re.groups else 0]
        case Kind.CSS | Kind.XPATH:
            page = Selector(text=text, type="xml" if xml else "html")
            nodes = (page.css if wanted.kind is Kind.CSS else page.xpath)(wanted.expression)
            return nodes.get()
        case Kind.JSON:
            try:
                return as_text(jmespath.search(wanted.expression, json.loads(text)))
            except (ValueError, RecursionError):
                return None
        case _:
            return None


def searched(path: str, answer: Answer) -> Any:
    """What JMESPath finds in an answer; None where it is no JSON."""
    try:
        return jmespath.search(path, answer.body or parsed(answer))
    except (ValueError, RecursionError):  # JMESPath's own errors are ValueErrors
        return None


def header(name: str, answer: Answer) -> str | None:
    """A header's value; of Location where it leads, seen from what was asked for."""
    told = answer.headers.get(name.lower())
    if told is None or name.lower() != "location":
        return told
    try:
        absolute = urlsplit(told).scheme or told.startswith("/")
    except ValueError:
        return None
    return told if absolute else urljoin(answer.asked, told)


def as_text(value: Any) -> str | None:
    """A JSON value as it goes into another request."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def text_of(answer: Answer) -> str:
    return decoded(answer, answer.content)


def is_xml(answer: Answer) -> bool:
    told = answer.content_type.partition(";")[0].strip().lower()
    return told.endswith(("/xml", "+xml")) and "html" not in told
