"""What the fixture ``surgeproof`` does: predict a launch, and replay it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from surgeproof.pipelines.command import Ended, NotJudged, judged
from surgeproof.pytest_plugin.judged import Judged, Predicted, Replayed

T = TypeVar("T", bound=Judged)
BAD_INPUT = 2
Settings = Mapping[str, object]
"""Values by their keys, as --set takes them: ``{"station.signup.servers": 4}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launches:
    """Launches, as the tests of one module meet them."""

    beside: Path
    """The folder of the module."""
    started_in: Path
    """Where pytest was started."""
    runs: Path
    """Where run folders go."""
    target: str | None
    """The server, where the test names none."""
    heard: Callable[[Judged], None]
    """Told what each came to."""

    def predict(
        self,
        launch: str | Path,
        *,
        seed: int = 0,
        launches: int = 100,
        variant: str | None = None,
        settings: Settings | None = None,
        objectives: Sequence[str] = (),
        options: Sequence[str] = (),
    ) -> Predicted:
        """Simulate a launch many times, without any server.

        ``launch`` is a file beside the test's own, or where pytest was started, or a name of the
        library. ``objectives`` are asked in place of the file's: ``["signup.p95<2s"]``. ``options``
        are further ones of ``surgeproof predict``.

        Raises NotJudged.
        """
        words = [*self._words("predict", launch, seed, launches, variant, settings, objectives)]
        found = self._ended([*words, *options])
        return self._told(
            Predicted(launch=str(launch), exit_code=found.exit_code, record=found.record)
        )

    def replay(
        self,
        launch: str | Path,
        *,
        target: str | None = None,
        seed: int = 0,
        launches: int = 100,
        variant: str | None = None,
        settings: Settings | None = None,
        objectives: Sequence[str] = (),
        system: str | Path | None = None,
        options: Sequence[str] = (),
    ) -> Replayed:
        """Send a launch to a server, instant by instant; the rest as of :meth:`predict`.

        ``target`` is its URL, or else that of ``--surgeproof-target``. ``system`` is a file of its
        stations; without one its requests are measured first.

        Raises NotJudged.
        """
        where = self.target if target is None else target
        if where is None:
            raise NotJudged(
                BAD_INPUT,
                "name a server: replay(..., target=URL), or pytest --surgeproof-target URL",
            )
        words = [*self._words("replay", launch, seed, launches, variant, settings, objectives)]
        words += ["--target", where, "--runs", str(self.runs)]
        words += ["--system", str(self._found(system))] if system is not None else []
        found = self._ended([*words, *options])
        return self._told(
            Replayed(
                launch=str(launch),
                exit_code=found.exit_code,
                record=found.record,
                folder=self.runs / str(found.record["run"]),
            )
        )

    def _words(
        self,
        verb: str,
        launch: str | Path,
        seed: int,
        launches: int,
        variant: str | None,
        settings: Settings | None,
        objectives: Sequence[str],
    ) -> Iterator[str]:
        yield from (verb, str(self._found(launch)), "--json")
        yield from ("--seed", str(seed), "--launches", str(launches))
        yield from ("--variant", variant) if variant is not None else ()
        for key, value in (settings or {}).items():
            yield from ("--set", f"{key}={written(value)}")
        for each in objectives:
            yield from ("--objective", each)

    def _found(self, named: str | Path) -> str | Path:
        """The file beside the test's own, where there is one of that name."""
        beside = self.beside / named
        return beside if beside.is_file() else named

    def _ended(self, words: Sequence[str]) -> Ended:
        return judged(words, self.started_in)

    def _told(self, judged: T) -> T:
        self.heard(judged)
        return judged


def written(value: object) -> str:
    """A value as a launch's file says it: a text needs no quotes.

    >>> written("2 s"), written(True), written(["a", "b"]), written({"sd": 0.1, "over": "2 s"})
    ('2 s', 'true', '["a", "b"]', '{"sd" = 0.1, "over" = "2 s"}')

    Raises TypeError for what no such file can say, such as None.
    """
    return value if isinstance(value, str) else in_toml(value)


def in_toml(value: object) -> str:
    """A value as TOML has it, on one line. Raises TypeError for what TOML cannot hold."""
    match value:
        case Mapping():
            return f"{{{', '.join(f'{json.dumps(name)} = {in_toml(each)}' for name, each in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(map(in_toml, value))}]"
        case str() | bool() | int() | float():
            return json.dumps(value)
    raise TypeError(f"{value!r} is nothing that a launch file can say")
