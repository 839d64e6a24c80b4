"""The exit code of a gauntlet of which a launch was sent, and what is drawn of that."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from reports.gauntlet.replayed import plot_of
from reports.planner.drawing.picture import Picture
from reports.run.report.reading import read_report
from scenarios.http.allow import Target
from scenarios.process.alone import alone
from simulator.advice.gauntlet.trial import Trial
from simulator.advice.gauntlet.window import Window
from simulator.errors import InvalidRun
from simulator.plan.launches import Prediction
from simulator.verdict.criteria import Outcome
from surgeproof.verbs.sending.crowds import gauntlet
from surgeproof.verbs.sending.crowds.worst import Sent, ended
from surgeproof.verbs.sending.meanwhile.unkept import Unkept
from surgeproof.verbs.sending.replay import replay
from tests.examples import examples
from tests.launches.run import made_run


@examples("outcome, code, of_both, told",
    ("all hold, and so did what was sent", Outcome.HOLDS, 0, 0, False),
    ("all hold as predicted, but not what was sent", Outcome.HOLDS, 1, 1, False),
    ("all hold as predicted, and nothing could be sent", Outcome.HOLDS, 2, 2, False),
    ("inconclusive, but what was sent failed", Outcome.INCONCLUSIVE, 1, 1, False),
    ("inconclusive: a window that held is no launch", Outcome.INCONCLUSIVE, 0, 3, False),
    ("both inconclusive", Outcome.INCONCLUSIVE, 3, 3, False),
    ("inconclusive, and the kill switch stopped it", Outcome.INCONCLUSIVE, 4, 3, True),
    ("a launch fails as predicted, and did", Outcome.FAILS, 1, 1, False),
    ("a launch fails as predicted, though its window held", Outcome.FAILS, 0, 1, False),
    ("a launch fails as predicted, and nothing could be sent", Outcome.FAILS, 2, 1, True),
    ("a launch fails as predicted, and the replay cannot be judged", Outcome.FAILS, 3, 1, True),
)  # fmt: skip
def test_what_was_sent_counts_where_it_proves_something(
    outcome: Outcome, code: int, of_both: int, *, told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(outcome, code) == of_both
    said = f"the replay ended with exit code {code}; {of_both} is the gauntlet's"
    assert (said in capsys.readouterr().err) is told


def sent(folder: Path) -> Sent:
    return Sent(
        trial=cast("Trial", SimpleNamespace(name="crowd")),
        window=Window(from_ns=0, for_ns=20 * 10**9, drain_ns=1, people=2e4, factor=1.0),
        launch=folder / "crowd.toml",
        system=folder / "system.toml",
        runs=folder / "runs",
    )


def test_what_was_observed_is_drawn_on_the_prediction_that_was_judged(tmp_path: Path) -> None:
    """The one of the run's folder: it knows what sending takes of the cores."""
    report = read_report(made_run(tmp_path / "runs"))
    variant = report.variants[0]
    assert variant.rehearsal is not None
    judged = variant.rehearsal.prediction
    assert judged is not None

    after = sent(tmp_path).after()

    assert after is not None
    assert after.is_observed
    assert Picture.of(plot_of(judged, variant.observed), after.said) == after.picture


def test_of_a_run_that_came_to_no_prediction_nothing_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sent(tmp_path).after() is None
    assert "no runs here yet" in capsys.readouterr().err


def test_what_is_drawn_before_anybody_comes_is_what_was_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Callable[[Prediction], None]] = []

    def run(*_: object, predicted: Callable[[Prediction], None], **__: object) -> int:
        heard.append(predicted)
        return 0

    monkeypatch.setattr(replay, "run", run)

    def drawn(prediction: Prediction) -> None:
        raise AssertionError

    code = sent(tmp_path).send("http://127.0.0.1:9", seed=1, allow_commands=False, predicted=drawn)

    assert (code, heard) == (0, [drawn])


def test_nobody_else_sends_to_the_target_while_it_is_probed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = "http://127.0.0.1:9"

    def measured(allowed: Target, *_: object, **__: object) -> None:
        with alone(allowed.addresses, allowed.port, allowed.url):
            raise AssertionError

    monkeypatch.setattr(gauntlet, "measure", measured)
    asked = gauntlet.Asked(
        names=(), expect=1, target=target, system=None, like=None, seed=0, launches=1, as_json=False,
        report=None, replay=None, allow_files=False, allow_commands=False,
    )  # fmt: skip
    with pytest.raises(InvalidRun, match=f"another replay or probe .* is being sent to {target}"):
        gauntlet.stations_text(asked, gauntlet.launch_like(asked), Unkept())
