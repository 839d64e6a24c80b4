"""The command line as a person meets it, in a process of its own."""

from importlib.metadata import version
from pathlib import Path

import pytest

from tests.end_to_end.command import python, surgeproof
from tests.examples import examples

HEAVY = ("pydantic", "numpy", "simpy", "llvmlite", "locust", "rich", "scipy", "altair", "gevent")


VERBS = ["demo", "show", "new", "record", "check", "predict", "size", "serve", "probe", "replay", "worker", "gauntlet",
         "compare", "report", "learn", "ledger"]  # fmt: skip


def test_help_lists_the_verbs_in_the_order_in_which_they_are_used_none_of_them_cut_short() -> None:
    done = surgeproof("--help")
    assert done.returncode == 0
    listed = [line for line in done.stdout.partition("Commands:")[2].splitlines() if line]
    assert [line.split()[0] for line in listed] == VERBS
    assert not [line for line in listed if line.endswith("...")]


def test_the_version_is_told() -> None:
    done = surgeproof("--version")
    assert (done.returncode, done.stdout) == (0, f"surgeproof {version('surgeproof')}\n")


@pytest.mark.parametrize(("words", "completed"), [
    (["surgeproof", "pre"], ["predict"]),
    (["surgeproof", "predict", "twitter"], ["twitter-france-2012"]),
])  # fmt: skip
def test_the_shell_completes_verbs_and_launches(words: list[str], completed: list[str]) -> None:
    asked = {
        "_SURGEPROOF_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    program = "import sys; sys.argv = ['surgeproof']; from surgeproof import main; main()"
    done = python("-P", "-c", program, env=asked)

    assert done.stdout.split() == completed


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, surgeproof\n"
        "sys.argv = ['surgeproof', '--help']\n"
        "try: surgeproof.main()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = python("-P", "-c", program)

    assert done.stdout.splitlines()[-1] == "[]"


@examples("words",
    ("no name", ["predict"]),
    ("seed is no number", ["predict", "truth-social-2022", "--seed", "many"]),
    ("no such verb", ["unheard-of"]),
)  # fmt: skip
def test_a_wrong_command_line_exits_2_with_a_sentence(words: list[str]) -> None:
    done = surgeproof(*words)
    assert done.returncode == 2
    assert "Error:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_hides_one_of_our_packages_is_named(tmp_path: Path) -> None:
    stranger = tmp_path / "reports"
    stranger.mkdir()
    (stranger / "__init__.py").touch()
    done = python("-m", "surgeproof", "--help", cwd=tmp_path)
    assert done.returncode == 2
    assert "the package 'reports' comes from" in done.stderr
    assert "pipx" in done.stderr
