"""What of a launch is rehearsed, what is predicted only, and how that is said."""

import pytest

from scenarios.library import shelf as library
from scenarios.rehearsal.sendable import Sendable, keys_of, launch_met_by, sendable, step_requests
from simulator import Plan, Readable, launch_plan, parse
from simulator.errors import ScenarioError
from simulator.plan.meaning.system import system_of
from simulator.scenario.scenario import read_stations
from simulator.system.line import Policy, Slots, TokenBucket
from simulator.system.system import System
from simulator.timetable.laws import Duration
from simulator.units import FOREVER, UNBOUNDED
from tests.examples import examples
from tests.launches.files import EVERYTHING, SMALL, changed, stations_in
from tests.plans import rehearsal_plan

PATIENCE = 'patience = "30 min"'
POLICY = 'policy = "fifo"'
RELEASE = "release = { share_of_capacity = 0.75 }"
SLOTS = 'release = { slots = { total = 9, session = "1 min" } }'
AT = 'at = "desk"'
REQUEST = 'request = { method = "POST", path = "/signup" }'
ENGINE = Readable()


def sent(*changes: tuple[str, str]) -> Sendable:
    return sendable(parse(changed(*changes), "f"))


def said(*changes: tuple[str, str]) -> list[str]:
    return [str(each) for each in sent(*changes).left_out]


@pytest.mark.parametrize("name", library.names())
def test_the_library_can_be_rehearsed(name: str) -> None:
    for variant in (None, *library.load(name).variants):
        assert step_requests(sendable(library.load(name, variant=variant)).scenario)


@examples("old, new, sentence",
    ("balking", PATIENCE, 'balks = "1 min"', "people.early.balks (rehearsed with everybody joining the line)"),
    ("referrals", PATIENCE, 'refers = { share = 0.1, after = "1 s", places = 2 }',
     "people.early.refers (rehearsed with nobody moving ahead)"),
    ("noticing late", PATIENCE, 'answers_after = "1 s"',
     "people.early.answers_after (rehearsed with people who come at their next poll after the call)"),
    ("cancelling", PATIENCE, "cancels = true", "people.early.cancels (rehearsed with a server that is not told of timeouts)"),
    ("another order", POLICY, 'policy = "random"', 'waitlist.policy = "random" (rehearsed first come, first served)'),
    ("a later opening", POLICY, f'{POLICY}\nopens = "2 min"', "waitlist.opens (rehearsed with a line that opens at the start)"),
    ("places", POLICY, f"{POLICY}\nplaces = 20", "waitlist.places (rehearsed with room for everybody in the line)"),
    ("calls that expire", POLICY, f'{POLICY}\ncall_expires = "1 min"', "waitlist.call_expires (rehearsed with calls that never expire)"),
    ("being told at once", 'poll_every = "2 s"\n', "", "waitlist.poll_every (rehearsed with a poll every 2 s)"),
    ("slots", RELEASE, SLOTS, "waitlist.release.slots (rehearsed at 0.75 of the target's capacity)"),
    ("calls", AT, f'{AT}\ncalls = [{{ at = "desk" }}]', "journey.signup.step.create.calls (rehearsed with the target's own behaviour)"),
    ("shedding", "waiting_room = 8", 'waiting_room = 8\nsheds_after = "3 s"',
     "station.desk.sheds_after (rehearsed with the target's own behaviour)"),
)  # fmt: skip
def test_what_is_predicted_only_is_named(old: str, new: str, sentence: str) -> None:
    assert said((old, new)) == [sentence]


OWN_LINE = ('drain = "10 s"', 'drain = "10 s"\n[replay.line]\npreset = "plain"')


def test_the_target_s_own_line_lets_in_by_slots_as_the_launch_does() -> None:
    made = system(sent((RELEASE, SLOTS), OWN_LINE)).waitlist.release
    assert made == Slots(total=9, session_ns=60_000_000_000)


def test_slots_for_all_people_of_the_launch_would_let_a_few_of_them_in_at_once() -> None:
    few = (OWN_LINE[0], OWN_LINE[1].replace("\n", '\ndemand_factor = 0.5\nreason = "why"\n', 1))
    assert isinstance(system(sent((RELEASE, SLOTS), few)).waitlist.release, TokenBucket)


