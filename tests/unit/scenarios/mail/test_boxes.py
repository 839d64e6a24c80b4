"""Who waits for his mail gets the newest that he has not used, and no longer than he waits."""

import threading

import pytest

from scenarios.http.requests.person import NoValue
from scenarios.mail import boxes as module
from scenarios.mail.boxes import MOST_EACH, Boxes, Post
from scenarios.mail.letter import Letter
from tests.hanging import HUNG_S

ME = "Visitor-1@run.invalid"
WANTED = {"code": r"regex:\b(\d{4})\b", "link": r"regex:(https?://\S+)"}
LONG_NS, SHORT_NS = int(HUNG_S * 1e9), 30_000_000


def post(boxes: Boxes, within_ns: int = LONG_NS) -> Post:
    return Post(boxes, [ME], WANTED, within_ns)


def put(boxes: Boxes, text: str, to: str = ME) -> None:
    boxes.put(to.lower(), Letter(text=text).values(WANTED))


def test_the_newest_counts_and_a_later_step_waits_for_another() -> None:
    boxes = Boxes()
    mine = post(boxes, SHORT_NS)
    put(boxes, "1111 https://one.test")
    put(boxes, "2222")
    assert (mine("code"), mine("code"), mine("link")) == ("2222", "2222", "https://one.test")
    put(boxes, "3333")
    assert mine("code") == "2222", "a step keeps what it has taken"
    mine.next_step()
    assert mine("code") == "3333"
    mine.next_step()
    with pytest.raises(NoValue, match=r"^no mail with \$\{mail.code\} .* within 30 ms$"):
        mine("code")


def test_one_who_waits_is_woken() -> None:
    boxes = Boxes()
    timer = threading.Timer(0.05, put, (boxes, "4444"))
    timer.start()
    try:
        assert post(boxes)("code") == "4444"
    finally:
        timer.join()


def test_no_mail_is_said_so_and_a_step_waits_once() -> None:
    boxes = Boxes()
    put(boxes, "1111", "somebody@else.test")
    mine = post(boxes, SHORT_NS)
    for _ in range(2):
        with pytest.raises(NoValue, match=r"^no mail within 30 m"):
            mine("code")
        mine.within_ns = LONG_NS  # the second try of the same step does not wait anew


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    boxes = Boxes()
    for n in range(MOST_EACH + 5):
        put(boxes, f"{1000 + n}")
    assert len(boxes.read([ME])) == MOST_EACH
    monkeypatch.setattr(module, "MOST_CHARACTERS", MOST_EACH * 4 + 3)
    put(boxes, "9999")
    assert (boxes.dropped, post(boxes)("code")) == (1, str(1000 + MOST_EACH + 4))
    boxes.forget([ME])
    put(boxes, "9999")
    assert post(boxes)("code") == "9999"
