"""The step of the GitHub Action: what it is given, the script that runs it, and what GitHub is told of it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import yaml

from reports.files.record import record
from reports.run.report.report import Report
from surgeproof.pipelines import command
from surgeproof.pipelines.github import said
from surgeproof.pipelines.github.__main__ import main
from surgeproof.pipelines.github.asked import Asked, WrongInput
from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.hanging import HUNG_S
from tests.launches.files import LAUNCH
from tests.launches.run import NO_LINE

ROOT = Path(__file__).parents[4]
FOLDER = ROOT / "deploy" / "github"
ACTION: dict[str, Any] = yaml.safe_load((FOLDER / "action.yml").read_text("utf-8"))
COMMAND = re.compile(r"::(?P<level>\w+)(?: (?P<properties>[^:]*))?::(?P<text>.*)")
"""As GitHub's runner reads one: ``ActionCommand.TryParseV2``."""


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A command as GitHub understands it: level, properties, text."""
    found = COMMAND.fullmatch(line)
    assert found, line
    pairs = filter(None, (found["properties"] or "").split(","))
    return (
        found["level"],
        {key: unescaped(value) for key, _, value in (pair.partition("=") for pair in pairs)},
        unescaped(found["text"]),
    )


def unescaped(text: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


def obeyed(log: str) -> list[str]:
    """The commands of a log that GitHub would carry out."""
    found, until = [], None
    for line in log.splitlines():
        if until is not None:
            until = None if line == f"::{until}::" else until
        elif line.startswith("::stop-commands::"):
            until = line.removeprefix("::stop-commands::")
        elif line.lstrip().startswith("::") or "##[" in line:
            found.append(line)
    assert until is None, "commands are obeyed again"
    return found


def outputs(file: Path) -> dict[str, str]:
    """As GitHub reads its file of outputs: a key and a word, lines, and that word."""
    found, lines = {}, iter(file.read_text("utf-8").splitlines())
    for line in lines:
        key, _, word = line.partition("<<")
        found[key] = "\n".join(takewhile(word.__ne__, lines))
    return found


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a launch, where the command line runs in this process."""

    def run(words: Sequence[str], folder: Path) -> tuple[int, str, str]:
        done = surgeproof(*words[len(command.PROGRAM) :], cwd=folder)
        return done.returncode, done.stdout, done.stderr

    monkeypatch.setattr(command, "run", run)
    (tmp_path / "launch.toml").write_text(LAUNCH)
    return tmp_path


def environment(folder: Path, **inputs: str) -> dict[str, str]:
    files = {f"GITHUB_{name}": str(folder / name) for name in ("STEP_SUMMARY", "OUTPUT")}
    return files | {f"INPUT_{key.upper()}": value for key, value in inputs.items()}


FEW = "--launches 10 --variant no-line"


# What it is given ---------------------------------------------------------------------------------


@examples("inputs, words",
    ("predicted only", {"verb": "predict", "args": "--seed 7"}, ["predict", "--json", "--seed", "7", "--", "a.toml"]),
    ("replayed", {"target": "http://h", "runs": "out"}, ["replay", "--json", "--target=http://h", "--runs=out", "--", "a.toml"]),
    ("limits, one a line", {"verb": "predict", "objectives": "signup.p95<2s\n\n signup.errors<1%\n"},
     ["predict", "--json", "--objective=signup.p95<2s", "--objective=signup.errors<1%", "--", "a.toml"]),
    ("nothing is run by a shell", {"verb": "predict", "args": "--seed '$(touch x)' `touch y`; touch z"},
     ["predict", "--json", "--seed", "$(touch x)", "`touch", "y`;", "touch", "z", "--", "a.toml"]),
)  # fmt: skip
def test_inputs_become_the_words_of_a_command(inputs: dict[str, str], words: list[str]) -> None:
    given = {f"INPUT_{key.upper()}": value for key, value in inputs.items()}
    assert Asked.of({"INPUT_SCENARIO": " a.toml ", **given}).words == words


def test_a_scenario_that_looks_like_an_option_is_a_file() -> None:
    assert Asked.of({"INPUT_SCENARIO": "--help", "INPUT_VERB": "predict"}).words[-2:] == [
        "--",
        "--help",
    ]


@examples("inputs, sentence",
    ("no scenario", {}, "scenario is missing"),
    ("an answer that is none", {"SCENARIO": "a", "INCONCLUSIVE": "pass"}, "inconclusive is pass: write one of fail, warn"),
    ("a verb that is none", {"SCENARIO": "a", "VERB": "test"}, "verb is test: write one of replay, predict"),
    ("a variable that is not set", {"SCENARIO": "a", "TARGET": " "}, "target is empty: was the variable set"),
    ("an open quotation", {"SCENARIO": "a", "VERB": "predict", "ARGS": "--set 'x"}, "args has a quotation mark"),
)  # fmt: skip
def test_what_cannot_be_run_is_told(inputs: dict[str, str], sentence: str) -> None:
    with pytest.raises(WrongInput, match=sentence):
        Asked.of({f"INPUT_{key}": value for key, value in inputs.items()})


