"""Reads an OpenAPI description, in YAML or JSON, and follows the references within it.

Source: OpenAPI Specification 2.0, 3.0.4 and 3.1.1; references are JSON Pointers (RFC 6901).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from scenarios.brought.plain import Raw, entries, read_yaml, said_in, table, text
from simulator.errors import UsageError

MOST_HOPS = 20
MOST_VARIABLES = 50
VERSIONS = re.compile(r"3\.[01](\.[0-9]+)?|2\.0")
JSON = re.compile(r"(application|text)/([\w.-]+\+)?json\b.*|\*/\*", re.IGNORECASE)
"""What JSON is declared as."""
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
    said = said_in(raw, file, WHAT, "give one of fewer operations")
    documents = read_yaml(said, file, WHAT)
    if len(documents) > 1:
        raise UsageError(f"{file}: holds {len(documents)} documents; give one of them")
    root = next(iter(documents), None)
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
