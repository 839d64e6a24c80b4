"""What a launch came to, in GitHub's words: annotations, a summary, and outputs.

Source: docs.github.com, "Workflow commands for GitHub Actions", and actions/toolkit, ``core/src/command.ts`` (how
values are escaped).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reports.files.markdown import MARKS, cut, escape
from simulator.verdict.criteria import Outcome
from surgeproof.pipelines.places import line_in

Record = Mapping[str, Any]
JUDGED = {0: "notice", 1: "error", 3: "warning"}
"""Levels of what is a verdict, by its exit code; of all others it is an error."""
FAILS = "does not hold"
REPORTS = ("report.md", "against.md")


def annotated(scenario: str, record: Record, folder: Path) -> Iterator[str]:
    """A line for the verdict, and one at the line of each objective that is not met."""
    verdict = record["verdict"]
    level = JUDGED.get(verdict["exit_code"], "error")
    said = f"{verdict['sentence']} (exit code {verdict['exit_code']})"
    yield command(level, said, **place(scenario, "", folder), title=verdict["outcome"])
    for one in deciding(record):
        if (one["kind"], one["outcome"]) == ("objective", FAILS):
            at = place(scenario, one["key"], folder)
            yield command("error", one["reason"], **at, title=f"{one['name']} {FAILS}")


def deciding(record: Record) -> Iterator[Record]:
    """What was asked of what decides."""
    yield from record["verdict"].get("criteria", ())
    for variant in record.get("variants", ())[:1]:
        for verdict in variant["verdicts"]:
            yield from verdict["criteria"] if verdict["decides"] else ()


def mistakes(record: Record, folder: Path) -> Iterator[str]:
    """A line for each mistake that ``check`` found, at its line."""
    for one in record["mistakes"]:
        remedy = f" ({one['remedy']})" if one["remedy"] else ""
        at = place(one["file"], one["key"], folder, one["problem"])
        yield command("error", f"{one['problem']}{remedy}", **at, title=one["key"] or one["file"])


def place(file: str, key: str, folder: Path, problem: str = "") -> dict[str, str]:
    """Where GitHub shows it: nowhere, where it is no file of the folder."""
    if not (folder / file).is_file():
        return {}
    line = line_in(folder / file, key, problem)
    return {"file": file} | ({} if line is None else {"line": str(line)})


def command(level: str, text: str, **properties: str) -> str:
    r"""A command to GitHub, on one line whatever the text is.

    >>> command("error", "a\n::b: 5 %", title="p95: 2 s, or more")
    '::error title=p95%3A 2 s%2C or more::a%0A::b: 5 %25'
    """
    said = ",".join(f"{key}={escaped(value, ':,')}" for key, value in properties.items())
    return f"::{level} {said}::{escaped(text)}" if said else f"::{level}::{escaped(text)}"


def escaped(text: str, more: str = "") -> str:
    for character in f"%\r\n{more}":  # the first one first: it begins what stands for the others
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def disarmed(text: str) -> str:
    """Text between two lines within which GitHub takes no line for a command: a server, or a file, may have said it."""
    word = secrets.token_hex(16)
    return f"::stop-commands::{word}\n{text.rstrip()}\n::{word}::"


def outputs(values: Mapping[str, str]) -> str:
    """Outputs as GitHub reads them, each between two lines that no value has."""
    word = secrets.token_hex(16)
    return "".join(f"{key}<<{word}\n{value}\n{word}\n" for key, value in values.items())


def summary(scenario: str, record: Record, run: Path | None) -> str:
    """Markdown for the page of the job: a run's own reports, or what was predicted."""
    if run is None:
        return cut("\n".join(predicted(scenario, record)))
    texts = [(run / name).read_text("utf-8") for name in REPORTS if (run / name).is_file()]
    hint = f"All of it lies in `{escape(str(run))}`: keep it with actions/upload-artifact, `if: always()`."
    return cut("\n".join([*texts, hint, ""]))


def predicted(scenario: str, record: Record) -> Iterator[str]:
    """The verdict, what was asked, and why."""
    verdict = record["verdict"]
    mark = MARKS[Outcome(verdict["outcome"])]
    yield f"# {escape(scenario)}, predicted\n"
    yield f"**{mark} {verdict['outcome']}**: {escape(verdict['sentence'])}\n"
    yield "| | criterion | found |"
    yield "|---|---|---|"
    for one in verdict["criteria"]:
        cells = (MARKS[Outcome(one["outcome"])], escape(one["name"]), escape(one["reason"]))
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield from (f"- {escape(line)}" for line in record["explanation"]["lines"])
    yield ""
