"""The body of an operation's request, in the word of a launch file for its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.brought.openapi.description import JSON, Description
from scenarios.brought.openapi.examples import NOTHING
from scenarios.brought.openapi.operations import Operation
from scenarios.brought.openapi.values import Values, example_in
from scenarios.brought.plain import Raw, entries, table, text
from scenarios.brought.told import Told

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
FILE_BYTES = 1_000


@dataclass(slots=True)
class Bodies:
    """Writes them, with values for their fields."""

    values: Values

    @property
    def description(self) -> Description:
        return self.values.description

    def of(self, operation: Operation, parameters: Sequence[Raw]) -> tuple[Raw, str]:
        """A body, and the Content-Type that has to be said beside it; nothing where there is none."""
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
        return {}, ""

    def _body_2(self, operation: Operation, parameters: Sequence[Raw]) -> tuple[Raw, str]:
        """Of 2.0 the body is a parameter, and so is each field of a form."""
        for each in parameters:
            if each.get("in") == "body":
                return self._written(
                    operation, "application/json", "json", each.get("schema"), NOTHING
                )
        fields = [each for each in parameters if each.get("in") == "formData"]
        if not fields:
            return {}, ""
        consumes = entries(operation.said.get("consumes") or self.description.root.get("consumes"))
        files = MULTIPART in consumes or any(each.get("type") == "file" for each in fields)
        properties = {text(each.get("name")): each for each in fields}
        required = [text(each.get("name")) for each in fields if each.get("required") is True]
        schema = {"type": "object", "properties": properties, "required": required}
        word = "multipart" if files else "form"
        return self._written(operation, MULTIPART if files else FORM, word, schema, NOTHING)

    def _written(
        self, operation: Operation, kind: str, word: str, schema: object, example: object
    ) -> tuple[Raw, str]:
        """A body by its schema, in the word of a launch file for its kind."""
        value = self.values.of(operation, schema, "body", example)
        if value is NOTHING:
            return {}, ""
        if word == "json":
            other = kind != "*/*" and not kind.lower().startswith("application/json")
            return {"json": value}, kind if other else ""
        if word == "form" and isinstance(value, dict):
            return {"form": {name: flat(each) for name, each in value.items()}}, ""
        if word == "multipart" and isinstance(value, dict):
            properties = table(self.description.at(schema).get("properties"))
            parts = {name: self._part(properties.get(name), each) for name, each in value.items()}
            return {"multipart": parts}, ""
        return {"text": value if isinstance(value, Told) else Told((kind,))}, kind

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


def flat(value: Any) -> Any:
    """What a form can hold: of tables the first value there is."""
    if isinstance(value, dict):
        return flat(next(iter(value.values()), ""))
    if isinstance(value, list):
        return [each for each in map(flat, value) if not isinstance(each, list)]
    return value
