"""The words of a request: what is wrong with them is told with a remedy, and with a suggestion."""

import pytest

from simulator.errors import ScenarioError
from simulator.host.named_files import Read
from simulator.scenario.scenario import parse
from tests.examples import examples
from tests.launches.files import SMALL

STEP = '[[journey.step]]\nname = "send"\nat = "desk"\nrequest = {{ {request} }}\n'


def file(request: str, replay: str = "", data: str = "", more: str = "") -> str:
    """A launch with a second step that sends this."""
    first, _, rest = SMALL.partition("[objectives")
    steps = STEP.format(request=request) + more
    return f"{first}{steps}\n[objectives{rest}{replay}{data}"


def told(text: str, read: Read | None = None) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        parse(text, "f", read=read)
    return [f"{m.key}: {m.problem} ({m.remedy})" for m in error.value.mistakes]


KEY = "journey.signup.step.send.request"


@examples("request_, mistake",
    ("a slip in a name", 'path = "/a", json = { mail = "${emial}" }',
     f'{KEY}: "${{emial}}" stands for nothing (did you mean "email"?)'),
    ("another tool's braces", 'path = "/a", form = { mail = "{email}" }',
     f'{KEY}: "{{email}}" is sent as it is, and not what email stands for (write ${{email}})'),
    ("no braces", 'path = "/a", json = { to = ["$email"] }', f'{KEY}: "$email" is sent as it is'),
    ("nobody captures it", 'path = "/a", headers = { Authorization = "Bearer ${token}" }',
     f'{KEY}: "${{token}}" stands for nothing'),
    ("no table", 'path = "/a", form = { name = "${data.name}" }',
     f'{KEY}: "${{data.name}}" stands for nothing (add [data] with file = "people.csv")'),
    ("no mail", 'path = "/a", form = { code = "${mail.code}" }',
     f'{KEY}: "${{mail.code}}" stands for nothing (add [replay.mail]'),
    ("what must not be there", 'path = "/a", expect = { no_text = "${emial}" }',
     f'{KEY}: "${{emial}}" stands for nothing (did you mean "email"?)'),
    ("no end in what is expected", 'path = "/a", expect = { header = { Location = "/${email" } }',
     f'{KEY}: "/${{email" has a ${{ that does not end'),
    ("no end", 'path = "/a", text = "${email"', f'{KEY}: "${{email" has a ${{ that does not end'),
    ("no code", 'path = "/a", text = "${1 + 1}"', f'{KEY}: "${{1 + 1}}" is no placeholder (write ${{name}}; nothing is computed)'),
    ("two bodies", 'path = "/a", form = { a = 1 }, json = { a = 1 }', f"{KEY}: has more than one body: json and form"),
    ("a body of a GET", 'method = "GET", path = "/a", form = { a = 1 }', f"{KEY}.form: has a body, which no GET has"),
    ("no status", 'path = "/a", expect = { status = [99] }', f'{KEY}.expect.status: "99" is not a status (write [201]'),
    ("no kind", 'path = "/a", capture = { token = "access_token" }', f'{KEY}.capture: "access_token" does not say how to find the value'),
    ("no regular expression", 'path = "/a", capture = { code = "regex:(" }', f'{KEY}.capture: "regex:(" cannot be read as regex'),
    ("no CSS", 'path = "/a", capture = { csrf = "css:input[" }', f'{KEY}.capture: "css:input[" cannot be read as css'),
    ("no XPath", 'path = "/a", capture = { csrf = "xpath:///" }', f'{KEY}.capture: "xpath:///" cannot be read as xpath'),
    ("no JMESPath", 'path = "/a", capture = { id = "json:a.[" }', f'{KEY}.capture: "json:a.[" cannot be read as json'),
    ("nor here", 'path = "/a", expect = { json = { "a.[" = 1 } }', f'{KEY}.expect.json: "a.[" is not JMESPath'),
    ("no pseudo-element", 'path = "/a", capture = { csrf = "css:input[name=csrf]::value" }',
     f'{KEY}.capture: "css:input[name=csrf]::value" cannot be read as css (The pseudo-element ::value is unknown)'),
    ("no pseudo-class", 'path = "/a", capture = { csrf = "css:li:first" }',
     f'{KEY}.capture: "css:li:first" cannot be read as css (The pseudo-class :first is unknown)'),
    ("too often", 'path = "/a", capture = { code = "regex:\\\\d{4294967296}" }',
     f'{KEY}.capture: "regex:\\d{{4294967296}}" cannot be read as regex (the repetition number is too large)'),
    ("brackets in brackets", f'path = "/a", capture = {{ code = "regex:{"(" * 5_000}" }}',
     f'{KEY}.capture: "regex:{"(" * 5_000}" cannot be read as regex (it is nested too deeply)'),
    ("queries in queries", f'path = "/a", capture = {{ id = "json:{"[" * 5_000}" }}',
     f'{KEY}.capture: "json:{"[" * 5_000}" cannot be read as json (it is nested too deeply)'),
    ("or in what is expected", f'path = "/a", expect = {{ json = {{ "{"(" * 5_000}" = 1 }} }}',
     f'{KEY}.expect.json: "{"(" * 5_000}" is not JMESPath (it cannot be read)'),
    ("his own name", 'path = "/a", capture = { email = "json:e" }', f'{KEY}.capture: "email" is the visitor\'s own'),
    ("a header of ours", 'path = "/a", headers = { Host = "other" }', f'{KEY}.headers: "Host" belongs to the connection'),
    ("two lines", 'path = "/a", headers = { X = "a\\nb" }', f'{KEY}.headers: "X" has a control character'),
    ("both answers", 'path = "/a", redirects = "expect", expect = { status = [200] }',
     f"{KEY}.redirects: expects a redirect, and expect.status another answer"),
    ("neither", 'path = "/a", redirects = "maybe"', f'{KEY}.redirects: is "maybe" (it must be "follow" or "expect")'),
    ("a part of nothing", 'path = "/a", multipart = { photo = { filename = "p.png" } }', f"{KEY}.multipart.photo"),
    ("an unknown word", 'path = "/a", expects = { status = [200] }', f'{KEY}.expects: unknown key (did you mean "expect"?)'),
)  # fmt: skip
def test_a_mistake_in_a_request_is_told(request_: str, mistake: str) -> None:
    found = told(file(request_))
    assert any(each.startswith(mistake) for each in found), found


