"""Both languages say the same things, each in its own way of writing numbers; nothing is missing."""

import re
import string
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reports.planner import language as module
from reports.planner.charts.numbers import label_of
from reports.planner.language import LANGUAGES, Language, language
from reports.run.facts import Standing
from simulator.advice.change.turn import Turn
from simulator.advice.why.trouble import Sign
from simulator.errors import UsageError
from simulator.outcomes.counts.places import Layout, Place
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.rows import Fate
from simulator.system.capacity import Supply
from simulator.verdict.criteria import Asks
from tests.examples import examples

PLANNER = Path(module.__file__).parent
SAID = re.compile(r"""\b(?:say|_template)\(\s*(?:language,\s*)?f?["']([^"'{]+)["']""")
KEYS = re.compile(r'"((?:[a-z_]+\.)*[a-z_]+)"')


def catalogue(code: str) -> dict[str, Any]:
    return tomllib.loads((PLANNER / "languages" / f"{code}.toml").read_text("utf-8"))


def sentences(node: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every sentence by its name, and its forms."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from sentences(value, f"{path}.{key}" if path else key)
    else:
        yield path, node if isinstance(node, list) else [node]


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_each_sentence_is_in_both_languages_with_the_same_gaps() -> None:
    english, french = (dict(sentences(catalogue(code))) for code in ("en", "fr"))
    assert english.keys() == french.keys()
    for key, forms in english.items():
        for form in (*forms, *french[key]):
            assert gaps(form) == gaps(forms[-1]), key
        assert len(forms) == len(french[key]), key
        assert all(form.strip() for form in (*forms, *french[key])), key


def test_no_french_sentence_was_left_in_english() -> None:
    english, french = (dict(sentences(catalogue(code))) for code in ("en", "fr"))
    same = {key for key, forms in english.items() if forms == french[key]}
    alike = {
        "columns.source",
        *(f"quantities{of}.response_{p}" for of in ("", "_of") for p in ("p50", "p95", "p99")),
    }  # fmt: skip
    assert same <= alike, same - alike


@pytest.mark.parametrize("code", LANGUAGES)
def test_whatever_is_said_has_words(code: str) -> None:
    said = language(code)
    sources = [*PLANNER.rglob("*.py"), *PLANNER.rglob("*.j2")]
    named = {key for source in sources for key in SAID.findall(source.read_text("utf-8"))}
    assert len(named) > 150
    for key in named:
        assert said.has(key.rstrip(".")), key


def test_no_sentence_is_kept_that_nobody_says() -> None:
    text = "\n".join(
        source.read_text("utf-8")
        for source in [*PLANNER.rglob("*.py"), *PLANNER.rglob("*.j2"), *PLANNER.rglob("*.js")]
    )
    by_value = {
        "dates", "nouns", "outcomes", "turns", "knobs", "asks", "missed", "signs", "supplies", "fates",
        "quantities", "quantities_of", "counted", "cases", "standings", "figures", "made", "sections",
        "findings", "notes", "axes", "labels", "keys",
    }  # fmt: skip
    for key, _ in sentences(catalogue("en")):
        if key.split(".")[0] not in by_value:
            assert re.search(rf"""["']{re.escape(key)}["']""", text), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_value_that_may_be_told_has_words(code: str) -> None:
    said = language(code)
    for turn in Turn:
        for group in ("turns", "knobs"):
            assert said.say(f"{group}.{turn.name.lower()}", n="2", station="x")
    for asks in Asks:
        for group in ("asks", "missed"):
            assert said.say(f"{group}.{asks.name.lower()}", journey="x")
    for group, members in (("signs", Sign), ("supplies", Supply)):
        for member in members:
            assert "x" in said.say(f"{group}.{member.name.lower()}", station="x")
    assert all(said.say(f"fates.{fate.name.lower()}") for fate in Fate)
    assert all(said.say(f"standings.{standing}") for standing in Standing)


LAYOUT = Layout(
    journeys=("signup", "login"), stations=("web", "mail"), groups=(0, 1), group_names=("early", "late"),
    places=(
        Place(journey=0, station=0), Place(journey=0, station=1), Place(journey=1, station=0),
    ),
    steps=(0, 1, 2), good_within_ns=(1, 1),
)  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_figure_has_a_label(code: str) -> None:
    labels = {each.key: label_of(each.key, LAYOUT, language(code)) for each in figures_of(LAYOUT)}
    assert all(labels.values())
    assert len(set(labels.values())) == len(labels), "and each its own"


def test_an_english_label_is_the_one_of_every_other_report() -> None:
    for each in figures_of(LAYOUT):
        assert label_of(each.key, LAYOUT, language("en")) == each.label


@examples(
    "english, french",
    ("a count", lambda it: it.count(1234567.0), ("1,234,567", "1\u202f234\u202f567")),
    ("a mean", lambda it: it.count(2.5), ("2.5", "2,5")),
    ("nothing known", lambda it: it.count(float("nan")), ("–", "–")),
    ("a share", lambda it: it.share(0.956), ("95.6\xa0%", "95,6\xa0%")),
    ("a small share", lambda it: it.share(0.00001), ("< 0.01\xa0%", "< 0,01\xa0%")),
    ("a time", lambda it: it.duration(150.0), ("2\xa0min 30\xa0s", "2\xa0min 30\xa0s")),
    ("days", lambda it: it.duration(864_000.0), ("10\xa0days", "10\xa0jours")),
    ("never", lambda it: it.duration(float("inf")), ("never", "jamais")),
    ("a rate", lambda it: it.rate(0.2), ("12/min", "12/min")),
    ("a day's rate", lambda it: it.rate(3 / 86_400), ("3/day", "3/jour")),
    ("money", lambda it: it.money(1234.56, "EUR"), ("1,235\xa0EUR", "1\u202f235\xa0EUR")),
    ("cents", lambda it: it.money(9.6, "EUR"), ("9.60\xa0EUR", "9,60\xa0EUR")),
    ("no money", lambda it: it.money(1.0, ""), ("1 server", "1 serveur")),
    ("none", lambda it: it.many("launch", 0.0), ("0 launches", "0 lancement")),
    ("one and a half", lambda it: it.many("person", 1.5), ("1.5 people", "1,5 personne")),
    ("two", lambda it: it.many("person", 2.0), ("2 people", "2 personnes")),
    ("thousands", lambda it: it.many("person", 1500.0), ("1,500 people", "1\u202f500 personnes")),
    ("the first", lambda it: it.date(datetime(2027, 8, 1, tzinfo=UTC)), ("1 August 2027", "1er août 2027")),
    ("a list", lambda it: it.joined(["a", "b", "c"]), ("a, b and c", "a, b et c")),
    ("a colon", lambda it: it.named("a", "b"), ("a: b", "a\xa0: b")),
)  # fmt: skip
def test_numbers_are_written_as_the_language_writes_them(english: Any, french: Any) -> None:
    write, expected = english, french
    assert tuple(write(language(code)) for code in ("en", "fr")) == expected


def test_french_signs_keep_their_distance() -> None:
    for key, forms in sentences(language("fr").catalogue):
        for form in forms:
            assert not re.search(r" [:;?!»]|« ", form), key


def test_a_language_that_nobody_wrote_down_is_refused() -> None:
    with pytest.raises(UsageError, match="--language de: there are en and fr"):
        language("de")


def test_what_is_missing_is_an_error_and_never_a_gap() -> None:
    with pytest.raises(KeyError):
        Language("en", {"a": "b"}).say("c")
    with pytest.raises(KeyError):
        language("en").say("held_in", n="1")
