"""An OpenAPI description becomes a journey: which operations, what they are sent, what is taken along."""

import contextlib
import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from scenarios.brought.brought import Brought, from_openapi
from simulator.errors import UsageError
from tests.examples import examples
from tests.unit.scenarios.brought.walking import requests_of

SPEC = Path(__file__).parents[3] / "launches" / "petstore.yaml"
RAW = SPEC.read_bytes()
ROOT: dict[str, Any] = yaml.safe_load(RAW)


def made(raw: bytes = RAW, *operations: str) -> Brought:
    return from_openapi(raw, "spec.yaml", operations)


def one(schema: object, **more: object) -> Any:
    """The body of a POST by that schema."""
    media = {"schema": schema, **more}
    root = {
        "openapi": "3.1.0",
        "paths": {"/signup": {"post": {"requestBody": {"content": {"application/json": media}}}}},
    }
    (only,) = requests_of(made(json.dumps(root).encode()))
    return only.json_


def test_a_signup_is_found_and_the_others_are_told() -> None:
    found = made()
    (only,) = requests_of(found)
    assert str(only) == "POST /users"
    assert only.json_ == {
        "email": "${email}", "password": "${password}", "username": "${run}-${visitor}",
        "plan": "free", "age": 18,
    }  # fmt: skip
    assert only.expect.status == ("201",)
    assert (
        "choose others with --operation: createUser, login, getUser, POST /users/{userId}/pets"
        in found.said
    )
    assert "replay it with --target https://eu.example.org/v2" in found.said


def test_ids_and_tokens_are_taken_from_earlier_answers() -> None:
    found = made(RAW, "createUser", "getUser", "POST /users/{userId}/pets")
    create, login, read, add = requests_of(found)
    assert create.capture == {"user_id": "json:id"}
    assert login.form == {"username": "${run}-${visitor}", "password": "${password}"}
    assert login.capture == {"access_token": "json:access_token"}
    assert read.path == "/users/${user_id}"
    assert read.headers == {"Authorization": "Bearer ${access_token}"}
    assert (add.path, add.query) == ("/users/${user_id}/pets", {"notify": False})
    assert add.headers["X-Trace"] == "$${trace}"
    assert add.json_ == {
        "name": "nam",
        "tags": ["small", "small"],
        "owner_id": 1,
        "born": "2000-01-01",
    }
    assert add.expect.status == ("2xx",)


def test_a_token_that_no_answer_gives_is_read_from_the_environment() -> None:
    found = made(RAW, "getUser")
    (only,) = requests_of(found)
    assert only.path == "/users/10"
    assert only.headers == {"Authorization": "Bearer ${env.API_TOKEN}"}
    assert (
        "secret: the token of bearer is read from the environment: export API_TOKEN=..."
        in found.said
    )


@examples("scheme, headers, query",
    ("a key in a header", {"type": "apiKey", "in": "header", "name": "X-Key"}, {"X-Key": "${env.X_KEY}"}, {}),
    ("a key in the query", {"type": "apiKey", "in": "query", "name": "key"}, {}, {"key": "${env.KEY}"}),
    ("basic", {"type": "http", "scheme": "basic"}, {"Authorization": "Basic ${env.BASIC_CREDENTIALS}"}, {}),
    ("OAuth", {"type": "oauth2", "flows": {}}, {"Authorization": "Bearer ${env.API_TOKEN}"}, {}),
    ("a cookie", {"type": "apiKey", "in": "cookie", "name": "sid"}, {}, {}),
)  # fmt: skip
def test_credentials(scheme: object, headers: object, query: object) -> None:
    root = copy.deepcopy(ROOT)
    root["components"]["securitySchemes"]["bearer"] = scheme
    (only,) = requests_of(made(json.dumps(root).encode(), "getUser"))
    assert (only.headers, only.query) == (headers, query)


@examples("schema, value",
    ("an example", {"type": "string", "example": "${x}"}, "$${x}"),
    ("examples of 3.1", {"type": "string", "examples": ["b"]}, "b"),
    ("a constant", {"const": 3}, 3),
    ("a default", {"type": "integer", "default": 4}, 4),
    ("one of some", {"enum": ["c", "d"]}, "c"),
    ("a UUID", {"type": "string", "format": "uuid"}, "00000000-0000-4000-8000-000000000000"),
    ("a minimum", {"type": "integer", "minimum": 18}, 18),
    ("a minimum of 3.0", {"type": "integer", "minimum": 18, "exclusiveMinimum": True}, 19),
    ("a minimum of 3.1", {"type": "number", "exclusiveMinimum": 1.5}, 2.5),
    ("a maximum", {"type": "integer", "maximum": -2}, -2),
    ("long", {"type": "string", "minLength": 8}, "xabcdefg"),
    ("perhaps null", {"type": ["null", "boolean"]}, True),
    ("or null", {"anyOf": [{"type": "null"}, {"type": "integer"}]}, 1),
    ("a list", {"type": "array", "items": {"type": "integer"}, "minItems": 2}, [1, 1]),
    ("an e-mail in a list", {"type": "array", "items": {"type": "string", "format": "email"}}, ["${email}"]),
    ("all of", {"allOf": [{"type": "object", "properties": {"a": {"type": "boolean"}}},
                          {"properties": {"b": {"type": "boolean"}}}]}, {"a": True, "b": True}),
    ("what is read only", {"type": "object", "properties": {"id": {"readOnly": True}, "b": {"type": "boolean"}}},
     {"b": True}),
    ("a whole example", {"example": {"emailAddress": "x@y.co", "n": 1, "none": None}}, {"emailAddress": "${email}", "n": 1}),
)  # fmt: skip
def test_a_value_by_its_schema(schema: object, value: object) -> None:
    assert one({"type": "object", "properties": {"x": schema}}) == {"x": value}


