"""The planner's report: everything that was found, in the formats and the language asked for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reports.planner.answer import Answer
from reports.planner.formats import FORMATS
from reports.planner.language import language as language_of
from reports.planner.page import contents_of
from simulator.errors import UsageError
from simulator.host.files import unwritten

PAGE = "report.html"


def write_report(
    answer: Answer,
    folder: Path,
    *,
    formats: Iterable[str] = ("html",),
    language: str = "en",
) -> list[Path]:
    """Write it, and name the files; the folder is made where there is none.

    Raises UsageError for a format or a language that there is not; UsageError or NotKept where a file
    cannot be written.
    """
    wanted = formats_named(",".join(formats))
    said = language_of(language)
    found = contents_of(answer, said)
    written = []
    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in wanted:
            for file, content in FORMATS[name](answer, said, found):
                path = folder / file
                path.write_bytes(content.encode() if isinstance(content, str) else content)
                written.append(path)
    except OSError as error:
        raise unwritten(path, error) from error
    return written


def formats_named(text: str) -> list[str]:
    """The formats of a list such as "html,csv".

    Raises UsageError for one that there is not.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in FORMATS:
            raise UsageError(f"--format {name}: there are {', '.join(FORMATS)}")
    return list(dict.fromkeys(names)) or ["html"]