@pytest.mark.parametrize("words", [
    'think = "1 s"', "times = 3", 'think = { law = "fixed", mean = "1 s" }\ntimes = 2',
])  # fmt: skip
def test_a_visitor_takes_every_step(words: str) -> None:
    assert said((AT, f"{AT}\n{words}")) == []


@pytest.mark.parametrize("words", [
    "honours_retry_after = 0.5", 'gives_up_after = "1 min"', "silent = 0.5", "shows_up = 0.9",
    'refreshes = "1 min"',
])  # fmt: skip
def test_a_visitor_behaves_as_people_do(words: str) -> None:
    assert said((PATIENCE, words)) == []


@pytest.mark.parametrize(("factor", "kept"), [("0.5", False), ("1.0", True), ("4.0", True)])
def test_a_rate_for_more_people_than_come_is_not_sent(factor: str, kept: bool) -> None:
    made = sent(
        (RELEASE, 'release = { rate = "9/s" }'),
        ('drain = "10 s"', f'drain = "10 s"\ndemand_factor = {factor}\nreason = "why"'),
    )
    release = "waitlist.release.rate (rehearsed at 0.75 of the target's capacity)"
    assert [str(each) for each in made.left_out] == ([] if kept else [release])
    line = system(made).waitlist.release
    assert isinstance(line, TokenBucket)
    # 0.75 of two servers of 4 s each.
    assert line.rate_per_s == pytest.approx(9 if kept else 0.375)


def test_where_nobody_stands_in_line_its_words_do_not_matter() -> None:
    opened = (POLICY, 'policy = "open"\nplaces = 20')
    assert said(opened, (RELEASE, SLOTS), (PATIENCE, 'balks = "1 min"')) == []


def test_a_line_that_has_opened_before_the_rehearsal_is_fifo() -> None:
    """From 1 min on, a line that shuffled at 30 s is first come, first served, as it is sent."""
    assert said((POLICY, 'policy = "shuffle-then-fifo"\nopens = "30 s"')) == []


def test_a_line_that_closes_after_the_rehearsal_is_none() -> None:
    later = '[[change]]\nat = "5 min"\nset = { "waitlist.policy" = "random" }\n'
    opened = changed((POLICY, 'policy = "open"'), (RELEASE, SLOTS)) + later
    assert sendable(parse(opened, "f")).left_out == ()


def test_a_server_may_do_what_it_likes_for_a_request() -> None:
    """Where stations are named, and not measured by request, they are as their file says."""
    calls = f'{AT}\ncalls = [{{ at = "desk" }}]\nholds = {{ at = "desk", for = "1 min" }}'
    text = changed((AT, calls))
    named = read_stations(stations_in(text), "f")
    made = sendable(parse(text, "f"), named)
    assert made.left_out == ()
    (step,) = system_of(made.scenario, named).steps
    assert len(step.calls) == 1
    assert step.holds is not None


def system(made: Sendable) -> System:
    return system_of(made.scenario)


def test_the_line_that_is_sent_is_fifo_at_a_share_of_the_capacity() -> None:
    made = sent(
        (POLICY, 'policy = "priority"\nplaces = 5\ncall_expires = "1 min"\nexpired = "to the end"'),
        (RELEASE, SLOTS),
        ('poll_every = "2 s"\n', ""),
    )
    line = system(made).waitlist
    assert (line.policy, line.places, line.call_expires_ns, line.expired_to_end) == (
        Policy.FIFO, UNBOUNDED, FOREVER, False,
    )  # fmt: skip
    # 0.75 of two servers of 4 s each.
    assert line.release == TokenBucket(spacing_ns=2_666_666_667)
    assert line.poll_every_ns == 2_000_000_000


def test_everything_is_rehearsed_but_what_is_named() -> None:
    made = sendable(parse(EVERYTHING, "everything.toml"))
    assert [each.key for each in made.left_out] == [
        "people.invited.refers", "people.invited.answers_after", "people.invited.patience_factor",
        "people.curious.balks", "people.curious.answers_after", "people.curious.retries_factor",
        'waitlist.policy = "priority"', "waitlist.call_expires",
        "waitlist.release.slots", "station.web.autoscaler", "station.web.cold_start",
        "station.database.inflation", 'station.mail.kind = "quota"', 'station.feed.kind = "cpu"',
        "journey.signup.step.form.calls",
    ]  # fmt: skip
    assert [str(request) for request in step_requests(made.scenario)] == [
        "POST /signup", "POST /verify", *["GET /read/feed"] * 3,
    ]  # fmt: skip


