"""Operations of a description as the steps of a journey: bodies, credentials, and what is taken along."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from scenarios.brought.names import capture_name, step_name, unique, variable_name
from scenarios.brought.openapi.description import Description
from scenarios.brought.openapi.examples import NOTHING, Examples, paths_in
from scenarios.brought.openapi.operations import Operation, operations_of
from scenarios.brought.plain import entries, table, tables, text
from scenarios.brought.ready import SAFE, ready_to_send
from scenarios.brought.sayable import clean
from scenarios.brought.secrets import is_id, plain
from scenarios.brought.told import Own, Told
from simulator.scenario.words.rehearsal.requests import HEADER, OURS

Raw = dict[str, Any]
PARAMETER = re.compile(r"\{([^{}/]+)\}")
TOKENS = ("access_token", "token", "jwt", "id_token", "auth_token", "key", "bearer")
"""What the token of an answer is called, the best first."""
JSON = re.compile(r"(application|text)/([\w.-]+\+)?json\b.*|\*/\*", re.IGNORECASE)
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
NOT_ASKED = ("accept", "content-type", "authorization", *OURS)
"""Headers that a description must not name, or that belong to the connection."""
FILE_BYTES = 1_000


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
class Made:
    """The steps of a journey, and what is to be said of them."""

    steps: list[Raw]
    needed: dict[str, str]
    """Variables of the environment, and what each is."""
    guessed: tuple[str, ...]
    captures: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Maker:
    """Makes one step after the other."""

    description: Description
    operations: Sequence[Operation]
    given: list[Given] = field(default_factory=list)
    needed: dict[str, str] = field(default_factory=dict)
    guessed: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)

    def made(self) -> Made:
        told = [self._step(at, each) for at, each in enumerate(self.operations)]
        steps: list[Raw] = []
        for at, (operation, request) in enumerate(zip(self.operations, told, strict=True)):
            ready = ready_to_send(request)
            taken = {
                each.placeholder: f"json:{each.path}"
                for each in self.given
                if each.step == at and each.placeholder
            }
            if taken:
                ready["capture"] = taken
            known = [step["name"] for step in steps]
            name = step_name(operation.method, named_path(operation), known)
            steps.append({"name": name, "at": "app", "request": ready})
        captures = tuple(
            f"{each.placeholder}, from {steps[each.step]['name']} (json:{each.path})"
            for each in self.given
            if each.placeholder
        )
        return Made(steps, self.needed, tuple(self.guessed), captures, tuple(self.notes))

    def _step(self, at: int, operation: Operation) -> Raw:
        parameters = operation.parameters(self.description)
        said: Raw = {"method": operation.method, "path": self._path(operation, parameters)}
        query = self._parameters(operation, parameters, "query")
        headers = self._parameters(operation, parameters, "header")
        headers = {
            name: value
            for name, value in headers.items()
            if HEADER.fullmatch(name) and name.lower() not in NOT_ASKED
        }
        self._secure(operation, headers, query)
        said |= {"query": query} if query else {}
        with_body = operation.method not in ("GET", "HEAD", "DELETE")
        body = self._body(operation, parameters) if with_body else {}
        if (kind := body.pop("headers_", None)) is not None:
            headers["Content-Type"] = Told((clean(kind),))
        said |= {"headers": headers} if headers else {}
        said |= body
        expected = self._expected(at, operation)
        return {**said, **expected}

    # What is sent

    def _path(self, operation: Operation, parameters: Sequence[Raw]) -> Told:
        """The path with an earlier answer's ids, or examples, in place of its parameters."""
        pieces: list[Any] = []
        before = ""
        for number, part in enumerate(operation.path.split("/")):
            pieces += ["/"] if number else []
            parts = PARAMETER.split(part)
            for place, each in enumerate(parts):
                if place % 2 == 0:
                    pieces.append(quote(clean(each), safe=SAFE))
                    continue
                said = next((p for p in parameters if text(p.get("name")) == each), {})
                value = self._value(operation, said, each, before)
                pieces += quoted_pieces(value)
            before = part if len(parts) == 1 and part else before
        return Told(tuple(pieces))

    def _value(self, operation: Operation, parameter: Raw, name: str, before: str) -> Any:
        """A parameter's value; ``before`` is the word of the path that it stands behind."""
        linked = self._linked(name, before=before, number=False)
        if linked is not None:
            return linked
        examples = self._examples(operation)
        schema = parameter.get("schema") or parameter  # of 2.0, where it is the parameter itself
        example = example_in(self.description, parameter)
        value = examples.of(schema, name, example=example)
        self.guessed |= examples.guessed
        if isinstance(value, list):
            return value[0] if value else NOTHING
        return value

    def _parameters(self, operation: Operation, parameters: Sequence[Raw], place: str) -> Raw:
        """Those that are required, of one place."""
        found: Raw = {}
        for each in parameters:
            name = clean(text(each.get("name")))
            if each.get("in") != place or each.get("required") is not True or not name:
                continue
            value = self._value(operation, each, name, "")
            if isinstance(value, dict) or value is NOTHING:
                self.notes.setdefault(
                    f"{operation.title} needs {name}, which has no simple value: write it"
                )
                continue
            scalar = isinstance(value, int | float) and not isinstance(value, bool)
            found[name] = (
                Told((str(value),)) if place == "header" and not isinstance(value, Told) else value
            )
            if scalar and place == "header":
                found[name] = Told((str(value),))
        return found

    def _body(self, operation: Operation, parameters: Sequence[Raw]) -> Raw:
        if self.description.is_2:
            return self._body_2(operation, parameters)
        content = table(self.description.at(operation.said.get("requestBody")).get("content"))
        for matches, word in (
            (JSON.fullmatch, "json"),
            (lambda kind: kind.startswith(FORM), "form"),
            (lambda kind: kind.startswith(MULTIPART), "multipart"),
            (lambda _: True, "text"),
        ):
            for kind, each in content.items():
                if matches(str(kind)):
                    media = self.description.at(each)
                    example = example_in(self.description, media)
                    return self._written(operation, str(kind), word, media.get("schema"), example)
        return {}

    def _body_2(self, operation: Operation, parameters: Sequence[Raw]) -> Raw:
        """Of 2.0 the body is a parameter, and so is each field of a form."""
        for each in parameters:
            if each.get("in") == "body":
                return self._written(
                    operation, "application/json", "json", each.get("schema"), NOTHING
                )
        fields = [each for each in parameters if each.get("in") == "formData"]
        if not fields:
            return {}
        consumes = entries(operation.said.get("consumes") or self.description.root.get("consumes"))
        files = MULTIPART in consumes or any(each.get("type") == "file" for each in fields)
        properties = {text(each.get("name")): each for each in fields}
        required = [text(each.get("name")) for each in fields if each.get("required") is True]
        schema = {"type": "object", "properties": properties, "required": required}
        word = "multipart" if files else "form"
        return self._written(operation, MULTIPART if files else FORM, word, schema, NOTHING)

    def _written(
        self, operation: Operation, kind: str, word: str, schema: object, example: object
    ) -> Raw:
        """A body by its schema, in the word of a launch file for its kind."""
        examples = self._examples(operation)
        value = examples.of(schema, "body", example=example)
        self.guessed |= examples.guessed
        if value is NOTHING:
            return {}
        if word == "json":
            other = kind != "*/*" and not kind.lower().startswith("application/json")
            return {"json": value, **({"headers_": kind} if other else {})}
        if word == "form" and isinstance(value, dict):
            return {"form": {name: flat(each) for name, each in value.items()}}
        if word == "multipart" and isinstance(value, dict):
            properties = table(self.description.at(schema).get("properties"))
            return {
                "multipart": {
                    name: self._part(properties.get(name), each) for name, each in value.items()
                }
            }
        return {"text": value if isinstance(value, Told) else Told((kind,)), "headers_": kind}

    def _part(self, schema: object, value: Any) -> Any:
        found = self.description.at(schema)
        if (
            found.get("format") == "binary"
            or found.get("type") == "file"
            or "contentMediaType" in found
        ):
            return {
                "filename": "file.bin",
                "type": "application/octet-stream",
                "size_bytes": FILE_BYTES,
            }
        if isinstance(value, dict | list):
            kept = flat(value)
            return kept[0] if isinstance(kept, list) and kept else kept
        return value

    # Who sends it

    def _secure(self, operation: Operation, headers: Raw, query: Raw) -> None:
        """Credentials, as the first way asks for them that the operation names."""
        asked = operation.said.get("security", self.description.root.get("security"))
        ways = list(tables(asked))
        if not ways or {} in ways:  # an empty way: it may be asked without
            return
        components = table(self.description.root.get("components")).get("securitySchemes")
        schemes = table(self.description.root.get("securityDefinitions") or components)
        for name in ways[0]:
            self._credential(str(name), self.description.at(schemes.get(name)), headers, query)

    def _credential(self, name: str, scheme: Raw, headers: Raw, query: Raw) -> None:
        kind, way = scheme.get("type"), text(scheme.get("scheme")).lower()
        if kind == "apiKey":
            key = clean(text(scheme.get("name"))) or "X-API-Key"
            if scheme.get("in") == "cookie":
                self.notes.setdefault(
                    f"the cookie {key} is asked for: it comes from an earlier answer, or not at all"
                )
            elif scheme.get("in") == "query":
                query[key] = self._variable(key, f"the API key {key}")
            elif HEADER.fullmatch(key) and key.lower() not in OURS:
                headers[key] = self._variable(key, f"the API key {key}")
        elif kind == "basic" or way == "basic":
            value = self._variable("BASIC_CREDENTIALS", "user:password in base64").pieces
            headers["Authorization"] = Told(("Basic ", *value))
        elif kind == "mutualTLS":
            self.notes.setdefault(
                "a client's certificate is asked for: [replay] client_certificate"
            )
        else:
            token = self._token() or self._variable("API_TOKEN", f"the token of {name}")
            headers["Authorization"] = Told(("Bearer ", *token.pieces))

    def _variable(self, name: str, of: str) -> Told:
        variable = variable_name(name)
        self.needed.setdefault(variable, of)
        return Told((Own(f"${{env.{variable}}}"),))

    def _token(self) -> Told | None:
        """The token that an earlier answer gives, the latest and best."""
        for wanted in TOKENS:
            for each in self._latest():
                if plain(each.name) == wanted and not each.number:
                    return self._use(each, wanted if wanted != "key" else "token")
        return None

    # What earlier answers give

    def _examples(self, operation: Operation) -> Examples:
        def known(name: str, number: bool) -> Told | None:
            return self._linked(name, "", number=number)

        return Examples(self.description, known, of_person=operation.signs_up > 0)

    def _linked(self, name: str, before: str, *, number: bool) -> Told | None:
        """What an earlier answer gives for a field that names a thing: user_id is the id of users."""
        said = plain(name)
        if not is_id(name) and not said.endswith("token"):
            return None
        thing = said.removesuffix("id").strip("_")
        for each in self._latest():
            given = plain(each.name)
            here = singular(before) == singular(each.of) if before else False
            exact = given == said and (thing not in ("", "u", "u_u") or here)
            meant = given in ("id", "uuid", "_id") and (
                here or (thing != "" and thing == singular(each.of))
            )
            if exact or (meant and is_id(name)):
                wished = said if thing else f"{singular(each.of)}_id"
                return Told(self._use(each, wished).pieces, number=number and each.number)
        return None

    def _latest(self) -> list[Given]:
        """What the latest answer gives first; of one answer the simplest."""
        return sorted(self.given, key=lambda each: -each.step)

    def _use(self, given: Given, wished: str) -> Told:
        if not given.placeholder:
            taken = [each.placeholder for each in self.given]
            given.placeholder = unique(capture_name(wished), taken)
        return Told((Own(f"${{{given.placeholder}}}"),))

    def _expected(self, at: int, operation: Operation) -> Raw:
        """The status of a success that the description names, and what its answer gives."""
        answers = table(operation.said.get("responses"))
        good = [str(code) for code in answers if re.fullmatch(r"2[0-9Xx]{2}", str(code))]
        if not good:
            leads = [str(code) for code in answers if re.fullmatch(r"30[12378]", str(code))]
            return {"expect": {"status": [int(leads[0])]}, "redirects": "expect"} if leads else {}
        found = self.description.at(
            next(each for code, each in answers.items() if str(code) == good[0])
        )
        schema = found.get("schema")
        for kind, each in table(found.get("content")).items():
            if JSON.fullmatch(str(kind)):
                schema = self.description.at(each).get("schema")
        words = [word for word in operation.path.split("/") if word and "{" not in word]
        of = plain(words[-1]) if words else ""
        for name, path, kind in paths_in(self.description, schema) if schema else ():
            number = kind in ("integer", "number")
            self.given.append(Given(at, name, path, number, of))
        status: int | str = int(good[0]) if good[0].isdecimal() else good[0].lower()
        return {"expect": {"status": [status]}}


