"""Every mistake in a surge is told with its key, what is wrong, and what would be right."""

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.scenario import parse
from simulator.scenario.words.surges.surge import SHAPES, Recorded
from simulator.units import NS_PER_S
from tests.examples import examples
from tests.launches.files import SMALL, changed, mistakes

SURGE = SMALL[SMALL.index("[[surge]]") : SMALL.index("[waitlist]")]


def with_surge(words: str) -> str:
    return changed((SURGE, f'[[surge]]\npeople = "early"\n{words}\n\n'))


MILESTONES = 'shape = "milestones"\ncounts = "arrivals"\npoints = [["2 min", 600], ["9 min", 900]]'
SPIKE = 'shape = "spike"\ndecay = "1 min"'
WAVES = 'shape = "waves"\naccepts = 0.5\nafter = "1 min"'
DAY = 'shape = "diurnal"\nrate = "1/s"'
UTC = 'zones = [["UTC", 1.0]]'
WAVE = "peak_hour = 20\ndepth = 0.5"


@examples("words, told",
    ("no shape", "", f'surge[1]: has no shape; add shape = "...", one of {", ".join(SHAPES)}'),
    ("volume out of order", 'shape = "constant"\nrate = "1/s"\nvolume = { low = 2, high = 4 }',
     "surge.constant.volume.low: low, 2, is more than likely, 1; order them: low, likely, high"),
    ("step of what was not counted", f'{MILESTONES}\nstep = "create"',
     'surge.milestones.step: has no effect here; write counts = "signups"'),
    ("step that is not there", f'{MILESTONES.replace("arrivals", "signups")}\nstep = "creat"',
     'surge.milestones.step: there is no step "creat"; did you mean "create"?'),
    ("peak below the mean", f'{MILESTONES}\npeak = "4/s"',
     "surge.milestones.peak: is 4/s, and between 0 s and 2 min 5/s come on average; it must be at least that"),
    ("peak of another curve", f'{MILESTONES}\npeak = "9/s"\nbetween = "early"',
     'surge.milestones.peak: has no effect with between = "early"; write between = "smooth"'),
    ("ends before it begins", 'shape = "constant"\nrate = "1/s"\nfrom = "3 min"\nuntil = "2 min"',
     "surge.constant.until: is not after from; make it end after from"),
    ("ramp of nothing", 'shape = "ramp"\nuntil = "2 min"', 'surge.ramp: has rate 0 at both ends; add last = "40/s"'),
    ("spike without size", SPIKE, "surge.spike: has neither size nor peak; give one of the two"),
    ("spike of two sizes", f'{SPIKE}\nsize = 9\npeak = "1/s"', "surge.spike: has size and peak; give one of the two"),
    ("endless tail", f"{SPIKE}\nsize = 9\nexponent = 0.6",
     "surge.spike.exponent: is 0.6, and with such a tail the number of people is infinite; give peak instead of size, or more than 1"),
    ("waves of nobody", WAVES,
     ('surge.waves: invites nobody; add batches = [["0 s", 1_000], ["2 days", 5_000]], or'
      " invited, every and times")),
    ("waves without rhythm", f"{WAVES}\ninvited = 9\ntimes = 2", "surge.waves: lacks every; invited, every and times go together"),
    ("waves twice", f'{WAVES}\ninvited = 9\nbatches = [["0 s", 9]]',
     "surge.waves.invited: has no effect beside batches; keep one of the two"),
    ("batches out of order", f'{WAVES}\nbatches = [["2 min", 9], ["1 min", 9]]',
     "surge.waves.batches: batch 2, at 1 min, does not come after 2 min; put the batches in time order"),
    ("uninvited strangers", f'{WAVES}\nbatches = [["0 s", 9]]\nuninvited = {{ per_invited = 2, people = "earl" }}',
     'surge.waves.uninvited.people: there is no group of people "earl"; did you mean "early"?'),
    ("zone that is none", f'{DAY}\n{WAVE}\nzones = [["CET", 1.0]]',
     'surge.diurnal.zones[1]: "CET" is not a UTC offset; write "UTC+05:30", "UTC-03:00" or "UTC"'),
    ("zones of some", f'{DAY}\n{WAVE}\nzones = [["UTC", 0.5], ["UTC+01:00", 0.4]]',
     "surge.diurnal.zones: the shares add up to 0.9; they must add up to 1"),
    ("short day", f"{DAY}\n{UTC}\nhours = [1, 2]", "surge.diurnal.hours: has 2 entries; a day has 24 hours, from midnight on"),
    ("day of nobody", f"{DAY}\n{UTC}\nhours = [{', '.join(['0'] * 24)}]",
     "surge.diurnal.hours: is 0 at every hour; make at least one hour more than 0"),
    ("peak without depth", f"{DAY}\n{UTC}\npeak_hour = 3", "surge.diurnal: peak_hour and depth belong together; give both, or hours"),
    ("day without hours", f"{DAY}\n{UTC}", "surge.diurnal: has no hours; give hours, or peak_hour and depth"),
    ("referral of nobody", 'shape = "referral"\nof = "spikes"\nbrings = 0.5\nafter = "1 min"',
     'surge.referral.of: there is no surge "spikes"; there is none'),
    ("referral of itself", 'shape = "referral"\nof = "referral"\nbrings = 0.5\nafter = "1 min"',
     ('surge.referral.of: "referral" is not defined before it; put it after the surges'
      " named by of")),
    ("referral without end", 'shape = "referral"\nof = "referral"\nbrings = 1.0\nafter = "1 min"',
     "surge.referral.brings: is 1.0; it must be at most 0.99"),
    ("referral of uncertain volume",
     'shape = "referral"\nof = "x"\nbrings = 0.5\nafter = "1 min"\nvolume = { low = 1, high = 2 }',
     "surge.referral.volume: has no effect here: the surges named by of decide how many come; set it on those surges"),
    ("retention out of order", 'shape = "returning"\nof = "x"\nretention = [["2 days", 0.5], ["1 day", 0.2]]',
     "surge.returning.retention: point 2, after 1 day, does not come after 2 days; put the points in time order"),
    ("retention of nobody", 'shape = "returning"\nof = "x"\nretention = [["1 day", 0.0], ["2 days", 0.0]]',
     "surge.returning.retention: keeps nobody; some share must be above 0"),
    ("recording of nothing", 'shape = "recorded"', 'surge.recorded: has neither file nor counts; add file = "arrivals.csv"'),
    ("recording without stretches", 'shape = "recorded"\ncounts = [1, 2]',
     'surge.recorded: lacks every; add every = "1 min": how long each count lasts'),
    ("recording of words", 'shape = "recorded"\nevery = "1 s"\ncounts = "one two"',
     'surge.recorded.counts: is not a list of numbers; write [3, 0, 5] or "3 0 5"'),
    ("recording that cannot be read", 'shape = "recorded"\nfile = "old.csv"',
     'surge.recorded.file: "old.csv" cannot be read here; give counts and every'),
)  # fmt: skip
def test_a_mistake_is_told_with_its_key_and_remedy(words: str, told: str) -> None:
    assert told in mistakes(with_surge(words))


