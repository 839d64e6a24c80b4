"""The README's commands and what they print, so that neither can drift.

``python -m tests.readme`` writes the output of the commands anew (and that in docs/compare.md), and with a file that holds what
a demo printed (``surgeproof demo > demo.txt``) the demo's as well.
"""

import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.end_to_end.command import surgeproof

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"(<!-- run -->\n```console\n\$ )(?P<command>.+)\n(?P<output>(?:.*\n)*?)(```\n)")
LAUNCH = re.compile(r"<!-- launch -->\n```toml\n(?P<text>(?:.*\n)*?)```\n")
PYTHON = re.compile(r"<!-- python -->\n```python\n(?P<text>(?:.*\n)*?)```\n")
LINE = re.compile(r"<!-- launch-line -->\n```toml\n(?P<text>(?:.*\n)*?)```\n")
SAVED = re.compile(r"<!-- save (?P<path>\S+) -->\n```\w+\n(?P<text>(?:.*\n)*?)```\n")
OWN_SERVER = re.compile(r"<!-- own server -->\n```\n(?P<commands>(?:.*\n)*?)```\n")
COMPARE = README.parent / "docs" / "compare.md"
DEMO = re.compile(r"(<!-- demo -->\n```\n)(?P<output>(?:.*\n)*?)(```\n<!-- /demo -->)")
ENDS = re.compile(r"(<!-- demo ends -->\n```\n)(?P<output>(?:.*\n)*?)(```\n<!-- /demo ends -->)")
"""Of what the demo prints, the lines that a newcomer reads first."""
VERDICT = re.compile(r"(with the line: |no line: )(?!sealed)|as expected")


def printed(command: str, cwd: Path = README.parent) -> str:
    """What a command of the README prints."""
    program, *words = shlex.split(command)
    assert program == "surgeproof"
    done = surgeproof(*words, cwd=cwd, env={"COLUMNS": "100"})
    assert "Traceback" not in done.stderr
    return done.stdout


def blocks() -> Iterator[tuple[str, str]]:
    """Commands that are run by a test, and the output that the README shows."""
    for block in BLOCK.finditer(README.read_text(encoding="utf-8")):
        yield block["command"], block["output"]


def compared() -> tuple[str, str]:
    """The page on ``compare`` with what its command prints of the launch in the README, and as it is."""
    launch, page = LAUNCH.search(README.read_text("utf-8")), COMPARE.read_text("utf-8")
    assert launch is not None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "my-launch.toml").write_text(launch["text"], "utf-8")
        anew = BLOCK.sub(
            lambda b: f"{b[1]}{b['command']}\n{printed(b['command'], Path(folder))}{b[4]}", page
        )
    return anew, page


def ends(output: str) -> str:
    """How a demo ends: of each sentence of its verdicts the first line."""
    last = output.rstrip("\n").rpartition("\n\n")[2].splitlines()
    begins = [number for number, line in enumerate(last) if VERDICT.match(line)]
    goes_on = [number for number in begins if number + 1 not in (*begins, len(last))]
    return "".join(f"{last[n]}{' ...' if n in goes_on else ''}\n" for n in begins)


def lines_of(name: str) -> list[str]:
    """The tables of a line that a file of docs/ shows."""
    text = (README.parent / "docs" / name).read_text(encoding="utf-8")
    return [block["text"] for block in LINE.finditer(text)]


def rewrite(demo: Path | None) -> None:
    """Put the present output into the README."""
    text = README.read_text(encoding="utf-8")
    text = BLOCK.sub(lambda b: f"{b[1]}{b['command']}\n{printed(b['command'])}{b[4]}", text)
    if demo:
        output = demo.read_text(encoding="utf-8")
        text = DEMO.sub(lambda b: f"{b[1]}{output}{b[3]}", text)
        text = ENDS.sub(lambda b: f"{b[1]}{ends(output)}{b[3]}", text)
    README.write_text(text, encoding="utf-8")
    COMPARE.write_text(compared()[0], encoding="utf-8")


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
