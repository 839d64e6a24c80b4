"""What is sent where a schema says what may be: its example, or the simplest value that it allows.

E-mail addresses, passwords and user names are each visitor's own, whatever the example says.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from scenarios.brought import secrets
from scenarios.brought.openapi.description import Description
from scenarios.brought.plain import entries, table, text
from scenarios.brought.sayable import clean, is_sayable
from scenarios.brought.told import Own, Told

DEEPEST = 8
MOST_VALUES = 2_000
MOST_CHARACTERS = 4_000
USER, SHORT_USER = "${run}-${visitor}", "user${visitor}"
LONGEST_USER = 24
"""Characters of a user name; where fewer are allowed, it is unique in one run only."""
LARGEST = 1e15
PADDING = "abcdefghij"
BY_FORMAT = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "date": "2000-01-01",
    "date-time": "2000-01-01T00:00:00Z",
    "time": "12:00:00Z",
    "duration": "PT1M",
    "uri": "https://example.invalid/",
    "url": "https://example.invalid/",
    "hostname": "example.invalid",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "YWJj",
    "phone": "+15550100",
}
Raw = dict[str, Any]
Known = Callable[[str, bool], Told | None]
"""What an earlier answer gives for a field of that name; whether it is asked for as a number."""
NOTHING = object()


@dataclass(slots=True)
class Examples:
    """Makes values by schemas; each counts, so that no schema makes endless ones."""

    description: Description
    known: Known
    of_person: bool = True
    """Whether a plain "name" is a person's."""
    guessed: dict[str, None] = field(default_factory=dict)
    """Fields whose value was made up, since nothing says one."""
    left: int = MOST_VALUES

    def of(self, schema: object, name: str, depth: int = 0, example: object = NOTHING) -> Any:
        """A value, or NOTHING where the schema holds itself without end."""
        self.left -= 1
        if depth > DEEPEST or self.left < 0:
            return NOTHING
        found = merged(self.description, schema)
        given = example if example is not NOTHING else stated(found)
        kind = kind_of(found)
        if kind == "object" and not isinstance(given, dict):
            return self._object(found, depth)
        if kind == "array" and not isinstance(given, list):
            return self._array(found, name, depth)
        if given is not NOTHING and given is not None:
            return self.told(given, name, found)
        return self._leaf(found, name, kind)

    def told(self, value: Any, name: str, schema: Raw | None = None, depth: int = 0) -> Any:
        """A value as it stands in an example, with what is each visitor's own."""
        self.left -= 1
        if depth > DEEPEST or self.left < 0:
            return NOTHING
        if isinstance(value, dict):
            inner = {
                str(key): self.told(each, str(key), None, depth + 1) for key, each in value.items()
            }
            return {key: each for key, each in inner.items() if each is not NOTHING}
        if isinstance(value, list):
            listed = [self.told(each, name, None, depth + 1) for each in value]
            return [each for each in listed if each is not NOTHING]
        own = self._own(name, schema or {}, value)
        if own is not None:
            return own
        if isinstance(value, str):
            return Told((clean(value)[:MOST_CHARACTERS],))
        return value if isinstance(value, bool | int | float) and is_sayable(value) else NOTHING

    def _own(self, name: str, schema: Raw, value: object) -> Told | None:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        linked = self.known(name, number)
        if linked is not None:
            return linked
        if value is not NOTHING and not isinstance(value, str):
            return None
        if not self.of_person and secrets.plain(name) == "name":
            return None
        own = visitors_own(name, text(schema.get("format")))
        most = schema.get("maxLength")
        if own == USER and isinstance(most, int) and most < LONGEST_USER:
            own = SHORT_USER
        return None if own is None else Told((Own(own),))

    def _object(self, schema: Raw, depth: int) -> Raw:
        properties = table(schema.get("properties"))
        required = {text(each) for each in entries(schema.get("required"))}
        wanted = [key for key in properties if key in required] or list(properties)
        made: Raw = {}
        for key in wanted:
            inner = merged(self.description, properties[key])
            if inner.get("readOnly") is True:
                continue
            value = self.of(inner, str(key), depth + 1)
            if value is not NOTHING:
                made[clean(str(key))] = value
        return made

    def _array(self, schema: Raw, name: str, depth: int) -> list[Any]:
        least = schema.get("minItems")
        many = min(max(least if isinstance(least, int) else 1, 1), 10)
        made = [self.of(schema.get("items"), name, depth + 1) for _ in range(many)]
        return [each for each in made if each is not NOTHING]

    def _leaf(self, schema: Raw, name: str, kind: str) -> Any:
        number = kind in ("integer", "number")
        own = self._own(name, schema, 0 if number else NOTHING if kind == "string" else True)
        if own is not None:
            return own
        if kind == "boolean":
            return True
        if number:
            return least_of(schema, whole=kind == "integer")
        if kind == "null":
            return NOTHING
        form = text(schema.get("format"))
        if form not in BY_FORMAT:
            self.guessed.setdefault(name)
        return Told((BY_FORMAT.get(form) or padded(name, schema),))


