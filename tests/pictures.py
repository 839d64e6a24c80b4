"""The pictures of the report in the README: ``python -m tests.pictures``, four minutes, with Chromium.

The launch is sized anew, its report opened on a desk by day and on a phone by night, and what the first
screen shows is kept in ``docs/``.
"""

import sys
import tempfile
from pathlib import Path

from reports.planner.planner import PAGE
from surgeproof.door.door import app
from tests.chromium import chromium

DOCS = Path(__file__).parents[1] / "docs"
LAUNCH = "truth-social-2022"
SCREENS = (("report-desk.png", (1240, 800), False), ("report-phone.png", (360, 800), True))
MOST_BYTES = 200_000


def pictures(page: Path, folder: Path) -> None:
    """Both screens of a page that is there."""
    with tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as browser:
        for name, (width, height), dark in SCREENS:
            shown = browser.open(page.resolve().as_uri(), width, height, dark=dark)
            shown.picture(folder / name, whole=False)
            size = (folder / name).stat().st_size
            assert size < MOST_BYTES, f"{name} has {size} bytes"
            shown.close()


def report(launch: str, folder: Path) -> Path:
    """The report of a launch, sized."""
    app(["size", launch, "--report", str(folder)], standalone_mode=False)
    return folder / PAGE


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        pictures(report(sys.argv[1] if sys.argv[1:] else LAUNCH, Path(made)), DOCS)
