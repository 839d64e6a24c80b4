"""Web pages: how one is known, and what one says is wrong."""

from __future__ import annotations

import re

from parsel import Selector

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.contradiction.body import decoded, looked_at
from scenarios.http.answers.contradiction.prose import is_phrase

MARKUP = re.compile(
    rb"\s*<(!--|(!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)"
    rb"[\s>/])",
    re.IGNORECASE,
)
"""By which browsers know a page that nobody declares (MIME Sniffing, 7.1)."""
COMPLAINS = re.compile(
    rb"class\s*=\s*[\"'][^\"']*(error|invalid|danger)|role\s*=\s*[\"']?alert", re.IGNORECASE
)
COMPLAINTS = (
    ".errorlist > li, .invalid-feedback, .field-error, .form-error, .error-message, .help-block.error,"
    " .alert-danger, .errornote, .error, [role=alert]"
)
"""By which the forms of common frameworks mark what is wrong with a field."""
MOST_COMPLAINTS = 2
TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def page_says(answer: Answer) -> str:
    """What is wrong by a page, in its own words: of the fields of a form, else by its title."""
    if told := (COMPLAINS.search(answer.content) and fields_say(answer)):
        return told
    title = title_of(looked_at(answer))
    if not is_phrase(title):
        return title
    page = Selector(text=looked_at(answer), type="html")
    return ": ".join(filter(None, [title, one_line(page.css("p").get() or "")]))


def fields_say(answer: Answer) -> str:
    """What a form that is shown again says of its fields."""
    page = Selector(text=decoded(answer, answer.content), type="html")
    said = dict.fromkeys(one_line(node.get()) for node in page.css(COMPLAINTS))
    return "; ".join([text for text in said if text][:MOST_COMPLAINTS])


def one_line(html: str) -> str:
    """The text of a piece of a page, without what stands in its tags."""
    return " ".join(Selector(text=html or " ", type="html").xpath("string(.)").get("").split())


def title_of(text: str) -> str:
    found = TITLE.search(text)
    return found[1] if found else ""
