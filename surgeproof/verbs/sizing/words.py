"""A launch in few words, as it was typed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from scenarios.brought.question import Question
from simulator.errors import UsageError
from simulator.host.files import write_new
from simulator.scenario.scenario import Scenario
from surgeproof.options import duration_of
from surgeproof.verbs.new import exists, name_of

PATIENT = (15, 60, 300)
"""How long people may wait in the line instead, in seconds: what that saves is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A launch in few words, as it was typed."""

    people: int | None = None
    within: str | None = None
    service: str | None = None
    p95: str | None = None
    wait: str | None = None
    errors: float | None = None
    write: Path | None = None

    @property
    def given(self) -> list[str]:
        """The options that were typed."""
        return list(self._named())

    def typed(self) -> list[str]:
        """They, with what was said of each, but for the file that is written."""
        named = self._named().items()
        return [word for key, value in named if key != "--write" for word in (key, str(value))]

    def _named(self) -> dict[str, object]:
        named = {
            "--people": self.people,
            "--within": self.within,
            "--service": self.service,
            "--p95": self.p95,
            "--wait": self.wait,
            "--errors": self.errors,
            "--write": self.write,
        }
        return {option: value for option, value in named.items() if value is not None}

    def question(self) -> Question:
        """What they ask.

        Raises UsageError.
        """
        needed = {"--within": self.within, "--service": self.service, "--p95": self.p95}
        missing = [option for option, value in needed.items() if value is None]
        if self.people is None:
            missing = ["--people", *missing]
        if missing or self.people is None:
            raise UsageError(
                f"{' and '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing: without a launch's"
                f' file say --people {self.people or 6000} --within "10 min" --service "120 ms" --p95 "2 s"'
            )
        p95_ns = positive("--p95", str(self.p95))
        return Question(
            people=self.people,
            within_ns=positive("--within", str(self.within)),
            service_ns=positive("--service", str(self.service)),
            p95_ns=p95_ns,
            errors=0.01 if self.errors is None else self.errors,
            wait_ns=p95_ns if self.wait is None else positive("--wait", self.wait),
        )


def patient(question: Question) -> list[Question]:
    """The same, if people may wait longer in the line."""
    longer = (seconds * 10**9 for seconds in PATIENT)
    return [
        replace(question, wait_ns=each)
        for each in longer
        if question.wait_ns < each < question.within_ns
    ]


def asked_in(question: Question) -> Scenario:
    """A question as a launch that has no file."""
    return question.scenario("asked", "the question", datetime.now(UTC))


def written(file: Path, question: Question) -> None:
    """Keep a question as a file.

    Raises UsageError.
    """
    name = name_of(file)
    try:
        write_new(file, question.text(name, datetime.now(UTC)))
    except FileExistsError:
        raise exists(file) from None


def positive(option: str, text: str) -> int:
    """A duration in ns, longer than none.

    Raises UsageError.
    """
    ns = duration_of(option, text)
    if not ns:
        raise UsageError(f'{option} "{text}" is zero (it must be longer than 0)')
    return ns
