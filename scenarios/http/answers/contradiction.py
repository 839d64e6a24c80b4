"""Contradiction: why the body of an answer denies the success that its status claims.

Servers answer 200 and mean no: a JSON object that says so, a page of excuses where a program asked,
bytes that are nothing of what they are declared as. A reason is given only for what the answer itself
shows. Whatever says nothing (an empty body, ``{}``, a body of an undeclared or binary type) denies
nothing. Pages that a browser asked for (GET) may say in prose what they like; nobody can judge that.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from parsel import Selector

from scenarios.http.answers.answer import Answer

READING = ("GET", "HEAD")
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
MOST_ITEMS = 100
"""Of a list of answers (a batch) so many are looked at."""

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
MARKUP = re.compile(
    rb"\s*<(!--|(!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)"
    rb"[\s>/])",
    re.IGNORECASE,
)
"""By which browsers know a page that nobody declares (MIME Sniffing, 7.1)."""
PHP_FATAL = re.compile(rb"<b>(fatal|parse) error</b>:", re.IGNORECASE)
"""What PHP prints into the page that it could not finish, under the status 200."""
XML_FAULT = re.compile(
    rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<([\w.-]+:)?(errors?|errorresponse|exception|failure|fault)[\s>/]"
    rb"|.*<([\w.-]+:)?body(\s[^>]*)?>\s*<([\w.-]+:)?fault[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
"""A root that is an error, or a fault in SOAP's envelope."""

NOT_SO = {"ok", "success", "succeeded", "successful", "issuccess"}
"""Keys whose falsehood says no, in lower case and without ``_`` and ``-``."""
SO = {
    "error", "errors", "err", "exception", "fault", "iserror", "haserror", "haserrors",
    "errormessage", "errormsg", "errmsg", "errortype",
}  # fmt: skip
"""Keys that say no unless they are empty."""
NUMBERED = {"errcode", "errno", "errorcode"}
"""Keys that say no unless they are 0."""
CALLED = {"status", "result", "state", "outcome"}
BAD_NAMES = {"error", "errors", "fail", "failed", "failure", "ko", "nok"}
STATUSES = {"status", "statuscode", "httpstatus", "httpcode", "code", "returncode", "retcode"}
"""Keys of a status: 400 to 599 say no, and so does what is negative, as of a call that failed."""
PHRASES = {status.phrase.lower() for status in HTTPStatus if status >= 400} | BAD_NAMES
"""What those say who say no more than a status does."""
STATUS_IN_FRONT = re.compile(r"^(http\S*\s+)?(error\s+)?[45]\d\d\b[\s:.|-]*")
PROSE = re.compile(
    r"(?!no |not an? |without |zero |0 )([\w-]+ ){0,2}(error|exception|failure)(?![\w-])"
    r"|failed\b|traceback \(most recent call last\)|panic: "
)
"""How a line begins that tells of an error: "Internal server error", "Error: no such table"."""
NOTHING_WRONG = {"", "0", "none", "null", "nil", "false", "no", "ok", "no error", "success"}
FALSE = {"0", "false", "no"}
NUMBER = re.compile(r"-?[0-9]{1,9}")
SAYING = {*NOT_SO, *SO, *NUMBERED, *CALLED, *STATUSES}
"""All keys that may say no."""


def contradiction(answer: Answer, method: str) -> str:
    """Why a 2xx is no success; empty where it does not contradict itself."""
    if not answer.content.strip():
        return ""
    if is_json(media_type(answer)):
        return denial(answer, method)  # none of the others looks at what is declared as JSON
    checks: tuple[Callable[[Answer, str], str], ...] = (page, junk, denial, excuse)
    return next((found for check in checks if (found := check(answer, method))), "")


def page(answer: Answer, method: str) -> str:
    """A web page where no browser asked for one."""
    told = media_type(answer)
    declared = told in ("text/html", "application/xhtml+xml")
    sniffed = told in ("", "text/plain") and MARKUP.match(answer.content) is not None
    if not (declared or sniffed):
        return ""
    if method not in READING:
        return "a web page instead of an answer"
    broke = PHP_FATAL.search(answer.content[:LOOKED_AT]) or is_phrase(title_of(looked_at(answer)))
    return "an error page" if broke else ""


def junk(answer: Answer, method: str) -> str:
    """Bytes that are declared as text or JSON and are not; undeclared, only where no file was asked for."""
    told, sample = media_type(answer), answer.content[:LOOKED_AT]
    if is_json(told) or (not told and method in READING):
        return ""
    if not told:
        return "" if is_text(sample, None) else "binary data without a content type"
    if told.startswith("text/") or told.endswith(("/xml", "+xml", "/javascript")):
        return "" if is_text(sample, charset(answer)) else "declared as text, but is not"
    return ""


def excuse(answer: Answer, method: str) -> str:
    """XML whose root is an error, or a text that begins with one where no text was asked for."""
    told, sample = media_type(answer), answer.content[:LOOKED_AT].strip()
    is_xml = told.endswith(("/xml", "+xml")) or (not told and sample.startswith(b"<?xml"))
    if is_xml:
        return "says that it failed" if XML_FAULT.match(sample) else ""
    if method in READING or told not in ("", "text/plain"):
        return ""
    return "says that it failed" if is_excuse(decoded(answer, sample)) else ""


