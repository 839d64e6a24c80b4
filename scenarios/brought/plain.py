"""What others wrote in YAML or JSON, as plain values: no objects are made, and no table grows without bounds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulator.errors import UsageError

Raw = dict[str, Any]

MOST_BYTES = 32 << 20
MOST_MERGED = 10_000


def bytes_in(path: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file, up to one more than any is read of.

    Raises UsageError.
    """
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {(error.strerror or '').lower()}") from None


def said_in(raw: bytes, file: str, what: str, smaller: str) -> str:
    """The text of a file; ``what`` is read of it, and ``smaller`` is what to do where it is too large.

    Raises UsageError.
    """
    if len(raw) > MOST_BYTES:
        raise UsageError(f"{file}: is larger than {MOST_BYTES >> 20} MiB; {smaller}")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file}: is not in UTF-8; {what} is read") from None


def read_yaml(said: str, file: str, what: str) -> list[object]:
    """The documents in a text, of which JSON is one.

    Raises UsageError.
    """
    if said.lstrip()[:1] == "{" and (root := read_json(said)) is not None:
        return [root]
    return read_documents(said, file, what)


def read_json(said: str) -> object:
    """What a text of JSON says; None: it is none."""
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        return None


def read_documents(said: str, file: str, what: str) -> list[object]:
    """What a text of YAML says, document by document."""
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
        return list(yaml.load_all(said, Loader=Plain))
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark
        where = f", at line {mark.line + 1}" if mark is not None else ""
        raise UsageError(f"{file}: is neither JSON nor YAML that can be read{where}") from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        raise UsageError(f"{file}: is neither JSON nor YAML that can be read; {what} is") from None


def table(value: object) -> Raw:
    return value if isinstance(value, dict) else {}


def entries(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def tables(value: object) -> Iterator[Raw]:
    yield from (each for each in entries(value) if isinstance(each, dict))
