"""Files that a launch names: who reads it says how, and what is wrong is told where they are named.

The simulator opens nothing: it is given a function that reads. What a file holds is never quoted,
since its author may not be allowed to see it.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.errors import Mistake, ScenarioError

Read = Callable[[str], str]
"""Gives the text of a file that the scenario names, relative to the scenario's own folder.

Raises :class:`NotRead`, or OSError."""


class NotRead(Exception):
    """A file that is not read: what is wrong, and what would help."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


def text_of(named: str, read: Read | None, file: str, key: str, instead: str) -> str:
    """The text of a file that is named in a key of another; ``instead`` says how to do without it.

    Raises :class:`ScenarioError`.
    """
    if read is None:
        raise ScenarioError([Mistake(file, key, f'"{named}" cannot be read here', instead)])
    try:
        return read(named)
    except NotRead as wrong:
        problem, remedy = f'"{named}" {wrong.problem}', wrong.remedy
    except OSError as wrong:
        problem = f'"{named}" cannot be read: {wrong.strerror or "the system refuses"}'
        remedy = "is the path right?"
    raise ScenarioError([Mistake(file, key, problem, remedy)])
