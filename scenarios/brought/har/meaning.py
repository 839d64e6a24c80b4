"""What each value of a request means: an earlier answer's, the visitor's own, a secret, or everybody's.

A value that an earlier answer gave is captured from it. What the person typed becomes what each
visitor types for himself. A secret that no answer gave never gets into a file: it is a variable of
the environment. What is left is sent by everybody as it was recorded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any
from urllib.parse import quote, unquote

from scenarios.brought import secrets
from scenarios.brought.har.bodies import DEEPEST, json_of
from scenarios.brought.har.chosen import Asked
from scenarios.brought.har.exchange import values_of
from scenarios.brought.har.fields import fields_in
from scenarios.brought.har.given import Given
from scenarios.brought.names import capture_name, unique, variable_name
from scenarios.brought.told import Found, Link, Own, Piece, Told, name_links

SHORTEST_TYPED = 3
"""Characters of a name that are found again elsewhere."""
JSON_BEGINS = ("{", "[", '"')
SHORTEST_WITHIN = 8
"""Of a value that is found again within another."""


class Place(Enum):
    """Where in a request a value stands."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    BODY = "body"
    TEXT = "text"
    """Of a body in no form that is known."""


class Meanings:
    """Reads the requests in their order, and remembers what was seen before."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self._asked = asked
        self._given = [Given(each.last) for each in asked]
        self._typed: dict[str, str] = {}
        self._links: dict[str, Link] = {}
        self._addresses: dict[int, Link] = {}
        self._variables: dict[str, str] = {}
        self._depth = 0
        self.links: list[Link] = []
        self.needed: dict[str, str] = {}
        """Variables of the environment, and what each is."""
        self.alike: dict[str, None] = {}
        """Fields that everybody sends as they were recorded."""
        self.mailed = False
        """Whether a code was typed that no answer gave."""

    def of(self, at: int, name: str, value: str, place: Place) -> Told:
        """What a value of a request means."""
        if value in self._typed and (len(value) >= SHORTEST_TYPED or secrets.names_password(name)):
            return Told((Own(self._typed[value]),))
        if (link := self._link(at, name, value, place)) is not None:
            return Told((link,))
        if (own := self._own(name, value, place)) is not None:
            self._typed[value] = own
            return Told((Own(own),))
        if secrets.is_secret(name, value):
            return Told((self.variable(name, value, name),))
        told = self._deeper(at, name, value, place)
        if place is Place.BODY and value and told.is_plain:
            self.alike.setdefault(name)
        return told

    def of_text(self, at: int, text: str) -> Told:
        """What a text in no form that is known means."""
        return self._deeper(at, "body", text, Place.TEXT)

    def authorization(self, at: int, name: str, value: str) -> Told:
        """A header of credentials: the scheme stays, and what is secret does not."""
        scheme, space, rest = value.partition(" ")
        whole = rest.strip() if space else value
        if (link := self._link(at, name, whole, Place.HEADER)) is not None:
            return Told((f"{scheme} ", link) if space else (link,))
        if space and scheme.lower() == "bearer":
            return Told((f"{scheme} ", self.variable("API_TOKEN", whole, name)))
        return Told((self.variable(name, value, name),))

    def named_at(self, giver: int, taker: int) -> Link:
        """The address that an answer named."""
        link = self._addresses.get(giver)
        if link is None:
            found = Found(expression="header:Location", name="next")
            link = self._addresses[giver] = Link(giver=giver, found=found, value="")
            self.links.append(link)
        link.takers.append(taker)
        return link

    def named(self) -> None:
        """Give every capture its name."""
        name_links(self.links, {at: self._wished(link) for at, link in enumerate(self.links)})

    def variable(self, name: str, value: str, of: str) -> Own:
        """A secret that the environment holds; the same one is one variable."""
        if value not in self._variables:
            chosen = unique(variable_name(name), self.needed)
            self._variables[value] = chosen
            self.needed[chosen] = of
        return Own(f"${{env.{self._variables[value]}}}")

    def _wished(self, link: Link) -> str:
        name = capture_name(link.found.name)
        if name.lower() not in ("id", "key", "uuid", "pk", "value", "token_"):
            return name
        words = [part for part in self._asked[link.giver].first.path.split("/") if part.isalpha()]
        return f"{capture_name(words[-1].removesuffix('s'))}_{name}" if words else name

    # What stands within a value

    def _deeper(self, at: int, name: str, value: str, place: Place) -> Told:
        """A value that no rule knows as a whole: what each of its own fields means, if it has any."""
        inner = Place.TEXT if place in (Place.BODY, Place.TEXT) else Place.QUERY
        self._depth += 1
        try:
            told = Told(tuple(self._fields(at, name, value, inner)))
        finally:
            self._depth -= 1
        return Told(tuple(self._within(value))) if told.is_plain else told

    def _fields(self, at: int, name: str, value: str, place: Place) -> Iterator[Piece]:
        node = json_of(value) if value.lstrip()[:1] in JSON_BEGINS else None
        fields = list(fields_in(value)) if node is None else []
        if (node is not None or fields) and self._depth > DEEPEST:
            yield self.variable(name, value, name)  # nobody reads it, so that anything may be in it
        elif node is not None:
            yield from self._json(at, name, node, place)
        elif fields:
            done = 0
            for field in fields:
                yield from self._within(value[done : field.start])
                yield from self.of(at, field.name, value[field.start : field.end], place).pieces
                done = field.end
            yield from self._within(value[done:])
        elif "%" in value and (unescaped := unquote(value)) != value:
            for piece in self._deeper(at, name, unescaped, place).pieces:
                yield quote(piece, safe="") if isinstance(piece, str) else piece

    def _json(self, at: int, name: str, node: Any, place: Place) -> Iterator[Piece]:
        """JSON as text again, with what each value in it means."""
        if isinstance(node, dict):
            for number, (key, inner) in enumerate(node.items()):
                yield f"{',' if number else '{'}{json.dumps(key)}:"
                yield from self._json(at, key, inner, place)
            yield "}" if node else "{}"
        elif isinstance(node, list):
            for number, inner in enumerate(node):
                yield "," if number else "["
                yield from self._json(at, name, inner, place)
            yield "]" if node else "[]"
        elif isinstance(node, str):
            yield '"'
            for piece in self.of(at, name, node, place).pieces:
                yield json.dumps(piece)[1:-1] if isinstance(piece, str) else piece
            yield '"'
        elif isinstance(node, int | float) and not isinstance(node, bool):
            yield from self.of(at, name, json.dumps(node), place).pieces
        else:
            yield json.dumps(node)

    # What an earlier answer gave

    def _link(self, at: int, name: str, value: str, place: Place) -> Link | None:
        if not value:
            return None
        known = self._links.get(value)
        if known is None:
            known = self._found(at, name, value, place) or self._cookie(at, name, value)
            if known is None:
                return None
            self._links[value] = known
            self.links.append(known)
        if at not in known.takers:
            known.takers.append(at)
        return known

    def _found(self, at: int, name: str, value: str, place: Place) -> Link | None:
        """The latest answer that has it by a name; else the latest that has it at all."""
        for giver in reversed(range(at)):
            found = self._given[giver].find(value)
            if found is not None and self._depends(giver, name, value, place, found):
                return Link(giver=giver, found=found, value=value)
        known = secrets.names_secret(name) and len(value) >= secrets.SHORTEST
        if known or secrets.is_random(value):
            for giver in reversed(range(at)):
                found = self._given[giver].search(value)
                if found is not None:
                    return Link(giver=giver, found=found, value=value)
        return None

    def _depends(self, giver: int, name: str, value: str, place: Place, found: Found) -> bool:
        """Whether a value is sent because an answer gave it, and not by chance."""
        if secrets.is_telling(value):
            return True
        alike = secrets.plain(name) == secrets.plain(found.name)
        if alike and len(value) >= secrets.SHORTEST:
            return True
        made = self._asked[giver].first.method not in ("GET", "HEAD")
        here = place is Place.PATH or secrets.is_id(name)
        return made and here and secrets.is_id(found.name)

    def _cookie(self, at: int, name: str, value: str) -> Link | None:
        """A header that repeats a cookie from before the recording: a new visitor gets one at first."""
        if not secrets.names_secret(name) or len(value) < secrets.SHORTEST:
            return None
        sent = "; ".join(values_of(self._asked[at].first.headers, "cookie")).split(";")
        for pair in sent:
            cookie, _, held = pair.strip().partition("=")
            first = next((n for n in range(at) if self._asked[n].first.method == "GET"), None)
            if held == value and cookie and first is not None:
                found = Found(expression=f"cookie:{cookie}", name=cookie)
                return Link(giver=first, found=found, value=value, guessed=True)
        return None

    # What the person typed

    def _own(self, name: str, value: str, place: Place) -> str | None:
        said = secrets.plain(name)
        if secrets.EMAIL.fullmatch(value):
            return self._another("${email}", lambda number: f"{number}.${{email}}")
        if place is Place.PATH or not value:
            return None
        if secrets.names_password(name):
            return self._another("${password}", lambda number: f"${{password}}-{number}")
        if place in (Place.QUERY, Place.HEADER):
            return None
        if secrets.USERS.search(said) and not secrets.is_id(name):
            return self._another(
                "${run}-${visitor}", lambda number: f"${{run}}-{number}-${{visitor}}"
            )
        if said in secrets.FULL_NAMES or said.endswith(("_full_name", "_display_name")):
            return "Visitor ${visitor}" if " " in value else "${run}-${visitor}"
        if secrets.CODES.search(said) and secrets.MAILED.fullmatch(value):
            self.mailed = True
            return "${mail.code}"
        return None

    def _another(self, first: str, later: Callable[[int], str]) -> str:
        """The first value is the visitor's own; another one is made of it."""
        taken = set(self._typed.values())
        number, found = 2, first
        while found in taken:
            found, number = later(number), number + 1
        return found

    def _within(self, value: str) -> list[Piece]:
        """A text with what is known, or secret, within it."""
        known: dict[str, Piece] = {
            **{text: Own(own) for text, own in self._typed.items() if len(text) >= SHORTEST_WITHIN},
            **{
                text: Own(f"${{env.{name}}}")
                for text, name in self._variables.items()
                if len(text) >= SHORTEST_WITHIN
            },
        }
        for pattern in (secrets.JWT, secrets.KEYS):
            for each in pattern.finditer(value):
                known.setdefault(
                    each[0], self.variable("API_TOKEN", each[0], "a token within a text")
                )
        for each in secrets.EMAIL.finditer(value):
            known.setdefault(each[0], Own("${email}"))
        if not known:
            return [value]
        longest = sorted(known, key=len, reverse=True)
        parts = re.split(f"({'|'.join(map(re.escape, longest))})", value)
        return [known.get(part, part) for part in parts if part]
