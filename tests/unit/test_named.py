"""What the documents name exists: verbs and options, modules, files and folders, and the headings that links lead to."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from surgeproof.door.door import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "VISION.md", "scenarios/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
PACKAGES = ("simulator", "scenarios", "reports", "surgeproof")
PLACES = "|".join((*PACKAGES, "tests", "docs", "deploy", r"\.ci"))

FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
COMMAND = re.compile(r"^(?:.*&& |\$ )?surgeproof ((?:--)?[a-z-]+(?: .*)?)$", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
PLACE = re.compile(rf"(?<![\w/.~-])(?:{PLACES})/[\w./*-]*[\w*/]")
MODULE = re.compile(rf"-m ((?:{PLACES})(?:\.\w+)+)")
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
OWN_OPTION = re.compile(r"add(?:_argument|option)\(\s*\"(--[a-z0-9-]+)\"")
OF_OTHERS = {"--junitxml", "--help"}

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def options() -> dict[str, set[str]]:
    """Of each verb."""
    verbs = getattr(get_command(app), "commands", {})
    return {
        name: {"--help"}.union(*((*each.opts, *each.secondary_opts) for each in verb.params))
        for name, verb in verbs.items()
    }


VERBS = options()


@functools.cache
def own_options() -> frozenset[str]:
    """Of the programs of the tests, and of our plugin for pytest."""
    sources = (*(ROOT / "tests").rglob("*.py"), *(ROOT / "surgeproof").rglob("*.py"))
    return frozenset(
        name for source in sources for name in OWN_OPTION.findall(source.read_text("utf-8"))
    )


def code_of(document: Path) -> Iterator[str]:
    """Its blocks, and then what stands in its sentences."""
    text = document.read_text("utf-8")
    yield from FENCED.findall(text)
    yield from INLINE.findall(FENCED.sub("", text))


def commands_of(document: Path) -> Iterator[tuple[str, str]]:
    """Verbs, and what is typed behind them without what is quoted or said of it."""
    for code in code_of(document):
        for typed in COMMAND.findall(code.replace("\\\n", " ")):
            verb, _, rest = QUOTED.sub("", typed).partition(" ")
            yield verb, re.split(r" [#|&>]", f"{rest} ")[0]
        verb, _, rest = code.partition(" ")
        if verb in VERBS and "\n" not in code:
            yield verb, QUOTED.sub("", rest)


def headings_of(document: Path) -> set[str]:
    """As GitHub names them in addresses."""
    text = FENCED.sub("", document.read_text("utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@each_document
def test_verbs_and_their_options_exist(document: Path) -> None:
    for verb, rest in commands_of(document):
        assert verb in VERBS or verb == "--version", f"surgeproof {verb}"
        unknown = set(OPTION.findall(rest)) - VERBS.get(verb, set())
        assert not unknown, f"surgeproof {verb} {rest}: {unknown}"


@each_document
def test_an_option_that_is_named_alone_is_one_of_some_program(document: Path) -> None:
    known = OF_OTHERS.union(own_options(), *VERBS.values())
    for code in code_of(document):
        if code.startswith("--"):
            unknown = set(OPTION.findall(QUOTED.sub("", code))) - known
            assert not unknown, code


@each_document
def test_modules_and_places_exist(document: Path) -> None:
    for name in MODULE.findall(document.read_text("utf-8")):
        place = ROOT.joinpath(*name.split("."))
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), name
    for code in code_of(document):
        for named in PLACE.findall(code):
            assert any(ROOT.glob(named.rstrip("/"))) or (ROOT / f"{named}.py").is_file(), named


@each_document
def test_links_lead_somewhere(document: Path) -> None:
    for found in LINK.findall(FENCED.sub("", document.read_text("utf-8"))):
        address = "".join(found).strip("<>")
        if re.match(r"[a-z]+:", address):
            continue
        name, _, heading = address.partition("#")
        place = (document.parent / name).resolve() if name else document
        assert place.exists(), address
        assert not heading or heading in headings_of(place), address


def test_every_folder_of_the_packages_has_its_place_in_the_plan_of_the_house() -> None:
    plan = "".join(FENCED.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    for package in PACKAGES:
        folders = {each.parent.name for each in (ROOT / package).glob("*/__init__.py")}
        missing = {name for name in folders if not re.search(rf"\b{name}/", plan)}
        assert not missing, f"{package}: {sorted(missing)}"


def test_parts_of_places_that_contributing_names_exist() -> None:
    """It leaves out what comes before, where that is said."""
    places = [
        f"/{each.relative_to(ROOT).as_posix()}"
        for top in (*PACKAGES, "tests", "docs", "deploy")
        for each in (ROOT / top).rglob("*")
        if each.suffix in {"", ".py", ".md"}
    ]
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for code in INLINE.findall(FENCED.sub("", text)):
        if re.fullmatch(r"[a-z_]+/(?:[a-z_]+/)*(?:[a-z_]+(?:\.py)?)?", code):
            tail = f"/{code.rstrip('/')}"
            assert any(each.endswith((tail, f"{tail}.py")) for each in places), code
