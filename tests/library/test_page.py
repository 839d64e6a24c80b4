"""The page of the library is what its files say."""

import pytest

from scenarios.library import shelf as library
from scenarios.library.markdown import code, escape, link, table
from scenarios.library.page import PAGE, of_the_library, page
from scenarios.library.section import Shown
from simulator import Compiled, parse
from simulator.plan.published.published import deciding, sources_of
from simulator.plan.resolve import arriving, resolve
from tests.examples import examples
from tests.launches.files import EVERYTHING


def shown(text: str) -> Shown:
    scenario = parse(text, "f.toml")
    people = arriving(resolve(scenario), Compiled())
    return Shown(scenario=scenario, plan=people.plan(seed=0), surges=people.by_surge)


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == of_the_library(), (
        "run python -m scenarios.library.page"
    )


def test_every_source_and_variant_of_the_library_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in library.names():
        scenario = library.load(name)
        assert f"\n## {name}\n" in text
        for surge in deciding(scenario):
            for point in surge.points:
                for key in sources_of(surge, point):
                    assert link(scenario.sources[key].title, scenario.sources[key].url) in text
        for variant in scenario.variants:
            assert code(f"--variant {variant}") in text


def test_a_section_says_who_comes_and_what_is_assumed() -> None:
    text = shown(EVERYTHING).section()
    assert "- `door` (countdown, 39" in text
    assert "- mail, 14/s and 50,000 in any 24 h; sourced: `quota` ([Amazon SES" in text
    assert "assumed: `quota`, `waiting_room`, `service`, `retry_after`" in text
    assert "`signup`: 95 % succeed within 5 min, at most 2 % leave" in text
    assert "`--variant more-mail` sets `station.mail.quota = { rate = " in text
    assert "1 min, beginning at the opening, with 0.05 times as many people" in text


def test_what_a_file_says_is_no_markdown() -> None:
    text = EVERYTHING.replace(
        "A small network opens", "<script>x</script> | *A* [small](javascript:x) network_ opens"
    )
    found = page([shown(text)])
    assert "<script>" not in found
    assert "](javascript" not in found.replace("\\](javascript", "")
    assert "\\<script\\>x\\</script\\> \\| \\*A\\*" in found


@examples("text, expected",
    ("no numbered list", "1. first", "1\\. first"),
    ("no list", "- first", "\\- first"),
    ("no heading", "# loud", "\\# loud"),
    ("one line", "two\n\nparagraphs", "two paragraphs"),
    ("no control characters", "a\x1bb", "a b"),
    ("thousands", "900.000 people", "900.000 people"),
)  # fmt: skip
def test_texts_are_shown_as_they_stand(text: str, expected: str) -> None:
    assert escape(text) == expected


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a b", "https://a>b", "ftp://a", None]
)
def test_only_addresses_of_the_web_become_links(url: str | None) -> None:
    assert link("title", url) == "title"
    assert link("title", "https://a.example/b_(c)") == "[title](<https://a.example/b_(c)>)"


def test_a_table_is_flush_right_where_it_is_asked() -> None:
    assert table(("a", "b"), [("1", "2")], right=(1,)) == "| a | b |\n| --- | ---: |\n| 1 | 2 |"
