"""The gauntlet against a Django site: ``python -m tests.real.gauntlet`` writes the README's table and picture.

It takes under five minutes on a quiet machine: two of them measure the site, as it says nothing of how many it serves at
once. It says what each phase took.
"""

import re
import tempfile
import time
from pathlib import Path

from tests.end_to_end.command import Done, apart
from tests.real import sites
from tests.real.cases import LAUNCHES

ROOT = Path(__file__).parents[2]
README, PICTURE = ROOT / "README.md", ROOT / "docs" / "gauntlet.svg"
LAUNCH = LAUNCHES / "django-form.toml"
SHOWN = re.compile(
    r"(?P<head><!-- gauntlet -->\n```console\n\$ )(?P<command>.+)\n(?P<output>(?:.*\n)*?)```\n"
)


def against_django(folder: Path, *words: str) -> Done:
    """Run it against the club of tests/real, under gunicorn with two workers."""
    with sites.django("club", folder) as site:
        return apart(
            "gauntlet", "--target", site.url, "--like", LAUNCH, "--report", folder / "found",
            *words, cwd=folder,
        )  # fmt: skip


def as_shown(printed: str) -> str:
    """What the README shows: up to the sentence, without the paths and the replay's own table."""
    return printed.partition("page: ")[0]


def rewrite(done: Done, folder: Path) -> None:
    """Put the table into the README, and the picture beside it."""
    text = README.read_text("utf-8")
    shown = as_shown(done.stdout)
    assert SHOWN.search(text), "the README has a block for it"
    text = SHOWN.sub(lambda b: f"{b['head']}{b['command']}\n{shown}```\n", text)
    README.write_text(text, "utf-8")
    PICTURE.write_text((folder / "found" / "gauntlet.svg").read_text("utf-8"), "utf-8")


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        began_s = time.monotonic()
        done = against_django(Path(made), "--expect", "50000", "--replay", "worst")
        print(done.stdout, done.stderr, f"{time.monotonic() - began_s:.0f} s", sep="\n")
        assert done.returncode in (0, 1, 3), "it came to an end"
        rewrite(done, Path(made))


if __name__ == "__main__":
    main()
