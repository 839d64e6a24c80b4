"""Where compiled code is kept: apart for each state of the sources, and where it can be written."""

import ast
import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from simulator.engine.compiled import code
from simulator.engine.compiled.compiler.machine import object_code


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
    """What says where code lies, and not what it does."""
    of_the_host = (root / f"simulator/host/{name}.py" for name in ("cache", "temporary"))
    return {root / "simulator/errors.py", *of_the_host}


def test_importing_makes_no_folder(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    line = "import simulator.engine.compiled.engine, simulator.engine.compiled.code"
    subprocess.run([sys.executable, "-c", line], env=environment, check=True)
    assert not list(tmp_path.iterdir())


def test_code_is_kept_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "folder", lambda: tmp_path)
    assert code.is_first_use()
    assert code.kept(abs_of)(-2) == 2
    assert not code.is_first_use()
    monkeypatch.setattr(code, "object_code", no_compiler)
    assert code.kept(abs_of)(-3) == 3


@pytest.mark.parametrize("content", [b"", b"torn", b"x" * 1_000])
def test_what_is_not_whole_is_compiled_anew(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was cut off must never reach the processor."""
    monkeypatch.setattr(code, "folder", lambda: tmp_path)
    assert code.kept(abs_of)(-2) == 2
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(content)
    assert code.kept(abs_of)(-3) == 3
    assert file.read_bytes() == whole


def test_a_full_disk_ends_no_prediction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(code, "folder", lambda: tmp_path)
    monkeypatch.setattr(Path, "write_bytes", full)
    assert code.kept(abs_of)(-2) == 2
    assert not list(tmp_path.iterdir())


def test_without_any_place_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "folder", lambda: None)
    assert code.is_first_use()
    assert code.kept(abs_of)(-2) == 2


def test_threads_that_want_the_same_code_compile_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def counted(text: str) -> bytes:
        compiled.append(text)
        return object_code(text)

    monkeypatch.setattr(code, "folder", lambda: None)
    monkeypatch.setattr(code, "object_code", counted)
    entry = code.kept(abs_of)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(entry, [-1, -2, -3, -4])) == [1, 2, 3, 4]
    assert len(compiled) == 1


def no_compiler(_text: str) -> bytes:
    raise AssertionError


def abs_of(number: int) -> int:
    return -number if number < 0 else number