def referral(of: str, people: str = "early") -> str:
    return f"""
[[surge]]
shape = "referral"
name = "friends"
people = "{people}"
of = {of}
brings = 0.5
after = "1 min"

[waitlist]"""


def test_a_referral_comes_after_the_surges_that_it_is_of() -> None:
    good = parse(changed(("[waitlist]", referral('"milestones"'))), "f")
    assert [surge.name for surge in good.words.surge] == ["milestones", "friends"]
    first = changed(("[[surge]]", referral('"milestones"').replace("[waitlist]", "[[surge]]")))
    assert mistakes(first) == [
        (
            'surge.friends.of: "milestones" is not defined before it; put it after the surges'
            " named by of"
        )
    ]


FILES = {
    "old.csv": "second,path\n0.5,/signup\n0.25,/signup\n3.999,/signup\n",
    "spans.csv": "from_second,to_second,count\n0,2,4\n4,10,6\n",
    "years.csv": "second\n90000000\n",
    "wrong.csv": "second\n-1\n",
}


def read(name: str) -> str:
    if name not in FILES:
        raise FileNotFoundError(2, "No such file or directory")
    return FILES[name]


def recorded(words: str) -> Recorded:
    text = with_surge(f'shape = "recorded"\n{words}')
    scenario = parse(text, "f", read=read)
    surge = scenario.words.surge[0]
    assert isinstance(surge, Recorded)
    # What a run's folder keeps needs no other file.
    assert parse(scenario.dump(), "f").words == scenario.words
    return surge


def test_instants_are_counted_in_each_second() -> None:
    surge = recorded('file = "old.csv"')
    assert (surge.every_ns, surge.counts) == (NS_PER_S, (2, 0, 0, 1))
    assert recorded('file = "old.csv"\nevery = "2 s"').counts == (2, 1)


def test_counts_keep_their_spans_or_are_spread_over_others() -> None:
    surge = recorded('file = "spans.csv"')
    assert (surge.every_ns, surge.counts) == (2 * NS_PER_S, (4, 0, 2, 2, 2))
    assert recorded('file = "spans.csv"\nevery = "5 s"').counts == (5, 5)


@examples("words, told",
    ("gone", 'file = "gone.csv"',
     ('surge.recorded.file: "gone.csv" cannot be read: No such file or directory; is the path'
      " right?")),
    ("too long", 'file = "years.csv"',
     ("surge.recorded.file: lasts 1041 days 16 h, and has 90,000,001 stretches of 1 s; at most"
      ' 500,000: write a longer every = "..."')),
    ("wrong lines", 'file = "wrong.csv"', "line 2: is before the opening; record it with an earlier --opening, or leave the line out"),
    ("wrong stretch", 'file = "old.csv"\nevery = "2"',
     'surge.recorded.every: "2" has no unit; write a number and one of ns, us, ms, s, min, h, days, weeks, as in "40 ms"'),
)  # fmt: skip
def test_a_recording_that_cannot_be_used_is_told(words: str, told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        recorded(words)
    assert told in [f"{m.key}: {m.problem}; {m.remedy}" for m in error.value.mistakes]
