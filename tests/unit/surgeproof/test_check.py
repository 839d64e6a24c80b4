"""What ``surgeproof check`` says of a launch, in the words of a planner."""

from pathlib import Path

import pytest

from simulator import Readable, launch_plan, parse
from surgeproof.verbs import check
from surgeproof.verbs.check import costs_in_words, facts, rehearsal_in_words, unsure_in_words
from tests.examples import examples
from tests.launches.files import EVERYTHING, SMALL, changed

POLICY = 'policy = "fifo"'
RELEASE = "release = { share_of_capacity = 0.75 }"


def said(text: str) -> dict[str, str]:
    return facts(launch_plan(parse(text, "f"), seed=0, engine=Readable()))


def test_a_small_launch_in_five_lines() -> None:
    found = said(SMALL)
    assert found == {
        "people": "early",
        "total": "100 in 10 min",
        "peak": found["peak"],
        "let in": "first come, first served, 22.5/min",
        "served by": "2 × desk, 30/min",
    }


def test_everything_in_five_lines() -> None:
    found = said(EVERYTHING)
    assert found["people"] == "invited, curious"
    assert found["let in"] == "by class, 6,000 sessions of 5 min"
    assert found["served by"] == (
        "16 × web, 40/s; 20 × database, 2,273/s; mail, 14/s and 50,000 in any 24 h; 128 × feed, 267/s"
    )


def test_what_it_costs_and_what_nobody_knows_is_told_where_the_file_says_it() -> None:
    everything, small = parse(EVERYTHING, "f"), parse(SMALL, "f")
    assert costs_in_words(everything) == (
        "web 0.36 EUR/h for each instance (8 cores); database 0.02 EUR/h for each server; mail 0 EUR/h for"
        " each 1/s, ordered 2 days ahead; feed 0.05 EUR/h for each core; 2 EUR for each person lost"
    )
    assert unsure_in_words(launch_plan(everything, seed=0, engine=Readable())) == (
        "people.invited.patience_factor 0.6 to 1.5; people.curious.retries_factor 0.5 to 2;"
        " station.web.service_factor 0.9 to 1.3"
    )
    assert costs_in_words(small) == ""
    assert unsure_in_words(launch_plan(small, seed=0, engine=Readable())) == ""


@examples("policy, release, sentence",
    ("open", "open", 'rate = "1/s"', "everybody at once"),
    ("a rate", "random", 'rate = "1/s"', "in a random order, 1/s"),
    ("batches", "fifo", 'batch = { size = 500, every = "1 min" }', "first come, first served, 500 every 1 min"),
    ("feedback", 'shuffle-then-fifo"\nopens = "5 min',
     ('feedback = { signal = "p95", limit = "1 s", every = "10 s", first = "5/s", '
      'lowest = "1/s", highest = "9/s", step = "1/s", cut = 0.5 }'),
     "in a random order, then first come, first served, from 5/s on, by feedback"),
)  # fmt: skip
def test_how_people_are_let_in(policy: str, release: str, sentence: str) -> None:
    text = changed((POLICY, f'policy = "{policy}"'), (RELEASE, f"release = {{ {release} }}"))
    assert said(text)["let in"] == sentence


def rehearsal(text: str) -> list[str]:
    scenario = parse(text, "f")
    demand = launch_plan(scenario, seed=0, engine=Readable()).demand
    return list(rehearsal_in_words(scenario, demand))


def test_what_is_rehearsed_and_without_what() -> None:
    text = changed((POLICY, 'policy = "random"'), ('at = "desk"', 'at = "desk"\ntimes = 2'))
    assert rehearsal(text) == [
        "rehearsal 25 people in 2 min, as many as in the launch",
        (
            "          too few: signup p95 needs 200 who are served, and 25 people come, so it cannot be"
            " judged; make replay.for longer, raise replay.demand_factor, or ask for a quantile that"
            " fewer can tell"
        ),
        (
            "          not exercised:     "
            'waitlist.policy = "random" (rehearsed first come, first served)'
        ),
    ]
    assert len(rehearsal(SMALL)) == 2


def test_a_launch_of_which_nothing_can_be_sent_is_valid_all_the_same() -> None:
    (line,) = rehearsal(changed(('request = { method = "POST", path = "/signup" }', "")))
    assert line.startswith("rehearsal none: cannot be sent: no step")


def test_what_a_stranger_wrote_stays_on_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command with a line end must not look like two facts."""
    file = tmp_path / "launch.toml"
    file.write_text(changed(("[replay]", '[replay]\ncleanup = "true\\n  figures   all measured"')))

    assert check.run(str(file), variant=None, settings=[], allow_files=False) == 0

    said = capsys.readouterr().out
    assert r"the command true\n  figures   all measured is run on this machine" in said
    assert sum(line.startswith("  figures ") for line in said.splitlines()) == 1
