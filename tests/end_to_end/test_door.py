"""The command line as a person meets it, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.command import surgeproof
from tests.hanging import HUNG_S

HEAVY = ("pydantic", "numpy", "simpy", "numba", "locust", "rich", "scipy", "altair", "gevent")


def test_help_lists_every_verb_and_exits_0() -> None:
    done = surgeproof("--help")

    assert done.returncode == 0
    for verb in (
        "demo",
        "show",
        "new",
        "check",
        "predict",
        "serve",
        "probe",
        "replay",
        "report",
        "record",
    ):
        assert f"\n  {verb} " in done.stdout


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, surgeproof\n"
        "sys.argv = ['surgeproof', '--help']\n"
        "try: surgeproof.main()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        capture_output=True,
        text=True,
        timeout=HUNG_S,
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["predict"], id="no name"),
        pytest.param(["predict", "truth-social-2022", "--seed", "many"], id="seed is no number"),
        pytest.param(["unheard-of"], id="no such verb"),
    ],
)
def test_a_wrong_command_line_exits_2_with_a_sentence(words: list[str]) -> None:
    done = surgeproof(*words)

    assert done.returncode == 2
    assert "Error:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_hides_one_of_our_packages_is_named(tmp_path: Path) -> None:
    stranger = tmp_path / "reports"
    stranger.mkdir()
    (stranger / "__init__.py").touch()

    done = subprocess.run(
        [sys.executable, "-m", "surgeproof", "--help"],
        capture_output=True,
        text=True,
        timeout=HUNG_S,
        cwd=tmp_path,
        check=False,
    )

    assert done.returncode == 2
    assert "the package 'reports' comes from" in done.stderr
    assert "pipx" in done.stderr
