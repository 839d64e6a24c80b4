"""The library of launches: scenario files that come with surgeproof, by name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from scenarios.library.beside import Beside
from scenarios.rehearsal import brought
from scenarios.text_files import MOST_BYTES, decoded
from simulator.errors import Mistake, ScenarioError
from simulator.host.named_files import NotRead
from simulator.scenario.scenario import Scenario, parse, read_stations
from simulator.scenario.words.stations import Station

SCHEMA = "scenario.schema.json"
HOST = "hosts/signup.toml"


def shelf() -> Traversable:
    """Where the launches of the library lie."""
    return resources.files("scenarios") / "library"


def names() -> tuple[str, ...]:
    """The launches of the library."""
    files = (entry.name for entry in shelf().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


def host() -> Scenario:
    """What crowds meet where nobody names a launch of his own: a signup, as the reference server has it."""
    file = shelf() / HOST
    return parse(file.read_text(encoding="utf-8"), HOST)


def read(name: str) -> tuple[str, str]:
    """The text of a launch of the library, and what its file is called.

    Raises :class:`ScenarioError` where there is none of that name.
    """
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1)
        remedy = f'did you mean "{near[0]}"?' if near else f"the library has {', '.join(names())}"
        problem = "the library has no launch with this name"
        raise ScenarioError([Mistake(name, "", problem, f"{remedy}; a file ends in .toml")])
    file = f"{name}.toml"
    return (shelf() / file).read_text(encoding="utf-8"), file


def is_file(argument: str) -> bool:
    """An argument with a slash, or that ends in .toml, is a file; else a name of the library."""
    return "/" in argument or argument.endswith(".toml")


def find(argument: str) -> tuple[str, str]:
    """The text of a file or of a launch of the library, and what the file is called.

    Raises :class:`ScenarioError`.
    """
    if not is_file(argument):
        return read(argument)
    return read_file(Path(argument)), argument


def read_file(path: Path) -> str:
    """The text of a file that a person named.

    Raises :class:`ScenarioError`.
    """
    try:
        with path.open("rb") as file:
            read = file.read(MOST_BYTES + 1)
        if len(read) <= MOST_BYTES:
            return decoded(read)
        remedy = "a scenario is a text file of a few pages"
        mistake = Mistake(str(path), "", f"is larger than {MOST_BYTES >> 20} MiB", remedy)
    except NotRead as wrong:
        mistake = Mistake(str(path), "", wrong.problem, "a scenario is TOML in UTF-8")
    except (OSError, ValueError) as wrong:
        reason = (getattr(wrong, "strerror", None) or str(wrong)).lower()
        remedy = f"give the path of a file, or a name of the library: {', '.join(names())}"
        mistake = Mistake(str(path), "", f"cannot be read: {reason}", remedy)
    raise ScenarioError([mistake])


def load(
    argument: str,
    *,
    variant: str | None = None,
    settings: Sequence[str] = (),
    allow_files: bool = False,
) -> Scenario:
    """The scenario of a file or of a launch of the library; files that it names lie beside it.

    ``allow_files``: or anywhere else.

    Raises :class:`ScenarioError`.
    """
    text, file = find(argument)
    return parse(
        text,
        file,
        library=not is_file(argument),
        variant=variant,
        settings=settings,
        read=Beside(Path(argument).parent, allow_files) if is_file(argument) else None,
    )


def require_locustfiles(scenario: Scenario, *, allow_files: bool = False) -> None:
    """Raises :class:`ScenarioError` where a locustfile that the launch names cannot be run."""
    brought.require_locustfiles(scenario, Beside(Path(scenario.file).parent, allow_files))


def stations_in(path: Path) -> tuple[Station, ...]:
    """The stations of a file that a person named.

    Raises :class:`ScenarioError`.
    """
    return read_stations(read_named(path), str(path))


def read_named(path: Path) -> str:
    """The text of a file that a person named and that is no pipe: of one it would wait for.

    Raises :class:`ScenarioError`.
    """
    if path.exists() and not path.is_file():
        raise ScenarioError(
            [Mistake(str(path), "", "is not a file", "name a file of [[station]] tables")]
        )
    if not path.exists():
        problem, remedy = (
            "does not exist",
            "name a file of [[station]] tables, as the probe writes it",
        )
        raise ScenarioError([Mistake(str(path), "", problem, remedy)])
    return read_file(path)
