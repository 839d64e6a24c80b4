"""A scenario's document as a file for people: each table and key with what it means, told once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from textwrap import wrap
from typing import Any

from pydantic import BaseModel

from simulator.scenario.document.toml_text import key_text, quoted
from simulator.scenario.explained import Meant, meaning_of
from simulator.scenario.words.document import Document, Objectives
from simulator.scenario.words.laws import Law
from simulator.text.wording import one_line

WIDTH = 100
NARROWEST, WIDEST = 28, 46
"""Where comments beside a table's values may begin."""
EXAMPLE = re.compile(r": (\{.*\}\.?|[^\s.]\S*)$", re.DOTALL)
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "": ("format", "launch"),
    "Who comes": ("people", "surge"),
    "How they are let in": ("waitlist",),
    "What serves them": ("station",),
    "What they do once they are in": ("journey",),
    "What changes during the launch": ("change",),
    'What "holds" means': ("objectives",),
    "What it costs": ("costs",),
    "Variants": ("variant",),
    "How it is rehearsed": ("replay", "data"),
}
"""The tables of a file, in the order in which it is read."""

Raw = Mapping[str, Any]


def commented(document: Raw, head: Iterable[str]) -> str:
    """The document as TOML with comments; ``head`` is the first of them, line by line."""
    lines = [f"# {line}".rstrip() for line in head]
    writer = Writer()
    for banner, keys in SECTIONS.items():
        present = [key for key in keys if document.get(key)]
        if banner and present:
            lines += ["", "", f"# {banner} ".ljust(WIDTH, "-")]
        for key in present:
            lines += writer.top(key, document[key])
    return "\n".join(lines) + "\n"


