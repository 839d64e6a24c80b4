"""The page and its other formats: everything that is known is told, all of it as text."""

import csv
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reports.planner.answer import Answer
from reports.planner.figure import Column, Table
from reports.planner.formats import markdown
from reports.planner.language import LANGUAGES, language
from reports.planner.page import Contents, contents_of, page_text
from reports.planner.planner import PAGE, formats_named, write_report
from reports.run.facts import Given, Standing
from simulator.errors import UsageError
from simulator.outcomes.rows import Fate
from simulator.verdict.criteria import Outcome
from surgeproof.verbs.predicting.planning import options
from tests.documents import held
from tests.launches.sizing import sized
from tests.launches.strange import EVIL, strange

EVERY = {
    "chance", "grid", "coming", "line", "waits", "fates", "stations", "frontier", "regret", "cases",
    "tornado", "breaks", "leads",
}  # fmt: skip


@pytest.fixture(scope="module", params=LANGUAGES)
def told(request: pytest.FixtureRequest) -> tuple[Answer, str, Contents]:
    """A whole answer, in each language."""
    answer, code = sized(), request.param
    return answer, code, contents_of(answer, language(code))


def parts(page: str) -> Iterator[tuple[str, dict[str, str | None]]]:
    """Every element of a page, with its attributes."""
    found: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Reader().feed(page)
    yield from found


def test_every_question_has_its_picture_and_its_numbers(told: tuple[Answer, str, Contents]) -> None:
    answer, code, found = told
    assert {each.key for each in found.figures} == EVERY
    page = page_text(answer, language(code), found)
    ids = [attributes.get("id") for _, attributes in parts(page) if "id" in attributes]
    assert len(ids) == len(set(ids))
    for figure in found.figures:
        assert f"figure-{figure.key}" in ids
        assert figure.table.rows, figure.key
        assert f'download="{figure.key}.csv"' in page
        assert f'data-name="{figure.key}.svg"' in page


def test_charts_come_first_and_the_long_table_last(told: tuple[Answer, str, Contents]) -> None:
    answer, code, found = told
    page = page_text(answer, language(code), found)
    order = [page.index(f'id="{key}"') for key in ("top", "figure-chance", "play", "coming",
             "waiting", "inside", "sizes", "breaking", "objectives", "assumptions", "method", "numbers")]  # fmt: skip
    assert order == sorted(order)
    assert page.index("<table") > page.index("<svg")


def test_the_page_is_small_and_names_nothing_that_it_would_load(
    told: tuple[Answer, str, Contents],
) -> None:
    answer, code, found = told
    page = page_text(answer, language(code), found)
    assert len(page.encode()) < 2_000_000
    for tag, attributes in parts(page):
        assert tag not in {"link", "iframe", "img", "object", "embed", "base", "form"}
        assert "src" not in attributes
        link = attributes.get("href") or "#"
        assert link.startswith(("#", "data:text/csv", "https://example.org/")), link
        assert not any(name.startswith("on") or name == "style" for name in attributes), attributes


def test_what_a_file_says_stays_text() -> None:
    """Names, stories, sources: in pictures, tables, attributes, links, numbers for the script."""
    answer = strange(sized())
    found = contents_of(answer, language("en"))
    page = page_text(answer, language("en"), found)
    elements = list(parts(page))
    assert EVIL in html.unescape(page), "it is told"
    assert "<img" not in page
    assert "alert(1)</script" not in page
    assert sum(tag == "script" for tag, _ in elements) == 3
    assert not [one for _, one in elements if "onerror" in one]
    assert "javascript:" not in "".join(one.get("href") or "" for _, one in elements)
    for figure in found.figures:
        assert figure.picture is not None
        for drawing in (figure.picture.desk, figure.picture.phone, figure.picture.svg):
            root = ET.fromstring(drawing)
            assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {
                "svg", "path", "rect", "circle", "text",
            }  # fmt: skip


def test_what_is_not_known_is_left_out() -> None:
    """A bare search: no regret, no cases, no breaks, no grid, nobody who waits."""
    whole = sized()
    assert whole.sizing is not None
    bare = replace(
        whole,
        waits=None,
        grid=None,
        sizing=replace(
            whole.sizing, regret=None, cases=(), breaks=(), leads=(), swings=(), naive=None,
            headroom=None, headroom_today=None,
        ),
    )  # fmt: skip
    found = contents_of(bare, language("en"))
    assert {each.key for each in found.figures} == {
        "chance", "coming", "line", "fates", "stations", "frontier",
    }  # fmt: skip
    assert [each.key for each in found.sections] == ["coming", "waiting", "inside", "sizes"]
    assert 'id="demand"' not in page_text(bare, language("en"), found)


def test_a_prediction_alone_has_a_page_as_well() -> None:
    alone = replace(sized(), sizing=None, grid=None)
    found = contents_of(alone, language("en"))
    assert found.first.key == "line"
    assert {each.key for each in found.figures} == {"line", "coming", "waits", "fates", "stations"}


