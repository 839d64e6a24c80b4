"""What lies in deploy/: nobody builds an image here, but each file is held against what reads it."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml

from scenarios.replay.workers import PORT, SECRET_VARIABLE, SHORTEST_SECRET
from simulator.verdict.criteria import Outcome
from simulator.verdict.verdict import EXIT_CODES
from tests.documents import held
from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.launches.files import LAUNCH

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
OPERATORS = {
    "image": str, "imagePullPolicy": str, "imagePullSecrets": list, "workers": int, "args": str, "env": list,
    "annotations": dict, "labels": dict, "master": dict, "worker": dict, "locustfile": dict, "metrics": dict,
}  # fmt: skip
"""The words of a ``LocustTest`` of locust.cloud/v1, as the definition of Locust's operator has them (chart 0.1.9)."""


def read(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text())


@pytest.fixture
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = read("kubernetes/locusttest.yaml")
    return found


def test_the_manifest_says_what_the_operator_reads(manifest: dict[str, Any]) -> None:
    spec = manifest["spec"]
    assert (manifest["apiVersion"], manifest["kind"]) == ("locust.cloud/v1", "LocustTest")
    assert {name: OPERATORS[name] for name in spec} == {name: type(spec[name]) for name in spec}
    assert set(spec["locustfile"]) == {"configMap"}  # or its content; one of them
    assert set(spec["worker"]) <= {"labels", "annotations", "resources"}
    assert all(
        set(each) == {"name", "value"} and type(each["value"]) is str for each in spec["env"]
    )


def test_it_awaits_as_many_workers_as_are_started(manifest: dict[str, Any]) -> None:
    env = {each["name"]: each["value"] for each in manifest["spec"]["env"]}
    assert int(env["SURGEPROOF_AWAIT"]) == manifest["spec"]["workers"]
    assert len(env[SECRET_VARIABLE]) >= SHORTEST_SECRET
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


def test_its_script_is_a_command_of_ours(tmp_path: Path) -> None:
    """Sent to a host that nobody allowed: exit code 5, before anything is sent, and red."""
    (job,) = read("gitlab/surgeproof.gitlab-ci.yml").values()
    (script,) = job["script"]
    (tmp_path / "my-launch.toml").write_text(LAUNCH)
    values = job["variables"] | {"TARGET": "http://192.0.2.1"}
    words = [Template(word).substitute(values) for word in shlex.split(script)]
    assert words.pop(0) == "surgeproof"
    done = surgeproof(*words, cwd=tmp_path, env={"SURGEPROOF_ALLOW": values["SURGEPROOF_ALLOW"]})
    assert done.returncode == 5, done.stderr
    assert "192.0.2.1" in done.stderr


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
