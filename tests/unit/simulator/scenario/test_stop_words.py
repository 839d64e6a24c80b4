"""The words of [replay.stop]: what is right, and what each mistake is told as."""

from scenarios.http.answers.alarm import Alarms, alarms_of
from simulator.scenario.scenario import parse
from simulator.scenario.words.rehearsal.requests import Request
from simulator.scenario.words.rehearsal.stop import Stop
from tests.examples import examples
from tests.launches.files import LAUNCH, mistakes
from tests.readme import README

S = 1_000_000_000


def stopping(words: str) -> str:
    return f"{LAUNCH}\n[replay.stop]\n{words}\n"


def stop(text: str) -> Stop | None:
    found = parse(text, "f").words.replay
    assert found is not None
    return found.stop


def test_a_launch_without_the_words_looks_at_nothing_more() -> None:
    assert stop(LAUNCH) is None
    assert alarms_of(None) == Alarms()
    assert not Alarms().of_answers


def test_all_words_together() -> None:
    text = stopping('errors = 0.5\np50 = "1 s"\np95 = "10 s"\nhealth = "/ready"\nfile = "stop"')
    found = stop(text)
    assert found is not None
    assert found.file == "stop"
    ready = Request(method="GET", path="/ready")
    assert alarms_of(found) == Alarms(
        errors=0.5, slower=((0.50, 1 * S), (0.95, 10 * S)), health=ready
    )
    assert parse(parse(text, "f").dump(), "f").words == parse(text, "f").words


def test_the_table_of_the_documentation_is_right() -> None:
    page = (README.parent / "docs" / "stopping.md").read_text(encoding="utf-8")
    table = page.partition("<!-- stop -->\n```toml\n")[2].partition("```")[0]
    found = stop(f"{LAUNCH}\n{table}")
    assert found is not None
    assert found.model_fields_set == {"errors", "p95_ns", "health", "file"}


def test_limits_of_ours_are_no_figures_of_the_launch() -> None:
    plain, stopped = parse(LAUNCH, "f"), parse(stopping('errors = 0.5\np95 = "10 s"'), "f")
    assert stopped.figures == plain.figures


@examples("words, problem",
    ("nothing", "", 'replay.stop: says nothing; write errors = 0.5, or p95 = "10 s", or leave it out'),
    ("a share of everything", "errors = 1.0", "replay.stop.errors: "),
    ("a share of nothing", "errors = 0.0", "replay.stop.errors: "),
    ("a percentage", "errors = 50", "replay.stop.errors: "),
    ("no duration", "p95 = 10", "replay.stop.p95: "),
    ("no path", 'health = "ready"', 'replay.stop.health: "ready" is not a path; write health = "/ready"'),
    ("a visitor's own", 'health = { path = "/u/${visitor}" }', 'replay.stop.health: "${visitor}" stands for nothing'),
    ("redirects", 'health = { path = "/r", redirects = "follow" }', "replay.stop.health.redirects: "),
    ("another word", "share = 0.5", "replay.stop.share: unknown key"),
)  # fmt: skip
def test_what_is_wrong_is_told(words: str, problem: str) -> None:
    (found,) = mistakes(stopping(words))
    assert found.startswith(problem)
