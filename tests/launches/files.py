"""Launch files for tests: a small one to change in one place, and one with most words."""

import re
from pathlib import Path

import pytest

from simulator import parse
from simulator.errors import ScenarioError

EVERYTHING = (Path(__file__).parent / "everything.toml").read_text(encoding="utf-8")
"""Session slots, a mail quota, an autoscaler, retries: a launch that a quota brings down."""

ONE_STEP = Path(__file__).parent / "one-step.toml"
"""A line and one step: a launch that can be rehearsed, of the size of those of the library."""

SMALL = """
format = 1

[launch]
name = "small"
story = "A hundred people and one server."
opening = 2026-03-01T12:00:00+01:00
time_zone = "Europe/Paris"
horizon = "10 min"

[[people]]
name = "early"
client_timeout = "5 s"
retries = { attempts = 3, backoff = "1 s", cap = "10 s" }
patience = "30 min"

[[surge]]
shape = "milestones"
people = "early"
counts = "arrivals"
points = [["5 min", 60], ["10 min", 100]]

[waitlist]
policy = "fifo"
release = { share_of_capacity = 0.75 }
poll_every = "2 s"

[[station]]
name = "desk"
servers = 2
waiting_room = 8
service = { law = "lognormal", mean = "4 s", cv = 0.5 }

[[journey]]
name = "signup"

[[journey.step]]
name = "create"
at = "desk"
request = { method = "POST", path = "/signup" }

[objectives.signup]
p95 = "20 s"
errors = 0.01

[objectives.line]
forgotten = 0
p95 = "5 min"

[variant.no-line]
waitlist.policy = "open"

[replay]
from = "1 min"
for = "2 min"
drain = "10 s"
"""


def changed(*changes: tuple[str, str], text: str = SMALL) -> str:
    """The small launch with each first piece of text replaced by the second."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def mistakes(text: str) -> list[str]:
    """What is wrong with a launch, each with its key and its remedy."""
    with pytest.raises(ScenarioError) as error:
        parse(text, "f")
    return [f"{m.key}: {m.problem}; {m.remedy}" for m in error.value.mistakes]


LAUNCH = changed(
    ("A hundred people and one server.", "Thirty people a second, for as long as a test can wait."),
    ("2026-03-01T12:00:00+01:00", "2026-11-23T12:00:00+00:00"),
    ("Europe/Paris", "UTC"),
    ('horizon = "10 min"', 'horizon = "10 s"'),
    ('"early"', '"everybody"'),
    (
        'attempts = 3, backoff = "1 s", cap = "10 s"',
        'attempts = 2, backoff = "200 ms", cap = "1 s"',
    ),
    ('cap = "1 s"', 'cap = "1 s", jitter = "full"'),
    ('patience = "30 min"\n', ""),
    ("[[surge]]", '[[surge]]\nname = "opening"'),
    ('[["5 min", 60], ["10 min", 100]]', '[["10 s", 300]]'),
    ('poll_every = "2 s"', 'poll_every = "500 ms"'),
    ('"desk"', '"signup"'),
    ("servers = 2", "servers = 1"),
    ("waiting_room = 8", "waiting_room = 64"),
    ('mean = "4 s", cv = 0.5', 'mean = "5 ms", cv = 0.2'),
    ('p95 = "20 s"\nerrors = 0.01', 'p50 = "1 s"\nerrors = 0.05'),
    ('[objectives.line]\nforgotten = 0\np95 = "5 min"\n\n', ""),
    ('from = "1 min"\nfor = "2 min"\ndrain = "10 s"', 'for = "3 s"\ndrain = "5 s"'),
)
"""A launch of ten seconds, of which three are rehearsed."""

SHOP = """
format = 1
[launch]
name = "shop"
story = "A shop opens."
opening = 2026-03-01T20:00:00+00:00
time_zone = "UTC"
horizon = "2 min"
[[people]]
name = "everybody"
client_timeout = "10 s"
[[surge]]
name = "opening"
shape = "constant"
people = "everybody"
rate = "10/s"
[[station]]
name = "web"
servers = 8
waiting_room = 100
service = { law = "fixed", mean = "1 ms" }
[[journey]]
name = "signup"
[objectives.signup]
errors = 0.5
"""


def shop_text(*steps: str, more: str = "", **words: str) -> str:
    """A launch of these steps at one station, without a line; words are set, and may have others behind them."""
    made = "".join(f'[[journey.step]]\nat = "web"\n{step}\n' for step in steps)
    text = SHOP.replace("[objectives.signup]", f"{made}[objectives.signup]")
    for word, value in words.items():
        text, times = re.subn(rf"^{word} = .*$", f"{word} = {value}", text, flags=re.MULTILINE)
        assert times == 1, word
    return text + more


def stations_in(text: str) -> str:
    """The stations of a launch, as a file of their own."""
    return text[text.index("[[station]]") : text.index("[[journey]]")]


def lognormal(
    name: str, mean: str, cv: float = 0.2, more: str = "", *, servers: int = 1, room: int = 64
) -> str:
    """A station whose services are so, as a probe writes it."""
    service = f'service = {{ law = "lognormal", mean = "{mean}", cv = {cv} }}'
    return f'[[station]]\nname = "{name}"\nservers = {servers}\nwaiting_room = {room}\n{service}\n{more}'
