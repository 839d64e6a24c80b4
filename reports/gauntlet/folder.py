"""The folder of a gauntlet: the sealed predictions, each launch as a file, the page and the picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.gauntlet.page import page_text
from reports.gauntlet.picture import picture_of
from reports.gauntlet.record import record, record_text
from reports.gauntlet.replayed import Replayed
from reports.gauntlet.row import headline, rows_of
from simulator.advice.gauntlet.gauntlet import Gauntlet
from simulator.errors import UsageError
from simulator.host.files import private_folder, require_folder, unwritten, write_private

PAGE, PICTURE, SEALED, LAUNCHES = "gauntlet.html", "gauntlet.svg", "prediction.json", "launches"
SYSTEM = "system.toml"


def require_free(path: Path) -> None:
    """Raises UsageError where something is, or it could not be made, before anything is measured."""
    if path.exists():
        raise taken(path)
    require_folder(path, made=True)


def taken(path: Path) -> UsageError:
    return UsageError(f"--report {path}: exists and is not overwritten; name another")


def new_folder(path: Path) -> None:
    """Make it, where nothing is.

    Raises UsageError where something is, or it cannot be made.
    """
    try:
        private_folder(path)
    except FileExistsError:
        raise taken(path) from None
    except OSError as error:
        raise unwritten(path, error) from error


def seal(found: Gauntlet, folder: Path, stations: str) -> str:
    """Write what is predicted, the stations as they are known, and each launch as a file to predict or replay.

    The SHA-256 of what is predicted is returned.

    Raises UsageError or NotKept where it cannot be written.
    """
    sealed: str = record(found)["sealed"]
    launches = folder / LAUNCHES
    try:
        write_private(folder / SEALED, record_text(found))
        write_private(folder / SYSTEM, stations)
        private_folder(launches)
        for name, launch in found.launches.items():
            write_private(launches / f"{name}.toml", launch.dump())
    except OSError as error:
        raise unwritten(folder, error) from error
    return sealed


def write(
    found: Gauntlet,
    folder: Path,
    sealed: str,
    method: Sequence[tuple[str, str]],
    replayed: Replayed | None = None,
) -> Path:
    """Write page and picture, and name the page.

    Raises UsageError or NotKept where they cannot be written.
    """
    picture = picture_of(found, rows_of(found), sealed, headline(found))
    try:
        write_private(folder / PAGE, page_text(found, sealed, method, replayed))
        write_private(folder / PICTURE, picture.svg)
    except OSError as error:
        raise unwritten(folder, error) from error
    return folder / PAGE