def decoded(answer: Answer, sample: bytes) -> str:
    wide = sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return sample.decode(charset(answer) or ("utf-16" if wide else "utf-8"), errors="replace")


def is_excuse(text: str) -> bool:
    """Whether a text begins with an error.

    >>> is_excuse("Error: no such table"), is_excuse("no error"), is_excuse("503 Service Unavailable")
    (True, False, True)
    """
    first = text.strip().partition("\n")[0].strip().lower()
    return is_phrase(first) or PROSE.match(first) is not None


def is_phrase(text: str) -> bool:
    """Whether a line is what a status says, and no more.

    >>> is_phrase("404 Not Found"), is_phrase("Error"), is_phrase("404 ways to sign up")
    (True, True, False)
    """
    line = text.strip().lower()
    rest = STATUS_IN_FRONT.sub("", line).strip(" .!")
    return rest in PHRASES or (not rest and bool(line))


def is_text(sample: bytes, encoding: str | None) -> bool:
    """Whether bytes can be text of that encoding; None: of any."""
    if encoding is None:
        wide = sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        encoding = "utf-16" if wide else guessed(sample)
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


def denial(answer: Answer, method: str) -> str:
    """JSON that says no, or that is declared and is none."""
    told = media_type(answer)
    if len(answer.content) >= LARGEST_READ:
        return ""
    try:
        found = answer.body or parsed(answer)
    except (ValueError, RecursionError):
        return "declared as JSON, but is not" if is_json(told) else ""
    if told == "application/problem+json":
        return "says that it failed"
    says_no = denies(found) or (method not in READING and denies_to_writers(found))
    return "says that it failed" if says_no else ""


def denies_to_writers(value: Any) -> bool:
    """Whether a JSON value says so to one who asked that something be done, and not for a value.

    A list of answers, bare or in an envelope, of which one says no; a bare ``false``; a bare text.

    >>> denies_to_writers(False), denies_to_writers("error"), denies_to_writers({"all": [{"ok": 0}]})
    (True, True, True)
    """
    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))
        if not isinstance(value, list):
            return False
    if isinstance(value, list):
        return any(denies(item) for item in value[:MOST_ITEMS])
    return value is False or (isinstance(value, str) and is_excuse(value))


def parsed(answer: Answer) -> Any:
    """The JSON in a body. Raises ValueError or RecursionError."""
    encoding = charset(answer)
    try:
        return json.loads(answer.content)
    except UnicodeDecodeError:
        if encoding is None:
            raise
        return json.loads(answer.content.decode(encoding))


def denies(value: Any) -> bool:
    """Whether a JSON value says that what was asked for was not done.

    An object with a single member that is an object again is an envelope, and looked into.

    >>> denies({"ok": False}), denies({"ok": 1}), denies({"errors": []}), denies({"status": "fail"})
    (True, False, False, True)
    """
    if not isinstance(value, dict):
        return False
    if a_member_says_no(value):
        return True
    inner = next(iter(value.values())) if len(value) == 1 else None
    return isinstance(inner, dict) and a_member_says_no(inner)


def a_member_says_no(value: Mapping[str, Any]) -> bool:
    for key, told in value.items():
        name = plain(key)
        if name in SAYING and says_no(name, told):
            return True
    return False


@lru_cache(maxsize=1024)
def plain(key: str) -> str:
    """A server's answers have few keys."""
    return key.lower().replace("_", "").replace("-", "")


def says_no(key: str, told: Any) -> bool:
    """Whether one member of an object says no."""
    word = told.strip().lower() if isinstance(told, str) else None
    if key in NOT_SO:
        return told is False or told == 0 or (word is not None and word in FALSE)
    if key in SO or key in NUMBERED:
        return not is_empty(told) and word not in NOTHING_WRONG
    if (key in CALLED and word in BAD_NAMES) or (key == "status" and told is False):
        return True
    code = int(word) if word is not None and NUMBER.fullmatch(word) else told
    return key in STATUSES and isinstance(code, int) and (400 <= code <= 599 or code < 0)


def is_empty(told: Any) -> bool:
    """Nothing, or a collection of nothing: ``{"email": []}``."""
    members = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return not told or (isinstance(told, dict | list) and not any(members))


# What a server declares


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


# What a server says in words


MESSAGES = ("error", "errors", "message", "detail", "title", "reason", "description", "msg")
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


def told_why(answer: Answer) -> str:
    """What a body gives as its reason, raw; empty where it gives none."""
    if len(answer.content) >= LARGEST_READ:
        return ""
    told = media_type(answer)
    try:
        return message_of(answer.body or parsed(answer))
    except (ValueError, RecursionError):
        pass
    if told in ("text/html", "application/xhtml+xml") or MARKUP.match(answer.content):
        return page_says(answer)
    if told == "text/plain" and is_text(answer.content[:LOOKED_AT], charset(answer)):
        return looked_at(answer).strip().partition("\n")[0]
    return ""


def looked_at(answer: Answer) -> str:
    return answer.content[:LOOKED_AT].decode("utf-8", errors="ignore")


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


def message_of(value: Any, depth: int = 3) -> str:
    """The first text that speaks of an error."""
    if isinstance(value, str):
        return value
    if depth and isinstance(value, list) and value:
        return message_of(value[0], depth - 1)
    if depth and isinstance(value, Mapping):
        told = (message_of(value[key], depth - 1) for key in MESSAGES if key in value)
        return next((found for found in told if found), "")
    return ""
