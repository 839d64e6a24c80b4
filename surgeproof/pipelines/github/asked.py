"""What the step was given: the inputs of action.yml, as they come in the environment."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

INCONCLUSIVE = 3
REPLAY = "replay"
VERBS = (REPLAY, "predict")
ANSWERS = ("fail", "warn")


class WrongInput(ValueError):
    """What the step was given cannot be run, and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One launch, and what becomes of the step."""

    scenario: str
    """A file, or a name of the library."""
    verb: str = REPLAY
    target: str = ""
    """Of a replay; a prediction needs none."""
    objectives: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    runs: str = "runs"
    warns: bool = False
    """Whether a launch that nobody can judge lets the step pass, with a warning."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Asked:
        """From INPUT_SCENARIO and the like. No shell reads any of it.

        Raises WrongInput.
        """

        def given(name: str) -> str:
            return environment.get(f"INPUT_{name}", "").strip()

        def one_of(name: str, words: tuple[str, ...]) -> str:
            found = given(name) or words[0]
            if found not in words:
                raise WrongInput(f"{name.lower()} is {found}: write one of {', '.join(words)}")
            return found

        if not given("SCENARIO"):
            raise WrongInput("scenario is missing: write with: scenario: my-launch.toml")
        verb, answer = one_of("VERB", VERBS), one_of("INCONCLUSIVE", ANSWERS)
        if verb == REPLAY and not given("TARGET"):
            raise WrongInput(
                "target is empty: was the variable set? To send nothing, write with: verb: predict"
            )
        try:
            args = tuple(shlex.split(given("ARGS")))
        except ValueError:
            raise WrongInput("args has a quotation mark that is not closed") from None
        return cls(
            scenario=given("SCENARIO"),
            verb=verb,
            target=given("TARGET"),
            objectives=tuple(filter(None, map(str.strip, given("OBJECTIVES").splitlines()))),
            args=args,
            runs=given("RUNS") or "runs",
            warns=answer == "warn",
        )

    @property
    def words(self) -> list[str]:
        """The command. A value follows its option by "=", and what begins with "-" is no option."""
        found = [self.verb, "--json"]
        if self.verb == REPLAY:
            found += [f"--target={self.target}", f"--runs={self.runs}"]
        found += [f"--objective={each}" for each in self.objectives]
        return [*found, *self.args, "--", self.scenario]

    def exit_code(self, code: int) -> int:
        """Of the step, where the command ended with this one."""
        return 0 if self.warns and code == INCONCLUSIVE else code
