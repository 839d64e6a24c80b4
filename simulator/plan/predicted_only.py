"""What of a launch is predicted and not rehearsed, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedOnly:
    """Something of the launch that is not rehearsed."""

    key: str
    """Where it stands in the file."""
    instead: str = ""
    """How that is rehearsed without it, after the word "rehearsed"; empty: not at all."""

    def __str__(self) -> str:
        return f"{self.key} (rehearsed {self.instead})" if self.instead else self.key
