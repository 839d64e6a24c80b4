"""Whom else a rehearsal may reach, as far as its launch file shows."""

from scenarios.rehearsal.parties import kind_of, leads_nowhere, parties
from simulator.scenario.scenario import parse
from tests.examples import examples
from tests.launches.files import EVERYTHING, SMALL, changed

REQUEST = 'request = { method = "POST", path = "/signup" }'
ASKED = {("signup", "create"): 300.0}


def reached(request: str = REQUEST, *more: tuple[str, str], text: str = SMALL) -> list[str]:
    words = parse(changed((REQUEST, request), *more, text=text), "f").words
    return [str(each) for each in parties(words, ASKED, "shop.example.net")]


KEY = "journey.signup.step.create"


def test_a_signup_that_names_nobody_else_reaches_nobody_that_is_known() -> None:
    assert reached() == []
    own = 'request = { path = "/signup", json = { email = "${email}", next = "https://shop.example.net/in" } }'
    assert reached(own) == []


@examples("words, party",
    ("a payment by its path", 'request = { path = "/checkout/card" }',
     f'payments: POST /checkout/card ({KEY}) speaks of "/checkout/card", 300 times at most'),
    ("a phone by a field", 'request = { path = "/signup", json = { user = { phone = "+33600000000" } } }',
     f'SMS: POST /signup ({KEY}) speaks of "phone", 300 times at most'),
    ("a card by a field of a form", 'request = { path = "/signup", form = { cardNumber = "4242" } }',
     f'payments: POST /signup ({KEY}) speaks of "cardNumber", 300 times at most'),
    ("a callback", 'request = { path = "/signup", json = { hook = "https://hooks.acme.com/in" } }',
     f"another host: hooks.acme.com, named in {KEY}, 300 times at most"),
    ("real mailboxes", 'request = { path = "/signup", json = { email = "${visitor}@acme.com" } }',
     f"mail: addresses at acme.com ({KEY}): whatever your server sends them leaves, 300 times at most"),
    ("redirects", 'request = { path = "/signup", redirects = "follow" }',
     (f"redirects: wherever the answers to {KEY} lead, which is shop.example.net, this machine, or a host of"
     " SURGEPROOF_ALLOW, 300 times at most")),
)  # fmt: skip
def test_what_a_request_shows(words: str, party: str) -> None:
    assert reached(words) == [party]


def test_a_quota_is_somebody_elses_limit() -> None:
    quota = ("servers = 2\n", 'kind = "quota"\nquota = { rate = "12/min", burst = 12 }\n')
    mail = ('"desk"', '"mail"')
    assert reached(REQUEST, quota) == [
        f'another service: the station "desk" is a quota, which {KEY} asks, 300 times at most'
    ]
    assert reached(REQUEST, quota, mail) == [
        f'mail: the station "mail" is a quota, which {KEY} asks, 300 times at most'
    ]


def test_what_a_step_calls_meanwhile_is_reached_too() -> None:
    words = parse(EVERYTHING, "f").words
    found = [each for each in parties(words, {}, "localhost") if each.kind == "mail"]
    assert found
    assert all(each.times is None for each in found)


@examples("name, kind",
    ("a path", "/api/v2/payments/1", "payments"),
    ("joined words", "sendSms", "SMS"),
    ("a part of another word", "/display/spaying", ""),
    ("a template", "/users/${email}/mail", "mail"),
)  # fmt: skip
def test_what_names_speak_of(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@examples("domain, nowhere",
    ("reserved", "run-1.invalid", True),
    ("for documentation", "mail.example.com", True),
    ("somebody's", "acme.com", False),
    ("somebody's that looks alike", "myexample.com", False),
)  # fmt: skip
def test_names_that_lead_to_nobody(domain: str, nowhere: bool) -> None:
    assert leads_nowhere(domain) is nowhere
