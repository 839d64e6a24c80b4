"""What is named on the command line to be compared: a run, or a launch, and a variant of it; or logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scenarios.library import shelf as library
from simulator.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A run folder, or a launch to predict."""

    typed: str
    where: str
    """Its folder, its file, or its name in the library."""
    is_run: bool
    variant: str | None = None
    settings: tuple[str, ...] = ()
    """Of a launch: what ``--set`` lays over it."""

    @classmethod
    def of(cls, typed: str) -> Named:
        """``WHERE`` or ``WHERE@VARIANT``; what is there under the whole name is that.

        Raises UsageError where it is neither a run nor a launch.
        """
        before, at, variant = typed.rpartition("@")
        whole, part = (typed, None), (before, variant)
        for where, of_it in [whole, part] if at else [whole]:
            path = Path(where)
            if path.is_dir() and not (path / "run.sqlite").is_file():
                raise UsageError(f"{where}: is not a run folder (there is no run.sqlite in it)")
            if path.is_dir() or path.is_file() or where in library.names():
                return cls(typed=typed, where=where, variant=of_it, is_run=path.is_dir())
        raise UsageError(
            f"{typed}: there is no such run folder, launch file, access log or launch of the library (a variant"
            " follows an @, as in my-launch.toml@no-line)"
        )

    @property
    def is_log(self) -> bool:
        """Whether it is a file that is no launch: its launches are TOML."""
        path = Path(self.where)
        return path.is_file() and path.suffix != ".toml"

    @property
    def identity(self) -> tuple[str, str | None, tuple[str, ...]]:
        """What tells it from another one."""
        path = Path(self.where)
        where = str(path.resolve()) if path.exists() else self.where
        return where, self.variant, self.settings


def require_distinct(named: Sequence[Named]) -> None:
    """Raises UsageError where one is named twice."""
    found = [each.identity for each in named]
    for number, each in enumerate(named):
        if found.index(each.identity) < number:
            raise UsageError(f"{each.typed} is named twice: there is nothing to compare it with")


def mixed(named: Sequence[Named]) -> str:
    """Why a run and a launch are not compared, and what to do instead."""
    run = next(each for each in named if each.is_run)
    launch = next(each for each in named if not each.is_run)
    return (
        f"{run.typed} is a run and {launch.typed} a launch: how a run compares with its prediction is"
        f" in its own report (surgeproof report {run.where}); to compare both launches as predicted,"
        f" name {Path(run.where) / 'scenario.toml'}"
    )
