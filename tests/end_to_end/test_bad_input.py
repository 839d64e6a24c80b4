"""What is wrong gets one sentence that says what, where and how to mend it, and its exit code."""

import os
import pty
import socket
from pathlib import Path

import pytest

from tests.end_to_end.command import apart, surgeproof
from tests.examples import examples
from tests.launches.files import LAUNCH, ONE_STEP

NOBODY = "http://127.0.0.1:9"


def refused(*words: str, code: int) -> str:
    """What a command says that ends with this code: never a traceback."""
    done = surgeproof(*words)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    return done.stderr


@examples("before, after, where, remedy",
    ("unknown key", "client_timeout", "client_timeuot", "people.everybody.client_timeuot", 'did you mean "client_timeout"?'),
    ("wrong unit", '"200 ms"', '"200 parsecs"', "people.everybody.retries.backoff", 'as in "40 ms"'),
    ("milestones that fall", '[["10 s", 300]]', '[["5 s", 300], ["10 s", 200]]', "surge.opening.points",
     "cumulative since the opening: they cannot fall"),
    ("unknown people", 'people = "everybody"', 'people = "nobody"', "surge.opening.people", "known: everybody"),
    ("a share above 1", "errors = 0.05", "errors = 5", "objectives.signup.errors", "it must be at most 1"),
    ("not TOML", 'name = "small"', "name = small", "line 5, column 8", 'strings need "quotes"'),
)  # fmt: skip
def test_a_wrong_file_names_file_key_and_remedy(
    tmp_path: Path, before: str, after: str, where: str, remedy: str
) -> None:
    file = tmp_path / "launch.toml"
    file.write_text(LAUNCH.replace(before, after))
    sentence = refused("check", str(file), code=2)
    assert f"{file}: {where}: " in sentence
    assert remedy in sentence


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "launch.toml"
    file.write_text(LAUNCH.replace("client_timeout", "client_timeuot").replace('"10 s"', '"10 x"'))
    assert len(refused("predict", str(file), code=2).splitlines()) >= 2


@examples("words, said",
    ("missing file", ["check", "none/such.toml"], "none/such.toml"),
    ("unknown launch", ["check", "truth-social"], "truth-social-2022"),
    ("variant", ["predict", "truth-social-2022", "--variant", "x"], "no-line"),
    ("setting", ["check", "truth-social-2022", "--set", "a.b=1"], "--set: a:"),
    ("engine", ["predict", "truth-social-2022", "--engine", "C"], "simpy"),
    ("no URL", ["replay", str(ONE_STEP), "--target", "me"], "http://"),
    ("no run", ["report", "/none/such"], "/none/such"),
    ("rate without a unit", ["serve", "--release-rate", "20"], "600/s"),
)  # fmt: skip
def test_a_wrong_command_is_explained(words: list[str], said: str) -> None:
    assert said in refused(*words, code=2)


def test_what_the_replay_cannot_send_is_refused_before_anybody_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(LAUNCH.replace('request = { method = "POST", path = "/signup" }', ""))
    sentence = refused("replay", str(file), "--target", NOBODY, code=2)
    assert f"{file}: journey: cannot be sent: no step that anybody takes has a request" in sentence
    assert "give a step request" in sentence


def test_what_is_quoted_does_not_rule_the_terminal() -> None:
    sentence = refused("check", "\x1b[31mred\x9b2J", code=2)
    assert r"\x1b[31mred\x9b2J: the library has no launch" in sentence


def test_a_terminal_that_lacks_letters_gets_the_answer_all_the_same() -> None:
    done = apart("show", "pokemon-go-2016", env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    # A folder below a file cannot be made even by root, whom permissions do not stop.
    (tmp_path / "file").touch()
    sentence = refused("demo", "--runs", str(tmp_path / "file" / "runs"), code=2)
    assert str(tmp_path / "file" / "runs") in sentence


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert str(port) in refused("serve", "--port", str(port), code=2)


@pytest.mark.parametrize("verb", [["probe"], ["replay", str(ONE_STEP)]])
def test_a_target_that_is_down(verb: list[str], tmp_path: Path) -> None:
    runs = ["--runs", str(tmp_path)] if verb[0] == "replay" else []
    assert "nothing answers" in refused(*verb, "--target", NOBODY, *runs, code=3)


@pytest.mark.parametrize("verb", [["probe"], ["replay", str(ONE_STEP)]])
def test_another_machine_is_refused_unless_named(verb: list[str]) -> None:
    # 192.0.2.1 is kept for documentation: nobody is there, and nothing is sent.
    sentence = refused(*verb, "--target", "http://192.0.2.1", code=5)
    assert "SURGEPROOF_ALLOW=192.0.2.1" in sentence


@pytest.mark.parametrize("typed", [b"127.0.0.1\n", b"\x04"], ids=["another name", "end of input"])
def test_on_a_terminal_the_host_has_to_be_typed(typed: bytes) -> None:
    # 192.0.2.1 is kept for documentation; without its name nothing is sent to it.
    ours, theirs = pty.openpty()
    os.write(ours, typed)
    with (
        os.fdopen(theirs, encoding="utf-8") as keys,
        os.fdopen(theirs, "w", encoding="utf-8", closefd=False) as screen,
    ):
        done = surgeproof("replay", ONE_STEP, "--target", "http://192.0.2.1", at=(keys, screen))
        shown = ""
        while "type the host's name" not in shown:  # it comes in as many parts as it was written in
            shown += os.read(ours, 4096).decode()
    os.close(ours)

    assert done.returncode == 5
    assert "192.0.2.1 (192.0.2.1) is not this machine" in shown
    assert "visitors" in shown
    assert "/s, evenly; send it only with the owner's permission" in shown
    assert "type the host's name" in shown
