"""A log as a launch: what is sent again of it, in which sessions, and what reaches no file."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios.recording.logs.hit import Hit
from scenarios.recording.logs.reader import Reader
from scenarios.recording.recording import new_file
from scenarios.recording.requests import launch
from scenarios.recording.requests.kept import KeptRequests
from scenarios.recording.requests.mix import SHOWN, Kind, mix_of, private, template_of
from scenarios.recording.requests.target import masked, sendable, whole
from simulator.errors import UsageError
from simulator.scenario.document.requests import COLUMNS, read_requests
from simulator.scenario.words.document import LINE
from simulator.units import NS_PER_S
from tests.examples import examples

AT = "[14/Dec/2023:12:00:00 +0100]"
NOON_NS = 1_702_551_600 * NS_PER_S


def hit(request: str, client: str = "192.0.2.7", more: str = "") -> Hit:
    found = Reader().read_text(f'{client} - ann {AT} "{request} HTTP/1.1" 200 17 "-" "curl"{more}')
    assert isinstance(found, Hit)
    return found


def kept(
    *hits: Hit, queries: Callable[[str], str] = masked, opening_s: int | None = None
) -> tuple[KeptRequests, str]:
    keeper, out = (
        KeptRequests(gap_ns=60 * NS_PER_S, queries=queries, opening_s=opening_s),
        io.StringIO(),
    )
    for each in hits:
        keeper.keep(each)
    keeper.write(out, NOON_NS // NS_PER_S)
    return keeper, out.getvalue()


@examples("path, query, target",
    ("plain", "/a/b.html", "", "/a/b.html"),
    ("quoted stays quoted", "/a%0d%0aX:%201", "", "/a%0d%0aX:%201"),
    ("escaped by nginx", r"/\x0D\x0A\x22", r"q=\x5C", "/%0D%0A%22?q=%5C"),
    ("escaped by Apache", r"/\"\\\n", "", "/%22%5C%0A"),
    ("a half percent", "/100%", "a=%zz", "/100%25?a=%25zz"),
    ("letters of the world", "/café/☃", "", "/caf%C3%A9/%E2%98%83"),
    ("a broken encoding", "/\udce9", "", "/%E9"),
    ("what a launch would take for a placeholder", "/${env.TOKEN}", "", "/$%7Benv.TOKEN%7D"),
)  # fmt: skip
def test_a_target_is_sent_as_it_was_asked_for(path: str, query: str, target: str) -> None:
    assert sendable(path, query) == target
    text = f"surgeproof requests,1\n{','.join(COLUMNS)}\n0,0,GET,{target},,\n"
    assert read_requests(text, "requests.csv")["asked"] == [f"GET {target}"]


def test_of_a_query_the_names_are_kept_and_values_only_where_they_are_asked_for() -> None:
    asked = hit("GET /in?page=2&token=s3cr3t#top")
    assert kept(asked)[1].splitlines()[2] == "0,0,GET,/in?page=&token=,200,17"
    assert kept(asked, queries=whole)[1].splitlines()[2] == "0,0,GET,/in?page=2&token=s3cr3t,200,17"


@examples("query, left",
    ("base 64 alone", "dG9rZW5zZWNyZXQ=", ""),
    ("base 64 without digits", "bXlzZWNyZXQ==&page=2", "page="),
    ("an address in a name", "user[ann@x.org]=1", ""),
    ("the same, quoted", "user%5Bann%40x.org%5D=1", ""),
    ("a long word", f"{'a' * 33}=1&{'b' * 32}=1", f"{'b' * 32}="),
    ("a name that quotes bytes", "a%ff=1", ""),
    ("no name", "=secret", ""),
    ("programs' names", "utm_source=a&filter[by]=b&a.b-c=d", "utm_source=&filter[by]=&a.b-c="),
)  # fmt: skip
def test_what_may_be_a_secret_in_the_place_of_a_name_is_dropped(query: str, left: str) -> None:
    assert masked(query) == left


def test_nothing_of_a_host_or_a_user_is_written() -> None:
    _, text = kept(hit("GET /", "198.51.100.23"), hit("GET /", "2001:db8::7"))
    assert [row.split(",")[1] for row in text.splitlines()[2:]] == ["0", "1"]
    assert "198.51" not in text
    assert "ann" not in text


def test_nobody_else_may_read_what_is_written(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with new_file(tmp_path / "r.csv") as out:
            out.write("x")
    finally:
        os.umask(before)
    assert (tmp_path / "r.csv").stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="is not overwritten"), new_file(tmp_path / "r.csv"):
        pass


def test_requests_of_a_second_are_spread_over_it_and_a_session_ends_with_silence() -> None:
    one = hit("GET /")
    later = Hit(one.at_ns + 61 * NS_PER_S, "GET", "/late", 200, client=one.client)
    keeper, text = kept(one, hit("GET /b"), later)
    assert keeper.spread
    assert [row.split(",")[:4] for row in text.splitlines()[2:]] == [
        ["0", "0", "GET", "/"],
        ["0.5", "0", "GET", "/b"],
        ["61", "1", "GET", "/late"],
    ]


def test_who_is_told_when_it_was_answered_came_before() -> None:
    keeper, text = kept(hit("GET /slow", more=" rt=0.250"))
    assert keeper.opened_s == NOON_NS // NS_PER_S - 1
    assert text.splitlines()[2].startswith("0.75,0,GET,/slow")


def test_what_cannot_be_sent_again_is_counted_and_a_log_of_it_alone_is_refused() -> None:
    keeper, _ = kept(hit("GET /"), hit("TRACE /"), hit(f"GET /{'x' * 3_000}"))
    assert keeper.unsendable.total() == 2
    with pytest.raises(UsageError, match="1 with a method that is not sent again"):
        kept(hit("TRACE /"))


@examples("target, template",
    ("numbers", "/users/17/posts/3?page=2", "/users/*/posts/*"),
    ("an identifier", "/o/123e4567-e89b-12d3-a456-426614174000", "/o/*"),
    ("an address", "/by/ann%40x.test", "/by/*"),
    ("words", "/static/app.js", "/static/app.js"),
    ("the first page", "/", "/"),
)  # fmt: skip
def test_parts_of_a_path_that_name_one_of_many_are_left_open(target: str, template: str) -> None:
    assert template_of(target) == template


def test_the_launch_sends_what_changes_nothing_and_predicts_the_rest() -> None:
    keeper, _ = kept(
        hit("GET /users/1"), hit("GET /users/1"), hit("GET /users/me"), hit("POST /users")
    )
    mix = mix_of(keeper.seen)
    made = launch.document(keeper, mix, "r.csv", name="past", story="It was.")
    assert {j["name"]: j["recorded"] for j in made["journey"]} == {
        "users-me": ["GET /users/me"], "post-users": ["POST /users"], "users-any": ["GET /users/*"],
    }  # fmt: skip
    assert made["people"][0]["journeys"] == {"users-me": 0.25, "post-users": 0.25, "users-any": 0.5}
    sent = {j["name"]: j["step"][0].get("request", {}).get("path") for j in made["journey"]}
    assert sent == {"users-me": "/users/me", "post-users": None, "users-any": "/users/1"}


@examples("took_ms, mean",
    ("a median", [1.0, 10.0, 900.0], "14.4 ms"),
    ("between two", [1.0, 9.0, 11.0, 900.0], "14.4 ms"),
    ("no durations", [], "20 ms"),
)  # fmt: skip
def test_half_of_what_the_station_draws_is_below_the_logs_median(
    took_ms: list[float], mean: str
) -> None:
    """10 ms / ln 2 is 14.427 ms, of which three digits are written."""
    kind = Kind("GET", "/", took_ns=[round(ms * 1e6) for ms in took_ms])
    assert launch.service([kind]) == {"law": "exponential", "mean": mean}


def answered(path: str, *statuses: int, method: str = "GET") -> list[Hit]:
    return [Hit(NOON_NS, method, path, status) for status in statuses]


@examples("hits, stands_for_all",
    ("a success", answered("/a/1", 404) + answered("/a/2", 200) + answered("/a/1", 404), ("/a/2", None)),
    ("refused alike", answered("/a/1", 404, 404), ("/a/1", ["2xx", 404])),
    ("sent elsewhere", answered("/a/1", 301, 302), ("/a/1", ["2xx", "3xx"])),
    ("refused in two ways", answered("/a/1", 403, 404), ("/a/1", None)),
    ("refused, or broken", answered("/a/1", 404, 500), ("/a/1", None)),
    ("in a cache", answered("/a/1", 304, 304), ("/a/1", None)),
)  # fmt: skip
def test_a_status_is_expected_of_all_only_where_all_were_answered_so(
    hits: list[Hit], stands_for_all: tuple[str, list[str | int] | None]
) -> None:
    keeper, _ = kept(*hits)
    [journey] = launch.journeys_of(mix_of(keeper.seen))
    asked = journey["step"][0]["request"]
    assert (asked["path"], asked.get("expect", {}).get("status")) == stands_for_all


def test_the_journey_of_all_others_probes_what_was_served_and_excuses_nothing() -> None:
    frequent = [hit for n in range(SHOWN) for hit in answered(f"/kind{n}x", 200, 200, 200)]
    keeper, _ = kept(*frequent, *answered("/wp-login", 404, 404), *answered("/about", 200))
    *_, others = launch.journeys_of(mix_of(keeper.seen))
    assert others["recorded"] == ["/**"]
    assert others["step"][0]["request"] == {"method": "GET", "path": "/about"}


def test_what_is_predicted_only_is_excused_nothing_either() -> None:
    """With methods = ["POST"] it is sent, and judged by the request that stands for all others."""
    frequent = [hit for n in range(SHOWN) for hit in answered(f"/kind{n}x", 200, 200, 200)]
    keeper, _ = kept(
        *frequent, *answered("/wp-login", 404, 404), *answered("/in", 200, method="POST")
    )
    *_, others = launch.journeys_of(mix_of(keeper.seen))
    assert others["step"][0]["request"] == {"method": "GET", "path": "/wp-login"}


def test_what_fits_a_journey_by_the_way_is_excused_nothing() -> None:
    """/x/about is rare and has no journey of its own: /x/* comes first, all of whose own were refused."""
    frequent = [hit for n in range(SHOWN - 1) for hit in answered(f"/kind{n}x", 200, 200, 200)]
    keeper, _ = kept(*frequent, *answered("/x/1", 404, 404), *answered("/x/about", 200))
    made = {each["name"]: each for each in launch.journeys_of(mix_of(keeper.seen))}
    assert made["x-any"]["step"][0]["request"] == {"method": "GET", "path": "/x/about"}


def test_refusals_are_those_of_the_request_and_not_of_the_moment() -> None:
    keeper, _ = kept(*answered("/a", 200, 302, 304, 403, 404, 408, 429, 499, 500, 503, 0))
    [kind] = mix_of(keeper.seen)
    assert kind.refused == 2


def test_whoever_would_share_the_file_is_told_of_what_may_be_a_secret() -> None:
    keeper, _ = kept(
        hit("GET /reset/a8Jd72kslQ0pzmXn29dk"),
        hit("GET /u/ann@x.test"),
        hit("GET /cart;jsessionid=1A2B3C4D5E6F7A8B9C0D;v=2"),
        hit("GET /cart%3Bjsessionid%3D1A2B3C4D5E6F7A8B9C0D"),
        hit("GET /about;v=2"),
    )
    assert private(keeper.seen) == 4


def test_names_of_journeys_are_their_own() -> None:
    taken: set[str] = set()
    names = [
        launch.name_of(Kind("GET", path), taken) for path in ("/a/b", "/a-b", "/\u2603", "/line")
    ]
    assert len(set(names)) == 4
    assert launch.name_of(Kind("GET", "/line"), {LINE}) != LINE
