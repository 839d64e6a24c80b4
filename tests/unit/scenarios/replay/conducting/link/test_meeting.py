"""What a worker says that meets no master: what is wrong at which end, and never the secret."""

import pytest

from scenarios.replay.child.conducting.link.meeting import Handshakes, Meeting, too_few_came
from scenarios.replay.workers import SECRET_VARIABLE, TO_UNDERSTAND_S
from tests.examples import examples

MEETING = Meeting(host="10.0.0.5", port=5557, within_s=600.0)
STRANGE = Handshakes(failed=7)
UNDERSTOOD = Handshakes(succeeded=1)


@examples("seen, waited_s, strange_s, says",
    ("nobody yet", Handshakes(), 599.0, 0.0, ""),
    ("nobody at all", Handshakes(), 600.0, 0.0, "no replay was reached at 10.0.0.5:5557 within 600 s"),
    ("somebody strange, but not for long", STRANGE, 20.0, TO_UNDERSTAND_S - 0.1, ""),
    ("somebody strange", STRANGE, 20.0, TO_UNDERSTAND_S, f"does not know this worker's {SECRET_VARIABLE}"),
    ("a stranger first, then the master", Handshakes(succeeded=1, failed=3), 20.0, 60.0, ""),
    ("the master, who has other things to do", UNDERSTOOD, 599.0, 0.0, ""),
    ("the master, who never takes it on", UNDERSTOOD, 600.0, 0.0, "did not take this worker on within 600 s"),
)  # fmt: skip
def test_why_a_worker_goes(seen: Handshakes, waited_s: float, strange_s: float, says: str) -> None:
    why = MEETING.why_not(seen, waited_s, strange_s)
    assert says in why
    assert bool(says) == bool(why)


@pytest.mark.parametrize("strangers", [0, 3])
def test_a_master_says_whether_strangers_came(strangers: int) -> None:
    said = too_few_came(1, 2, 600.0, strangers)
    assert said.startswith("1 of 2 workers came within 600 s")
    assert (SECRET_VARIABLE in said) == bool(strangers)
