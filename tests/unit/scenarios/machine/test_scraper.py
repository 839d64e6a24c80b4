"""What the target's page of metrics says, look by look."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx
import pytest

from scenarios.http.allow import check_target
from scenarios.http.answers.content import KEPT_BYTES
from scenarios.machine import scraper
from scenarios.machine.scraper import MOST_SERIES, Sample, Scraper, samples_in, scraper_of
from simulator.errors import Misbehaved, TargetRefused, UsageError
from simulator.outcomes import machine
from simulator.outcomes.counts import told
from simulator.outcomes.counts.told import Course, Series, read_told
from simulator.outcomes.machine import open_clock
from simulator.outcomes.rows import Provenance
from simulator.outcomes.store import open_part
from simulator.units import frozen_floats, frozen_ints
from tests.examples import examples
from tests.hanging import HUNG_S
from tests.loopback import Answering, answering

S = 1_000_000_000
PAGE = """# TYPE http_requests counter
http_requests_total{status="200",method="GET"} 7
http_requests_created{status="200",method="GET"} 1.7e9
# TYPE in_flight gauge
in_flight 3
# TYPE took_seconds histogram
took_seconds_bucket{le="1"} 4
took_seconds_bucket{le="+Inf"} 4
took_seconds_count 4
took_seconds_sum 2.5
# TYPE wait_seconds summary
wait_seconds{quantile="0.5"} NaN
wait_seconds_count 2
# TYPE old counter
old 4
odd 5
"""


def page(text: str, status: int = 200) -> httpx.Response:
    return httpx.Response(status, text=text, request=httpx.Request("GET", "http://host/metrics"))


def test_each_sample_that_says_something_by_itself_is_taken_with_what_it_is() -> None:
    found = [(str(series), series.grows, value) for series, value in samples_in(page(PAGE))]
    assert found == [
        ('http_requests_total{method="GET",status="200"}', True, 7.0),
        ("in_flight", False, 3.0),
        ("took_seconds_count", True, 4.0),
        ("took_seconds_sum", True, 2.5),
        ("wait_seconds_count", True, 2.0),
        ("old_total", True, 4.0),
        ("odd", False, 5.0),
    ]


def test_a_page_that_was_not_read_to_its_end_counts_up_to_its_last_whole_line() -> None:
    line = "a_long_name_of_some_series 12345\n"
    text = (line * (KEPT_BYTES // len(line) + 1))[:KEPT_BYTES]
    assert not text.endswith("\n")
    assert {value for _, value in samples_in(page(text))} == {12345.0}


@examples("text, status, why",
    ("not found", PAGE, 404, "answers 404"),
    ("a web page", "<html>{</html>", 200, "no page of metrics"),
)  # fmt: skip
def test_what_is_no_page_of_metrics_is_said(text: str, status: int, why: str) -> None:
    with pytest.raises(Misbehaved, match=why):
        list(samples_in(page(text, status)))


@contextmanager
def store() -> Iterator[tuple[sqlite3.Connection, int]]:
    """Of a part that opened at 5 s of the machine's clock."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(machine.SCHEMA)
        db.executescript(told.SCHEMA)
        part = open_part(db, "line/observed", Provenance.OBSERVED, S, 2 * S)
        open_clock(db, part, 5 * S)
        yield db, part


def looking(*looks: list[Sample]) -> Scraper:
    """One that has looked at 4, 6, 7 s and so on of the machine's clock."""
    made = Scraper(check_target("http://127.0.0.1:9"), "/metrics", 20.0)
    for at_s, found in zip((4, 6, 7, 9), looks, strict=False):
        made.looks += 1
        made.add(at_s * S, found)
    return made


REQUESTS, FLIGHT = Series(name="requests_total", grows=True), Series(name="in_flight")


def test_what_was_read_comes_back_on_the_axis_of_the_rehearsal() -> None:
    made = looking(*([(REQUESTS, 10.0 * n), (FLIGHT, 3.0)] for n in range(4)))
    made.failed, made.why = 1, "no answer"
    with store() as (db, part):
        made.keep(db, part)
        found = read_told(db, "line/observed")
        assert read_told(db, "other/observed") is None
    assert found is not None
    assert (found.url, found.looks, found.failed, found.why) == (
        "http://127.0.0.1:9/metrics", 4, 1, "no answer",
    )  # fmt: skip
    requests, flight = found.courses
    assert (requests.series, flight.series) == (REQUESTS, FLIGHT)
    # What was before the opening is left out.
    assert requests.at_ns.tolist() == [1 * S, 2 * S, 4 * S]
    assert requests.values.tolist() == [10.0, 20.0, 30.0]
    assert (requests.moves, flight.moves) == (True, False)


