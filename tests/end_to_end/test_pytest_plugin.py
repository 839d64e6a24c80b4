"""The plugin as a team meets it: pytest in a process of its own, and launches in tests."""

import json
import re
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from tests.end_to_end.command import Done, python
from tests.launches.files import LAUNCH

PREDICTED = """
import pytest

@pytest.fixture(scope="module")
def predicted(surgeproof):
    return surgeproof.predict("launch.toml", launches=60, variant="no-line")

def test_it_holds(predicted):
    predicted.assert_holds()

def test_it_is_fast(predicted):
    assert predicted.figure("response_p50") < 1e-3

def test_a_slip_of_the_keyboard(surgeproof):
    surgeproof.predict("launch.toml", variant="no-lime")
"""
REPLAYED = """
def test_launch(surgeproof):
    found = surgeproof.replay("launch.toml", launches=20, variant="no-line", objectives=["signup.p50<{limit}"])
    assert found.record["verdict"]["provenance"] == "observed" or found.exit_code == 3
    found.assert_holds(inconclusive="skip")
"""


NAMED = (
    [] if entry_points(group="pytest11", name="surgeproof") else ["-p", "surgeproof.pytest_plugin"]
)
"""What was installed for development before there was a plugin does not know it yet."""


def pytested(folder: Path, test: str, *words: str) -> Done:
    """``pytest`` in a folder with a launch and a test."""
    (folder / "launch.toml").write_text(LAUNCH)
    (folder / "test_launch.py").write_text(test)
    return python(
        *("-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=junit.xml"), *NAMED, *words,
        cwd=folder,
    )  # fmt: skip


def test_each_launch_is_told_once_and_a_failure_says_why(tmp_path: Path) -> None:
    done = pytested(tmp_path, PREDICTED)

    said = done.stdout
    assert done.returncode == 1, said + done.stderr
    assert "2 failed, 1 passed" in said
    assert re.search(r"NotJudged: \S+/launch\.toml: variant: there is no variant", said)
    assert "surgeproof/pytest_plugin/judged.py" not in said, "a failure is shown in the test"
    told = re.findall(r"^test_launch\.py::test_it_holds: launch\.toml: (.*)$", said, re.MULTILINE)
    (sentence,) = told
    assert sentence.startswith("the launch is predicted to hold: ")
    properties = ET.parse(tmp_path / "junit.xml").getroot().iter("property")
    assert [(one.get("name"), one.get("value")) for one in properties] == [
        ("surgeproof", f"launch.toml: {sentence}")
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("limit", "codes"), [("5 s", {0}), ("1 us", {1})])
def test_a_replay_is_judged_by_what_was_observed(
    tmp_path: Path, limit: str, codes: set[int]
) -> None:
    """Where this machine is too busy for a replay the test is skipped, and never passes."""
    with TargetProcess(Settings(workers=1, hash_cost=11)) as target:
        done = pytested(tmp_path, REPLAYED.format(limit=limit), "--surgeproof-target", target.url)
    (run,) = (tmp_path / "runs").iterdir()
    verdict = json.loads((run / "verdict.json").read_text())["verdict"]
    assert f"report: {run / 'report.html'}" in done.stdout
    if verdict["exit_code"] == 3:
        assert "1 skipped" in done.stdout
        return
    assert {verdict["exit_code"]} == codes
    assert done.returncode == verdict["exit_code"], done.stdout


def test_pytest_finds_the_plugin_where_surgeproof_is_installed() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    plugins = tomllib.loads(text)["project"]["entry-points"]["pytest11"]
    assert plugins == {"surgeproof": "surgeproof.pytest_plugin"}


def test_a_test_run_without_launches_loads_nothing_heavy() -> None:
    """Every pytest of whoever has surgeproof installed loads the plugin."""
    program = (
        "import sys, surgeproof.pytest_plugin\n"
        "print([name for name in ('simulator.plan', 'scenarios', 'numpy', 'pydantic', 'typer', 'rich') if name in sys.modules])"
    )
    assert python("-P", "-c", program).stdout == "[]\n"