def test_what_a_later_step_captures_is_not_known_yet() -> None:
    later = STEP.format(request='path = "/b", capture = { token = "json:token" }').replace(
        "send", "me"
    )
    found = told(file('path = "/a", json = { token = "${token}" }', more=later))
    assert found == [
        f'{KEY}: "${{token}}" is captured by "me", which does not come before (change the order of the steps)'
    ]


@examples("replay, mistake",
    ("no path", 'health = "count"', 'replay.health: "count" is not a path (write health = "/count", or "none")'),
    ("another machine", '[replay.mail]\nlisten = "192.0.2.1:25"',
     'replay.mail.listen: "192.0.2.1:25" is not an address and a port of this machine'),
    ("no mail at all", "[replay.mail]\nwithin = '1 s'", "replay.mail: needs one of listen and command"),
    ("a header of a mail", '[replay.mail]\nlisten = "127.0.0.1:1025"\ncapture = { code = "header:Subject" }',
     'replay.mail.capture.code: "header:Subject" is of an answer'),
    ("whose visitor", 'cleanup = "./tidy ${visitor}"', 'replay.cleanup: "${visitor}" stands for nothing'),
    ("two lines", 'user_agent = "a\\nb"', 'replay.user_agent: "a\nb" is not a user agent'),
)  # fmt: skip
def test_a_mistake_in_the_replay_is_told(replay: str, mistake: str) -> None:
    found = told(file('path = "/a"', replay))
    assert any(each.startswith(mistake) for each in found), found


DATA = '\n[data]\nfile = "people.csv"\n'


def test_each_column_has_a_name() -> None:
    request = 'path = "/a", form = { name = "${data.name}", mail = "${data.e mail}" }'
    scenario = parse(
        file(request, data=DATA), "f", read=lambda _: "name;e mail\nAda;a@b.invalid\n\n"
    )
    assert scenario.words.data is not None
    assert (scenario.words.data.columns, scenario.words.data.rows) == (("name", "e mail"), 1)
    # A run's folder holds no row of it, and needs no file.
    assert parse(scenario.dump(), "run.toml").words.data == scenario.words.data
    assert "Ada" not in scenario.dump()


@examples("text, mistake",
    ("nothing", "", '"people.csv" is empty'),
    ("no names", "a,,b\n1,2,3\n", '"people.csv" has no usable name of its own for column 2'),
    ("a name twice", "a,a\n1,2\n", '"people.csv" has no usable name of its own for column 1'),
    ("a short line", "a,b\n1,2\n1\n", '"people.csv" is not even: line 3 has 1 of the 2 fields that its first line names'),
    ("no CSV", 'a,b\n"1,2\n', '"people.csv" is not CSV from line 2 on'),
)  # fmt: skip
def test_a_table_that_cannot_be_used(text: str, mistake: str) -> None:
    found = told(file('path = "/a"', data=DATA), read=lambda _: text)
    assert found[0].startswith(f"data.file: {mistake}"), found


def test_a_request_is_no_figure() -> None:
    """What is sent needs no source: a page size of 20 says nothing of the launch."""
    request = 'path = "/a", query = { page = 20 }, json = { wait = "5 s" }'
    replay = 'headers = { X-Wait = "9 s" }\nhealth = { path = "/h", query = { n = 7 } }'
    plain, rich = parse(file('path = "/a"'), "f"), parse(file(request, replay), "f")
    assert [f.key for f in rich.figures] == [f.key for f in plain.figures]
