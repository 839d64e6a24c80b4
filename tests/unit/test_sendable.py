"""What the replay cannot send is said before anything is sent, in one sentence."""

import pytest

from scenarios import library
from scenarios.sendable import beyond_replay, require_sendable
from simulator.errors import ScenarioError
from simulator.scenario import parse
from tests.launch_files import EVERYTHING, SMALL, changed

PATIENCE = 'patience = "30 min"'
POLICY = 'policy = "fifo"'
RELEASE = "release = { share_of_capacity = 0.75 }"
SLOTS = 'release = { slots = { total = 9, session = "1 min" } }'
AT = 'at = "desk"'


def beyond(*changes: tuple[str, str]) -> list[str]:
    return list(beyond_replay(parse(changed(*changes), "f").words))


@pytest.mark.parametrize("name", library.names())
def test_the_library_can_be_rehearsed(name: str) -> None:
    require_sendable(library.load(name))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        pytest.param(AT, f"{AT}\ntimes = 3", "the 3 steps of journey.signup", id="steps"),
        pytest.param(AT, f'{AT}\nthink = "1 s"', "journey.signup.step.create.think", id="thinking"),
        pytest.param(PATIENCE, "shows_up = 0.9", "people.early.shows_up", id="no-shows"),
        pytest.param(PATIENCE, 'balks = "1 min"', "people.early.balks", id="balking"),
        pytest.param(
            "attempts = 3,", "attempts = 3, budget = 0.1,", "people.early.retries.budget", id="budget"
        ),
        pytest.param(POLICY, 'policy = "random"', 'policy = "random"', id="another order"),
        pytest.param(POLICY, f'{POLICY}\nopens = "1 min"', "waitlist.opens", id="a later opening"),
        pytest.param(RELEASE, SLOTS, "waitlist.release.slots", id="slots"),
    ],
)  # fmt: skip
def test_what_is_not_sent_is_named(old: str, new: str, key: str) -> None:
    assert beyond((old, new)) == [key]


def test_where_nobody_stands_in_line_its_words_do_not_matter() -> None:
    assert beyond((POLICY, 'policy = "open"'), (RELEASE, SLOTS)) == []


def test_a_server_may_do_what_it_likes_for_a_request() -> None:
    calls = f'{AT}\ncalls = [{{ at = "desk" }}]\nholds = {{ at = "desk", for = "1 min" }}'
    assert beyond((AT, calls)) == beyond() == []


def test_everything_is_refused_in_one_sentence() -> None:
    with pytest.raises(ScenarioError) as error:
        require_sendable(parse(EVERYTHING, "everything.toml"))
    [mistake] = error.value.mistakes
    assert mistake.key == "replay"
    assert "the 5 steps of journey.signup" in mistake.problem
    assert "waitlist.release.slots" in mistake.problem
    require_sendable(parse(SMALL, "f"))
