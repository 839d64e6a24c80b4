"""Values laid over a document: ``[variant.NAME]`` tables and ``--set key=value``.

Tables merge key by key. An entry of an array of tables is addressed by its name
(``station.signup.servers``); a whole array given anew replaces the old one. A setting may be an
objective as well (:mod:`simulator.scenario.document.objective`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from simulator.errors import Mistake
from simulator.scenario.document import objective
from simulator.scenario.document.paths import closest, shown
from simulator.scenario.document.toml_reading import WrongToml, read_toml
from simulator.scenario.words.laws import TAKES
from simulator.scenario.words.terms import word
from simulator.scenario.words.waitlist import BUCKETS, WAYS

Document = dict[str, Any]

RELEASE = ("waitlist", "release")
RELEASE_WAYS = frozenset(map(word, WAYS))
RELEASE_BUCKETS = frozenset(map(word, BUCKETS))
WORDS_OF_LAWS = frozenset(name for names in TAKES.values() for name in names)


class WrongOverlay(Exception):
    """An overlay that does not fit what it is laid over."""

    def __init__(self, path: tuple[str, ...], problem: str, remedy: str) -> None:
        self.path, self.problem, self.remedy = path, problem, remedy
        super().__init__(problem)


def laid_over(base: Mapping[str, Any], overlay: Mapping[str, Any]) -> Document:
    """The base with the overlay's values in place of its own; neither is changed.

    Raises :class:`WrongOverlay`.
    """
    return _table(base, overlay, ())


def _table(base: Mapping[str, Any], overlay: Mapping[str, Any], path: tuple[str, ...]) -> Document:
    ended = _ended(base, overlay, path)
    merged = {key: value for key, value in base.items() if key not in ended}
    for key, value in overlay.items():
        merged[key] = _value(base.get(key), value, (*path, key))
    return merged


def _ended(
    base: Mapping[str, Any], overlay: Mapping[str, Any], path: tuple[str, ...]
) -> frozenset[str]:
    """Words that another one replaces: a rate ends the share, and another law what it has no need of.

    What the overlay says itself stays, so that it can be merged.
    """
    ended: set[str] = set()
    law = overlay.get("law")
    if isinstance(law, str) and law != base.get("law"):  # what is no text is told later
        ended.update(WORDS_OF_LAWS - set(TAKES.get(law, WORDS_OF_LAWS)))
    if path == RELEASE and any(way in overlay for way in RELEASE_WAYS):
        ended.update(RELEASE_WAYS)
        if not any(way in overlay for way in RELEASE_BUCKETS):
            ended.add("burst")
    return frozenset(ended - set(overlay))


def _value(base: Any, overlay: Any, path: tuple[str, ...]) -> Any:
    if isinstance(overlay, dict) and isinstance(base, dict):
        return _table(base, overlay, path)
    if isinstance(overlay, dict) and _named(base):
        return _array(base, overlay, path)
    if path[-1] == "instances" and isinstance(base, dict) and isinstance(overlay, int):
        return {**base, "count": overlay}  # so many more or fewer of what is bought
    return overlay


def _named(base: Any) -> bool:
    return isinstance(base, list) and all(isinstance(entry, dict) for entry in base)


def _array(base: list[Document], overlay: Mapping[str, Any], path: tuple[str, ...]) -> list[Any]:
    merged = list(base)
    known = [str(entry.get("name", entry.get("shape"))) for entry in base]
    for name, value in overlay.items():
        if name not in known:
            problem = f"there is no {path[-1]} {shown(name)}"
            raise WrongOverlay((*path, name), problem, closest(name, known))
        number = known.index(name)
        merged[number] = _value(merged[number], value, (*path, name))
    return merged


def with_variant(
    document: Mapping[str, Any], name: str | None, file: str
) -> tuple[Document, list[Mistake]]:
    """The document with a variant laid over it; the document itself if the variant is wrong."""
    if name is None:
        return dict(document), []
    variants = document.get("variant")
    known = variants if isinstance(variants, dict) else {}
    if name not in known:
        problem = f'there is no variant "{name}"'
        return dict(document), [Mistake(file, "variant", problem, closest(name, known))]
    if not isinstance(known[name], dict):
        return dict(document), []
    try:
        return laid_over(document, known[name]), []
    except WrongOverlay as wrong:
        key = ".".join(("variant", name, *wrong.path))
        return dict(document), [Mistake(file, key, wrong.problem, wrong.remedy)]


def with_settings(
    document: Mapping[str, Any], settings: Sequence[str]
) -> tuple[Document, list[Mistake]]:
    """The document with each ``key=value`` laid over it, and what is wrong with them."""
    merged, mistakes = dict(document), []
    for setting in settings:
        try:
            merged = laid_over(merged, parsed(setting))
        except WrongOverlay as wrong:
            key = ".".join(wrong.path) or setting
            mistakes.append(Mistake(option_of(setting), key, wrong.problem, wrong.remedy))
    return merged, mistakes


def option_of(setting: str) -> str:
    """What a setting is typed behind."""
    return objective.OPTION if objective.is_objective(setting) else "--set"


def keys_typed(settings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The key that each setting changes, and the option that it was typed behind."""
    for setting in settings:
        with suppress(WrongOverlay):  # which is told already
            yield ".".join(_path(parsed(setting))), option_of(setting)


def parsed(setting: str) -> Document:
    """The overlay that a setting is short for; a value that is not TOML is a text.

    Raises :class:`WrongOverlay`.

    >>> parsed("waitlist.release.rate=40/s"), parsed("signup.p95<2s")
    ({'waitlist': {'release': {'rate': '40/s'}}}, {'objectives': {'signup': {'p95': '2s'}}})
    """
    if objective.is_objective(setting):
        try:
            setting = objective.setting_of(setting)
        except objective.NoObjective as wrong:
            raise WrongOverlay((), wrong.problem, wrong.remedy) from None
    key, equals, value = setting.partition("=")
    if not equals:
        raise WrongOverlay((), "has no =", 'write key=value, as in "station.signup.servers=4"')
    try:
        path = _path(read_toml(f"{key} = 0"))
    except WrongToml:
        path = []
    if not path:  # a comment has none
        raise WrongOverlay((), "is not a key", "write names joined by dots")
    overlay: Any = _toml_value(value.strip())
    for step in reversed(path):
        overlay = {step: overlay}
    if path[0] in ("format", "system", "variant", "applied"):
        raise WrongOverlay((path[0],), "cannot be set", "change the file, or use --variant")
    return dict(overlay)


def _path(document: Document) -> list[str]:
    path = []
    node: Any = document
    while isinstance(node, dict) and node:
        key, node = next(iter(node.items()))
        path.append(key)
    return path


def _toml_value(text: str) -> Any:
    try:
        document = read_toml(f"value = {text}")
    except WrongToml:
        return text
    # A newline in the text could smuggle in further keys.
    return document["value"] if len(document) == 1 else text
