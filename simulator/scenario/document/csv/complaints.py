"""What is wrong with a file, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.errors import Mistake, ScenarioError

MOST_TOLD = 10
"""Who has the wrong file has as many mistakes as lines."""


@dataclass(slots=True)
class Complaints:
    """What is wrong with a file, told all at once, the first few lines of it."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)
    untold: int = 0

    def add(self, line: int, problem: str, remedy: str) -> None:
        if len(self.mistakes) < MOST_TOLD:
            self.mistakes.append(Mistake(self.file, f"line {line}", problem, remedy))
        else:
            self.untold += 1

    def require_somebody(self, count: int) -> None:
        if not count and not self.mistakes:
            self.add(1, "has no arrivals after it", "a recording needs at least one arrival")

    def raise_any(self) -> None:
        """Raises ScenarioError if there was something to tell."""
        if self.untold:
            rest = f"{self.untold:,} more lines are wrong"
            self.mistakes.append(Mistake(self.file, "", rest, "fix the first ones and try again"))
        if self.mistakes:
            raise ScenarioError(self.mistakes)