def test_a_request_is_named_by_its_step_where_another_has_its_method_and_path() -> None:
    def step(name: str, words: str) -> str:
        return f'[[journey.step]]\nname = "{name}"\nat = "desk"\nrequest = {{ {words} }}\n'

    asks, tells = 'path = "/q", text = "who?"', 'path = "/q", text = "me"'
    more = step("ask", asks) + step("again", asks) + step("tell", tells)
    made = sent(("[objectives.signup]", f"{more}[objectives.signup]"))
    assert list(keys_of(made.scenario).values()) == [
        ["POST /signup"], ["POST /q #ask", "POST /q #again"], ["POST /q #tell"],
    ]  # fmt: skip


SEVERAL = changed(
    ('name = "early"', 'name = "early"\njourneys = { lurk = 0.2, signup = 0.6, browse = 0.2 }'),
    ("[[surge]]\n", '[[people]]\nname = "silent"\njourneys = { lurk = 1.0 }\n\n[[surge]]\n'),
    (
        "[waitlist]",
        (
            '[[surge]]\nname = "lurkers"\nshape = "constant"\npeople = "silent"\nrate = "1/s"\n\n'
            "[waitlist]"
        ),
    ),
    (
        '[[journey]]\nname = "signup"\n',
        (
            '[[journey]]\nname = "lurk"\n[[journey.step]]\nname = "look"\nat = "desk"\n\n'
            '[[journey]]\nname = "signup"\n'
        ),
    ),
    (
        "[objectives.signup]",
        """[[journey.step]]
name = "mail"
at = "desk"

[[journey]]
name = "browse"
[[journey.step]]
name = "look"
at = "desk"
request = { method = "GET", path = "/read/feed" }

[objectives.lurk]
errors = 0.5

[objectives.signup]""",
    ),
)


def rehearsed(text: str, measured: str | None = None) -> tuple[Plan, Plan]:
    """The launch, and the rehearsal of what of it is sent."""
    scenario = parse(text, "f")
    stations = None if measured is None else read_stations(measured, "staging.toml")
    made = sendable(scenario, stations)
    plan = rehearsal_plan(scenario, stations, seed=3, engine=ENGINE, sent=made.scenario)
    return launch_plan(scenario, seed=3, engine=ENGINE), plan


def test_who_has_nothing_to_send_does_not_come() -> None:
    launch, plan = rehearsed(SEVERAL)
    assert [str(each) for each in sendable(parse(SEVERAL, "f")).left_out] == [
        "people.silent", "journey.lurk", "journey.signup.step.mail",
    ]  # fmt: skip
    assert [(people.name, people.journey) for people in plan.system.people] == [
        ("early", 0), ("early", 1),
    ]  # fmt: skip
    assert [len(journey.steps) for journey in plan.system.journeys] == [1, 1]
    assert [asked.journey for asked in plan.objectives.journeys] == ["signup"]
    # Of each component of the launch the same window, and none of those who lurk.
    window = launch.demand.window(60 * 10**9, 180 * 10**9)
    of_signup, of_browse = (
        part.mass.tolist() for part in window.components if part.people in (1, 2)
    )
    assert [part.people for part in plan.demand.components] == [0, 1]
    assert [part.mass.tolist() for part in plan.demand.components] == [of_signup, of_browse]
    assert launch.demand.total == pytest.approx(100 + 600)


def test_a_share_of_capacity_is_one_for_those_who_are_sent() -> None:
    """Three in four of them sign up, one in four looks, all for 4 s at one of two servers."""
    _, plan = rehearsed(SEVERAL)
    release = plan.system.waitlist.release
    assert isinstance(release, TokenBucket)
    assert release.rate_per_s == pytest.approx(0.75 * 2 / 4)


