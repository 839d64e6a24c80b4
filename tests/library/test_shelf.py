import json
import os
import tomllib
from pathlib import Path

import jsonschema
import pytest

from scenarios.library import shelf as library
from simulator.errors import ScenarioError
from simulator.scenario.document.provenance import Basis
from simulator.scenario.schema import schema_text
from tests.examples import examples
from tests.launches.files import SMALL, stations_in

SCHEMA = json.loads(schema_text())


def as_json(text: str) -> object:
    """A document as an editor's validator sees it: instants are texts."""
    return json.loads(json.dumps(tomllib.loads(text), default=lambda value: value.isoformat()))


@pytest.mark.parametrize("name", library.names())
def test_every_launch_of_the_library_says_where_its_figures_come_from(name: str) -> None:
    scenario = library.load(name)
    assert scenario.name == name
    assert all(figure.stated for figure in scenario.figures)
    cited = {key for figure in scenario.figures for key in figure.sources}
    assert cited == set(scenario.sources), "a source that nothing cites"


@pytest.mark.parametrize("name", library.names())
def test_every_launch_of_the_library_fits_the_schema(name: str) -> None:
    text, _ = library.read(name)
    jsonschema.validate(as_json(text), SCHEMA)


def test_the_shipped_schema_is_current() -> None:
    shipped = (library.shelf() / library.SCHEMA).read_text(encoding="utf-8")
    assert shipped == schema_text(), "run python -m scenarios.library.page"


@examples("old, new",
    ("unknown key", "client_timeout", "client_timeot"),
    ("wrong unit", 'drain = "10 s"', 'drain = "4/s"'),
    ("out of bounds", "servers = 2", "servers = -2"),
    ("unknown shape", 'shape = "milestones"', 'shape = "milestone"'),
    ("unknown table", "[launch]", "[lunch]"),
)  # fmt: skip
def test_the_schema_refuses_what_is_wrong(old: str, new: str) -> None:
    text, _ = library.read("truth-social-2022")
    assert old in text
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_json(text.replace(old, new)), SCHEMA)


def test_truth_social_is_told_from_what_was_published() -> None:
    scenario = library.load("truth-social-2022")
    surge = scenario.words.surge[0]
    assert surge.shape == "milestones"
    assert [(round(p.at_ns / 3.6e12, 2), p.count) for p in surge.points] == [
        (3, 85_000), (16, 216_815), (34, 370_000), (42, 476_784), (200, 1_163_386),
    ]  # fmt: skip
    assert [(r.counts, r.points[0].count) for r in scenario.words.reading] == [
        ("downloads", 170_000), ("installs", 872_000), ("active a day", 513_000),
    ]  # fmt: skip
    bases = {figure.key: figure.basis for figure in scenario.figures}
    assert bases["station.signup.servers"] is Basis.ASSUMED
    assert bases["surge.opening.points[1].count"] is Basis.SOURCED
    assert scenario.variants == ("no-line", "line-from-the-opening", "well-run")


def test_a_name_is_of_the_library_and_a_path_is_a_file(tmp_path: Path) -> None:
    text, file = library.find("truth-social-2022")
    assert file == "truth-social-2022.toml"
    mine = tmp_path / "mine.toml"
    mine.write_text(text, encoding="utf-8")
    assert library.find(str(mine)) == (text, str(mine))


@examples("argument, sentence",
    ("close name", "truth-social", 'with this name (did you mean "truth-social-2022"?'),
    ("no such name", "zzz", "truth-social-2022"),
    ("no such file", "zzz.toml", "zzz.toml: cannot be read: no such file"),
    ("a folder", "/", "cannot be read: is a directory"),
)  # fmt: skip
def test_what_is_not_found_is_a_sentence(argument: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as error:
        library.find(argument)
    assert sentence in str(error.value)


def test_a_file_that_is_not_a_text_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="is in UTF-16"):
        library.find(str(tmp_path / "x.toml"))


def test_the_stations_of_a_file_lie_beside_it(tmp_path: Path) -> None:
    text, _ = library.read("truth-social-2022")
    start, end = text.index("[[station]]"), text.index("# What they do once")
    (tmp_path / "staging.toml").write_text(text[start:end], encoding="utf-8")
    launch = tmp_path / "launch.toml"
    launch.write_text('system = "staging.toml"\n' + text[:start] + text[end:], encoding="utf-8")
    assert library.load(str(launch)).words.station[0].servers == 2
    launch.write_text('system = "gone.toml"\n' + text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"\"gone\.toml\" cannot be read"):
        library.load(str(launch))


@pytest.mark.parametrize("name", ["/dev/zero", "pipe", "."])
def test_stations_that_would_never_end_are_not_read(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    file = tmp_path / "launch.toml"
    station = stations_in(SMALL)
    file.write_text(f'system = "{name}"\n' + SMALL.replace(station, ""))
    with pytest.raises(ScenarioError, match="is not a file"):
        library.load(str(file), allow_files=True)