def test_a_counter_is_drawn_by_its_growth_also_where_its_process_began_anew() -> None:
    at_ns = frozen_ints([0, 2 * S, 3 * S, 5 * S])
    values = frozen_floats([10.0, 30.0, 4.0, 10.0])
    grown = Course(series=REQUESTS, at_ns=at_ns, values=values).points
    assert [row.tolist() for row in grown] == [[2.0, 3.0, 5.0], [10.0, 4.0, 3.0]]
    level = Course(series=FLIGHT, at_ns=at_ns, values=values).points
    assert [row.tolist() for row in level] == [[0.0, 2.0, 3.0, 5.0], values.tolist()]


def test_a_page_with_too_many_series_is_kept_in_part_and_says_so() -> None:
    many: list[Sample] = [
        (Series(name="a", labels=f'n="{n}"'), 1.0) for n in range(MOST_SERIES + 3)
    ]
    made = looking(many, many)
    with store() as (db, part):
        made.keep(db, part)
        found = read_told(db, "line/observed")
    assert found is not None
    assert (len(found.courses), found.left_out) == (MOST_SERIES, 3)


def test_nothing_is_kept_of_a_part_that_never_opened() -> None:
    with store() as (db, part):
        db.execute("DELETE FROM openings")
        looking([(FLIGHT, 1.0)]).keep(db, part)
        assert read_told(db, "line/observed") is None


def test_a_server_is_asked_until_the_block_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scraper, "EVERY_S", 0.01)
    enough, asked = threading.Event(), list[str]()

    class Tells(Answering):
        def do_GET(self) -> None:
            asked.append(self.path)
            if len(asked) == 4:  # the first three are answered
                enough.set()
            body = f"looks_total {len(asked)}\n".encode() if len(asked) != 2 else b"{"
            self.answer(200, body)

    with answering(Tells) as url:
        made = Scraper(check_target(url), "/metrics?all=1", 1.0)
        with made:
            assert enough.wait(HUNG_S)
    assert set(asked) == {"/metrics?all=1"}
    (points,) = made.values.values()
    assert [value for _, value in points][:2] == [1.0, 3.0]
    assert made.looks in (len(asked) - 1, len(asked))
    assert made.failed == 1
    assert "no page of metrics" in made.why


def test_who_ends_it_waits_for_no_answer() -> None:
    """Of a target that stands still: what was asked is no failure then, for nobody waited for it."""
    asked, over = threading.Event(), threading.Event()

    class Stands(Answering):
        def do_GET(self) -> None:
            asked.set()
            over.wait(HUNG_S)

    with answering(Stands) as url:
        with Scraper(check_target(url), "/metrics", 1.0) as made:
            assert asked.wait(HUNG_S)
        over.set()
    assert (made.looks, made.failed, made.why) == (0, 0, "")


def test_a_long_rehearsal_is_looked_at_less_often() -> None:
    target = check_target("http://127.0.0.1:9")
    assert [Scraper(target, "/", lasts_s).every_s for lasts_s in (20.0, 1200.0, 2400.0)] == [
        1,
        1,
        2,
    ]


@examples("where, url, path",
    ("a path", "/metrics?x=1", "http://127.0.0.1:9", "/metrics?x=1"),
    ("another port", "http://localhost:10/m?x=1", "http://localhost:10", "/m?x=1"),
    ("no path", "http://localhost:10", "http://localhost:10", "/"),
)  # fmt: skip
def test_a_page_is_the_targets_or_elsewhere(where: str, url: str, path: str) -> None:
    made = scraper_of(where, check_target("http://127.0.0.1:9"), (), 20.0)
    assert (made.target.url, made.path) == (url, path)


@examples("where, error",
    ("a word", "metrics", UsageError),
    ("nobody allowed it", "http://192.0.2.1/metrics", TargetRefused),
)  # fmt: skip
def test_a_page_elsewhere_needs_leave_as_load_does(where: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        scraper_of(where, check_target("http://127.0.0.1:9"), (), 20.0)
