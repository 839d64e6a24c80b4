"""A launch of which files are written to another folder: what it names is found from there as well."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulator.scenario.scenario import Scenario
from simulator.scenario.words.document import Document

FILES = (
    ("data", "file"),
    ("replay", "ca_file"),
    ("replay", "client_certificate"),
    ("replay", "stop", "file"),
)
COMMANDS = (("replay", "mail", "command"), ("replay", "cleanup"))
LOCUST = ("journey", "locust")
IN_FOLDER = """sh -c 'cd "$0" && exec "$@"' """
"""Then a folder, and a command as it is: the shell reads neither."""


def rooted(scenario: Scenario) -> Scenario:
    """The same launch, its files named from the root, and its commands run where they always were.

    What a command reads in its folder by itself nobody knows, so that the path of its program would not do.
    """
    folder = Path(scenario.file).parent.resolve()
    document = _rooted(scenario.merged, (), folder)
    words = Document.model_validate(document)
    return replace(scenario, words=words, document=document, variant=None, settings=())


def _rooted(node: Any, path: tuple[str, ...], folder: Path) -> Any:
    if isinstance(node, dict):
        return {key: _rooted(inner, (*path, key), folder) for key, inner in node.items()}
    if isinstance(node, list):
        return [_rooted(inner, path, folder) for inner in node]
    if path in FILES:
        return str((folder / node).resolve())
    if path in COMMANDS:
        return f"{IN_FOLDER}{shlex.quote(str(folder).replace('${', '$${'))} {node}"
    if path == LOCUST:
        named, _, user = node.rpartition(":")
        return f"{(folder / named).resolve()}:{user}"
    return node
