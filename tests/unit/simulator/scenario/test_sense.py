"""Words that are right, each by itself, and do not go together: each is told with its remedy."""

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.scenario import parse
from tests.examples import examples
from tests.launches.files import SMALL, changed

PATIENCE = 'patience = "30 min"'
RETRIES = 'retries = { attempts = 3, backoff = "1 s", cap = "10 s" }'
RELEASE = "release = { share_of_capacity = 0.75 }"
POLICY = 'policy = "fifo"'
SERVERS = "servers = 2"
SERVICE = 'service = { law = "lognormal", mean = "4 s", cv = 0.5 }'
AT = 'at = "desk"'
SLOTS = 'release = { slots = { total = 9, session = "1 min" } }'
BY_MINUTE = 'release = { slots = { total = 9, session = "1 min", dialect = "by-minute" } }'
FEEDBACK = (
    'release = { feedback = { signal = "in-flight", limit = 200, every = "10 s", first = "5/s",'
    ' lowest = "1/s", highest = "40/s", step = "1/s", cut = 0.75 } }'
)
SCALER = 'autoscaler = { every = "15 s", window = "1 min", target = 0.6, ceiling = 8 }'
CALL = '{ at = "desk" }, '
QUOTA = 'kind = "quota"\nquota = { rate = "1/s" }'
SEATS = '[[station]]\nname = "seats"\nservers = 9\nwaiting_room = 0\nservice = "1 s"\n\n[[journey]]'


