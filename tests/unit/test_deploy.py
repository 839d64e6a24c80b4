"""What lies in deploy/: nobody builds an image here, but each file is held against what reads it."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from scenarios.replay.workers import PORT, SECRET_VARIABLE, SHORTEST_SECRET
from tests.examples import examples

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
