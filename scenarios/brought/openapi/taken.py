"""What the earlier answers of a journey give its later requests: ids and tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

from scenarios.brought.names import capture_name, unique
from scenarios.brought.openapi.answers import fields_of
from scenarios.brought.openapi.description import Description
from scenarios.brought.openapi.operations import Operation
from scenarios.brought.secrets import is_id, plain
from scenarios.brought.told import Own, Told

TOKENS = ("access_token", "token", "jwt", "id_token", "auth_token", "key", "bearer")
"""What the token of an answer is called, the best first."""


@dataclass(slots=True)
class Given:
    """A value that the answer of a step gives."""

    step: int
    name: str
    path: str
    number: bool
    of: str
    """The last word of the path that gave it: users."""
    placeholder: str = ""
    """Once it is used."""


@dataclass(slots=True)
class Taken:
    """Everything that the answers so far give."""

    given: list[Given] = field(default_factory=list)

    def hear(self, description: Description, step: int, operation: Operation) -> None:
        """From now on the answer of this step can be taken from."""
        words = [word for word in operation.path.split("/") if word and "{" not in word]
        of = plain(words[-1]) if words else ""
        for name, path, kind in fields_of(description, operation):
            self.given.append(Given(step, name, path, kind in ("integer", "number"), of))

    def linked(self, name: str, before: str, *, number: bool) -> Told | None:
        """What an earlier answer gives for a field that names a thing: user_id is the id of users.

        ``before`` is the word of a path that it stands behind.
        """
        said = plain(name)
        if not is_id(name) and not said.endswith("token"):
            return None
        thing = said.removesuffix("id").strip("_")
        for each in self.latest():
            given = plain(each.name)
            here = singular(before) == singular(each.of) if before else False
            exact = given == said and (thing not in ("", "u", "u_u") or here)
            meant = given in ("id", "uuid", "_id") and (
                here or (thing != "" and thing == singular(each.of))
            )
            if exact or (meant and is_id(name)):
                wished = said if thing else f"{singular(each.of)}_id"
                return Told(self.use(each, wished).pieces, number=number and each.number)
        return None

    def token(self) -> Told | None:
        """The token that an earlier answer gives, the latest and best."""
        for wanted in TOKENS:
            for each in self.latest():
                if plain(each.name) == wanted and not each.number:
                    return self.use(each, wanted if wanted != "key" else "token")
        return None

    def latest(self) -> list[Given]:
        """What the latest answer gives first; of one answer the simplest."""
        return sorted(self.given, key=lambda each: -each.step)

    def use(self, given: Given, wished: str) -> Told:
        """Its placeholder, which is named as wished if nothing else is."""
        if not given.placeholder:
            names = [each.placeholder for each in self.given]
            given.placeholder = unique(capture_name(wished), names)
        return Told((Own(f"${{{given.placeholder}}}"),))

    @property
    def used(self) -> list[Given]:
        return [each for each in self.given if each.placeholder]


def gives_token(description: Description, operation: Operation) -> bool:
    """Whether an operation answers with a token, by a name that says so."""
    return any(plain(name) in TOKENS[:-2] for name, _, _ in fields_of(description, operation))


def singular(word: str) -> str:
    """users, addresses, categories."""
    said = plain(word)
    if said.endswith("ies"):
        return f"{said[:-3]}y"
    if said.endswith(("sses", "xes", "ches")):
        return said[:-2]
    return said.removesuffix("s")
