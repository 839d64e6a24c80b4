"""docs/servers.md: what was reported of launches on real servers, and what their databases say.

``python -m tests.real.table`` sends all of them anew and writes the page; names of launches behind it
send these alone and write nothing.
"""

import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.real.cases import CASES
from tests.real.counted import Counted, counted
from tests.statistical.coverage import processor

PAGE = Path(__file__).parents[2] / "docs" / "servers.md"
PACKAGES = ("django", "django-allauth", "gunicorn", "fastapi", "uvicorn", "kinto")
TEXT = """\
# Does the report count what the server counts?

Launches that were probed and sent to servers that nobody here wrote, and the accounts that lay in each server's own database afterwards
([the applications](../tests/real/applications), [the launches](../tests/real/launches)). *Served* is the figure of the report. *Made* are the
people whose attempt at the step that makes an account succeeded: their accounts must be there, to the last one. *Unknown* are at most
those who had no answer and gave up, so that nobody but the server can say whether they have one: so many more accounts there may be.

| server | launch | sent | served, reported | made, reported | unknown | accounts in the database | most frequent failure | exit code |
|---|---|---:|---:|---:|---:|---:|---|---:|
{rows}

Who is told 409 ("exists already") after no answer counts as served, and is counted apart; where that decides, the verdict is
inconclusive (exit code 3). A form that is shown again because the name is taken is no success, whoever took it.

In `form-shown-again` every third person has a password that Django refuses, and gets the form once more with status 200; who is accepted is
sent on by a 302. In `form-sent-back` both are answered by a 302, and who is refused by one that leads back to the form. All ways to write that in a
launch count alike. In `form-bereft` a worker is killed every other second, in the middle of what it does.

`python -m tests.real.table` writes this page, and `pytest -m slow tests/real` counts again. Written on {day:%Y-%m-%d}: {machine}.
"""


def row(found: Counted) -> str:
    """One line."""
    cells = [
        found.case.server, str(found.case), f"{found.sent:,}", f"{found.served:,}",
        f"{len(found.made):,}", f"{found.unknown:,}", f"**{found.accounts:,}**",
        found.failed.replace("|", "\\|") or "none", str(found.exit_code),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def page(found: Sequence[Counted]) -> str:
    return TEXT.format(rows="\n".join(map(row, found)), day=datetime.now(UTC), machine=machine())


def machine() -> str:
    """What it ran on."""
    names = [f"{name} {version_of(name)}" for name in PACKAGES]
    return ", ".join([processor(), f"CPython {platform.python_version()}", *names])


def version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


def main() -> None:
    wanted = sys.argv[1:]
    found = []
    for case in CASES:
        if not wanted or case.launch in wanted:
            with tempfile.TemporaryDirectory() as folder:
                found.append(counted(case, Path(folder)))
            sys.stderr.write(f"{row(found[-1])}\n{found[-1].last_line}\n")
    if not wanted:
        PAGE.write_text(page(found), "utf-8")


if __name__ == "__main__":
    main()
