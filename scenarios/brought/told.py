"""A text that is sent, in pieces: what everybody sends alike, what is a visitor's own, what is captured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a value stands in an answer."""

    expression: str
    """As a launch file says it: json:data.token."""
    name: str
    """What it is called there."""
    hidden: bool = False
    """Whether it is a field of a form that people do not fill in."""


@dataclass(slots=True, eq=False, kw_only=True)
class Link:
    """A value of an answer that later requests send back."""

    giver: int
    """Which request's answer gives it."""
    found: Found
    value: str
    takers: list[int] = field(default_factory=list)
    """Which requests send it, in their order."""
    name: str = ""
    """What its placeholder is called, once all are known."""
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """A placeholder that needs no capture: email, password, env.API_TOKEN."""

    text: str


Piece = str | Own | Link


@dataclass(frozen=True, slots=True)
class Told:
    """One text, in pieces."""

    pieces: tuple[Piece, ...]
    number: bool = False
    """Whether JSON has it as a number."""

    @property
    def is_plain(self) -> bool:
        return all(isinstance(piece, str) for piece in self.pieces)

    def __str__(self) -> str:
        """As a launch file has it.

        A dollar right before a placeholder is left out, since no file can say that: $${ is the two
        characters.

        >>> str(Told(("costs $", "{5} to $", Own("${email}"))))
        'costs $${5} to ${email}'
        """
        text, plain = "", ""
        for piece in self.pieces:
            if isinstance(piece, str):
                plain += piece
            else:
                own = piece.text if isinstance(piece, Own) else f"${{{piece.name}}}"
                text, plain = f"{text}{escaped(plain.rstrip('$'))}{own}", ""
        return text + escaped(plain)


def escaped(text: str) -> str:
    return text.replace("${", "$${")


def written(node: Any) -> Any:
    """The texts in lists and tables as a launch file has them."""
    if isinstance(node, Told):
        return str(node)
    if isinstance(node, Mapping):
        return {key: written(inner) for key, inner in node.items()}
    if isinstance(node, list):
        return [written(inner) for inner in node]
    return node


def name_links(links: list[Link], wished: Mapping[int, str]) -> None:
    """Give each its name; two may share one where the first was used for the last time before.

    ``wished`` has the name that each link would like, by its place in the list.
    """
    last: dict[str, int] = {}
    for at in sorted(range(len(links)), key=lambda at: links[at].giver):
        link, name, number = links[at], wished[at], 1
        while last.get(name, -1) > link.giver:
            number += 1
            name = f"{wished[at]}_{number}"
        link.name = name
        last[name] = max([link.giver, *link.takers])