def test_what_holds_itself_ends() -> None:
    root = copy.deepcopy(ROOT)
    loop = {
        "type": "object",
        "properties": {"again": {"$ref": "#/components/schemas/NewUser"}, "n": {"type": "integer"}},
    }
    root["components"]["schemas"]["NewUser"] = loop
    body = requests_of(made(json.dumps(root).encode()))[0].json_
    depth = 0
    while "again" in body:
        body, depth = body["again"], depth + 1
    assert 0 < depth < 12
    assert body == {}


def test_version_2() -> None:
    root = {
        "swagger": "2.0", "host": "api.example.org", "basePath": "/v1", "schemes": ["https"],
        "paths": {"/accounts": {"post": {
            "consumes": ["application/x-www-form-urlencoded"],
            "parameters": [
                {"name": "email", "in": "formData", "type": "string", "required": True},
                {"name": "age", "in": "formData", "type": "integer", "required": True},
                {"name": "why", "in": "formData", "type": "string"},
            ],
            "responses": {"302": {"description": "made"}},
        }}},
    }  # fmt: skip
    found = made(json.dumps(root).encode())
    (only,) = requests_of(found)
    assert only.form == {"email": "${email}", "age": 1}
    assert (only.redirects, only.expect.status) == ("expect", ("302",))
    assert "replay it with --target https://api.example.org/v1" in found.said


LAUGHS = "a0: &a0 {k: v}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 12)
)
LISTS = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
SIGNUP = """
openapi: 3.0.0
paths:
  /signup:
    post: {requestBody: {content: {application/json: {example: *a11}}}}
"""


@examples("raw, sentence",
    ("nothing", b"", "holds no table"),
    ("no YAML", b"a: [", "neither JSON nor YAML that can be read, at line"),
    ("no version", b"paths: {/a: {get: {}}}", "does not say its version"),
    ("an old version", b"swagger: '1.2'\npaths: {/a: {get: {}}}", "is of version 1.2"),
    ("no paths", b"openapi: 3.0.0", "has no paths"),
    ("no operations", b"openapi: 3.0.0\npaths: {/a: {}}", "has no operations"),
    ("no signup", b"openapi: 3.0.0\npaths: {/a: {get: {}}}", "no operation looks like a signup; choose with --operation"),
    ("a remote reference", b"openapi: 3.0.0\npaths: {/a: {$ref: 'http://x/y'}}", "a $ref leads to another file"),
    ("a file's reference", b"openapi: 3.0.0\npaths: {/a: {$ref: '/etc/passwd'}}", "a $ref leads to another file"),
    ("nowhere", b"openapi: 3.0.0\npaths: {/a: {$ref: '#/b'}}", "a $ref leads to nothing"),
    ("a circle", b"openapi: 3.0.0\nx: {$ref: '#/x'}\npaths: {/a: {$ref: '#/x'}}", "a $ref leads in a circle"),
    ("objects of Python", b"openapi: !!python/object/apply:os.system ['false']", "neither JSON nor YAML"),
    ("Latin-1", "openapi: é".encode("latin-1"), "is not in UTF-8"),
    ("deep", b"[" * 100_000, "neither JSON nor YAML"),
)  # fmt: skip
def test_what_is_broken_is_one_sentence(raw: bytes, sentence: str) -> None:
    with pytest.raises(UsageError) as wrong:
        made(raw)
    assert sentence in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_merges_of_merges_end() -> None:
    """Older PyYAML keeps each of 9 ** 11 pairs, which is refused; a newer one keeps each key once."""
    with contextlib.suppress(UsageError):
        (only,) = requests_of(made((LAUGHS + SIGNUP).encode()))
        assert only.json_ == {"k": "v"}


def test_lists_of_lists_make_no_file_of_a_billion_lines() -> None:
    (only,) = requests_of(made((LISTS + SIGNUP).encode()))
    assert len(json.dumps(only.json_)) < 100_000


def test_an_unknown_operation_is_told_with_those_there_are() -> None:
    with pytest.raises(
        UsageError, match=r"--operation signUp: spec\.yaml has no such operation; it has createUser"
    ):
        made(RAW, "signUp")
