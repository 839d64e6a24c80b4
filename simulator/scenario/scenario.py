"""One launch as its file describes it, checked, with its variant and settings laid over it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from simulator.errors import Mistake, ScenarioError
from simulator.host.named_files import Read, text_of
from simulator.scenario.checks.examine import Raw, examine, wrong_settings, wrong_variants
from simulator.scenario.checks.names import wrong_names
from simulator.scenario.checks.tables import mistakes_in
from simulator.scenario.document.data import other_data, with_data
from simulator.scenario.document.overlay import with_settings, with_variant
from simulator.scenario.document.provenance import Basis, GivenFigure, figures
from simulator.scenario.document.recordings import other_recordings, with_recordings
from simulator.scenario.document.toml_reading import WrongToml, read_toml
from simulator.scenario.document.toml_text import toml_text
from simulator.scenario.words.document import Document, Source, StationsFile
from simulator.scenario.words.stations import Station


@dataclass(frozen=True, kw_only=True, eq=False)
class Scenario:
    """A launch that can be predicted and rehearsed."""

    file: str
    words: Document
    """What holds, with the variant and the settings laid over the file."""
    document: Raw
    """What the file says, its stations included, nothing laid over it."""
    variant: str | None = None
    settings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.words.launch.name

    @property
    def variants(self) -> tuple[str, ...]:
        return tuple(self.words.variant)

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.words.sources

    @cached_property
    def base(self) -> Scenario:
        """The file's own launch, without variant and settings: what published counts speak of."""
        if self.variant is None and not self.settings:
            return self
        words = Document.model_validate(self.document)
        return replace(self, words=words, variant=None, settings=())

    @cached_property
    def figures(self) -> tuple[GivenFigure, ...]:
        """Every figure that holds, and where it comes from; what was laid over is assumed."""
        said = {figure.key: figure for figure in figures(self.document)}
        return tuple(
            figure
            if figure.key in said and said[figure.key].value == figure.value
            else replace(figure, basis=Basis.ASSUMED, sources=(), stated=True)
            for figure in figures(self.merged)
        )

    @property
    def merged(self) -> Raw:
        """What holds, as the file would say it: variant and settings laid over."""
        varied, _ = with_variant(self.document, self.variant, self.file)
        return with_settings(varied, self.settings)[0]

    @property
    def assumed(self) -> tuple[GivenFigure, ...]:
        """The figures that nobody has published or measured."""
        return tuple(figure for figure in self.figures if figure.basis is Basis.ASSUMED)

    def dump(self) -> str:
        """TOML for a run's folder: :func:`parse` makes the same scenario of it again.

        It needs no other file: the stations stand in it.
        """
        said = {"variant": self.variant, "set": list(self.settings), "system": self.words.system}
        applied = {key: value for key, value in said.items() if value}
        alone = _without_system(self.document)
        if variants := alone.get("variant"):
            alone["variant"] = {name: _without_system(table) for name, table in variants.items()}
        return toml_text({**alone, **({"applied": applied} if applied else {})})


def _without_system(table: Raw) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key != "system"}


def parse(
    text: str,
    file: str,
    *,
    library: bool = False,
    variant: str | None = None,
    settings: Sequence[str] = (),
    read: Read | None = None,
) -> Scenario:
    """The scenario in a file's text; ``library`` asks that every figure says where it comes from.

    Raises :class:`ScenarioError` with all mistakes at once.
    """
    document = with_recordings(with_stations(load(text, file), file, read), file, read)
    document = with_data(document, file, read)
    mistakes = examine(document, file, library=library)
    applied = document.pop("applied", {})
    if not mistakes:
        variant = variant or applied.get("variant")
        settings = (*applied.get("set", ()), *settings)
    mistakes += wrong_variants(document, file, mistakes)
    varied, wrong = with_variant(document, variant, file)
    mistakes += wrong
    merged, wrong = with_settings(varied, settings)
    mistakes += wrong + wrong_settings(varied, merged, file, settings)
    mistakes += other_recordings(document, merged, file) + other_data(document, merged, file)
    if mistakes:
        raise ScenarioError(dict.fromkeys(mistakes))
    if "system" in applied:
        merged = {**merged, "system": applied["system"]}
    return Scenario(
        file=file,
        words=Document.model_validate(merged),
        document=document,
        variant=variant,
        settings=tuple(settings),
    )


SYNTAX = re.compile(r"^(?P<problem>.*) \(at (?P<where>.*)\)$")


def load(text: str, file: str) -> dict[str, Any]:
    """The plain document in a text.

    Raises :class:`ScenarioError` where it is not TOML, with line and column.
    """
    try:
        return read_toml(text)
    except WrongToml as wrong:
        match = SYNTAX.match(str(wrong))
        if match is None:
            raise ScenarioError([Mistake(file, "", f"cannot be used: {wrong}")]) from None
        problem, where = match.group("problem", "where")
        remedy = 'strings need "quotes", and so do quantities: "40 ms"'
        raise ScenarioError([Mistake(file, where, f"not TOML: {problem}", remedy)]) from None


def read_stations(text: str, file: str) -> tuple[Station, ...]:
    """The stations of a stations file, as ``system`` names one and the probe writes one.

    Raises :class:`ScenarioError`.
    """
    return StationsFile.model_validate(stations_document(text, file)).station


def stations_document(text: str, file: str) -> dict[str, Any]:
    """The plain document of a stations file, found to be one.

    Raises :class:`ScenarioError`.
    """
    document = load(text, file)
    if "station" not in document:
        remedy = "it has [[station]] tables, as surgeproof probe --write makes them"
        raise ScenarioError([Mistake(file, "", "is not a file of stations", remedy)])
    mistakes = mistakes_in(StationsFile, document, file, quoted=False) or wrong_names(
        document, file
    )
    if mistakes:
        raise ScenarioError(mistakes)
    return document


def with_stations(document: dict[str, Any], file: str, read: Read | None) -> dict[str, Any]:
    """The document with the stations of the files that ``system`` names, in its variants too.

    Raises :class:`ScenarioError`.
    """
    document = _with_system(document, "system", file, read)
    variants = document.get("variant")
    if not isinstance(variants, dict):
        return document
    for name, table in variants.items():
        if isinstance(table, dict):
            key = f"variant.{name}.system"
            variants = {**variants, name: _with_system(table, key, file, read)}
    return {**document, "variant": variants}


def _with_system(table: dict[str, Any], key: str, file: str, read: Read | None) -> dict[str, Any]:
    system = table.get("system")
    if not isinstance(system, str):
        return table
    if "station" in table:
        problem = "there are stations here as well"
        raise ScenarioError([Mistake(file, key, problem, "keep one of the two")])
    text = text_of(system, read, file, key, "give [[station]] tables")
    stations = stations_document(text, system)
    own, theirs = table.get("sources", {}), stations.get("sources", {})
    # What is no table is kept as it is: it is told with all other mistakes.
    sources = {**theirs, **own} if isinstance(own, dict) else own
    return {**table, "station": stations["station"], **({"sources": sources} if sources else {})}
