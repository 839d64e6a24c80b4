"""Where compiled code is kept: apart for each state of the sources, and where it can be written."""

import ast
import errno
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from numba.core import config

from simulator.engine.compiled import code


def test_code_is_kept_in_the_folder_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = code.folder.__wrapped__()
    assert found == tmp_path / "surgeproof" / code.fingerprint()
    assert found.is_dir()


def test_where_nothing_can_be_written_code_is_kept_for_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = code.folder.__wrapped__()
    assert found is not None
    assert found.parent == tmp_path
    assert found.is_dir()


def test_another_source_has_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "compiled_rule.py"
    source.write_text("before")
    monkeypatch.setattr(code, "sources", lambda: [source])
    before = code.fingerprint()
    assert code.fingerprint() == before
    source.write_text("after")
    assert code.fingerprint() != before


def test_whatever_the_compiled_engine_imports_takes_part_in_the_fingerprint() -> None:
    """A rule that is changed or renamed without it would be served as it was."""
    taking_part = set(code.sources())
    root = Path(code.__file__).parents[3]
    for source in sorted((root / "simulator/engine/compiled").rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simulator."):
                whole = root / str(node.module).replace(".", "/")
                parts = [whole / f"{each.name}.py" for each in node.names if whole.is_dir()]
                imported = set(parts or [whole.with_suffix(".py")])
                assert imported <= taking_part | never_compiled(root), f"{source}: {node.module}"


def never_compiled(root: Path) -> set[Path]:
    return {root / "simulator/errors.py", root / "simulator/host/temporary.py"}


def test_importing_makes_no_folder(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    line = "import simulator.engine.compiled.engine, simulator.engine.compiled.code"
    subprocess.run([sys.executable, "-c", line], env=environment, check=True)
    assert not list(tmp_path.iterdir())


def test_other_users_of_numba_keep_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code, "folder", lambda: tmp_path)
    settings: Any = config
    before = settings.CACHE_DIR
    assert code.kept(abs_of)(-2) == 2
    assert before == settings.CACHE_DIR
    assert list(tmp_path.rglob("*.nbi"))


def test_what_cannot_be_kept_or_read_back_is_compiled_anew() -> None:
    """A full disk, or a file that another process is just writing, ends no prediction."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def torn(*_: object) -> None:
        raise EOFError

    keeper = code.Keeper(None)
    keeper.numbas = SimpleNamespace(save_overload=full, load_overload=torn)

    keeper.save_overload("signature", "code")
    assert keeper.load_overload("signature", "context") is None


def test_without_any_place_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "folder", lambda: None)
    assert code.is_first_use()
    assert code.kept(abs_of)(-2) == 2


def test_a_folder_that_numba_cannot_use_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the disk filled up after the folder was chosen."""

    def refuse() -> None:
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr(code, "folder", lambda: tmp_path)
    settings: Any = config
    before = settings.CACHE_DIR
    keeper = code.Keeper(SimpleNamespace(enable_caching=refuse))

    assert keeper.load_overload("signature", "context") is None
    keeper.save_overload("signature", "code")
    assert before == settings.CACHE_DIR


def abs_of(number: int) -> int:
    return -number if number < 0 else number