def said(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        parse(text, "f")
    assert all(mistake.remedy for mistake in error.value.mistakes)
    return [f"{m.key}: {m.problem}" for m in error.value.mistakes]


@examples("old, new, mistake",
    # Laws
    ("weibull without shape", PATIENCE, 'patience = { law = "weibull", mean = "1 h", cv = 1 }',
     'people.early.patience: the law "weibull" lacks its shape'),
    ("a mean and quantiles", PATIENCE, 'patience = { mean = "1 h", quantiles = [[0, "1 s"], [1, "2 s"]] }',
     'people.early.patience: the law "exponential" has no quantiles'),
    ("small cv", PATIENCE, 'patience = { law = "hyperexponential", mean = "1 h", cv = 0.5 }',
     "people.early.patience.cv: is 0.5, and a hyperexponential law has at least 1"),
    ("gamma without spread", PATIENCE, 'patience = { law = "gamma", mean = "1 h", cv = 0 }', "people.early.patience.cv: is 0"),
    ("no shortest", PATIENCE, 'patience = { law = "empirical", quantiles = [[0.1, "1 s"], [1, "2 s"]] }',
     "people.early.patience.quantiles: the shares go from 0.1 to 1"),
    ("one quantile", PATIENCE, 'patience = { law = "empirical", quantiles = [[0, "1 s"]] }',
     "people.early.patience.quantiles: the shares go from 0 to 0"),
    ("no quantiles", PATIENCE, 'patience = { law = "empirical", quantiles = [] }', "people.early.patience.quantiles: is empty"),
    ("falling quantiles", PATIENCE,
     'patience = { law = "empirical", quantiles = [[0, "9 s"], [0.5, "8 s"], [1, "9 s"]] }',
     "people.early.patience.quantiles: quantile 2, 0.5 within 8 s, does not come after 0 within 9 s"),
    ("half a quantile", PATIENCE, 'patience = { law = "empirical", quantiles = [[0, "1 s"], [1]] }',
     "people.early.patience.quantiles[2]: is not a pair"),
    ("endless service", SERVICE, 'service = "never"', "station.desk.service: service that never ends serves nobody"),
    ("service in no time", SERVICE, 'service = { law = "empirical", quantiles = [[0, "0 s"], [1, "0 s"]] }',
     "station.desk.service: takes no time at all"),
    ("reloading for ever", PATIENCE, 'refreshes = "1 us"', "people.early.refreshes: comes again within a millisecond"),
    # People
    ("burst of no budget", RETRIES, "retries = { attempts = 3, budget_burst = 9 }",
     "people.early.retries.budget_burst: has no effect without a budget"),
    ("no true or false", PATIENCE, 'cancels = "yes"', 'people.early.cancels: is "yes"'),
    # The line
    ("no way of release", RELEASE, "release = { burst = 3 }", "waitlist.release: does not say how fast"),
    ("burst of slots", RELEASE, SLOTS.replace("{ slots", "{ burst = 3, slots"),
     "waitlist.release.burst: has no effect where the line is let in by slots"),
    ("ghosts", RELEASE, SLOTS.replace('"1 min"', '"1 min", ghost = "5 min", blind = "2 min"'),
     "waitlist.release.slots.blind: has no effect: nobody is let in by minute"),
    ("open too late", POLICY, 'policy = "fifo"\nopens = "10 min"',
     "waitlist.opens: is 10 min, and the launch is over after 10 min: nobody would ever be let in"),
    ("shuffle", POLICY, 'policy = "shuffle-then-fifo"', "waitlist.opens: is missing, so nobody could have come before the line opens"),
    ("no expiry", POLICY, 'policy = "fifo"\nexpired = "out"', "waitlist.expired: has no effect: calls do not expire"),
    ("twice in the order", POLICY, 'policy = "priority"\norder = ["invited", "invited"]', "waitlist.order: names a class twice"),
    ("a limit of another signal", RELEASE, FEEDBACK.replace("200", '"200 ms"'),
     "waitlist.release.feedback.limit: is 200 ms, which is not what in-flight is measured in"),
    ("no limit", RELEASE, FEEDBACK.replace("200", "true"), "waitlist.release.feedback.limit: is neither a number nor a duration"),
    ("nobody in flight", RELEASE, FEEDBACK.replace("200", "0"), "waitlist.release.feedback.limit: is 0"),
    ("too fast", RELEASE, FEEDBACK.replace('"5/s"', '"50/s"'), "waitlist.release.feedback.first: is not between lowest and highest"),
    ("too often", RELEASE, 'release = { batch = { size = 5, every = "1 us" } }',
     'waitlist.release.batch.every: "1 us" is less than a millisecond'),
    # By minute
    ("calls by minute", RELEASE, f'{BY_MINUTE}\ncall_expires = "1 min"',
     "waitlist.call_expires: has no effect: by minute nobody is called"),
    # Stations
    ("no servers", SERVERS, "", "station.desk.servers: is missing"),
    ("no cores", SERVERS, 'servers = 2\nkind = "cpu"', "station.desk.cores: is missing"),
    ("cores of a pool", SERVERS, "servers = 2\ncores = 2", "station.desk.cores: does not apply to a pool"),
    ("quota of a pool", SERVERS, 'servers = 2\nquota = { rate = "1/s" }', "station.desk.quota: does not apply to a pool"),
    ("no quota", SERVERS, 'kind = "quota"', "station.desk.quota: is missing"),
    ("servers of a quota", SERVERS, f"{QUOTA}\nservers = 2", "station.desk.servers: does not apply to a quota"),
    ("autoscaler of a quota", SERVERS, f"{QUOTA}\n{SCALER}", "station.desk.autoscaler: does not apply to a quota"),
    ("instances of a quota", SERVERS, f"{QUOTA}\ninstances = 2", "station.desk.instances: does not apply to a quota"),
    ("failing together", SERVERS, 'servers = 2\ninstances = 2\nfailures = { runs = "1 h", repair = "5 min" }',
     "station.desk.failures: lets all instances fail together"),
    ("never cold", SERVERS, 'servers = 2\ncold_start = { slowdown = 2, for = "1 min", at_opening = false }',
     "station.desk.cold_start.at_opening: is false, but instances that share one queue start only at the opening"),
    ("cold together", SERVERS, f'servers = 2\n{SCALER}\ncold_start = {{ slowdown = 2, for = "1 min" }}',
     "station.desk.cold_start: has no effect on instances that are added later and share one queue"),
    ("inflation of a quota", SERVERS, f"{QUOTA}\ninflation = [1, 2]", "station.desk.inflation: does not apply to a quota"),
    ("inflated alone", SERVERS, "servers = 2\ninflation = [1.2, 1.5]",
     "station.desk.inflation: begins with 1.2, but a service alone takes its own time"),
    ("no inflation", SERVERS, "servers = 2\ninflation = []", "station.desk.inflation: is empty"),
    ("endless inflation", SERVERS, f"servers = 2\ninflation = [1{255 * ', 2'}]", "station.desk.inflation: has 256 entries"),
    ("below nothing", SERVERS, "servers = 2\ninflation = [1, 0]", "station.desk.inflation[2]: is 0"),
    ("for ever slower", SERVERS, "servers = 2\ninflation = [1, inf]", "station.desk.inflation[2]: is inf"),
    ("no factors", SERVERS, "servers = 2\ninflation = 1.5", "station.desk.inflation: is 1.5"),
    ("factors of words", SERVERS, 'servers = 2\ninflation = [1, "1.5"]', 'station.desk.inflation[2]: is "1.5"'),
    ("inflating together", SERVERS, f"servers = 2\ninflation = [1, 1.5]\n{SCALER}",
     "station.desk.inflation: would go by all instances together, also by those that are added later"),
    ("odd window", SERVERS, f"servers = 2\n{SCALER}".replace('"1 min"', '"50 s"'),
     "station.desk.autoscaler.window: is not a multiple of every, which is 15 s"),
    ("floor above ceiling", SERVERS, f"servers = 2\n{SCALER}".replace("ceiling = 8", "floor = 9, ceiling = 8"),
     "station.desk.autoscaler.floor: is 9, above the ceiling of 8"),
    ("too many", SERVERS, f"servers = 2\ninstances = 9\n{SCALER}", "station.desk.instances: is 9, and the autoscaler keeps it from 1 to 8"),
    ("64 bits", SERVERS, f"servers = 1_000_000\n{SCALER}", "station.desk.autoscaler.window: is too long for this many servers"),
    ("servers said twice", SERVERS, "servers = 2\ninstances = { count = 3, servers = 4 }",
     "station.desk.servers: is 2, and instances.servers is 4"),
    ("instances of none", SERVERS, "servers = 2\ninstances = 0", "station.desk.instances: is 0"),
    ("nothing of instances", SERVERS, "servers = 2\ninstances = {}", "station.desk.instances: says nothing"),
    ("half an instance", SERVERS, "servers = 2\ninstances = 1.5", "station.desk.instances: is neither a number nor a table"),
    ("no true or false instances", SERVERS, "servers = 2\ninstances = true", "station.desk.instances: is neither a number nor a table"),
    ("too many in a table", SERVERS, f"instances = {{ count = 9, servers = 2 }}\n{SCALER}",
     "station.desk.instances: is 9, and the autoscaler keeps it from 1 to 8"),
    ("64 bits in a table", SERVERS, f"instances = {{ servers = 1_000_000 }}\n{SCALER}",
     "station.desk.autoscaler.window: is too long for this many servers"),
    # Money
    ("a price of no time", SERVERS, 'servers = 2\ncost = "0.40 EUR"', 'station.desk.cost: "0.40 EUR" says no time for which it is paid'),
    ("a price twice", SERVERS, 'instances = { servers = 2, price = "1 EUR/h" }\ncost = "1 EUR/h"',
     "station.desk.cost: is said twice: instances.price is what an instance costs as well"),
    ("a date of no price", SERVERS, "servers = 2\npriced = 2026-11-01", "station.desk.priced: has no effect without a price"),
    ("a date in quotes", SERVERS, 'servers = 2\ncost = "1 EUR/h"\npriced = "2026-11-01"', 'station.desk.priced: "2026-11-01" is a string'),
    ("an instant", SERVERS, 'servers = 2\ncost = "1 EUR/h"\npriced = 2026-11-01T00:00:00Z', "station.desk.priced: is not a date"),
    ("two currencies", SERVICE, f'{SERVICE}\ncost = "1 EUR/h"\n[costs]\nperson_lost = "3 USD"',
     "costs.person_lost: is in USD, and station.desk.cost in EUR"),
    ("people beside no price", SERVICE, f'{SERVICE}\n[costs]\nperson_lost = "3 EUR"',
     "costs.person_lost: has no effect: no station has a price to weigh it against"),
    # What nobody knows for sure
    ("low above likely", SERVERS, "servers = 2\nservice_factor = { low = 1.1, high = 2 }",
     "station.desk.service_factor.low: low, 1.1, is more than likely, 1"),
    ("endless patience", PATIENCE, "patience_factor = { low = 0.5, high = 2 }",
     "people.early.patience_factor: has no effect: their patience does not end"),
    ("nobody tries again", RETRIES, "retries_factor = { low = 0.5, high = 2 }",
     "people.early.retries_factor: has no effect: nobody tries again"),
    # Journeys
    ("unknown call", AT, 'at = "desk"\ncalls = [{ at = "disk" }]', 'journey.signup.step.create.calls[1].at: there is no station "disk"'),
    ("unknown seat", AT, 'at = "desk"\nholds = { at = "disk", for = "1 s" }',
     'journey.signup.step.create.holds.at: there is no station "disk"'),
    ("for ever", AT, 'at = "desk"\nholds = { at = "desk", for = "never" }',
     'journey.signup.step.create.holds.for: "never" does not end, and here it must'),
    ("too many calls", AT, f'at = "desk"\ncalls = [{256 * CALL}]', "journey.signup.step.create.calls: has 256 entries"),
    ("too many times", AT, 'at = "desk"\ntimes = 1001', "journey.signup.step.create.times: is 1001"),
    ("which journey", "[objectives.signup]",
     f'[[journey]]\nname = "look"\n[[journey.step]]\nname = "see"\n{AT}\n[objectives.signup]',
     "people.early.journeys: is missing, and there are 2 journeys"),
)  # fmt: skip
def test_a_contradiction_is_told_with_its_key(old: str, new: str, mistake: str) -> None:
    assert mistake in said(changed((old, new)))


@examples("station, problem",
    ("a quota", QUOTA, '"seats" is a quota and has no server to hold'),
    ("instances apart", 'servers = 9\nbalance = "random"', 'the instances of "seats" have a queue each, but a seat is held at one of them'),
)  # fmt: skip
def test_what_is_held_is_a_server_of_one_place(station: str, problem: str) -> None:
    text = changed(
        ("[[journey]]", SEATS.replace("servers = 9", station)),
        (AT, 'at = "desk"\nholds = { at = "seats", for = "1 min" }'),
    )
    assert said(text) == [f"journey.signup.step.create.holds.at: {problem}"]


def test_all_contradictions_of_a_table_are_told_at_once() -> None:
    text = changed((SERVERS, f"{QUOTA}\ncores = 3\nservers = 2"))
    assert said(text) == [
        "station.desk.servers: does not apply to a quota",
        "station.desk.cores: does not apply to a quota",
    ]


PEOPLE_BY_MINUTE = """silent = 0.5
shows_up = 0.5
answers_after = "1 s"
refreshes = "1 min"
refers = { share = 0.1, after = "1 s", places = 1 }"""


def test_by_minute_nobody_is_called() -> None:
    text = changed((RELEASE, BY_MINUTE), (PATIENCE, PEOPLE_BY_MINUTE))
    problem = "has no effect: the line is let in by minute, so nobody is called"
    assert said(text) == [
        f"people.early.{word}: {problem}"
        for word in ("silent", "shows_up", "answers_after", "refreshes", "refers")
    ]
    opened = text.replace(POLICY, 'policy = "open"')
    assert parse(opened, "f").words.waitlist.by_minute


@examples("old, new, mistake",
    ("no looks", 'poll_every = "2 s"', "", "waitlist.poll_every: is missing, but by minute people enter when they look"),
    ("a list", POLICY, f'{POLICY}\nkind = "list"', 'waitlist.kind: is "list", but by minute nobody is called back'),
    ("at random", POLICY, 'policy = "random"', 'waitlist.policy: is "random", but by minute is always first come, first served'),
)  # fmt: skip
def test_by_minute_people_look_and_the_first_come_first(old: str, new: str, mistake: str) -> None:
    assert mistake in said(changed((RELEASE, BY_MINUTE), (old, new)))


def with_change(change: str, *changes: tuple[str, str]) -> str:
    return f"{changed(*changes) if changes else SMALL}\n[[change]]\nat = '1 min'\n{change}\n"


MAIL = f'[[station]]\nname = "mail"\n{QUOTA}\nwaiting_room = 9\nservice = "1 s"\n\n[[journey]]'
CALLED = [("[[journey]]", MAIL), (AT, 'at = "desk"\ncalls = [{ at = "mail" }]')]


@examples("change, changes, mistake",
    ("another order", 'set = { "waitlist.policy" = "random" }', [],
     "change: the line would change its order while people wait in it: fifo, random"),
    ("shuffled later", 'set = { "waitlist.policy" = "shuffle-then-fifo" }', [(POLICY, 'policy = "open"')],
     "waitlist.opens: is missing, so nobody could have come before the line opens"),
    ("by minute and by class", 'set = { "waitlist.policy" = "priority" }',
     [(POLICY, 'policy = "open"'), (RELEASE, BY_MINUTE)],
     "waitlist.release.slots.dialect: is by minute, which is always first come, first served"),
    ("a rate of slots", 'set = { "waitlist.release.rate" = "1/s" }', [(RELEASE, SLOTS)],
     'change[1].set: "waitlist.release.rate" is set, but the line is not let in at a rate'),
    ("slots of a rate", 'set = { "waitlist.release.slots.total" = 5 }', [],
     'change[1].set: "waitlist.release.slots.total" is set, but the line is not let in by slots'),
    ("cores of a pool", 'set = { "station.desk.cores" = 5 }', [], 'change[1].set: "station.desk.cores" is set, but "desk" is a pool'),
    ("no cores", 'set = { "station.desk.cores" = 0 }', [], 'change[1].set: "station.desk.cores" is 0'),
    ("no rate", 'set = { "station.mail.quota.rate" = "5 s" }', CALLED, 'change[1].set: "5 s" is a duration, but a rate is needed'),
    ("servers of a quota", 'set = { "station.mail.servers" = 5 }', CALLED,
     'change[1].set: "station.mail.servers" is set, but "mail" is a quota'),
    ("no policy", 'set = { "waitlist.policy" = "queue" }', [], 'change[1].set: "waitlist.policy" is queue'),
    ("servers of a quota go", 'station = "mail"\nset = "-1 servers"', CALLED, 'change[1].station: "mail" is a quota and has no servers'),
    ("servers of nothing go", 'station = "disk"\nset = "-1 servers"', [], 'change[1].station: there is no station "disk"'),
    ("two places", 'station = "desk"\nset = { "waitlist.policy" = "open" }', [],
     "change[1].station: has no effect here: set names its stations itself"),
    ("which servers", 'set = "-1 servers"',
     [("[[journey]]", SEATS), (AT, 'at = "desk"\nholds = { at = "seats", for = "1 s" }')],
     "change[1].station: is missing, and 2 stations have servers"),
)  # fmt: skip
def test_operators_can_only_set_what_is_there(
    change: str, changes: list[tuple[str, str]], mistake: str
) -> None:
    assert mistake in said(with_change(change, *changes))


def test_servers_go_from_the_only_station_that_anybody_needs() -> None:
    assert parse(with_change('set = "-1 servers"', ("[[journey]]", SEATS)), "f").words.change
