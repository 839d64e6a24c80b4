"""Languages: the words of a report, and how numbers, times and dates are written among them.

A sentence is a template of the catalogue that is filled with values; values are written by the same
functions in every language (:mod:`simulator.text.wording`), and then as the language writes numbers.
So nothing that was said in one language is translated into another.
"""

from __future__ import annotations

import functools
import math
import re
import tomllib
from datetime import datetime
from importlib import resources
from typing import Any

from reports.sentences import words
from simulator.errors import UsageError
from simulator.text.wording import format_factor

LANGUAGES = ("en", "fr")
THIN, HARD = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
UNIT = re.compile(r"(?<=[\d%]) (?=(?:%|µs|ms|s|min|h|d|days?|jours?)(?![\w]))")
FRENCH_SIGNS = ((" :", f"{HARD}:"), (" ;", f"{THIN};"), (" ?", f"{THIN}?"), (" !", f"{THIN}!"),
                ("« ", f"«{HARD}"), (" »", f"{HARD}»"))  # fmt: skip
FRENCH_WORDS = (
    ("days", "jours"), ("day", "jour"), ("never", "jamais"), ("unknown", "inconnu"),
    ("without end", "sans fin"), ("more than", "plus de"),
)  # fmt: skip
"""The words that stand in figures."""
NUMBERS = str.maketrans({",": THIN, ".": ","})


