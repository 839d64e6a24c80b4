"""Whom the target sees: everything that a request may say of one person."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from scenarios.http.allow import AUTHORIZATION_VARIABLE
from simulator.errors import UsageError
from simulator.scenario.words.rehearsal.requests import Request
from simulator.text.placeholders import DATA, ENVIRONMENT, MAIL, names_in

LONGEST_CODE = 200
OWN = frozenset({"email", "password", "visitor", "run", "ticket"})
"""Placeholders that stand for what a person is, by these names."""
NOTHING: Mapping[str, str] = MappingProxyType({})
SHORTEST_SECRET = 4
"""What is shorter stands by chance in many a text."""


class NoValue(Exception):
    """A placeholder that stands for nothing yet; its text says which, and why."""


class Person(NamedTuple):
    """One visitor, or one of the probe's."""

    email: str
    """Nobody else, of this run or another, has it; it leads nowhere (RFC 2606)."""
    run: str
    """A word that no other run has."""
    visitor: str = "0"
    """What nobody else of this run has."""
    ticket: str | None = None
    """By which the line knows him."""
    code: str | None = None
    """That the reference protocol's signup told, to verify the address with."""
    data: Mapping[str, str] = NOTHING
    """His row of the launch's table."""
    learned: Mapping[str, str] = NOTHING
    """What he took from answers."""
    mail: Callable[[str], str] | None = None
    """Gives a piece of the mail that he got."""
    secrets: tuple[str, ...] = ()
    """The variables of the environment that the launch's requests use."""

    @classmethod
    def of(
        cls,
        run: str,
        visitor: object,
        data: Mapping[str, str] | None = None,
        learned: Mapping[str, str] = NOTHING,
        secrets: tuple[str, ...] = (),
    ) -> Person:
        # Many a server keeps addresses in lower case, and answers so.
        email = f"visitor-{visitor}@{run}.invalid".lower()
        return cls(email, run, str(visitor), None, None, data or NOTHING, learned, None, secrets)

    @property
    def password(self) -> str:
        """His own, and the same each time: long, and of all kinds of characters."""
        return password_of(self.run, self.visitor)

    def value(self, name: str) -> str:
        """What a placeholder stands for.

        Raises NoValue.
        """
        found: str | None = getattr(self, name) if name in OWN else None
        if found is not None:
            return found
        if name.startswith(DATA):
            found = self.data.get(name.removeprefix(DATA))
        elif name.startswith(ENVIRONMENT):
            found = os.environ.get(name.removeprefix(ENVIRONMENT))
        elif name.startswith(MAIL) and self.mail is not None:
            found = self.mail(name.removeprefix(MAIL))
        found = self.learned.get(name) if found is None else found
        if found is None:
            raise NoValue(f"nothing is known for ${{{name}}}")
        return found

    def hides(self, word: str) -> bool:
        """Whether a word of an answer is this person's own, or a secret, so that no report may hold it."""
        own = words_of(self.run, self.visitor, (*self.data.values(), *self.learned.values()))
        return any(each in word for each in own) or is_secret(word, self.secrets)


@lru_cache(maxsize=64)
def password_of(run: str, visitor: str) -> str:
    key = hashlib.sha256(f"{run} {visitor}".encode()).hexdigest()
    return f"Aa1-{key[:20]}"


@lru_cache(maxsize=64)
def words_of(run: str, visitor: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """All words by which one person can be told from others."""
    own = [run, password_of(run, visitor), *known]
    return tuple(word for text in own for word in text.split() if len(word) >= SHORTEST_SECRET)


def is_secret(word: str, named: Iterable[str] = ()) -> bool:
    """Whether a word holds a secret of the environment: it reaches no file, log or report."""
    values = (os.environ.get(name, "") for name in (AUTHORIZATION_VARIABLE, *named))
    parts = (part for value in values for part in value.split() if len(part) >= SHORTEST_SECRET)
    return any(part in word for part in parts)


def variables_of(nodes: Iterable[Any]) -> tuple[str, ...]:
    """The variables of the environment that texts name, each once."""
    names = (name for name in names_in(list(nodes)) if name.startswith(ENVIRONMENT))
    return tuple(dict.fromkeys(name.removeprefix(ENVIRONMENT) for name in names))


def require_variables(nodes: Iterable[Any]) -> tuple[str, ...]:
    """The names of the secrets that are used, so that all of them are kept out of what is written.

    Raises UsageError where one is not set.
    """
    names = variables_of(nodes)
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise UsageError(
            f"the launch's requests use ${{{ENVIRONMENT}{missing[0]}}}, and the environment has no"
            f" {missing[0]}: set it (export {missing[0]}=...)"
        )
    return names


def texts_of(request: Request) -> list[Any]:
    """Everything of a request that may name a secret."""
    return [*request.texts, *request.expect.texts]


def code_told(answer: Mapping[str, Any]) -> str | None:
    """The code that an answer tells, if it is one that can be sent back."""
    code = answer.get("code")
    if not isinstance(code, str) or not 0 < len(code) <= LONGEST_CODE:
        return None
    # JSON can name halves of characters, which no encoding takes.
    return None if any("\ud800" <= character <= "\udfff" for character in code) else code