def test_tables_are_plain_numbers_for_programs(told: tuple[Answer, str, Contents]) -> None:
    answer, _, found = told
    by_key = {figure.key: figure for figure in found.figures}
    rows = list(csv.DictReader(StringIO(by_key["fates"].table.csv)))
    launches = answer.prediction.launches
    served = sum(int(one.fates[Fate.SERVED]) for one in launches)
    shares = {float(row["share"]) for row in rows}
    assert served / sum(one.arrivals for one in launches) == pytest.approx(max(shares), rel=1e-5)
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1.0, rel=1e-4)


def test_no_spreadsheet_runs_a_cell() -> None:
    column = Column(key="name", label="name", unit="text")
    table = Table(columns=(column,), rows=(("=HYPERLINK(1)",), ("@x",), ("plain",), (None,)))
    assert table.csv == "name\n'=HYPERLINK(1)\n'@x\nplain\n\"\"\n"


def test_what_never_ends_is_said_in_every_format() -> None:
    columns = (Column(key="wait_s", label="wait", unit="s"),)
    table = Table(columns=columns, rows=((float("inf"),), (float("nan"),)))
    assert table.csv == 'wait_s\ninf\n""\n'
    assert table.said(language("fr")) == [["jamais"], ["–"]]


def test_all_formats_are_written(tmp_path: Path) -> None:
    written = write_report(
        sized(), tmp_path / "new", formats=("html", "md", "json", "csv", "svg", "png")
    )
    names = {path.name for path in written}
    assert names == {path.name for path in (tmp_path / "new").iterdir()}
    assert {"report.html", "report.md", "report.json", "figures.csv"} <= names
    assert {f"{key}.{kind}" for key in EVERY for kind in ("svg", "png", "csv")} <= names
    assert (tmp_path / "new" / "chance.png").read_bytes().startswith(b"\x89PNG")
    assert "var(--" not in (tmp_path / "new" / "chance.svg").read_text()

    record = held((tmp_path / "new" / "report.json").read_text("utf-8"), "Planned")
    assert record["outcome"] == "holds"
    assert record["charts"].keys() == EVERY
    assert record["charts"]["grid"]["rows"][0].keys() >= {
        "demand_factor",
        "capacity_factor",
        "holds",
    }


def test_markdown_stays_text() -> None:
    answer = strange(sized())
    ((name, text),) = markdown(answer, language("en"), contents_of(answer, language("en")))
    assert name == "report.md"
    assert isinstance(text, str)
    assert not re.search(r"(?<!\\)<img", text)
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        columns = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(columns) == 1, "no name makes a column of its own"


def test_a_format_that_there_is_not_is_refused(tmp_path: Path) -> None:
    assert formats_named("html, csv,html") == ["html", "csv"]
    with pytest.raises(UsageError, match="--format pdf: there are html, md, json, csv, svg, png"):
        write_report(sized(), tmp_path, formats=("pdf",))
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(sized(), tmp_path / "file")
    assert PAGE == "report.html"


def test_no_secret_is_on_the_page() -> None:
    """What is sent to a server is among no figures, and in no command."""
    sent = (
        "replay.headers.authorization", "replay.line.headers.X-Token", "replay.line.join.json.key",
        'journey.signup.step."a.b".request.headers.X', "variantless.replay.headers",
    )  # fmt: skip
    tables = (
        'replay={ headers = { X = "hush" } }',
        'journey=[{ step = [{ request = { text = "hush" } }] }]',
    )
    shown = options(
        seed=1, engine="compiled", variant="v",
        settings=[*(f"{key}=hush" for key in sent), *tables, "station.web.servers=3", "replay.line.promises.rate=4/s"],
    )  # fmt: skip
    assert "hush" not in " ".join(shown)
    assert shown[6::2] == ["--set"] * 9
    assert shown[7::2] == [
        *(f"{key}=..." for key in sent), "replay=...", "journey=...", "station.web.servers=3",
        "replay.line.promises.rate=4/s",
    ]  # fmt: skip


def test_an_assumption_says_on_what_it_stands(told: tuple[Answer, str, Contents]) -> None:
    answer, code, found = told
    given = (Given(key="a", value="1", standing=Standing.MEASURED, url="ftp://x"),)
    page = page_text(
        replace(answer, told=replace(answer.told, assumptions=given)), language(code), found
    )
    assert language(code).say("standings.measured") in page
    assert "ftp://" not in page


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_says_its_language_and_its_outcome(code: str) -> None:
    answer = sized()
    page = page_text(answer, language(code), contents_of(answer, language(code)))
    assert f'<html lang="{code}">' in page
    assert 'data-outcome="holds"' in page
    assert answer.verdict.outcome is not Outcome.FAILS
