"""A host and crowds for the gauntlet: a signup with a mail quota, and launches of known size."""

from simulator import parse
from simulator.engine.rules import Engine
from simulator.scenario.scenario import Scenario, stations_document
from surgeproof.engines import engine_named

COMPILED: Engine = engine_named("compiled")

HOST = """
format = 1
[launch]
name = "host"
story = "One signup, one mail."
opening = 2027-03-01T12:00:00+01:00
time_zone = "Europe/Paris"
horizon = "1 h"
[[people]]
name = "all"
journeys = { signup = 0.75, look = 0.25 }
patience_factor = { low = 0.5, high = 2 }
patience = "1 h"
[[surge]]
shape = "constant"
people = "all"
rate = "1/s"
[waitlist]
policy = "open"
[[station]]
name = "web"
servers = 50
waiting_room = 500
service = "10 ms"
[[station]]
name = "mail"
kind = "quota"
quota = { rate = "2/s", burst = 20 }
waiting_room = 0
service = "10 ms"
[[journey]]
name = "signup"
[[journey.step]]
name = "create"
at = "web"
request = { method = "POST", path = "/signup" }
[[journey.step]]
name = "verify"
at = "mail"
calls = [{ at = "web" }]
request = { method = "POST", path = "/verify" }
[[journey]]
name = "look"
[[journey.step]]
name = "read"
at = "web"
work = "1 ms"
request = { method = "GET", path = "/" }
[objectives.signup]
errors = 0.05
[objectives.look]
errors = 0.05
"""

CROWD = """
format = 1
[launch]
name = "crowd"
story = "Few at first, and many from the eleventh minute on."
teaches = "It is late that it breaks."
opening = 2022-03-01T12:00:00-05:00
time_zone = "America/New_York"
horizon = "20 min"
[[people]]
name = "fans"
client_timeout = "7 s"
retries = { attempts = 3, backoff = "2 s", cap = "9 s" }
[[surge]]
shape = "constant"
name = "calm"
people = "fans"
rate = "0.5/s"
volume = { low = 0.1, high = 10 }
[[surge]]
shape = "constant"
name = "rush"
people = "fans"
rate = "9.5/s"
from = "11 min"
until = "20 min"
[waitlist]
policy = "fifo"
release = { rate = "3/s" }
[[station]]
name = "theirs"
servers = 3
waiting_room = 1
service = "3 s"
[[journey]]
name = "buy"
[[journey.step]]
name = "pay"
at = "theirs"
[[change]]
at = "1 min"
set = { "waitlist.release.rate" = "1/s" }
[objectives.buy]
p95 = "1 min"
"""
PEOPLE = 0.5 * 1200 + 9.5 * 540
"""Of the crowd, as it came."""

STATIONS = HOST[HOST.index("[[station]]") : HOST.index("[[journey]]")]
"""The host's, as a file of their own."""

MEASURED = """
[[station]]
name = "probed"
servers = 4
waiting_room = 64
service = "30 ms"
serves = { "POST /signup" = "30 ms", "GET /" = "2 ms" }
"""


def host(text: str = HOST) -> Scenario:
    return parse(text, "host.toml")


def crowd(text: str = CROWD) -> Scenario:
    return parse(text, "crowd.toml")


def stations(text: str = MEASURED) -> dict[str, object]:
    return stations_document(text, "site.toml")
