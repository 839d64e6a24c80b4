"""What is wrong in a document: in itself, in each of its variants, and through settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from simulator.errors import Mistake
from simulator.scenario.checks.names import wrong_names
from simulator.scenario.checks.tables import mistakes_in
from simulator.scenario.checks.together import nonsense
from simulator.scenario.document.overlay import keys_typed, with_variant
from simulator.scenario.document.provenance import figures
from simulator.scenario.words.document import Document

Raw = Mapping[str, Any]


def examine(document: Raw, file: str, *, library: bool) -> list[Mistake]:
    """Every mistake of a document, as far as they can be told apart."""
    mistakes = mistakes_in(Document, document, file) + wrong_names(document, file)
    if not mistakes:
        mistakes = nonsense(Document.model_validate(document), file)
    if library and not mistakes:
        mistakes = _unstated(document, file)
    return mistakes


def _unstated(document: Raw, file: str) -> list[Mistake]:
    return [
        Mistake(
            file,
            figure.key,
            f"nothing says where {figure.value} comes from",
            'add source = "...", or name the field in assumed = [...]',
        )
        for figure in figures(document)
        if not figure.stated
    ]


def wrong_variants(document: Raw, file: str, known: Sequence[Mistake]) -> list[Mistake]:
    """What each variant would make wrong that is not wrong without it."""
    variants = document.get("variant")
    found: list[Mistake] = []
    for name in variants if isinstance(variants, dict) else ():
        merged, mistakes = with_variant(document, name, file)
        found += mistakes
        found += [
            replace(mistake, key=f"variant.{name}.{mistake.key}")
            for mistake in examine(merged, file, library=False)
            if mistake not in known
        ]
    return found


def wrong_settings(document: Raw, merged: Raw, file: str, settings: Sequence[str]) -> list[Mistake]:
    """What the settings make wrong that is not wrong without them."""
    if repr(merged) == repr(document):  # not ==, to which true is 1
        return []
    known = examine(document, file, library=False)
    found = examine(merged, file, library=False)
    return [
        replace(mistake, file=_said_by(mistake.key, settings))
        for mistake in found
        if mistake not in known
    ]


def _said_by(key: str, settings: Sequence[str]) -> str:
    """The option behind which a key was typed, or one above or below it; of several the last holds."""
    found = "--set"
    for typed, option in keys_typed(settings):
        if f"{typed}.".startswith(f"{key}.") or f"{key}.".startswith(f"{typed}."):
            found = option
    return found
