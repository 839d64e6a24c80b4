"""Private files and folders, whatever the umask; and who is to blame where they cannot be written."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.run.folder import RunFolder
from simulator.errors import NotKept, SurgeproofError, UsageError
from simulator.host.files import (
    private_folder,
    require_folder,
    unkept,
    unwritten,
    write_new,
    write_private,
)
from simulator.host.temporary import temporary_folder
from tests.examples import examples


@pytest.fixture(params=[0o000, 0o777], ids=["umask 000", "umask 777"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_run_is_private_and_so_are_the_folders_that_are_made_for_it(
    umask: int, tmp_path: Path
) -> None:
    folder = RunFolder.create(tmp_path / "new" / "runs", "small", datetime(2026, 1, 1, tzinfo=UTC))
    folder.save_scenario("format = 1\n")
    found = {path.relative_to(tmp_path): mode(path) for path in tmp_path.rglob("*")}
    assert {mode for path, mode in found.items() if (tmp_path / path).is_dir()} == {0o700}
    assert {mode for path, mode in found.items() if (tmp_path / path).is_file()} == {0o600}
    assert len(found) == 5


def test_a_file_that_was_open_to_all_is_made_private(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("much longer than what follows")
    (tmp_path / "file").chmod(0o666)
    write_private(tmp_path / "file", "é")
    assert mode(tmp_path / "file") == 0o600
    assert (tmp_path / "file").read_text(encoding="utf-8") == "é"


def test_a_folder_is_made_once(tmp_path: Path) -> None:
    private_folder(tmp_path / "a")
    with pytest.raises(FileExistsError):
        private_folder(tmp_path / "a")


def test_a_full_disk_leaves_no_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def full(path: Path, *words: str, **more: str) -> object:
        path.touch()
        return real(Path("/dev/full"), "w", encoding="utf-8")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(NotKept, match=r"mine: cannot be written .*; make room on the disk"):
        write_new(tmp_path / "mine", "text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "kind"), [
    (errno.ENOSPC, NotKept),
    (errno.EDQUOT, NotKept),
    (errno.EIO, NotKept),
    (errno.EFBIG, NotKept),
    (errno.EMFILE, NotKept),
    (errno.EACCES, UsageError),
    (errno.EROFS, UsageError),
    (errno.ENOENT, UsageError),
    (errno.ENOTDIR, UsageError),
], ids=lambda found: errno.errorcode[found] if isinstance(found, int) else "")  # fmt: skip
def test_who_is_to_blame(number: int, kind: type[SurgeproofError]) -> None:
    found = unwritten(Path("there"), OSError(number, os.strerror(number)))
    assert type(found) is kind
    assert "there: cannot be written (" in str(found)


def test_a_run_whose_files_are_gone_says_so(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    gone, error = tmp_path / "run" / "run.sqlite", sqlite3.OperationalError("no such table: ends")
    assert str(unkept(gone, error)).startswith(f"{gone}: was removed or replaced")
    assert str(unkept(tmp_path / "no" / "x", error)).startswith(f"{tmp_path / 'no'}: was removed")


def test_a_folder_that_somebody_holds_stays_and_one_that_nobody_holds_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "try-left").mkdir()
    (tmp_path / "try-left" / "file").touch()
    (tmp_path / "other").mkdir()
    (tmp_path / "try-link").symlink_to(tmp_path / "other")
    with temporary_folder("try-") as first:
        with temporary_folder("try-") as second:
            assert {first, second} <= set(tmp_path.iterdir())
            assert (mode(first), mode(second)) == (0o700, 0o700)
            assert not (tmp_path / "try-left").exists()
        assert first.is_dir()
        assert not second.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "try-link"]


def test_a_file_of_ones_own_is_read_by_nobody_else(umask: int, tmp_path: Path) -> None:
    write_new(tmp_path / "file", "secret", private=True)
    assert mode(tmp_path / "file") == 0o600


@examples("path, made, problem",
    ("a folder that is there", "a.toml", False, ""),
    ("one that is not", "new/a.toml", False, "new is not a folder"),
    ("one that will be made", "new/newer/a.toml", True, ""),
    ("a file in the way", "file/new/a.toml", True, "file is not a folder"),
    ("a folder that nobody may write", "locked/new/a.toml", True, "locked cannot be written"),
)  # fmt: skip
def test_where_nothing_can_be_written_it_is_told_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, made: bool, problem: str
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "locked").mkdir()
    real = os.access
    monkeypatch.setattr(  # root may write anywhere
        os, "access", lambda folder, how: folder != tmp_path / "locked" and real(folder, how)
    )
    told = ""
    try:
        require_folder(tmp_path / path, made=made)
    except UsageError as error:
        told = str(error)
    assert problem in told
    assert bool(told) is bool(problem)
