"""What is sent to a server is its own words: no figure of the launch, and no claim of ours."""

import pytest

from simulator.plan.likeness import without_claims
from simulator.scenario.document.changed import changes
from simulator.scenario.document.provenance import is_sent, sends
from simulator.scenario.scenario import parse
from tests.examples import examples
from tests.launches.files import SMALL

REPLAY = """
[replay.line]
join = { method = "POST", path = "/queue", json = { source = "app", assumed = "5 s" }, capture = { place = "json:id" } }
ask = { path = "/queue/${place}", query = { measured = 4 } }
leave = { path = "/queue/${place}" }
waits = { status = [202] }
enters = { json = { left = 0 } }
headers = { X-Wait = "10 s" }
promises = { rate = "40/s", alike = "1 min" }
"""


def test_a_line_of_ones_own_may_be_told_whatever_it_asks_for() -> None:
    scenario = parse(SMALL + REPLAY, "f")
    said = {figure.key for figure in scenario.figures if figure.key.startswith("replay.line")}
    assert said == {"replay.line.promises.rate", "replay.line.promises.alike"}


def test_a_launch_like_another_one_sends_the_same() -> None:
    line = parse(SMALL + REPLAY, "f").document["replay"]["line"]
    assert without_claims({"replay": {"line": line}}) == {"replay": {"line": line}}


def test_another_body_is_another_request_and_no_other_basis() -> None:
    old, new = ({"replay": {"line": {"join": {"json": {"source": who}}}}} for who in "ab")
    (only,) = changes(old, new)
    assert (only.key, only.is_basis) == ("replay.line.join.json.source", False)


@examples("path, sent",
    ("a step's", ("journey", 0, "step", 1, "request"), True),
    ("all requests'", ("replay", "headers"), True),
    ("a variant's", ("variant", "v", "replay", "line", "waits"), True),
    ("how the line is asked", ("replay", "line", "ask"), True),
    ("what it promises", ("replay", "line", "promises"), False),
    ("when the line opens", ("waitlist", "headers"), False),
    ("for how long", ("replay", "for"), False),
    ("nothing", (), False),
)  # fmt: skip
def test_what_is_sent(path: tuple[str | int, ...], sent: bool) -> None:
    assert is_sent(path) is sent


@pytest.mark.parametrize(("document", "sent"), [
    ({"replay": {"line": {"headers": {}}}}, True), ({"replay": {"for": "1 s"}}, False),
    ({"journey": [{"step": [{"request": {}}]}]}, True), ({"journey": [{"step": [{"at": "a"}]}]}, False),
])  # fmt: skip
def test_a_document_that_sends_something(document: dict[str, object], sent: bool) -> None:
    assert sends(document) is sent
