"""An objective in one word, as it is typed beside a launch's file: ``signup.p95<2s``.

It is short for a setting (``objectives.signup.p95=2s``), so that a limit has the words, units and
mistakes of the file, and takes the place of the file's own limit of that figure.
"""

from __future__ import annotations

import re

OPTION = "--objective"
EXAMPLE = 'write a figure and the most that it may be, as in "signup.p95<2s" or "line.p95<=5 min"'
COMPARED = re.compile(
    r"\s*(?P<of>[A-Za-z0-9_-]+)\s*\.\s*(?P<figure>[A-Za-z0-9_]+|p\(\d+\))\s*"
    r"(?P<sign><=?)\s*(?P<limit>[^<>=\s][^<>=\n]*)"
)
QUANTILE = re.compile(r"p\((\d+)\)")
"""As k6 writes it."""
SHARE = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)\s*%")
WHOLE = re.compile(r"[0-9]+")
COUNTED = "forgotten"
"""The figure of which "less than 1" and "at most 1" are not the same."""


class NoObjective(ValueError):
    """A text that asks for nothing: what is wrong, and what would be right."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem} ({remedy})")


def is_objective(setting: str) -> bool:
    """Whether it compares, rather than says what a key is.

    >>> is_objective("signup.p95<2s"), is_objective('launch.story="1 < 2"')
    (True, False)
    """
    return re.match(r"[^=<>]*[<>]", setting) is not None


def setting_of(text: str) -> str:
    """The setting that an objective is short for.

    Of times and shares ``<`` and ``<=`` are the same: at most. A count says which it means.

    Raises :class:`NoObjective`.

    >>> setting_of("signup.p95<2s"), setting_of("signup.errors <= 1 %"), setting_of("line.forgotten<=0")
    ('objectives.signup.p95=2s', 'objectives.signup.errors=0.01', 'objectives.line.forgotten=0')
    """
    found = COMPARED.fullmatch(text)
    if found is None:
        raise NoObjective(_problem(text), EXAMPLE)
    figure = QUANTILE.sub(r"p\1", found["figure"])
    limit = found["limit"].strip()
    if figure == COUNTED and found["sign"] == "<" and WHOLE.fullmatch(limit):
        most = max(0, int(limit) - 1)
        remedy = f'write "{found["of"]}.{figure}<={most}"'
        raise NoObjective("a count is at most so many, and not less", remedy)
    share = SHARE.fullmatch(limit)
    if share is not None:
        limit = f"{float(share['number']) / 100.0:.12g}"
    return f"objectives.{found['of']}.{figure}={limit}"


def _problem(text: str) -> str:
    if ">" in text:
        return "asks for at least so much, but a limit is what a figure may be at most"
    if re.fullmatch(r"[^.<]+<[^<]*", text):
        return "does not say whose figure it is: a journey's, or the line's"
    return "is not an objective"
