"""Reads an OpenAPI description, in YAML or JSON, and follows the references within it.

Source: OpenAPI Specification 2.0, 3.0.4 and 3.1.1; references are JSON Pointers (RFC 6901).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from simulator.errors import UsageError

Raw = dict[str, Any]

MOST_BYTES = 32 << 20
MOST_HOPS = 20
MOST_MERGED = 10_000
MOST_VARIABLES = 50
VERSIONS = re.compile(r"3\.[01](\.[0-9]+)?|2\.0")
WHAT = "an OpenAPI description of version 2.0, 3.0 or 3.1, in YAML or JSON"


@dataclass(frozen=True, slots=True)
class Description:
    """A service, as its description has it."""

    file: str
    root: Raw

    @property
    def is_2(self) -> bool:
        return "swagger" in self.root

    def at(self, node: object) -> Raw:
        """A table, or what it refers to.

        Raises UsageError where a reference leads elsewhere, nowhere, or in a circle.
        """
        found = node
        for _ in range(MOST_HOPS):
            if not isinstance(found, dict):
                return {}
            reference = found.get("$ref")
            if not isinstance(reference, str):
                return found
            found = self._referred(reference)
        raise UsageError(f"{self.file}: a $ref leads in a circle")

    def _referred(self, reference: str) -> object:
        if not reference.startswith("#"):
            raise UsageError(
                f"{self.file}: a $ref leads to another file, and only those within it are followed;"
                " bundle it into one file first (redocly bundle)"
            )
        found: object = self.root
        for part in reference.lstrip("#").split("/")[1:]:
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            if isinstance(found, dict) and key in found:
                found = found[key]
            elif isinstance(found, list) and key.isdecimal() and int(key[:9]) < len(found):
                found = found[int(key[:9])]
            else:
                raise UsageError(f"{self.file}: a $ref leads to nothing that is in the file")
        return found

    @property
    def server(self) -> str:
        """Where the service is, or only its base path; empty where nothing is said."""
        if self.is_2:
            host, base = text(self.root.get("host")), text(self.root.get("basePath")).rstrip("/")
            schemes = [text(each) for each in entries(self.root.get("schemes"))]
            scheme = "https" if "https" in schemes or not schemes else schemes[0]
            return f"{scheme}://{host}{base}" if host else base
        first = next(iter(entries(self.root.get("servers"))), None)
        url, variables = text(table(first).get("url")), table(table(first).get("variables"))
        for name, each in list(variables.items())[:MOST_VARIABLES]:
            url = url.replace(f"{{{name}}}", text(table(each).get("default")))
        return url.rstrip("/")


def description_of(raw: bytes, file: str) -> Description:
    """The description in a file.

    Raises UsageError.
    """
    if len(raw) > MOST_BYTES:
        raise UsageError(
            f"{file}: is larger than {MOST_BYTES >> 20} MiB; give one of fewer operations"
        )
    try:
        said = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file}: is not in UTF-8; {WHAT} is read") from None
    root = read_json(said) if said.lstrip()[:1] == "{" else None
    if root is None:
        root = read_yaml(said, file)
    if not isinstance(root, dict):
        raise UsageError(f"{file}: holds no table; {WHAT} is read")
    version = str(root.get("openapi", root.get("swagger", "")))
    if not VERSIONS.fullmatch(version):
        known = re.sub(r"[^0-9.]", "", version)[:10]
        told = f"is of version {known}" if known else "does not say its version (openapi: 3.1.0)"
        raise UsageError(f"{file}: {told}; {WHAT} is read")
    if not isinstance(root.get("paths"), dict) or not root["paths"]:
        raise UsageError(f"{file}: has no paths, so that there is nothing to send")
    return Description(file, root)


def read_json(said: str) -> object:
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        return None


def read_yaml(said: str, file: str) -> object:
    """Plain values only: a description makes no objects, and no table grows without bounds.

    Raises UsageError.
    """
    import yaml

    class Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Dates stay texts; what is merged (<<) is bounded, since merges of merges multiply."""

        def flatten_mapping(self, node: Any) -> None:
            super().flatten_mapping(node)
            if len(node.value) > MOST_MERGED:
                raise yaml.YAMLError("merged too often")

    Plain.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        return yaml.load(said, Loader=Plain)  # noqa: S506 - it is a safe loader
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark
        where = f", at line {mark.line + 1}" if mark is not None else ""
        raise UsageError(f"{file}: is neither JSON nor YAML that can be read{where}") from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        raise UsageError(f"{file}: is neither JSON nor YAML that can be read; {WHAT} is") from None


def table(value: object) -> Raw:
    return value if isinstance(value, dict) else {}


def entries(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def tables(value: object) -> Iterator[Raw]:
    yield from (each for each in entries(value) if isinstance(each, dict))
