"""Where compiled code is kept: apart for each state of the sources, and where it can be written."""

from __future__ import annotations

from pathlib import Path
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
    here = Path(compiled_code.__file__).parent
    assert set(here.glob("compiled*.py")) <= set(compiled_code.sources())


def test_other_users_of_numba_keep_their_folder() -> None:
    settings: Any = config
    before = settings.CACHE_DIR
    compiled_code.kept(lambda: 0)
    assert before == settings.CACHE_DIR