class Writer:
    """Writes tables, and remembers what was explained already."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def top(self, key: str, value: Any) -> Iterator[str]:
        """A table of the document, or an array of tables."""
        meant = meaning_of(Document, key, value)
        if key == "variant":
            for name, overlay in value.items():
                yield from self._variant(name, overlay)
        elif isinstance(value, (dict, list)):
            yield from self._nested((key,), value, meant)
        else:
            yield ""
            yield from self._beside([(f"{key} = {toml_value(value)}", meant.says)])

    def _nested(self, path: tuple[str, ...], value: Any, meant: Meant) -> Iterator[str]:
        """A table, or each table of an array, under its header."""
        if isinstance(value, list):
            for entry in value:
                yield from self._table(path, entry, meant.of_entry(entry), array=True)
        else:
            yield from self._table(path, value, meant, array=False)

    def _table(
        self, path: tuple[str, ...], table: Raw, meant: Meant, *, array: bool
    ) -> Iterator[str]:
        plain = {
            key: value for key, value in table.items() if not self._is_apart(key, value, meant)
        }
        if plain or array:
            yield ""
            yield from self._comment(meant.says)
            name = dotted(path)
            yield f"[[{name}]]" if array else f"[{name}]"
        yield from self._values(plain, meant.model)
        for key, value in table.items():
            if key not in plain:
                yield from self._nested((*path, key), value, meaning_of(meant.model, key, value))

    def _is_apart(self, key: str, value: Any, meant: Meant) -> bool:
        """Whether it has a header of its own, since it is too much for one line."""
        if is_tables(value):
            return key == "step"
        if not isinstance(value, dict):
            return False
        model = meaning_of(meant.model, key, value).model
        if meant.model is Objectives:
            return True
        alike = model is None or issubclass(model, Law) or len(value) <= 2
        short = len(f"{key} = {toml_value(value)}") <= WIDTH
        flat = not any(isinstance(inner, dict) for inner in value.values())
        return not (alike and short and flat)

    def _values(self, table: Raw, model: type[BaseModel] | None) -> Iterator[str]:
        """Keys with their values, and what they mean beside or above them."""
        rows: list[tuple[str, str]] = []
        for key, value in table.items():
            text, says = f"{key_text(key)} = {toml_value(value)}", self._once(model, key, value)
            if "\n" in text or len(text) > WIDTH:
                yield from self._beside(rows)
                yield from self._comment(says)
                yield from long_value(key_text(key), value)
                rows = []
            else:
                rows.append((text, says))
        yield from self._beside(rows)

    def _once(self, model: type[BaseModel] | None, key: str, value: Any) -> str:
        """What a key means, and the keys of a small table in it; nothing if it was told before."""
        meant = meaning_of(model, key, value)
        says = [self._untold(meant.says)]
        if isinstance(value, dict) and meant.model and not issubclass(meant.model, Law):
            for inner, there in value.items():
                told = self._untold(meaning_of(meant.model, inner, there).says)
                says += [f"{inner}: {told[0].lower()}{told[1:]}"] if told else []
        return " ".join(filter(None, says))

    def _untold(self, says: str) -> str:
        """A sentence that was not told before, without an example at its end: the value is one."""
        says = EXAMPLE.sub("", says)
        told, self._told = says in self._told, {*self._told, says}
        return "" if told else says

    def _comment(self, says: str) -> Iterator[str]:
        """What a table means, above it."""
        for line in wrap(self._untold(says), WIDTH - 2):
            yield f"# {line}"

    def _beside(self, rows: list[tuple[str, str]]) -> Iterator[str]:
        """Values with their comments in one column, as far as they leave room for it."""
        widths = [len(text) for text, _ in rows if len(text) <= WIDEST]
        column = max([NARROWEST, *widths]) + 2
        for text, says in rows:
            if len(text) > column - 2:
                yield from (f"# {line}" for line in wrap(says, WIDTH - 2))
                yield text
                continue
            first, *others = wrap(says.removesuffix("."), WIDTH - column - 2) or [""]
            yield f"{text:<{column}}# {first}" if first else text
            yield from (f"{'':<{column}}# {line}" for line in others)

    def _variant(self, name: str, overlay: Raw) -> Iterator[str]:
        """What is laid over the file, in dotted keys."""
        yield ""
        yield f"{f'[variant.{key_text(name)}]':<{NARROWEST + 2}}# --variant {name}"
        arrays = {key: value for key, value in overlay.items() if is_tables(value)}
        plain = {key: value for key, value in overlay.items() if key not in arrays}
        for path, value in leaves(plain):
            text = f"{dotted(path)} = {toml_value(value)}"
            yield from [text] if len(text) <= WIDTH else long_value(dotted(path), value)
        for key, entries in arrays.items():
            yield from self._nested(
                ("variant", name, key), entries, meaning_of(Document, key, entries)
            )


def leaves(table: Raw, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The values within tables, with the way to each; a table of plain values is one if it fits."""
    for key, value in table.items():
        inner = (*path, key)
        if isinstance(value, dict) and not is_short(value, dotted(inner)):
            yield from leaves(value, inner)
        else:
            yield inner, value


def is_short(table: Raw, key: str) -> bool:
    """Whether several plain values have room on one line."""
    flat = not any(isinstance(value, dict) for value in table.values())
    return flat and len(table) != 1 and len(f"{key} = {toml_value(table)}") <= WIDTH


def is_tables(value: object) -> bool:
    """Whether it is an array of tables."""
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def dotted(path: Iterable[str]) -> str:
    return ".".join(key_text(key) for key in path)


def long_value(key: str, value: Any) -> Iterator[str]:
    """What is too long for a line: a text, or an array, over several."""
    if isinstance(value, str) and value and value == one_line(value):
        yield f'{key} = """'
        lines = wrap(quoted(value)[1:-1], WIDTH - 2, break_long_words=False, break_on_hyphens=False)
        yield from (f"{line} \\" for line in lines[:-1])
        yield f'{lines[-1]}"""'
    elif isinstance(value, list):
        yield f"{key} = ["
        for entry in packed(value):
            yield f"  {entry}"
        yield "]"
    else:
        yield f"{key} = {toml_value(value)}"


def packed(entries: list[Any]) -> Iterator[str]:
    """Entries of an array: tables and pairs one a line, numbers as many as fit."""
    texts = [f"{toml_value(entry)}," for entry in entries]
    if any(isinstance(entry, (dict, list)) for entry in entries):
        yield from texts
        return
    yield from wrap(" ".join(texts), WIDTH - 2, break_long_words=False)


def toml_value(value: Any) -> str:
    """A value on one line; of large numbers the thousands are set apart."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:_}"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{key_text(key)} = {toml_value(v)}" for key, v in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    return repr(value)
