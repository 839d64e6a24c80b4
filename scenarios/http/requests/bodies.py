"""The body of a request, made ready: what it is for one person, and its content type."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from urllib3 import encode_multipart_formdata

from scenarios.http.requests.filling import (
    Filling,
    Piece,
    pieces_of,
    pieces_of_json,
    pieces_of_pairs,
)
from scenarios.http.requests.person import Person
from scenarios.http.requests.protocol import body_for
from simulator.scenario.words.rehearsal.requests import Part, Request
from simulator.text.placeholders import filled

JSON = "application/json"

Body = tuple[str, bytes | None]
"""Its content type, and what it is; None: there is none."""
BodyOf = Callable[[Person], Body]


def body_of(request: Request) -> BodyOf:
    """How a request's body is made. That raises NoValue where a placeholder stands for nothing."""
    if request.is_bare:
        return bare(request)
    if request.json_ is not None:
        return written(JSON, pieces_of_json(request.json_))
    if request.form is not None:
        pairs = pieces_of_pairs(pairs_of(request.form))
        return written("application/x-www-form-urlencoded", pairs)
    if request.multipart is not None:
        return multipart(request.multipart)
    if request.text is not None:
        return written("text/plain; charset=utf-8", pieces_of(request.text, str))
    return nothing


def nothing(_: Person) -> Body:
    return "", None


def bare(request: Request) -> BodyOf:
    """That of the reference protocol."""
    made = body_for(request)
    if made is None:
        return nothing
    return lambda person: (JSON, json.dumps(made(person)).encode())


def written(kind: str, pieces: Iterable[Piece]) -> BodyOf:
    filling = Filling(pieces)
    return lambda person: (kind, filling.filled(person.value).encode())


def multipart(parts: Mapping[str, Any]) -> BodyOf:
    """A form with files, between boundaries that are new each time."""

    def body(person: Person) -> Body:
        told, kind = encode_multipart_formdata(list(fields_of(parts, person)))
        return kind, told

    return body


def fields_of(parts: Mapping[str, Any], person: Person) -> Iterator[tuple[str, Any]]:
    """The fields of a multipart form, as urllib3 takes them."""
    for name, part in parts.items():
        if not isinstance(part, Part):
            yield from ((name, filled(text, person.value)) for text in texts_of_value(part))
            continue
        if part.text is not None:
            content = filled(part.text, person.value).encode()
        else:
            content = bytes(range(256)) * -(-(part.size_bytes or 0) // 256)
            content = content[: part.size_bytes]
        yield name, (filled(part.filename, person.value), content, part.type)


def pairs_of(form: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields of a form or a query, in their order; one with several values stands there as often."""
    for key, value in form.items():
        yield from ((key, text) for text in texts_of_value(value))


def texts_of_value(value: Any) -> Iterable[str]:
    """A value of a form or a query as texts: true and 1.5 are written as in JSON."""
    for each in value if isinstance(value, list | tuple) else (value,):
        yield each if isinstance(each, str) else json.dumps(each)
