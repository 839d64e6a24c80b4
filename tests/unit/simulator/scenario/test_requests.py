"""Files of recorded requests, and the launches that name them: what is wrong is told with line and remedy."""

from typing import Any

import pytest

from simulator import parse
from simulator.errors import ScenarioError
from simulator.scenario.document.requests import read_requests
from simulator.scenario.words.surges.patterns import first_fits, readable_patterns
from simulator.text.quantities import WrongQuantity
from tests.examples import examples

HEAD = "surgeproof requests,1\nsecond,session,method,target,status,bytes\n"
ROWS = "0,0,GET,/,200,5\n0.25,1,GET,/users/17?tab=,200,\n0.25,0,POST,/signup,201,5\n2,0,GET,/users/18,404,9\n"
LAUNCH = """
format = 1
[launch]
name = "past"
story = "It was."
opening = 2023-12-14T11:00:00Z
time_zone = "UTC"
horizon = "10 s"
[[people]]
name = "recorded"
client_timeout = "2 s"
journeys = { users = 0.5, others = 0.5 }
[[surge]]
shape = "recorded"
people = "recorded"
file = "requests.csv"
journey = "recorded"
[[station]]
name = "app"
servers = 2
waiting_room = 5
service = "100 ms"
[[journey]]
name = "users"
recorded = ["GET /users/*"]
[[journey.step]]
name = "users"
at = "app"
request = { method = "GET", path = "/users/17" }
[[journey]]
name = "others"
recorded = ["/**"]
[[journey.step]]
name = "others"
at = "app"
request = { method = "GET", path = "/" }
[objectives.users]
errors = 0.01
[replay]
for = "10 s"
drain = "2 s"
line = { preset = "none" }
"""


def told(text: str, requests: str = HEAD + ROWS) -> str:
    with pytest.raises(ScenarioError) as wrong:
        parse(text, "past.toml", read=lambda _: requests)
    return str(wrong.value)


def test_requests_become_part_of_the_document_and_stand_alone() -> None:
    scenario = parse(LAUNCH, "past.toml", read=lambda _: HEAD + ROWS)
    again = parse(scenario.dump(), "run/past.toml")
    assert again.words == scenario.words
    assert again.document["surge"][0]["requests"] == {
        "asked": ["GET /", "GET /users/17?tab=", "POST /signup", "GET /users/18"],
        "which": "0 1 2 3", "at": "0 250000000 250000000 2000000000", "session": "0 1 0 0",
        "status": "200 200 201 404",
    }  # fmt: skip


@examples("rows, sentence",
    ("no number", "x,0,GET,/,200,5\n", "line 3: needs seconds and has none"),
    ("before the opening", "-1,0,GET,/,200,5\n", "is before the opening"),
    ("a session that is none", "0,192.0.2.7,GET,/,200,5\n", "has no number of a session"),
    ("a method", "0,0,TRACE,/,200,5\n", "has a method that is not sent"),
    ("an address", "0,0,GET,https://evil.test/,200,5\n", "is not a path as it is sent"),
    ("the end of a line", '0,0,GET,"/\r\nX: 1",200,5\n', "is not a path as it is sent"),
    ("a space", "0,0,GET,/a b,200,5\n", "is not a path as it is sent"),
    ("too long", f"0,0,GET,/{'a' * 8_000},200,5\n", "more than 8,000 characters"),
    ("a status", "0,0,GET,/,2xx,5\n", "has a status that is none"),
    ("too few fields", "0,0,GET,/\n", "has 4 fields instead of 6"),
    ("back in time", "2,0,GET,/,200,5\n1,0,GET,/,200,5\n", "line 4: is earlier than the line before"),
    ("an open quote", '0,0,GET,"/\n', "is not CSV"),
    ("nobody", "", "has no requests after it"),
)  # fmt: skip
def test_a_line_that_is_wrong_is_told_and_never_quoted(rows: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as wrong:
        read_requests(HEAD + rows, "requests.csv")
    assert sentence in str(wrong.value)
    assert "evil" not in str(wrong.value)


@examples("text, sentence",
    ("arrivals", "second,path\n0,/\n", "line 1: does not say that it holds requests"),
    ("a later format", HEAD.replace(",1", ",2") + ROWS, "is not of format 1"),
    ("other columns", HEAD.replace("target", "path") + ROWS, "line 2: does not name the columns"),
    ("nothing", "", "does not say that it holds requests"),
)  # fmt: skip
def test_another_file_is_refused_with_what_would_help(text: str, sentence: str) -> None:
    assert sentence in told(LAUNCH, text)


@examples("old, new, sentence",
    ("a request of nobody", '["/**"]', '["/"]', '1 of its requests fit no journey that "recorded" take: POST /signup'),
    ("two steps", 'name = "users"\nat = "app"\nrequest', 'name = "more"\nat = "app"\n[[journey.step]]\nname = "users"\nat = "app"\nrequest', "makes more than one"),
    ("a volume", 'journey = "recorded"\n', 'journey = "recorded"\nvolume = { low = 0.5, high = 2 }\n', "volume: has no effect"),
    ("a factor", 'for = "10 s"', 'for = "10 s"\ndemand_factor = 0.5\nreason = "small"', "would break recorded sessions apart"),
    ("counts alone", 'journey = "recorded"\n', "", 'add journey = "recorded"'),
    ("no methods that are there", 'journey = "recorded"\n', 'journey = "recorded"\nmethods = ["PUT"]\n', "leave nothing to send"),
    ("the group comes twice", "[[station]]", '[[surge]]\nshape = "constant"\npeople = "recorded"\nrate = "1/s"\n[[station]]', "give the recording a group of its own"),
    ("a pattern that is none", '"GET /users/*"', '"users"', "is not a pattern of requests"),
)  # fmt: skip
def test_a_launch_that_makes_no_sense_of_its_requests_is_told(
    old: str, new: str, sentence: str
) -> None:
    assert LAUNCH.count(old) >= 1
    assert sentence in told(LAUNCH.replace(old, new, 1))


@examples("damage",
    ("lengths", {"session": "0"}),
    ("statuses", {"status": "200 0"}),
    ("an index", {"which": "0 1 2 9"}),
    ("time", {"at": "9 8 7 6"}),
    ("text", {"at": "0 1 2 x"}),
    ("a target", {"asked": ["GET /", "GET /a b", "POST /signup", "GET /users/18"]}),
)  # fmt: skip
def test_a_document_that_was_tampered_with_is_refused(damage: dict[str, Any]) -> None:
    scenario = parse(LAUNCH, "past.toml", read=lambda _: HEAD + ROWS)
    requests = {**scenario.document["surge"][0]["requests"], **damage}
    table = ", ".join(f"{key} = {value!r}" for key, value in requests.items())
    text = LAUNCH.replace(
        'journey = "recorded"\n', f'journey = "recorded"\nrequests = {{ {table} }}\n'
    )
    assert "surge.recorded.requests" in told(text)


def test_the_first_pattern_that_fits_counts_and_queries_do_not() -> None:
    rows = [["GET /users/me"], ["/users/*"], ["/static/**"], []]
    asked = [
        "GET /users/me?x=1",
        "POST /users/me",
        "GET /users/1/x",
        "GET /static/a/b",
        "GET /static",
    ]
    assert first_fits(asked, rows) == [0, 1, -1, 2, -1]


@pytest.mark.parametrize("text", ["users", "get /", "GET  /", "/a?b", "/**/a", "/a**", "/a\n"])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(WrongQuantity):
        readable_patterns((text,))