class Language:
    """One language."""

    def __init__(self, code: str, catalogue: dict[str, Any]) -> None:
        self.code = code
        self.catalogue = catalogue

    def say(self, key: str, /, **values: object) -> str:
        """The sentence of that name, filled in; a count may choose between one and several.

        Raises KeyError where the catalogue has none.
        """
        found: Any = self.catalogue
        for part in key.split("."):
            found = found[part]
        if isinstance(found, list):
            found = found[0 if self._is_one(values["n"]) else 1]
        return str(found).format_map(values)

    def has(self, key: str) -> bool:
        """Whether the catalogue has a sentence of that name."""
        found: Any = self.catalogue
        for part in key.split("."):
            if not isinstance(found, dict) or part not in found:
                return False
            found = found[part]
        return True

    def many(self, noun: str, value: float) -> str:
        """A number with its noun.

        >>> language("en").many("launch", 1200), language("fr").many("launch", 1)
        ('1,200 launches', '1 lancement')
        """
        said = self.count(value)
        return self.say(f"nouns.{noun}", n=said)

    def _is_one(self, said: object) -> bool:
        """French says one of whatever is less than two."""
        if self.code == "fr":
            return str(said).split(",")[0].lstrip("< ") in ("0", "1")
        return str(said) == "1"

    # Figures --------------------------------------------------------------------------------------

    def count(self, value: float) -> str:
        r"""How many.

        >>> language("en").count(1234.0), language("fr").count(1234.0), language("fr").count(2.5)
        ('1,234', '1\u202f234', '2,5')
        """
        if math.isnan(value):
            return words.NOTHING
        return self.written(words.figure(value, ""))

    def share(self, value: float) -> str:
        """A share in per cent."""
        return words.NOTHING if math.isnan(value) else self.written(words.percent(value))

    def duration(self, seconds: float) -> str:
        r"""A time.

        >>> language("fr").duration(864_000.0), language("fr").duration(1.234)
        ('10\xa0jours', '1,23\xa0s')
        """
        return words.NOTHING if math.isnan(seconds) else self.written(words.duration(seconds))

    def rate(self, per_s: float) -> str:
        """How many in a time."""
        return words.NOTHING if math.isnan(per_s) else self.written(words.rate(per_s))

    def factor(self, value: float) -> str:
        """So many times as much."""
        return words.NOTHING if math.isnan(value) else self.written(format_factor(value))

    def demand(self, factor: float) -> str:
        """A demand of so many times the likely one, as far as it is shown."""
        said = self.factor(factor)
        if said == self.factor(1.0):
            return self.say("likely_demand")
        return self.say("times_likely", factor=said)

    def from_demand(self, factor: float) -> str:
        """From which demand on; 0 is any."""
        if not factor:
            return self.say("at_any_demand")
        return self.say("from_demand", demand=self.demand(factor))

    def figure(self, value: float, unit: str) -> str:
        """A value of a unit: "s", "share", "1/s", "factor" or "" for a count."""
        writers = {"s": self.duration, "share": self.share, "1/s": self.rate, "factor": self.factor}
        return writers.get(unit, self.count)(value)

    def bound(self, value: float, unit: str, *, open_: bool) -> str:
        """A figure of which no more may be known than that it is larger."""
        said = self.figure(value, unit)
        return f">{HARD}{said}" if open_ and math.isfinite(value) else said

    def after(self, seconds: float) -> str:
        """An instant of the launch."""
        return self.say("after", time=self.duration(seconds)) if seconds else self.say("at_opening")

    def since(self, seconds: float) -> str:
        """An instant of the launch from which on something is so."""
        if not seconds:
            return self.say("since_opening")
        return self.say("since", when=self.after(seconds))

    def tick(self, seconds: float) -> str:
        """The same on an axis."""
        return f"+{self.duration(seconds)}" if seconds else "0"

    def money(self, value: float, currency: str) -> str:
        r"""What something costs; without a currency, in servers.

        >>> language("en").money(1234.5, "EUR"), language("fr").money(0.4, "EUR")
        ('1,234\xa0EUR', '0,40\xa0EUR')
        """
        if not currency:
            return self.many("server", value)
        digits = 0 if abs(value) >= 100 or value == int(value) else 2
        return f"{self.written(f'{value:,.{digits}f}')}{HARD}{currency}"

    def date(self, at: datetime, *, clock: bool = False) -> str:
        """A day, and the time of it.

        >>> from datetime import UTC
        >>> language("fr").date(datetime(2026, 3, 1, 9, 5, tzinfo=UTC), clock=True)
        '1er mars 2026, 09:05'
        """
        month = self.catalogue["dates"]["months"][at.month - 1]
        day = self.catalogue["dates"]["first"] if at.day == 1 else str(at.day)
        said = f"{day} {month} {at.year}"
        return f"{said}, {at:%H:%M}" if clock else said

    def written(self, figure: str) -> str:
        """A figure, written as English does, as this language writes it: no break before its unit.

        Of figures alone: their commas and points set digits apart.
        """
        if self.code == "fr":
            for english, french in FRENCH_WORDS:
                figure = figure.replace(english, french)
            figure = figure.translate(NUMBERS)
        return UNIT.sub(HARD, figure)

    def named(self, what: str, said: str) -> str:
        r"""Something, and what is said of it.

        >>> language("fr").named("Haut", "rien")
        'Haut\xa0: rien'
        """
        return self.say("named", what=what, said=said)

    def joined(self, parts: list[str]) -> str:
        """One thing and another."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.say('and')} {parts[-1]}"


def sentence(text: str) -> str:
    """With a capital at its beginning, and a full stop."""
    said = text[:1].upper() + text[1:]
    return said if said.endswith((".", "!", "?")) else f"{said}."


@functools.cache
def language(code: str) -> Language:
    """The language of that code.

    Raises UsageError for one that nobody wrote down.
    """
    if code not in LANGUAGES:
        raise UsageError(f"--language {code}: there are {' and '.join(LANGUAGES)}")
    file = resources.files("reports.planner") / "languages" / f"{code}.toml"
    catalogue = tomllib.loads(file.read_text(encoding="utf-8"))
    return Language(code, _typographic(catalogue) if code == "fr" else catalogue)


def _typographic(node: Any) -> Any:
    """French signs keep their distance, and stay on the line of the word before them."""
    if isinstance(node, dict):
        return {key: _typographic(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_typographic(value) for value in node]
    text = str(node)
    for plain, set_ in FRENCH_SIGNS:
        text = text.replace(plain, set_)
    return text
