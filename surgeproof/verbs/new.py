"""``surgeproof new``: a launch of one's own, made like another one, as a file to edit."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap

from scenarios.library import shelf as library
from simulator.errors import UsageError
from simulator.host.files import write_new
from simulator.plan.likeness import Likeness, alike
from simulator.plan.resolve import resolve
from simulator.scenario.commented import WIDTH, commented
from simulator.text.wording import format_count, format_factor, format_people
from surgeproof import effort
from surgeproof.endings import harmless
from surgeproof.engines import compiling, engine_named
from surgeproof.progress import progress

NOTABLY = 1.1
"""Above this, a station that was rounded up is told."""
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")


def run(file: Path, *, like: str, expect: int, allow_files: bool) -> int:
    """Write the file, and say what to do with it."""
    name = name_of(file)
    scenario = library.load(like, allow_files=allow_files)
    effort.tell_of_fit(resolve(scenario))
    with progress(compiling("fitting the demand")):
        found = alike(
            scenario,
            name=name,
            expect=expect,
            now=datetime.now(UTC),
            engine=engine_named("compiled"),
        )
    try:
        write_new(file, commented(found.document, head(file, scenario.name, found)))
    except FileExistsError:
        raise exists(file) from None
    print(
        f"{harmless(str(file))}: a launch for {format_people(found.people)}, made like {scenario.name}"
    )
    for line in roomier_in_words(found):
        print(f"note: {line}")
    quoted = harmless(shlex.quote(str(file)))
    print(f"next: edit it; surgeproof check {quoted}; surgeproof predict {quoted}")
    return 0


def name_of(file: Path) -> str:
    """What the launch in a file is called.

    Raises UsageError where it is no .toml file, is there already, or gives no name.
    """
    if file.suffix != ".toml":
        raise UsageError(f"{file}: a launch is a .toml file, such as my-launch.toml")
    if file.exists():
        raise exists(file)
    name = NOT_IN_NAMES.sub("-", file.stem).strip("-")
    if not name:
        raise UsageError(f"{file}: its name needs a letter or a digit, such as my-launch.toml")
    return name


def exists(file: Path) -> UsageError:
    return UsageError(f"{file} exists and is not overwritten; choose another name, or remove it")


def roomier_in_words(found: Likeness) -> Iterator[str]:
    """Which stations are so much larger than their part that what waited there may not any more."""
    for name, ratio in found.roomier.items():
        if ratio > NOTABLY:
            yield (
                f"{harmless(name)} was rounded up to whole servers ({format_factor(ratio)} times its share),"
                " so its bottleneck may not show"
            )


def head(file: Path, like: str, found: Likeness) -> Iterator[str]:
    """What stands at the top: where the file comes from, and what to do with it."""
    argument = harmless(shlex.quote(str(file)))
    yield f"A launch for {format_people(found.people)}, made like {like} by surgeproof new."
    yield ""
    yield from wrap(
        f"It has {people_in_words(found.factor, like)}, and a system scaled by the same factor and"
        " rounded up to whole servers. This is only a starting point: nothing about your launch"
        " has been measured or published, so every figure here counts as assumed."
        ' Change what you know, and say where it comes from: source = "key", with a table'
        " [sources.key] that has a title and a url.",
        WIDTH - 2,
    )
    yield ""
    for line in roomier_in_words(found):
        yield from [*wrap(f"Note: {line}.", WIDTH - 2), ""]
    for verb, does in (
        ("check", "lists every mistake at once"),
        ("show", "charts who comes when"),
        ("predict", "says whether it holds, and why"),
    ):
        yield f"  {f'surgeproof {verb} {argument}':<44}{does}"
    yield ""


def people_in_words(factor: float, like: str) -> str:
    """How many people there are, beside those of another launch."""
    if factor < 0.1:
        return f"one in {format_count(1 / factor)} of the people of {like}"
    return f"{format_factor(factor)} times the people of {like}"
