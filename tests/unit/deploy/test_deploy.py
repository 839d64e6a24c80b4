"""What lies in deploy/: nobody builds an image here, but each file is held against what reads it."""

import copy
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from scenarios.replay.workers import PORT, SECRET_VARIABLE
from simulator.verdict.criteria import Outcome
from simulator.verdict.verdict import EXIT_CODES
from tests.documents import held
from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.launches.files import LAUNCH

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
SCHEMA = json.loads(Path(__file__).with_name("locusttest.schema.json").read_text("utf-8"))
"""What Locust's operator reads; its ``$comment`` says where that is said."""
FOUND = find_spec("check_jsonschema")
assert FOUND is not None
assert FOUND.origin is not None
COMPOSE = Path(FOUND.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
"""The schema of the Compose Specification, as a package brings it along."""


def read(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text())


@pytest.fixture
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = read("kubernetes/locusttest.yaml")
    return found


Change = Callable[[Any], object]


def broken(read_by: Any, document: Any, change: Change) -> list[str]:
    """Where a changed document is no longer what is read."""
    changed = copy.deepcopy(document)
    change(changed)
    return [error.json_path for error in validator_for(read_by)(read_by).iter_errors(changed)]


def test_the_manifest_is_what_the_operator_reads(manifest: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert broken(SCHEMA, manifest, lambda _: None) == []


@examples("change, where",
    ("a word that nobody reads", lambda it: it["spec"].update(replicas=4), "$.spec"),
    ("how many, as a text", lambda it: it["spec"].update(workers="4"), "$.spec.workers"),
    ("no image", lambda it: it["spec"].pop("image"), "$.spec"),
    ("words in the place of a line", lambda it: it["spec"].update(args=["a.toml"]), "$.spec.args"),
    ("a number in the environment", lambda it: it["spec"]["env"][0].update(value=4), "$.spec.env[0].value"),
    ("a secret, which the operator does not know", lambda it: it["spec"]["env"][0].update(valueFrom={}), "$.spec.env[0]"),
    ("both kinds of file", lambda it: it["spec"]["locustfile"].update(inline={"content": ""}), "$.spec.locustfile"),
    ("no such amount", lambda it: it["spec"]["worker"]["resources"]["limits"].update(memory="1 GB"),
     "$.spec.worker.resources.limits.memory"),
    ("another operator's", lambda it: it.update(apiVersion="locust.io/v2"), "$.apiVersion"),
)  # fmt: skip
def test_a_manifest_with_a_mistake_is_not(
    change: Change, where: str, manifest: dict[str, Any]
) -> None:
    assert broken(SCHEMA, manifest, change) == [where]


def test_the_compose_file_is_what_compose_reads() -> None:
    schema, compose = json.loads(COMPOSE.read_text("utf-8")), read("compose.yaml")
    assert broken(schema, compose, lambda _: None) == []
    wrong: Change = lambda it: it["services"]["worker"].update(ulimit={})  # noqa: E731
    assert broken(schema, compose, wrong) == ["$.services.worker"]


def test_it_awaits_as_many_workers_as_are_started(manifest: dict[str, Any]) -> None:
    env = {each["name"]: each["value"] for each in manifest["spec"]["env"]}
    assert int(env["SURGEPROOF_AWAIT"]) == manifest["spec"]["workers"]
    assert env[SECRET_VARIABLE] == "", "what is published is no secret: empty it is refused"
    assert env["SURGEPROOF_ALLOW"] in manifest["spec"]["args"]


def test_so_does_the_compose_file() -> None:
    services = read("compose.yaml")["services"]
    master, worker = services["master"], services["worker"]
    assert int(master["environment"]["SURGEPROOF_AWAIT"]) == worker["deploy"]["replicas"]
    assert master["environment"] == worker["environment"]
    assert SECRET_VARIABLE in master["environment"]
    assert worker["command"] == ["--worker", "--master-host", "master"]


def test_what_the_image_copies_is_here() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    copied = [
        word for line in re.findall(r"^COPY (.*) \S+$", text, re.MULTILINE) for word in line.split()
    ]
    assert {"simulator", "scenarios", "reports", "surgeproof", "deploy/entrypoint"} <= set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert "USER surge" in text


@examples("words, command",
    ("a master", ["--master", "a b.toml", "--target", "http://x"],
     f"replay|a b.toml|--target|http://x|--workers|0|--await|4|--listen|0.0.0.0:{PORT}"),
    ("a worker", ["--worker", "--master-host", "there", "a.toml"], f"worker|--master|there:{PORT}"),
    ("anything else", ["check", "a.toml"], "check|a.toml"),
)  # fmt: skip
def test_the_operators_words_become_ours(words: list[str], command: str, tmp_path: Path) -> None:
    assert started(words, tmp_path, "4").stdout.strip() == command


def test_a_master_that_is_not_told_how_many_come_says_so(tmp_path: Path) -> None:
    done = started(["--master", "a.toml"], tmp_path, "")
    assert done.returncode != 0
    assert "how many workers come" in done.stderr


def started(words: list[str], folder: Path, awaited: str) -> subprocess.CompletedProcess[str]:
    """What the entrypoint starts, as a program that prints its words."""
    program = folder / "surgeproof"
    program.write_text('#!/bin/sh\nIFS="|"\necho "$*"\n')
    program.chmod(0o755)
    env = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "SURGEPROOF_AWAIT": awaited}
    return subprocess.run(
        [DEPLOY / "entrypoint", *words], env=env, capture_output=True, text=True, check=False
    )


# Pipelines ----------------------------------------------------------------------------------------

JOB = {
    "stage": str, "image": str, "variables": dict, "before_script": list, "script": list, "allow_failure": dict,
    "artifacts": dict,
}  # fmt: skip
"""Keywords of a job, as GitLab's schema of its pipelines has them (docs.gitlab.com, "CI/CD YAML syntax reference")."""
ARTIFACTS = {"when": str, "paths": list, "reports": dict, "expire_in": str}
ACTION = {
    "name": str,
    "description": str,
    "branding": dict,
    "inputs": dict,
    "outputs": dict,
    "runs": dict,
}
"""Keys of an action's metadata (docs.github.com, "Metadata syntax")."""


def test_gitlab_reads_the_job() -> None:
    (job,) = read("gitlab/surgeproof.gitlab-ci.yml").values()
    assert {name: type(job[name]) for name in job} == {name: JOB[name] for name in job}
    artifacts = job["artifacts"]
    assert {name: type(artifacts[name]) for name in artifacts} == ARTIFACTS
    assert artifacts["when"] == "always", "what fails is what one wants to read"
    assert job["allow_failure"] == {"exit_codes": [EXIT_CODES[Outcome.INCONCLUSIVE]]}
    assert set(artifacts["reports"]) == {"junit"}
    assert all(type(value) is str for value in job["variables"].values())


def job_run(folder: Path, body: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The job's script as GitLab runs it, its lines in one shell; ``body`` is the program that is installed."""
    (job,) = read("gitlab/surgeproof.gitlab-ci.yml").values()
    assert job["variables"].keys() == {"SURGEPROOF"}, (
        "a job's own win over those of a pipeline that includes it"
    )
    program = folder / "bin" / "surgeproof"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    env = os.environ | {"PATH": f"{program.parent}:{os.environ['PATH']}"} | variables
    script = "\n".join(["set -eo pipefail", *job["script"]])
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def test_its_script_is_a_command_of_ours(tmp_path: Path) -> None:
    """Sent to a host that nobody allowed: exit code 5, before anything is sent, and red."""
    (tmp_path / "my-launch.toml").write_text(LAUNCH)
    body = f'exec {shlex.quote(sys.executable)} -P -m surgeproof "$@"'
    done = job_run(
        tmp_path, body, TARGET="http://192.0.2.1", SCENARIO="my-launch.toml", SURGEPROOF_ALLOW="staging"
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert "192.0.2.1" in done.stderr


@examples("printed, code, job",
    ("it holds", "{}", 0, 0), ("it does not", "{}", 1, 1), ("nobody can judge the run", '{"verdict": {}}', 3, 3),
    ("no run, but something else was printed", "{}", 3, 1),
    ("there is no run", "", 3, 1), ("a mistake", "", 2, 2), ("the target died", "{}", 4, 4),
)  # fmt: skip
def test_what_becomes_of_the_job(printed: str, code: int, job: int, tmp_path: Path) -> None:
    """3 is yellow, so that it must not stand for a server that is down."""
    done = job_run(tmp_path, f"printf %s '{printed}'; exit {code}", TARGET="x", SCENARIO="a")
    assert done.returncode == job


def test_a_job_without_a_target_is_red(tmp_path: Path) -> None:
    done = job_run(tmp_path, "touch ran", TARGET="", SCENARIO="a")
    assert done.returncode not in (0, EXIT_CODES[Outcome.INCONCLUSIVE])
    assert not (tmp_path / "ran").exists()


def test_github_reads_the_action() -> None:
    action = read("github/action.yml")
    assert {name: type(action[name]) for name in action} == ACTION
    assert all(
        {"description"} < set(each) <= {"description", "required", "default"}
        for each in action["inputs"].values()
    )
    assert all(set(each) == {"description", "value"} for each in action["outputs"].values())
    assert action["runs"]["using"] == "composite"
    assert os.access(DEPLOY / "github" / "launch", os.X_OK)


def test_the_pipelines_own_launch_is_right_and_our_ci_runs_it() -> None:
    done = surgeproof("check", DEPLOY / "pipelines" / "launch.toml", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert held(done.stdout, "Check")["valid"] is True
    assert ".ci/pipeline\n" in (ROOT / ".ci" / "run").read_text()
    assert "bash ../github/launch" in (ROOT / ".ci" / "pipeline").read_text()