MEASURED = """
[[station]]
name = "web"
servers = 1
waiting_room = 64
service = { law = "lognormal", mean = "40 ms", cv = 0.1 }
round_trip = "2.5 ms"
measured = "probe-1"
[station.serves]
"POST /signup" = { law = "lognormal", mean = "40 ms", cv = 0.1 }

[[station]]
name = "reads"
servers = 3
waiting_room = 9
service = { law = "lognormal", mean = "2 ms", cv = 0.2 }
measured = "probe-1"
[station.serves]
"GET /read/feed" = { law = "lognormal", mean = "2 ms", cv = 0.2 }
"GET /read/else" = { law = "lognormal", mean = "9 ms", cv = 0.2 }
"""


def test_each_step_is_done_where_its_request_was_measured() -> None:
    _, plan = rehearsed(SEVERAL, MEASURED)
    assert [station.name for station in plan.system.stations] == ["web", "reads"]
    assert [(step.station, step.service) for step in plan.system.steps] == [
        (0, Duration.lognormal(40_000_000, 0.1)),
        (1, Duration.lognormal(2_000_000, 0.2)),
    ]
    # Three in four take 40 ms at one server: 33 people a second, of whom 0.75 are let in.
    release = plan.system.waitlist.release
    assert isinstance(release, TokenBucket)
    assert release.rate_per_s == pytest.approx(0.75 / (0.75 * 0.040))


def test_the_file_of_a_system_may_be_what_the_probe_wrote() -> None:
    station = stations_in(SMALL)
    text = f'system = "staging.toml"\n{SMALL.replace(station, "")}'
    measured = MEASURED.replace('"web"', '"desk"')
    made = sendable(parse(text, "f", read=lambda _: measured))
    assert [step.service for step in system(made).steps] == [Duration.lognormal(40_000_000, 0.1)]


def test_the_whole_launch_meets_a_system_where_its_requests_were_measured() -> None:
    """What was not measured stays the file's own: a launch does more than is sent."""
    unmeasured = MEASURED.replace("GET /read/feed", "GET /read/none")
    own = parse(SEVERAL, "f")

    met = system_of(launch_met_by(own, read_stations(unmeasured, "staging.toml")))

    places = [(met.stations[step.station].name, step.service) for step in met.steps]
    written = [("desk", step.service) for step in system_of(own).steps]
    lurk, signup, mail, browse = range(4)
    assert places[signup] == ("web", Duration.lognormal(40_000_000, 0.1))
    for step in (lurk, mail, browse):
        assert places[step] == written[step]
    assert system_of(own).stations[0] in met.stations


def test_stations_that_go_by_names_take_the_place_of_the_launchs_own() -> None:
    stations = read_stations(
        MEASURED[: MEASURED.index("[station.serves]")].replace('"web"', '"desk"'), "s"
    )

    (met,) = system_of(launch_met_by(parse(SMALL, "f"), stations)).stations

    assert (met.name, met.servers, met.service) == ("desk", 1, Duration.lognormal(40_000_000, 0.1))


def test_a_request_that_was_not_measured_is_told() -> None:
    stations = read_stations(MEASURED.replace("/read/feed", "/read/none"), "staging.toml")
    with pytest.raises(ScenarioError) as error:
        sendable(parse(SEVERAL, "f"), stations)
    (mistake,) = error.value.mistakes
    assert mistake.key == "journey.browse.step.look.request"
    assert mistake.problem == 'asks for "GET /read/feed", which was not measured'


def test_changes_that_come_too_late_or_have_no_lever_are_none() -> None:
    changes = """
[[change]]
at = "1 min"
set = { "waitlist.release.slots.total" = 3, "station.desk.servers" = 7 }

[[change]]
at = "9 min"
set = { "waitlist.policy" = "open" }
"""
    text = changed((RELEASE, SLOTS)) + changes
    named = MEASURED + stations_in(text)
    _, plan = rehearsed(text, named)
    assert plan.system.changes == ()
    assert isinstance(plan.system.waitlist.release, TokenBucket)


def test_a_launch_of_which_nothing_can_be_sent_is_refused_in_one_sentence() -> None:
    with pytest.raises(
        ScenarioError, match=r"f: journey: cannot be sent: .* \(give a step request"
    ):
        sendable(parse(changed((REQUEST, "")), "f"))


def test_a_launch_without_a_rehearsal_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"f: replay: is missing \(add \[replay\]"):
        sendable(parse(SMALL[: SMALL.index("[replay]")], "f"))
