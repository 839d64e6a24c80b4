"""The exit code of a gauntlet of which a launch was sent."""

import pytest

from simulator.verdict.criteria import Outcome
from surgeproof.verbs.sending.crowds.worst import ended
from tests.examples import examples


@examples("outcome, code, of_both, told",
    ("all hold, and so did what was sent", Outcome.HOLDS, 0, 0, False),
    ("all hold as predicted, but not what was sent", Outcome.HOLDS, 1, 1, False),
    ("all hold as predicted, and nothing could be sent", Outcome.HOLDS, 2, 2, False),
    ("inconclusive, but what was sent failed", Outcome.INCONCLUSIVE, 1, 1, False),
    ("inconclusive: a window that held is no launch", Outcome.INCONCLUSIVE, 0, 3, False),
    ("both inconclusive", Outcome.INCONCLUSIVE, 3, 3, False),
    ("inconclusive, and the kill switch stopped it", Outcome.INCONCLUSIVE, 4, 3, True),
    ("a launch fails as predicted, and did", Outcome.FAILS, 1, 1, False),
    ("a launch fails as predicted, though its window held", Outcome.FAILS, 0, 1, False),
    ("a launch fails as predicted, and nothing could be sent", Outcome.FAILS, 2, 1, True),
    ("a launch fails as predicted, and the replay cannot be judged", Outcome.FAILS, 3, 1, True),
)  # fmt: skip
def test_what_was_sent_counts_where_it_proves_something(
    outcome: Outcome, code: int, of_both: int, *, told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(outcome, code) == of_both
    said = f"the replay ended with exit code {code}; {of_both} is the gauntlet's"
    assert (said in capsys.readouterr().err) is told
