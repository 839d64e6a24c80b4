"""An objective in one word says what a setting says, and is refused as a file's own word would be."""

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.document.objective import NoObjective, is_objective, setting_of
from simulator.scenario.scenario import Scenario, parse
from tests.examples import examples
from tests.launches.files import SMALL

MS = 1_000_000


@examples("typed, setting",
    ("a quantile", "signup.p95<2s", "objectives.signup.p95=2s"),
    ("at most is the same", "signup.p95<=2s", "objectives.signup.p95=2s"),
    ("with blanks", " signup.p99 < 1 min 30 s ", "objectives.signup.p99=1 min 30 s"),
    ("a quantile as k6 writes it", "signup.p(95)<800 ms", "objectives.signup.p95=800 ms"),
    ("a share", "signup.errors<0.01", "objectives.signup.errors=0.01"),
    ("a share in per cent", "signup.errors<0.1%", "objectives.signup.errors=0.001"),
    ("of the line", "line.never_let_in<=20 %", "objectives.line.never_let_in=0.2"),
    ("a count", "line.forgotten<=0", "objectives.line.forgotten=0"),
    ("a journey with a hyphen", "sign-up.p50<1s", "objectives.sign-up.p50=1s"),
)  # fmt: skip
def test_it_is_short_for_a_setting(typed: str, setting: str) -> None:
    assert is_objective(typed)
    assert setting_of(typed) == setting


@examples("typed, problem, remedy",
    ("at least", "signup.p95>2s", "at least so much", '"signup.p95<2s"'),
    ("nobody's", "p95<2s", "whose figure", '"line.p95<=5 min"'),
    ("without a limit", "signup.p95<", "is not an objective", "the most that it may be"),
    ("two limits", "1s<signup.p95<2s", "is not an objective", "the most that it may be"),
    ("a key of two lines", "signup.p95<2s\nlaunch.name=x", "is not an objective", "the most"),
    ("a count below one", "line.forgotten<1", "not less", '"line.forgotten<=0"'),
    ("a count below none", "line.forgotten<0", "not less", '"line.forgotten<=0"'),
)  # fmt: skip
def test_what_asks_for_nothing_is_refused(typed: str, problem: str, remedy: str) -> None:
    with pytest.raises(NoObjective) as wrong:
        setting_of(typed)
    assert problem in wrong.value.problem
    assert remedy in wrong.value.remedy


def asked(*settings: str) -> Scenario:
    return parse(SMALL, "f", settings=settings)


def test_it_takes_the_place_of_the_files_own_limit_and_of_no_other() -> None:
    signup = asked("signup.p95<1500 ms").words.objectives.journeys["signup"]
    assert (signup.p95_ns, signup.errors) == (1500 * MS, 0.01)
    line = asked("line.p50 < 1 min").words.objectives.line
    assert line is not None
    assert (line.p50_ns, line.p95_ns) == (60_000 * MS, 300_000 * MS)


def test_of_two_the_last_one_holds_and_the_run_folder_keeps_what_was_typed() -> None:
    scenario = asked("signup.p95<3 s", "signup.p95<2 s")
    assert scenario.words.objectives.journeys["signup"].p95_ns == 2000 * MS
    again = parse(scenario.dump(), "f")
    assert again.settings == ("signup.p95<3 s", "signup.p95<2 s")
    assert again.words == scenario.words


@examples("settings, said",
    ("an unknown unit", ["signup.p95<2x"], '--objective: objectives.signup.p95: "2x" has the unknown unit "x"'),
    ("no unit", ["signup.p95<200"], "--objective: objectives.signup.p95: 200 has no unit"),
    ("more than all", ["signup.errors<2"], "--objective: objectives.signup.errors: is 2 (it must be at most 1)"),
    ("an unknown figure", ["signup.p90<2s"], '--objective: objectives.signup.p90: unknown key (did you mean "p99"?)'),
    ("one that is like none", ["signup.speed<2s"], "unknown key (known: errors, p50, p95, p99)"),
    ("of the line", ["line.rank<=2"], "unknown key (known: forgotten, left, never_let_in, p50, p95)"),
    ("an unknown journey", ["login.p95<2s"], '--objective: objectives.login: there is no journey "login"'),
    ("no objective", ["signup.p95>2s"], "--objective: signup.p95>2s: asks for at least so much"),
    ("a setting of the same table", ["signup.p95<2s", "objectives.signup.p99=1"], "--set: objectives.signup.p99: 1 has no unit"),
)  # fmt: skip
def test_a_mistake_names_the_option_and_the_key(settings: list[str], said: str) -> None:
    with pytest.raises(ScenarioError) as wrong:
        asked(*settings)
    assert said in str(wrong.value)