@examples("answer, code, step",
    ("a pass", "fail", 0, 0), ("a failure", "warn", 1, 1), ("nobody can judge it", "fail", 3, 3),
    ("which may be a warning", "warn", 3, 0), ("a dead target never is", "warn", 4, 4),
)  # fmt: skip
def test_what_becomes_of_the_step(answer: str, code: int, step: int) -> None:
    given = {"INPUT_SCENARIO": "a", "INPUT_VERB": "predict", "INPUT_INCONCLUSIVE": answer}
    asked = Asked.of(given)
    assert asked.exit_code(code) == step


# What GitHub is told ------------------------------------------------------------------------------


@examples("text",
    ("plain", "the launch holds"),
    ("several lines", "a\nb\r\n::set-output name=x::y"),
    ("per cent, and what looks escaped", "5 % of 100 %25 %0A"),
    ("commands of its own", "::error::gotcha\n##[error]gotcha"),
    ("letters of all kinds", "± µs, ≥ 1 ‰: “so”"),
)  # fmt: skip
def test_whatever_a_text_says_it_is_one_command_and_reads_as_it_was(text: str) -> None:
    line = said.command("error", text, file="a,b:c.toml", line="3", title=text)
    assert len(line.splitlines()) == 1
    assert read(line) == ("error", {"file": "a,b:c.toml", "line": "3", "title": text}, text)


def test_what_a_command_says_is_shown_and_obeyed_by_nobody() -> None:
    log = said.disarmed("surgeproof: a\n::error::gotcha\n ##[error]gotcha\n::stop-commands::x\n")
    assert obeyed(log) == []
    assert "::error::gotcha" in log


def test_an_output_ends_where_it_ends(tmp_path: Path) -> None:
    file, values = tmp_path / "out", {"sentence": "a\nEOF\nverdict<<x\nholds\nx", "verdict": "b"}
    file.write_text(said.outputs(values))
    assert outputs(file) == values


def test_a_launch_that_holds(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    given = environment(here, scenario="launch.toml", verb="predict", args=FEW.replace("10", "60"))
    assert main(given, here) == 0
    ((level, at, text),) = map(read, obeyed(capfd.readouterr().out))
    assert (level, at) == ("notice", {"file": "launch.toml", "title": "holds"})
    assert text.startswith("the launch is predicted to hold: ")
    told = outputs(here / "OUTPUT")
    assert told == {
        "verdict": "holds",
        "exit-code": "0",
        "sentence": text.removesuffix(" (exit code 0)"),
    }
    summary = (here / "STEP_SUMMARY").read_text()
    assert summary.startswith(
        "# launch.toml, predicted\n\n**✅ holds**: the launch is predicted to hold"
    )
    assert "\n| ✅ | launches that hold | " in summary


def test_one_that_does_not_is_red_at_the_line_of_the_objective(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (here / "launch.toml").write_text(LAUNCH.replace('p50 = "1 s"', 'p50 = "1 ms"'))
    assert (
        main(
            environment(
                here, scenario="launch.toml", verb="predict", args=FEW, inconclusive="warn"
            ),
            here,
        )
        == 1
    )
    verdict, *objectives = map(read, obeyed(capfd.readouterr().out))
    assert (verdict[0], verdict[1]["title"]) == ("error", "does not hold")
    lines = (here / "launch.toml").read_text().splitlines()
    (p50,) = (at for _, at, _ in objectives if at["title"] == "signup p50 does not hold")
    assert lines[int(p50["line"]) - 1] == 'p50 = "1 ms"'
    assert outputs(here / "OUTPUT")["verdict"] == "does not hold"


def test_what_nobody_can_judge_is_told_apart(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """One launch that holds says nothing of 95 in a hundred."""
    few = FEW.replace("10", "1")
    assert main(environment(here, scenario="launch.toml", verb="predict", args=few), here) == 3
    assert (
        main(
            environment(
                here, scenario="launch.toml", verb="predict", args=few, inconclusive="warn"
            ),
            here,
        )
        == 0
    )
    levels = {read(line)[0] for line in obeyed(capfd.readouterr().out)}
    assert levels == {"warning"}
    assert outputs(here / "OUTPUT")["exit-code"] == "3"


def test_mistakes_of_a_launch_file_stand_at_their_lines(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = re.sub(r"servers = 1\b", "servers = 0", LAUNCH)
    (here / "launch.toml").write_text(wrong)
    assert main(environment(here, scenario="launch.toml", verb="predict"), here) == 2
    ((level, at, text),) = map(read, obeyed(capfd.readouterr().out))
    assert (level, at["title"]) == ("error", "station.signup.servers")
    assert wrong.splitlines()[int(at["line"]) - 1] == "servers = 0"
    assert "it must be at least 1" in text
    assert outputs(here / "OUTPUT")["verdict"] == "not judged"
    assert not (here / "STEP_SUMMARY").exists()


def test_a_mistake_of_the_command_is_told(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert (
        main(environment(here, scenario="launch.toml", verb="predict", args="--variant none"), here)
        == 2
    )
    ((level, at, text),) = map(read, obeyed(capfd.readouterr().out))
    assert (level, at) == ("error", {"title": "not judged"})
    assert 'there is no variant "none"' in text
    assert main({"INPUT_SCENARIO": ""}, here) == 2
    assert "scenario is missing" in capfd.readouterr().out


def test_of_a_replay_the_summary_is_its_own_report_and_the_deciding_objectives_are_annotated(
    report: Report, tmp_path: Path
) -> None:
    found = record(report)
    chosen = [one for one in found["variants"] if one["variant"] == NO_LINE]
    (decides,) = (one for one in chosen[0]["verdicts"] if one["provenance"] == "observed")
    for one in chosen[0]["verdicts"]:
        one["decides"] = one is decides
    found |= {"variants": chosen, "verdict": {**found["verdict"], **{key: decides[key] for key in ("outcome", "exit_code", "sentence")}}}  # fmt: skip
    first, *others = map(read, said.annotated("launch.toml", found, tmp_path))
    assert (first[0], first[1]) == ("error", {"title": "does not hold"}), (
        "there is no such file here"
    )
    failing = [one["name"] for one in decides["criteria"] if one["outcome"] == "does not hold"]
    assert failing
    assert [at["title"] for _, at, _ in others] == [f"{name} does not hold" for name in failing]

    (tmp_path / "report.md").write_text("# Made up\n")
    (tmp_path / "against.md").write_text("## Against earlier runs\n")
    summary = said.summary("launch.toml", found, tmp_path)
    assert summary.startswith("# Made up\n\n## Against earlier runs\n")
    assert "actions/upload-artifact" in summary


# The action itself --------------------------------------------------------------------------------


def test_each_input_comes_by_the_environment_and_no_shell_reads_one() -> None:
    (step,) = ACTION["runs"]["steps"]
    assert step["env"] == {
        f"INPUT_{name.upper()}": f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]
    }
    assert step["run"] == 'bash "$GITHUB_ACTION_PATH/launch"'
    assert "${{" not in (FOLDER / "launch").read_text("utf-8")


def test_each_output_is_one_that_is_told(here: Path) -> None:
    main(environment(here, scenario="launch.toml", verb="predict", args=FEW), here)
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.launch.outputs.{name} }}}}"
    assert outputs(here / "OUTPUT").keys() <= ACTION["outputs"].keys()
    assert ACTION["outputs"].keys() - outputs(here / "OUTPUT").keys() == {"run", "report"}, (
        "of a replay alone"
    )


