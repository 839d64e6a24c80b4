"""No command finds the demand that leads to the same published counts twice, and nothing remembers it."""

from itertools import pairwise
from pathlib import Path

import pytest

from simulator import Compiled, parse
from simulator.engine.rules import Engine
from simulator.plan import resolve
from simulator.plan.published.fit import Fit, fitted
from simulator.plan.resolve import arriving
from simulator.scenario.words.surges.surge import Milestones
from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.launches.files import changed

LINE = ('counts = "arrivals"', 'counts = "line"')
BEYOND = ('["10 min", 100]', '["10 min", 100], ["20 min", 600]')
SURGE = """
[[surge]]
shape = "waves"
people = "early"
batches = [["0 s", 100]]
accepts = 0.5
after = "1 s"

[waitlist]"""
OTHERS = ("[waitlist]", SURGE)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[Fit]:
    """Of which launches it has been found."""
    found: list[Fit] = []

    def noted(fit: Fit, engine: Engine) -> Milestones:
        found.append(fit)
        return fitted(fit, engine)

    monkeypatch.setattr(resolve, "fitted", noted)
    return found


@pytest.mark.parametrize("words", ["predict --launches 2", "predict --stress", "show", "check"])
@examples("changes, times",
    ("arrivals", [], 0),
    ("a line", [LINE], 1),
    ("and others besides", [LINE, OTHERS], 1),
    ("published beyond the horizon too", [LINE, BEYOND], 1),
)  # fmt: skip
def test_each_launch_is_fitted_once(
    words: str, changes: list[tuple[str, str]], times: int, fits: list[Fit], tmp_path: Path
) -> None:
    file = tmp_path / "launch.toml"
    file.write_text(changed(*changes))

    verb, *more = words.split()
    done = surgeproof(verb, file, *more)

    assert done.returncode in (0, 1, 3), done.stderr
    # What was published beyond the horizon is drawn as well, of a launch that goes on until then.
    longer = verb == "show" and BEYOND in changes
    assert len(fits) == times + longer
    assert all(one != other for one, other in pairwise(fits))


@pytest.mark.parametrize("verb", ["predict", "show"])
def test_what_needs_no_fit_has_none(verb: str, fits: list[Fit]) -> None:
    more = ["--launches", "1"] if verb == "predict" else []
    assert surgeproof(verb, "twitter-france-2012", *more).returncode in (0, 1, 3)
    assert fits == []


def test_a_variant_is_given_who_comes_to_the_launch(fits: list[Fit]) -> None:
    text = changed(LINE)
    launch, variant = (parse(text, "f", variant=each) for each in (None, "no-line"))
    people = arriving(resolve.resolve(launch), Compiled())
    same = arriving(resolve.resolve(variant), Compiled(), known=people)
    assert len(fits) == 1
    assert same.surges == people.surges
    assert same.launch.system != people.launch.system


def test_a_launch_with_other_counts_is_fitted_by_itself(fits: list[Fit]) -> None:
    launches = [
        parse(changed(LINE, *more), "f") for more in ([], [('["5 min", 60]', '["5 min", 50]')])
    ]
    people = arriving(resolve.resolve(launches[0]), Compiled())
    arriving(resolve.resolve(launches[1]), Compiled(), known=people)
    assert len(fits) == 2
