"""How the target is: what this machine lacks for asking says nothing of it."""

import errno
from dataclasses import replace
from typing import Any

import pytest

from scenarios.http.answers.answer import Answer
from scenarios.replay.child.conducting import health
from scenarios.replay.child.conducting.health import Health, not_opened, with_nobody_sent
from scenarios.replay.child.wire.faults import FILES
from scenarios.replay.child.wire.wire import Wire
from tests.examples import examples
from tests.unit.scenarios.replay.test_visitor import PATIENT, orders


@examples("fault, well, lacks",
    ("nobody listens", errno.ECONNREFUSED, False, 0),
    ("no file is left here", errno.EMFILE, True, 1),
    ("no port is left here", errno.EADDRNOTAVAIL, True, 1),
)  # fmt: skip
def test_a_target_that_cannot_be_asked_for_want_of_ours_is_not_dead(
    fault: int, lacks: int, monkeypatch: pytest.MonkeyPatch, *, well: bool
) -> None:
    def fails(*_: Any) -> Any:
        raise OSError(fault, "no")

    monkeypatch.setattr(health, "create_connection", fails)
    told, wire = list[str](), Wire("http://127.0.0.1:9")
    wire.lacking = told.append
    plain = orders(PATIENT)
    asked = Health(replace(plain, manners=replace(plain.manners, health=None)), wire)
    assert asked.is_well() == well
    assert len(told) == lacks


@examples("lack, error, how",
    ("the target's fault", "", "connection refused", "stopped: nobody was sent, since connecting failed (connection refused)"),
    ("this machine's", f"{FILES}: raise the limit", FILES, f"broken off: {FILES}: raise the limit"),
)  # fmt: skip
def test_before_the_opening_it_is_told_whose_fault_it_is(lack: str, error: str, how: str) -> None:
    ended = not_opened(Answer(status=0, error=error), "connecting", lack)
    assert with_nobody_sent(ended) == how


def test_who_answers_late_or_well_is_sent_people() -> None:
    answers = (Answer(status=204), Answer(status=0, timed_out=True))
    assert [not_opened(each, "connecting", "") for each in answers] == ["", ""]
