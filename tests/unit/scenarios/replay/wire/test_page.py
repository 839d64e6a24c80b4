"""What is read in one look is what llhttp reads, whatever a server sends and wherever it is cut."""

import random
from itertools import islice
from typing import Any

import pytest

from scenarios.replay.child.wire.deadline import Deadline
from scenarios.replay.child.wire.faults import Broken, HungUp
from scenarios.replay.child.wire.fields import CONTENT_TYPE, SET_COOKIE, Fields
from scenarios.replay.child.wire.page import BLOCK_BYTES, END, Body, Page, odd, page_of, plain_head
from tests.cases.fuzzing import answers
from tests.cases.odd_server import ANSWERS, HANGS_UP, answer
from tests.examples import examples

ENDLESS = Deadline()


class Played:
    """A connection on which those blocks come, and then its end."""

    def __init__(self, *blocks: bytes) -> None:
        self.blocks = list(blocks)

    def receive(self, most: int, deadline: Deadline) -> bytes:
        block = self.blocks.pop(0) if self.blocks else b""
        if len(block) > most:
            self.blocks.insert(0, block[most:])
        return block[:most]

    first = receive


def in_one_look(data: bytes, method: str = "GET", connection: Any = None) -> Page | str:
    connection = connection or Played(data)
    try:
        return page_of(connection, method, ENDLESS)
    except Broken as error:
        return str(error)


def by_llhttp(*blocks: bytes, method: str = "GET") -> Page | str:
    connection: Any = Played(*blocks)
    data = connection.first(BLOCK_BYTES, ENDLESS)
    if not data:
        return "closed without an answer"
    try:
        return odd(data, method, Body(connection, ENDLESS, len(data)))
    except Broken as error:
        return str(error)


def told(page: Page | str) -> object:
    """All that a visitor sees of it."""
    if isinstance(page, str):
        return page
    return page.status, dict(page.fields), page.content, page.n_bytes


def is_plain(data: bytes) -> bool:
    head = plain_head(data[: data[:BLOCK_BYTES].find(END) + len(END)])
    return head is not None and head.length_for("GET") is not None


def drawn(many: int) -> list[bytes]:
    following = answers(14)
    return [data for data, _ in islice(iter(following, None), many)]


@pytest.mark.parametrize("many", [600, pytest.param(20_000, marks=pytest.mark.slow)])
def test_both_readers_see_the_same_of_whatever_comes(many: int) -> None:
    found = drawn(many)
    for data in found:
        connection = Played(data)
        plainly, parsed = in_one_look(data, connection=connection), by_llhttp(data)
        assert told(plainly) == told(parsed), data
        if isinstance(plainly, Page) and isinstance(parsed, Page) and plainly.stays:
            assert parsed.stays or connection.blocks, data  # what is unread ends it later
    plain = sum(map(is_plain, found))
    assert many / 4 < plain < many  # both readers were asked


@pytest.mark.parametrize("name", [name for name in ANSWERS if "bomb" not in name])
def test_both_readers_see_the_same_of_each_oddity(name: str) -> None:
    data = ANSWERS[name]()
    assert told(in_one_look(data)) == told(by_llhttp(data))
    assert told(in_one_look(data, "HEAD")) == told(by_llhttp(data, method="HEAD"))


def test_where_an_answer_is_cut_makes_no_difference() -> None:
    draw = random.Random(3)
    for data in drawn(200):
        at = sorted(draw.randrange(1, len(data) + 1) for _ in range(3)) if data else []
        blocks = [data[a:b] for a, b in zip([0, *at], [*at, len(data)], strict=True) if a < b]
        assert told(by_llhttp(*blocks)) == told(by_llhttp(data)), data


def test_an_ordinary_answer_is_plain_and_its_connection_stays() -> None:
    page = in_one_look(
        answer(200, b"{}", "Content-Type: application/json", "Connection: keep-alive")
    )
    assert isinstance(page, Page)
    assert (page.status, page.content, page.stays) == (200, b"{}", True)
    assert is_plain(ANSWERS["ok"]())


@examples("data",
    ("it says so", answer(200, b"{}", "Connection: close")),
    ("among others", answer(200, b"{}", "Connection: X-A, Close")),
    ("more came", answer(200, b"{}") + b"HTTP/1.1 200 OK\r\n"),
    ("it ends with it", b"HTTP/1.1 200 OK\r\n\r\n{}"),
    ("another protocol", ANSWERS["upgrade"]()),
)  # fmt: skip
def test_a_connection_that_does_not_stay(data: bytes) -> None:
    page = in_one_look(data)
    assert isinstance(page, Page)
    assert not page.stays


def test_nothing_at_all_is_told_from_half_an_answer() -> None:
    with pytest.raises(HungUp):
        page_of(Played(), "GET", ENDLESS)  # type: ignore[arg-type]
    for name in HANGS_UP - {"nothing"}:
        assert in_one_look(ANSWERS[name]()) != "closed without an answer"


def test_a_field_is_found_by_its_whole_name_and_first_of_several() -> None:
    fields = Fields(
        b"\r\nX-Set-Cookie: no\r\nset-cookie:a=1\r\nSet-Cookie: \tb=2 \r\nX: Content-Type: x\r\n"
    )
    assert fields.all(SET_COOKIE) == ["a=1", "b=2"]
    assert fields.first(CONTENT_TYPE) is None
    assert dict(fields) == {"x-set-cookie": "no", "set-cookie": "a=1", "x": "Content-Type: x"}
    assert dict(Fields.of([("A", "1"), ("a", "2"), ("B", "x\r\n y")])) == {"a": "1", "b": "x  y"}
