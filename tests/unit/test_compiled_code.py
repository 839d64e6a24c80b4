"""Where compiled code is kept: apart for each state of the sources, and where it can be written."""

from __future__ import annotations

import errno
import importlib
import inspect
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from numba.core import config

from simulator import compiled_code


def test_code_is_kept_in_the_folder_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = compiled_code.folder.__wrapped__()
    assert found == tmp_path / "surgeproof" / compiled_code.fingerprint()
    assert found.is_dir()


def test_where_nothing_can_be_written_code_is_kept_for_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = compiled_code.folder.__wrapped__()
    assert found is not None
    assert found.parent == tmp_path
    assert found.is_dir()


def test_another_source_has_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "compiled_rule.py"
    source.write_text("before")
    monkeypatch.setattr(compiled_code, "sources", lambda: [source])
    before = compiled_code.fingerprint()
    assert compiled_code.fingerprint() == before
    source.write_text("after")
    assert compiled_code.fingerprint() != before


def test_everything_compiled_takes_part_in_the_fingerprint() -> None:
    """Whatever a file is called: a kernel that calls a renamed rule would serve stale code."""
    taking_part = set(compiled_code.sources())
    for name in ("simulator.compiled", "simulator.compiled_fifo", "simulator.compiled_code"):
        importlib.import_module(name)
    kernels = [m for n, m in sys.modules.items() if n.startswith("simulator.compiled")]
    used = {
        Path(inspect.getfile(inspect.unwrap(value)))
        for module in kernels
        for value in vars(module).values()
        if inspect.isfunction(value) and value.__module__.startswith("simulator")
    }
    assert used <= taking_part


def test_importing_makes_no_folder(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    line = "import simulator.compiled, simulator.compiled_code"
    subprocess.run([sys.executable, "-c", line], env=environment, check=True)
    assert not list(tmp_path.iterdir())


def test_other_users_of_numba_keep_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled_code, "folder", lambda: tmp_path)
    settings: Any = config
    before = settings.CACHE_DIR
    assert compiled_code.kept(abs_of)(-2) == 2
    assert before == settings.CACHE_DIR
    assert list(tmp_path.rglob("*.nbi"))


def test_what_cannot_be_kept_or_read_back_is_compiled_anew() -> None:
    """A full disk, or a file that another process is just writing, ends no prediction."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def torn(*_: object) -> None:
        raise EOFError

    keeper = compiled_code.Keeper(None)
    keeper.numbas = SimpleNamespace(save_overload=full, load_overload=torn)

    keeper.save_overload("signature", "code")
    assert keeper.load_overload("signature", "context") is None


def test_without_any_place_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_code, "folder", lambda: None)

    assert compiled_code.is_first_use()
    assert compiled_code.kept(abs_of)(-2) == 2


def abs_of(number: int) -> int:
    return -number if number < 0 else number
