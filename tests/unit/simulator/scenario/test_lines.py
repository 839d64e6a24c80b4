"""The words of [replay.line]: what is right, and what each mistake is told as."""

from scenarios.rehearsal.sendable import sendable
from simulator import Readable, launch_plan
from simulator.plan.plan import PredictedOnly
from simulator.scenario.scenario import parse
from simulator.scenario.words.rehearsal.lines import Line
from simulator.scenario.words.rehearsal.replay import Replay
from surgeproof.verbs.check import rehearsal_in_words
from tests.examples import examples
from tests.launches.files import LAUNCH, changed, mistakes
from tests.readme import lines_of

JOIN = 'join = { path = "/queue", capture = { place = "json:id" } }\nwaits = { status = [202] }\n'


def lined(words: str, text: str = LAUNCH) -> str:
    return f"{text}\n[replay.line]\n{words}\n"


def replay(text: str) -> Replay:
    found = parse(text, "f").words.replay
    assert found is not None
    return found


def test_old_files_speak_the_reference_protocol() -> None:
    found = replay(LAUNCH)
    assert found.line is None
    assert found.line_spoken == Line(preset="surgeproof")
    assert "[replay.line]" not in parse(LAUNCH, "f").dump()


def test_the_documentations_tables_are_right_and_written_again_as_they_are() -> None:
    for text in lines_of("lines.md"):
        scenario = parse(f"{LAUNCH}\n{text}", "f")
        assert parse(scenario.dump(), "f").words == scenario.words


def test_a_look_is_a_get_and_a_goodbye_a_delete() -> None:
    words = f'{JOIN}ask = {{ path = "/q/${{place}}" }}\nleave = {{ path = "/q/${{place}}" }}'
    line = replay(lined(words)).line_spoken
    assert {name: request.method for name, request in line.requests.items()} == {
        "join": "POST", "ask": "GET", "leave": "DELETE",
    }  # fmt: skip


def test_the_words_of_a_file_go_before_those_of_its_preset() -> None:
    line = replay(lined('preset = "cloudflare"\nagain = "json:wait"')).line_spoken
    assert line.again == "json:wait"
    assert line.waits == Line(preset="cloudflare").spoken.waits
    assert line.headers == {"Accept": "application/json"}


@examples("words, mistake",
    ("nothing", "", "replay.line: does not say how to see that one waits; add preset = \"plain\", or waits = { status = [202] }"),
    ("no preset", 'preset = "plian"', 'replay.line.preset: is "plian"; it must be "surgeproof", "plain", "cloudflare" or "none"'),
    ("two lines", 'preset = "none"\nwaits = { status = [202] }', 'replay.line.waits: has no effect: preset = "none" says it all; leave one of them out'),
    ("nobody joins", 'preset = "plain"\nask = { path = "/q" }', 'replay.line.ask: has no effect: without join the line is at the step\'s own request; add join = { method = "POST", path = "/queue" }'),
    ("no such place", f'{JOIN}ask = {{ path = "/q/${{plaec}}" }}', 'replay.line.ask: "${plaec}" stands for nothing; did you mean "place"?'),
    ("no such ticket", f'{JOIN}ticket = "id"', 'replay.line.ticket: is "id", which neither join nor ask captures; it can be place'),
    ("no such row", f'{JOIN}enters = {{ text = "${{data.x}}" }}', 'replay.line.enters: "${data.x}" stands for nothing; add [data] with file = "people.csv"'),
    ("an expectation", 'join = { path = "/q", expect = { status = [202] } }\nposition = "json:n"', 'replay.line.join.expect: has no effect: waits and enters say what an answer means; leave it out'),
)  # fmt: skip
def test_mistakes(words: str, mistake: str) -> None:
    assert mistakes(lined(words)) == [mistake]


def test_a_path_of_the_reference_protocol_is_none_of_another_line() -> None:
    text = lined('preset = "plain"\n[replay.endpoints]\nline = "/wait"')
    assert mistakes(text) == [
        "replay.endpoints.line: has no effect: [replay.line] says how people wait; leave one of them out"
    ]


def test_steps_know_what_the_line_told() -> None:
    text = changed(('path = "/signup"', 'path = "/signup", text = "${place}"'), text=LAUNCH)
    parse(lined(JOIN, text), "f")
    assert mistakes(text)


BEHAVE = changed(
    ('name = "everybody"\n', 'name = "everybody"\nshows_up = 0.5\npatience = "1 min"\n'),
    ('name = "create"\n', 'name = "create"\nthink = "1 s"\n'),
    text=LAUNCH,
)


def test_a_target_without_a_line_gets_everybody_at_once_and_that_is_said() -> None:
    found = sendable(parse(lined('preset = "none"', BEHAVE), "f"))
    assert found.scenario.words.waitlist.policy == "open"
    instead = "with everybody sent at once: the target has no line"
    assert found.left_out == (PredictedOnly(key="waitlist", instead=instead),)


def test_what_cannot_be_told_apart_at_the_step_is_left_out_and_said() -> None:
    found = sendable(parse(lined('preset = "plain"', BEHAVE), "f"))
    (group,), (journey,) = found.scenario.words.people, found.scenario.words.journey
    assert (group.shows_up, journey.step[0].think) == (1.0, None)
    assert [each.key for each in found.left_out] == [
        "people.everybody.shows_up", "waitlist.release", "people.patience",
        "journey.signup.step.create.think",
    ]  # fmt: skip


@examples("words, said",
    ("none", 'preset = "none"', "the target has no line: everybody is sent at once"),
    ("plain", 'preset = "plain"', "the target's own (plain), at the first request of each journey"),
    ("its own", JOIN, "the target's own: people join it at POST /queue, and ask again there"),
    ("ours", 'preset = "surgeproof"', "people join it at POST /line"),
)  # fmt: skip
def test_check_says_how_people_wait(words: str, said: str) -> None:
    scenario = parse(lined(words), "f")
    demand = launch_plan(scenario, seed=0, engine=Readable()).demand
    (line,) = [each for each in rehearsal_in_words(scenario, demand) if "line:" in each]
    assert said in line