def merged(description: Description, schema: object, depth: int = 0) -> Raw:
    """A schema with what all of its parts say; of alternatives the first that is something."""
    found = description.at(schema)
    if depth > DEEPEST:
        return found
    for word in ("allOf", "oneOf", "anyOf"):
        parts = [merged(description, each, depth + 1) for each in entries(found.get(word))[:50]]
        if word != "allOf":
            parts = [each for each in parts if kind_of(each) != "null"][:1]
        for part in parts:
            both = {**table(found.get("properties")), **table(part.get("properties"))}
            needed = [*entries(found.get("required")), *entries(part.get("required"))]
            found = {**part, **found, "properties": both, "required": needed}
    return found


def kind_of(schema: Raw) -> str:
    """The type of a schema; of several, which 3.1 allows, the first that is something."""
    said = schema.get("type")
    kinds = [text(each) for each in (said if isinstance(said, list) else [said]) if text(each)]
    kind = next((each for each in kinds if each != "null"), "")
    if kind:
        return kind
    if kinds:
        return "null"
    if schema.get("properties"):
        return "object"
    return "array" if "items" in schema else "string"


def stated(schema: Raw) -> Any:
    """What a schema gives as an example."""
    listed = entries(schema.get("examples"))
    for found in (schema.get("example", NOTHING), *listed[:1], schema.get("const", NOTHING),
                  schema.get("default", NOTHING), *entries(schema.get("enum"))[:1]):  # fmt: skip
        if found is not NOTHING and found is not None:
            return found
    return NOTHING


def visitors_own(name: str, form: str) -> str | None:
    """The placeholder of what each visitor has of his own."""
    said = secrets.plain(name)
    words = said.split("_")
    if form in ("email", "idn-email") or "email" in said or "mail" in words:
        return "${email}"
    if form == "password" or secrets.names_password(name):
        return "${password}"
    if secrets.USERS.search(said) and not secrets.is_id(name):
        return USER
    return "Visitor ${visitor}" if said in secrets.FULL_NAMES else None


def least_of(schema: Raw, *, whole: bool) -> int | float:
    """The least number that is allowed, or 1."""
    least, most = number_of(schema.get("minimum")), number_of(schema.get("maximum"))
    above = schema.get("exclusiveMinimum")
    found = 1.0 if least is None else least if most is not None else max(least, 1.0)
    if above is True and least is not None:
        found = least + 1
    elif (bound := number_of(above)) is not None:
        found = bound + 1
    found = found if most is None else min(found, most)
    return math.ceil(found) if whole or found == int(found) else found


def number_of(value: object) -> float | None:
    """A number that is one, and exact."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < LARGEST else None


def padded(name: str, schema: Raw) -> str:
    """A text that is long enough, and not too long."""
    least, most = schema.get("minLength"), schema.get("maxLength")
    found = clean(name)[:MOST_CHARACTERS] or "text"
    if isinstance(least, int) and len(found) < least <= MOST_CHARACTERS:
        found += (PADDING * (least // len(PADDING) + 1))[: least - len(found)]
    return found[:most] if isinstance(most, int) and most > 0 else found


def paths_in(description: Description, schema: object) -> Iterator[tuple[str, str, str]]:
    """What an answer's schema holds: the name of each value, its JMESPath, its type; from the top down."""
    level: list[tuple[str, str, object]] = [("", "", schema)]
    seen = 0
    for _ in range(DEEPEST):
        deeper: list[tuple[str, str, object]] = []
        for name, path, each in level:
            found = merged(description, each)
            kind = kind_of(found)
            seen += 1
            if kind == "object":
                for key, inner in table(found.get("properties")).items():
                    part = (
                        str(key)
                        if str(key).isidentifier() and str(key).isascii()
                        else json.dumps(str(key))
                    )
                    deeper.append((str(key), f"{path}.{part}" if path else part, inner))
            elif kind == "array":
                deeper.append((name, f"{path}[0]", found.get("items")))
            elif name:
                yield name, path, kind
        if seen > MOST_VALUES:
            return
        level = deeper[:MOST_VALUES]