def script(folder: Path, given: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """The step's script as GitHub starts it."""
    return subprocess.run(
        ["bash", str(FOLDER / "launch")], cwd=folder, capture_output=True, text=True, check=False,
        timeout=HUNG_S, env={**os.environ, "GITHUB_ACTION_PATH": str(FOLDER), **given},
    )  # fmt: skip


def test_the_script_runs_it(tmp_path: Path) -> None:
    """Apart, and with words that a shell would have run."""
    given = environment(
        tmp_path, scenario="$(touch ran)", python=sys.executable, inconclusive="`touch ran`"
    )
    done = script(tmp_path, given)
    assert done.returncode == 2, done.stderr
    ((level, _, text),) = map(read, obeyed(done.stdout))
    assert (level, text) == ("error", "inconclusive is `touch ran`: write one of fail, warn")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def fake(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """A python3 that is no Python, first on the path."""

    def made(body: str) -> dict[str, str]:
        program = tmp_path / "bin" / "python3"
        program.parent.mkdir()
        program.write_text(f"#!/bin/bash\n{body}\n")
        program.chmod(0o755)
        return {"PATH": f"{program.parent}:{os.environ['PATH']}", "RUNNER_TEMP": str(tmp_path)}

    return made


def test_an_old_python_is_told(tmp_path: Path, fake: Callable[[str], dict[str, str]]) -> None:
    done = script(tmp_path, fake("exit 1"))
    assert done.returncode == 2
    assert "actions/setup-python" in read(done.stdout.strip())[2]


@examples("version, installs",
    ("what was asked for", "surgeproof==1.0; touch x", "surgeproof==1.0; touch x"),
    ("else the action's own", "", f"{FOLDER}/../.."),
)  # fmt: skip
def test_it_installs(
    tmp_path: Path, fake: Callable[[str], dict[str, str]], version: str, installs: str
) -> None:
    """Into an environment of its own, whose Python is then asked: here one that only tells what it is told."""
    told = tmp_path / "told"
    body = (
        f'[[ $1 == -m && $2 == venv ]] || exit 0\nmkdir -p "$3/bin"\n'
        f"printf '%s\\n' '#!/bin/bash' 'printf \"%s|\" \"$@\" >>{told}' >\"$3/bin/python\"\n"
        'chmod +x "$3/bin/python"'
    )
    done = script(tmp_path, fake(body) | {"INPUT_VERSION": version, "INPUT_ALLOW": "h"})
    assert done.returncode == 0, done.stderr
    assert told.read_text() == (
        f"-m|pip|install|--quiet|--|{installs}|-P|-m|surgeproof.pipelines.github|"
    )
    assert not (tmp_path / "x").exists()
