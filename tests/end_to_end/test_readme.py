"""The README is tried as a newcomer would; its install lines by .ci/run, the rest here."""

import re
import warnings
from pathlib import Path

import pytest

from reports.run.comparison.comparison import SHORT
from simulator.outcomes.figures.figures import FIGURES
from tests.readme import DEMO, ENDS, LAUNCH, PYTHON, README, blocks, ends, printed


@pytest.mark.parametrize(("command", "shown"), list(blocks()), ids=lambda text: text[:40])
def test_a_command_prints_what_the_readme_shows(command: str, shown: str) -> None:
    assert printed(command) == shown


def test_there_are_blocks_to_try() -> None:
    assert len(list(blocks())) == README.read_text(encoding="utf-8").count("<!-- run -->") > 0


def test_the_launch_is_valid_and_holds(tmp_path: Path) -> None:
    shown = LAUNCH.search(README.read_text(encoding="utf-8"))
    assert shown is not None
    file = tmp_path / "my-launch.toml"
    file.write_text(shown["text"])
    assert printed(f"surgeproof check {file}").endswith("is a valid launch\n")
    assert "the launch is predicted to hold" in printed(f"surgeproof predict {file}")


def test_the_five_lines_of_python_predict_the_launch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = README.read_text(encoding="utf-8")
    launch, program = LAUNCH.search(text), PYTHON.search(text)
    assert launch is not None
    assert program is not None
    assert len([line for line in program["text"].splitlines() if line]) == 5
    (tmp_path / "my-launch.toml").write_text(launch["text"])
    monkeypatch.chdir(tmp_path)

    with warnings.catch_warnings():  # five lines leave it to Python to close the file
        warnings.simplefilter("ignore", ResourceWarning)
        exec(program["text"], {})

    assert capsys.readouterr().out == "holds\n"


def test_the_demo_shows_every_figure_and_verdict_of_both_variants() -> None:
    shown = DEMO.search(README.read_text(encoding="utf-8"))
    assert shown is not None
    labels = [figure.label for figure in FIGURES if figure.key in SHORT]
    for label in labels:
        # Rows of nothing but zeros are folded away: without a line nobody waits in it.
        assert 1 <= len(re.findall(rf"^ +{label} ", shown["output"], re.MULTILINE)) <= 2
    assert shown["output"].splitlines()[-1].endswith("report.html")


@pytest.mark.parametrize("verb", [
    "demo", "show", "new", "record", "check", "predict", "size", "serve", "probe", "replay",
    "gauntlet", "compare", "report", "learn", "ledger",
])  # fmt: skip
def test_every_verb_is_in_the_readme(verb: str) -> None:
    assert re.search(rf"surgeproof {verb}\b|`{verb}`", README.read_text(encoding="utf-8"))


def test_the_demo_is_told_in_five_lines_before_all_of_it() -> None:
    text = README.read_text(encoding="utf-8")
    first, whole = ENDS.search(text), DEMO.search(text)
    assert first is not None
    assert whole is not None
    assert first.end() < text.index("<details>") < whole.start()
    assert first["output"] == ends(whole["output"])
    assert 4 <= len(first["output"].splitlines()) <= 6
    assert "predicted" in first["output"]
