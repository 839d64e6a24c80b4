"""``size`` as a planner meets it: how much, how sure, and one clear sentence for what cannot be answered."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from simulator.advice.size.knobs import Candidate
from simulator.advice.size.player import Player
from simulator.advice.size.trials import Tried
from tests.documents import held
from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.launches.files import shop_text

SHOP = shop_text(
    'name = "create"', rate='"5/s"', servers="1", waiting_room="60", service='"400 ms"',
    errors='0.02\np95 = "3 s"',
).replace('"web"', '"signup"')  # fmt: skip
SERVERS = ("--vary", "station.signup.servers=1..12")
QUESTION = ("--people", "300", "--within", "30 s", "--service", "200 ms", "--p95", "2 s")


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "shop.toml"
    path.write_text(SHOP)
    return str(path)


def test_the_verdict_comes_first_and_then_what_to_provision(file: str) -> None:
    done = surgeproof("size", file, *SERVERS)
    said = " ".join(done.stdout.split())
    assert done.returncode == 0, done.stderr
    assert said.startswith(
        "3 servers of signup hold: with 95 % confidence at least 95 % of launches meet"
    )
    assert "every objective (179 of 181 do) what to provision" in said
    assert "station.signup.servers 1 3 altogether 1 server 3 servers" in said
    assert "varied: station.signup.servers 1 to 12" in said
    assert "181 launches, of which 3 may fail" in said
    assert done.stderr == ""


def test_a_program_reads_all_of_it_and_the_same_bytes_twice(file: str) -> None:
    first, second = (surgeproof("size", file, *SERVERS, "--json") for _ in range(2))
    assert first.stdout == second.stdout
    found = held(first.stdout, "Sizing")
    assert found["certificate"]["values"] == {"station.signup.servers": 3.0}
    assert found["certificate"]["given"] is True
    assert found["certificate"]["launches"] == 181
    assert found["certificate"]["seed"] != found["seed"]
    assert found["knobs"][0] | {"now": 1, "low": 1, "high": 12, "asked": True} == found["knobs"][0]
    assert found["searched"]["launches"] >= found["searched"]["fresh"] >= 181
    costs = [each["cost"] for each in found["frontier"]]
    assert costs == sorted(set(costs))
    assert 3.0 in costs


@pytest.mark.slow
def test_other_luck_is_another_search_with_the_same_answer(file: str) -> None:
    """Five a second, each two fifths of one: two busy servers, and two more so that nobody waits long."""
    values = set()
    for seed in (1, 2):
        done = surgeproof("size", file, *SERVERS, "--json", "--seed", str(seed))
        values.add(json.loads(done.stdout)["certificate"]["values"]["station.signup.servers"])
    assert values <= {3.0, 4.0, 5.0}


@pytest.mark.slow
def test_both_engines_say_the_same(file: str) -> None:
    small = ("--set", "launch.horizon=40 s", "--vary", "station.signup.servers=4,5", "--json")
    both = [surgeproof("size", file, *small, "--engine", name) for name in ("compiled", "simpy")]
    compiled, simpy = (json.loads(done.stdout) for done in both)
    assert compiled | {"engine": "simpy"} == simpy


def test_where_nothing_holds_it_says_how_near_the_best_came(file: str) -> None:
    done = surgeproof("size", file, "--vary", "station.signup.servers=1..2")
    said = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert said.startswith("nothing in range holds: the nearest is 2 servers of signup, with which")
    assert "of 60 fresh launches hold; most of the others fail at signup" in said


def test_where_nothing_holds_nothing_is_ordered_and_what_too_few_show_is_no_fault(
    tmp_path: Path,
) -> None:
    """The line is what is too slow, and is not varied; of a sixteenth of 300 no quantile can be told."""
    few = ("--people", "300", "--within", "10 min", "--service", "120 ms", "--p95", "2 s")
    own = tmp_path / "own.toml"
    surgeproof("size", *few, "--write", str(own), "--launches", "59")
    done = surgeproof("size", str(own), "--vary", "station.signup.servers", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert (found["regret"], found["leads"]) == (None, [])
    assert {each["place"] for each in found["breaks"]} == {"the line"}
    assert 0 < found["breaks"][0]["demand_factor"] <= 1
    assert (found["headroom_today"]["breaks_at"], found["headroom_today"]["judged"]) == (0, False)


def test_a_report_in_place_of_a_file_is_refused_before_anything_is_simulated(file: str) -> None:
    done = surgeproof("size", file, "--report", file)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "is a file; name a folder" in done.stderr


def test_too_few_people_for_a_quantile_is_no_failure(file: str) -> None:
    done = surgeproof("size", file, *SERVERS, "--set", "surge.opening.rate=2/min")
    assert done.returncode == 3
    assert done.stdout.startswith("launches cannot be judged: too few people come")


@examples("words, said",
    ("too few launches", ("--launches", "20"), "give at least 59"),
    ("too few for a larger share", ("--share", "0.99"), "give at least 299"),
    ("an unknown key", ("--vary", "station.sign.servers=1..2"), 'mean "station.signup.servers"'),
    ("an empty range", ("--vary", "station.signup.servers=4..2"), "the range is empty"),
    ("twice the same", (*SERVERS, *SERVERS), "is given twice"),
    ("no line to vary", ("--vary", "waitlist.release.rate=1/s..2/s"), "there is no line"),
    ("a launch and few words", ("--people", "6000"), "--people is for a launch without a file"),
    ("an unknown engine", ("--engine", "fast"), "there are compiled and simpy"),
)  # fmt: skip
def test_a_mistake_is_one_sentence(file: str, words: tuple[str, ...], said: str) -> None:
    done = surgeproof("size", file, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@examples("words, said",
    ("nothing", (), "name a launch or a file"),
    ("half of it", ("--people", "600"), "--within and --service and --p95 are missing"),
    ("no people", (*QUESTION[2:],), "--people is missing"),
    ("no duration", (*QUESTION[:3], "soon", *QUESTION[4:]), '--within "soon" is not a duration'),
    ("no time", (*QUESTION[:5], "0 s", *QUESTION[6:]), '--service "0 s" is zero'),
    ("slower than asked", (*QUESTION[:5], "3 s", *QUESTION[6:]), "makes a service shorter"),
    ("a file's options", (*QUESTION, "--set", "a.b=1"), "are for a launch's file"),
    ("no launch file", (*QUESTION, "--write", "my.txt"), "a launch is a .toml file"),
)  # fmt: skip
def test_few_words_are_read_with_care(words: tuple[str, ...], said: str) -> None:
    done = surgeproof("size", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_question_without_a_file_gets_servers_line_and_certificate(tmp_path: Path) -> None:
    done = surgeproof("size", *QUESTION, "--write", "mine.toml", cwd=tmp_path)
    said = " ".join(done.stdout.split())
    assert done.returncode == 0, done.stderr
    assert "of signup, with" in said.partition(":")[0]
    assert "let in" in said.partition(":")[0]
    assert "of 181 do)" in said
    assert "96 of 100 within 30 s" in said
    assert "next: edit it; surgeproof size mine.toml" in said
    again = surgeproof("size", "mine.toml", "--vary", "station.signup.servers",
                       "--vary", "waitlist.release.rate", cwd=tmp_path)  # fmt: skip
    assert again.stdout.splitlines()[0] == done.stdout.splitlines()[0]
    assert surgeproof("size", *QUESTION, "--write", "mine.toml", cwd=tmp_path).returncode == 2


def test_whoever_interrupts_is_told_what_is_known_and_what_it_lacks(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some launches into the certificate, and some into the search."""
    play = Player.tried

    for limit, said in ((4, "of the search, the cheapest so far"), (40, "a certificate lacks")):
        played = 0

        def tried(
            self: Player, candidate: Candidate, launches: Iterable[int], limit: int = limit
        ) -> Tried:
            nonlocal played
            numbers = list(launches)
            played += len(numbers)
            fresh = self.plan.seed > 0
            if played > 10 if limit == 4 else fresh and len(numbers) > limit:
                played = -1_000  # once
                raise KeyboardInterrupt
            return play(self, candidate, numbers)

        monkeypatch.setattr(Player, "tried", tried)
        done = surgeproof("size", file, *SERVERS)
        assert done.returncode == 130
        assert done.stdout.startswith("interrupted: ")
        assert said in " ".join(done.stdout.split())
