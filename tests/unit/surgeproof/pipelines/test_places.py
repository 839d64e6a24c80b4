"""The line of a key in a launch file, as mistakes and criteria name it."""

from pathlib import Path

import pytest

from surgeproof.pipelines.places import line_in
from tests.examples import examples

TEXT = """\
format = 1
system = "staging.toml"

[launch]
name = "small"

[[station]]
name = "web"
servers = 4

[[station]] # the second
servers = 2
name = "mail"
service = { law = "exponential", mean = "1 s" }

[[journey]]
name = "signup"
[[journey.step]]
name = "create"
at = "web"
[[journey.step]]
name = "confirm"
request = { method = "POST", path = "/x" }
[journey.step.expect]
status = 200

[[surge]]
shape = "constant"
rate = "1/s"

[[surge]]
points = [
  ["30 s", 900],
  ["1 min", 1000]
]
counts = "arrivals"

[objectives.signup]
p95 = "2 s"
[objectives]
"line".p95 = "5 min"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "launch.toml"
    path.write_text(TEXT)
    return path


@examples("key, says",
    ("a key", "launch.name", 'name = "small"'),
    ("above all tables", "system", 'system = "staging.toml"'),
    ("of the first of an array", "station.web.servers", "servers = 4"),
    ("of the second, whose name comes later", "station.mail.servers", "servers = 2"),
    ("within a value", "station.mail.service.mean", 'service = { law = "exponential", mean = "1 s" }'),
    ("within an entry within an entry", "journey.signup.step.confirm.request", 'request = { method = "POST", path = "/x" }'),
    ("a table of an entry", "journey.signup.step.confirm.expect.status", "status = 200"),
    ("an entry without a name goes by its shape", "surge.constant.rate", 'rate = "1/s"'),
    ("nor has that one a shape: by its number", "surge[2].counts", 'counts = "arrivals"'),
    ("an objective", "objectives.signup.p95", 'p95 = "2 s"'),
    ("in dots and quotation marks", "objectives.line.p95", '"line".p95 = "5 min"'),
    ("what is not there: its table", "station.web.queue", "[[station]]"),
    ("or the one above", "journey.signup.step.create.think", "[[journey.step]]"),
)  # fmt: skip
def test_a_key_is_found(file: Path, key: str, says: str) -> None:
    line = line_in(file, key)
    assert line is not None
    assert TEXT.splitlines()[line - 1] == says


def test_an_entry_of_its_own_name_is_meant(file: Path) -> None:
    assert line_in(file, "station.web") == 7
    assert line_in(file, "station.mail") == 11
    assert line_in(file, "journey.signup.step.create") == 18


@examples("key, problem, line",
    ("none of it", "people.early.patience", "", None),
    ("the whole file", "", "", None),
    ("where the parser stopped", "", "is not TOML: Invalid value (at line 12, column 3)", 12),
)  # fmt: skip
def test_what_is_nowhere(file: Path, key: str, problem: str, line: int | None) -> None:
    assert line_in(file, key, problem) == line


def test_a_file_that_is_none_has_no_lines(tmp_path: Path) -> None:
    assert line_in(tmp_path / "none.toml", "launch.name") is None
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    assert line_in(tmp_path / "binary.toml", "launch.name") is None