def made_of(description: Description, operations: Sequence[Operation]) -> Made:
    """The journey of the operations; a login goes in where its token is asked for after a signup."""
    return Maker(description, with_login(description, operations)).made()


def with_login(description: Description, operations: Sequence[Operation]) -> list[Operation]:
    """Behind a signup the login, where a later operation asks for a token and none gives one."""
    found = list(operations)
    if len(found) == 1 or any(each.logs_in for each in found) or not found[0].signs_up:
        return found
    if any(gives_token(description, each) for each in found[:-1]):
        return found
    if not any(asks_for_token(description, each) for each in found[1:]):
        return found
    logins = [e for e in operations_of(description) if e.logs_in and gives_token(description, e)]
    return [found[0], *logins[:1], *found[1:]]


def asks_for_token(description: Description, operation: Operation) -> bool:
    return bool(operation.said.get("security", description.root.get("security")))


def gives_token(description: Description, operation: Operation) -> bool:
    maker = Maker(description, ())
    maker._expected(0, operation)  # noqa: SLF001 - it is this module's own
    return any(plain(each.name) in TOKENS[:-2] for each in maker.given)


def example_in(description: Description, holder: Raw) -> Any:
    """The example beside a schema: of a media type, or of a parameter."""
    if holder.get("example") is not None:
        return holder["example"]
    for each in list(table(holder.get("examples")).values())[:1]:
        value = description.at(each).get("value")
        return NOTHING if value is None else value
    return NOTHING


def quoted_pieces(value: Any) -> list[Any]:
    """A value as a piece of a path."""
    if isinstance(value, Told):
        return [quote(each, safe="") if isinstance(each, str) else each for each in value.pieces]
    return [quote(str(value), safe="")] if isinstance(value, int | float) else ["1"]


def flat(value: Any) -> Any:
    """What a form can hold: of tables the first value there is."""
    if isinstance(value, dict):
        return flat(next(iter(value.values()), ""))
    if isinstance(value, list):
        return [each for each in map(flat, value) if not isinstance(each, list)]
    return value


def singular(word: str) -> str:
    """users, addresses, categories."""
    said = plain(word)
    if said.endswith("ies"):
        return f"{said[:-3]}y"
    if said.endswith(("sses", "xes", "ches")):
        return said[:-2]
    return said.removesuffix("s")


def named_path(operation: Operation) -> str:
    """The path with its parameters as placeholders, which are no part of a step's name."""
    return PARAMETER.sub("${x}", operation.path)
