"""What is taken from an answer: ``"KIND:EXPRESSION"``, by kinds that people know from elsewhere."""

from __future__ import annotations

import enum
import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator

from simulator.text.placeholders import DATA, ENVIRONMENT, MAIL
from simulator.text.quantities import WrongQuantity

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OWN = ("email", "password", "visitor", "run", "ticket")
"""What a visitor is called by himself; no capture may have these names."""
MADE = (DATA, ENVIRONMENT, MAIL)
EXAMPLE = 'write { token = "json:access_token" }, or css:, xpath:, regex:, header:, cookie:'
UNREADABLE = (re.error, OverflowError, RuntimeError, SyntaxError, ValueError)
"""What is raised of an expression: jmespath's are ValueErrors, cssselect's SyntaxErrors, and where it can read one and
not translate it, RuntimeErrors; a repetition that is too large overflows."""


class Kind(enum.StrEnum):
    """In which language an expression is written."""

    JSON = "json"
    """JMESPath."""
    CSS = "css"
    XPATH = "xpath"
    REGEX = "regex"
    """Of several groups the first, of none the whole."""
    HEADER = "header"
    COOKIE = "cookie"


class Capture(NamedTuple):
    """What is looked for in an answer."""

    kind: Kind
    expression: str


def capture_of(text: str) -> Capture:
    """What a text asks for. Raises WrongQuantity where it is not of that form."""
    kind, colon, expression = text.partition(":")
    if not colon or kind not in list(Kind):
        raise WrongQuantity(f'"{text}" does not say how to find the value', EXAMPLE)
    if not expression.strip():
        raise WrongQuantity(f'"{text}" says nothing behind {kind}:', EXAMPLE)
    return Capture(Kind(kind), expression)


def readable(text: str) -> str:
    """A text whose expression can be read. Raises WrongQuantity."""
    found = capture_of(text)
    if fault := fault_of(found):
        raise WrongQuantity(f'"{text}" cannot be read as {found.kind} ({fault})', EXAMPLE)
    return text


def fault_of(capture: Capture) -> str:
    """Why an expression cannot be read; empty where it can. The libraries are loaded where they are needed."""
    try:
        match capture.kind:
            case Kind.REGEX:
                re.compile(capture.expression)
            case Kind.JSON:
                import jmespath

                jmespath.compile(capture.expression)
            case Kind.CSS | Kind.XPATH:
                from parsel import Selector

                page = Selector(text="<html></html>", type="html")
                find = page.css if capture.kind is Kind.CSS else page.xpath
                find(capture.expression)
            case Kind.HEADER | Kind.COOKIE:
                pass
    except RecursionError:
        return "it is nested too deeply"
    except UNREADABLE as error:
        return next(iter(str(error).splitlines()), "")[:80] or "it cannot be read"
    return ""


def captures(found: dict[str, str]) -> dict[str, str]:
    """Raises WrongQuantity for a name that cannot be one, or stands for something else."""
    for name, text in found.items():
        if not NAME.fullmatch(name):
            raise WrongQuantity(f'"{name}" cannot be a placeholder', "letters, digits and _")
        if name in OWN:
            raise WrongQuantity(f'"{name}" is the visitor\'s own', "choose another name")
        readable(text)
    return found


Captures = Annotated[dict[str, str], AfterValidator(captures)]
"""The name of the placeholder, and where its value is found."""
