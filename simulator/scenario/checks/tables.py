"""What is wrong in a document, in the words of people: pydantic finds it, this module says it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from simulator.errors import Mistake
from simulator.scenario.document.paths import Path, Unquoted, closest, key_of, kind_of, shown
from simulator.scenario.words.surges.surge import SHAPES
from simulator.scenario.words.terms import Table, WrongTable
from simulator.text.quantities import WrongQuantity
from simulator.text.wording import first_sentence


@functools.cache
def schema_of(model: type[BaseModel]) -> Mapping[str, Any]:
    """The JSON Schema of a model, in which the words of each table are looked up."""
    return model.model_json_schema()


def mistakes_in(
    model: type[BaseModel], document: Mapping[str, Any], file: str, *, quoted: bool = True
) -> list[Mistake]:
    """Everything in which the document does not fit the model.

    ``quoted``: with its values, which whoever reads the mistakes may see. Those of a file that
    another one names are told by their kind.
    """
    try:
        model.model_validate(document)
    except ValidationError as failure:
        schema = schema_of(model)
        # A list whose entries are all wrong counts as empty; that they are wrong is said already.
        errors = [e for e in failure.errors() if not (e["type"] == "too_short" and e["input"])]
        return [
            Mistake(file, key_of(path, document), problem, remedy)
            for error in errors
            for path, problem, remedy in _told(error if quoted else unquoted(error), schema)
        ]
    return []


def unquoted(error: ErrorDetails) -> ErrorDetails:
    """The same error without the value."""
    said = error.get("ctx", {}).get("error")
    if isinstance(said, WrongQuantity):
        told = WrongQuantity(f"is {kind_of(error['input'])} that does not fit here", said.remedy)
        return {**error, "ctx": {**error["ctx"], "error": told}}
    if error["type"] == "union_tag_invalid":
        return {**error, "ctx": {**error["ctx"], "tag": "..."}}
    return {**error, "input": Unquoted(error["input"])}


def _told(error: ErrorDetails, schema: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Where, problem and remedy: one of a wrong value, several of words that do not go together."""
    wrong = error.get("ctx", {}).get("error")
    if isinstance(wrong, WrongTable):
        for found in wrong.found:
            inside = found.key.split(".") if found.key else ()
            yield (*error["loc"], *inside), found.problem, found.remedy
    else:
        yield error["loc"], *_sentence(error, schema)


OBJECTIVES = "objectives"
KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": 'a string in "quotes"',
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dict_type": "a table",
    "tuple_type": "a list",
    "bool_type": "true or false, without quotes",
    "datetime_type": "a date and time, without quotes: 2022-02-20T23:00:00-05:00",
}
BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}


def _sentence(error: ErrorDetails, schema: Mapping[str, Any]) -> tuple[str, str]:
    """Problem and remedy of one error."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    said = context.get("error")
    if isinstance(said, WrongQuantity):
        return said.problem, said.remedy
    if kind == "tuple_type" and isinstance(value, Mapping):
        return "is one table", f"a list of tables has double brackets: [[{error['loc'][-1]}]]"
    if kind == "missing":
        return "is missing", _first_sentence(_described(schema, error["loc"]))
    if kind == "extra_forbidden":
        known = _keys(schema, error["loc"][:-1])
        told = [each for each in known if each not in Table.model_fields]
        # Of objectives limits are told alone: what says where figures come from is none.
        listed = told if error["loc"][0] == OBJECTIVES else known
        return "unknown key", closest(str(error["loc"][-1]), known, listed)
    if kind in BOUNDS:
        limit, words = BOUNDS[kind]
        return f"is {shown(value)}", f"it must be {words} {context[limit]:g}"
    if kind == "literal_error":
        return f"is {shown(value)}", f"it must be {context['expected']}".replace("'", '"')
    return _sentence_of_kind(kind, value, context)


def _sentence_of_kind(kind: str, value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    if kind == "too_short":
        return "is empty", f"at least {context['min_length']} is needed"
    if kind == "too_long":
        return f"has {context['actual_length']} entries", f"at most {context['max_length']}"
    if kind in KINDS:
        return f"is {shown(value)}", f"it must be {KINDS[kind]}"
    if kind == "union_tag_not_found":
        return "has no shape", f'add shape = "...", one of {", ".join(SHAPES)}'
    if kind == "union_tag_invalid":
        known = context["expected_tags"].replace("'", "").split(", ")
        return f'unknown shape "{context["tag"]}"', closest(context["tag"], known)
    if kind == "timezone_aware":
        return f"is {shown(value)}, without its offset", "write 2022-02-20T23:00:00-05:00"
    if kind == "string_pattern_mismatch":
        return f"is {shown(value)}", _pattern_remedy(context["pattern"])
    return f"is {shown(value)}, which does not fit here", ""


def _pattern_remedy(pattern: str) -> str:
    if pattern.startswith("^/"):
        return "a path starts with / and has only ASCII characters, no spaces and no #: /signup, /%C3%A9"
    return "a name has only letters, digits, - and _"


def _first_sentence(text: str) -> str:
    return first_sentence(" ".join(text.split())).rstrip(".") if text else ""


def _steps(schema: Mapping[str, Any], path: Sequence[str | int]) -> list[Mapping[str, Any]]:
    """The schemas that may describe what lies at the path."""
    nodes = _flat(schema, schema)
    for step in path:
        nodes = [found for node in nodes for found in _into(schema, node, step)]
    return nodes


def _into(
    root: Mapping[str, Any], node: Mapping[str, Any], step: str | int
) -> list[Mapping[str, Any]]:
    properties = node.get("properties", {})
    if step in properties:
        return _flat(root, properties[step])
    if properties.get("shape", {}).get("const") == step:
        return [node]
    if isinstance(step, int):
        return _flat(root, node["items"]) if "items" in node else []
    others = node.get("additionalProperties")
    return _flat(root, others) if isinstance(others, dict) else []


def _flat(root: Mapping[str, Any], node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A schema with its reference followed and its alternatives spread out."""
    if "$ref" in node:
        return _flat(root, root["$defs"][node["$ref"].rsplit("/", 1)[-1]])
    choices = node.get("anyOf", node.get("oneOf"))
    if choices is None:
        return [node]
    return [found for choice in choices for found in _flat(root, choice)]


def _keys(schema: Mapping[str, Any], path: Path) -> list[str]:
    return [key for node in _steps(schema, path) for key in node.get("properties", {})]


def _described(schema: Mapping[str, Any], path: Path) -> str:
    """The sentence that stands under the field at the path."""
    for node in _steps(schema, path[:-1]):
        properties: Mapping[str, Any] = node.get("properties", {})
        if path[-1] in properties:
            return str(properties[str(path[-1])].get("description", ""))
    return ""
