"""How long the first launch of a process takes: wall seconds, cold and warm."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FIRST_USE = """
import sys; sys.path.insert(0, sys.argv[1])
from tests.benchmarks.launches import SPEC, launch
from tests.benchmarks.measure import ENGINES
ENGINES[sys.argv[2]](launch(100, SPEC))
"""


@pytest.mark.benchmark(group="the first launch of a process, wall seconds")
@pytest.mark.parametrize("kept", [False, True], ids=["cold", "warm"])
@pytest.mark.parametrize("engine", ["fifo", "general"])
def test_first_use(
    benchmark: Any, tmp_path: Path, engine: str, kept: bool, monkeypatch: Any
) -> None:
    """Interpreter, imports (this module's too) and a small launch; cold compiles everything."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    root = Path(__file__).parents[2]

    def start() -> None:
        subprocess.run([sys.executable, "-c", FIRST_USE, str(root), engine], check=True)

    if kept:
        start()
    benchmark.pedantic(start, rounds=3 if kept else 1)
