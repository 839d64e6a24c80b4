"""Files that a launch names (cases 08, 90 to 94): read as spreadsheets write them, and no others."""

import codecs
import os
from pathlib import Path

import pytest

from tests.end_to_end.command import Done, surgeproof
from tests.examples import examples
from tests.launches.files import SMALL, stations_in

CASES = Path(__file__).parent / "logs"
SECRET = "SECRET_TOKEN=hunter2"
STATION = '[[station]]\nname = "desk"\nservers = 2\nwaiting_room = 8\nservice = "1 s"\n'
OPENING_S = 1772362800
"""2026-03-01T12:00:00+01:00, that of the launch."""

MILESTONES = SMALL[SMALL.index("[[surge]]") : SMALL.index("[waitlist]")]
OWN_STATION = stations_in(SMALL)


def recorded(file: str, every: str = "") -> str:
    surge = f'[[surge]]\nshape = "recorded"\npeople = "early"\nfile = "{file}"\n{every}\n'
    return SMALL.replace(MILESTONES, surge)


def with_system(file: str) -> str:
    return SMALL.replace(OWN_STATION, "").replace("[launch]", f'system = "{file}"\n[launch]', 1)


def checked(text: str, folder: Path, *words: str) -> Done:
    launch = folder / "launch.toml"
    launch.write_text(text)
    return surgeproof("check", launch, *words)


def arrivals(text: str | bytes, folder: Path) -> Done:
    """What check says of a launch whose recording this is."""
    (folder / "x.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return checked(recorded("x.csv"), folder)


@examples("case, total, peak",
    ("90", "90-bom-before-a-quote", 210, "2/s in the busiest second (at the opening)"),
    ("91", "91-semicolons", 210, "2/s in the busiest second (at the opening)"),
    ("93", "93-seconds-since-1970", 3, "1/s in the busiest second (at the opening)"),
    ("94", "94-gap-and-unequal-spans", 257, "18/s in the busiest second (after 1 min)"),
)  # fmt: skip
def test_a_table_of_others_is_read(case: str, total: int, peak: str, tmp_path: Path) -> None:
    text = (CASES / f"{case}.csv").read_bytes()
    (tmp_path / "x.csv").write_bytes(text)
    opens = recorded("x.csv").replace("2026-03-01T12:00:00+01:00", "2026-01-01T01:00:00+01:00")
    done = checked(opens, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"total     {total} in 10 min" in done.stdout
    assert f"peak      {peak}" in done.stdout


@examples("text",
    ("CRLF, quoted", '"from_second","to_second","count"\r\n"0","60","3"\r\n'),
    ("tabs, blank lines", "from_second\tto_second\tcount\n0\t60\t3\n\n\n"),
    ("pipes, another order", "count|to_second|from_second\n3|60|0\n"),
    ("sep=, empty rows", "sep=;\nfrom_second;to_second;count\n0;60;3\n;;\n;;\n"),
    ("capitals and blanks", "From_Second; To_Second; Count\n0; 60; 3\n"),
    ("empty columns", "\n\nfrom_second,to_second,count,,\n0,60,3,,\n"),
    ("carriage returns alone", "from_second,to_second,count\r0,60,3\r"),
    ("decimal commas", "second;path\n0,5;/a\n1,250;/b\n2,0;/c\n"),
    ("quoted decimal commas", 'second,path\n"0,5",/a\n1.25,/b\n2,/c\n'),
    ("since 1970", f"second\n{OPENING_S}\n{OPENING_S}.5\n{OPENING_S + 9}\n"),
    ("in ms", f"second\n{OPENING_S}000\n{OPENING_S}500\n{OPENING_S + 9}000\n"),
    ("spans since 1970", f"from_second,to_second,count\n{OPENING_S},{OPENING_S + 60},3\n"),
    ("a mark, a break in a cell", codecs.BOM_UTF8 + 'second,path\n0,"/é"\n1,"/a\n\u2028b"\n2,\n'.encode()),
)  # fmt: skip
def test_three_people_in_many_tables(text: str | bytes, tmp_path: Path) -> None:
    done = arrivals(text, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "total     3 in 10 min" in done.stdout


@examples("text, sentence",
    ("UTF-16", "second,path\n1,/a\n".encode("utf-16"), "is in UTF-16"),
    ("UTF-16, no mark", "second\n1\n".encode("utf-16-le"), "as UTF-16 has"),
    ("Latin-1", "second,path\n1,/é\n".encode("latin-1"), "perhaps in Latin-1"),
    ("bytes", b"\0\xff\xfe\0" * 9, "is not a text file"),
    ("nothing", "", "does not name the columns"),
    ("no first line", "0\n1\n", "does not name the columns"),
    ("a thousand", 'second,path\n"1,000",/a\n', "decimals or thousands"),
    ("a thousand, tabs", "second\tpath\n1,000\t/a\n", "decimals or thousands"),
    ("both kinds", f"second\n0\n{OPENING_S}\n", "not count from the same"),
    ("earlier", f"second\n{OPENING_S - 60}\n", "is 1 min before the opening"),
    ("another day", f"second\n{OPENING_S + 86400}\n", "1 day after"),
)  # fmt: skip
def test_a_table_that_cannot_be_read_says_why(
    text: str | bytes, sentence: str, tmp_path: Path
) -> None:
    done = arrivals(text, tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr


@examples("text",
    ("a variable", SECRET),
    ("a cell", f"second\n{SECRET}\n"),
    ("a column", f"second,{SECRET}\n1\n-{SECRET}\n"),
    ("an open quote", f'second\n"{SECRET}'),
    ("a count", f"from_second,to_second,count\n0,1,{SECRET}\n"),
    ("a short line", f"from_second,to_second,count\n0,1\n{SECRET}\n"),
)  # fmt: skip
def test_what_is_no_table_is_not_quoted(text: str, tmp_path: Path) -> None:
    done = arrivals(text, tmp_path)
    assert done.returncode == 2
    assert "hunter2" not in done.stderr + done.stdout
    assert "SECRET" not in done.stderr + done.stdout


@examples("text",
    ("no TOML", SECRET),
    ("TOML of another kind", 'SECRET_TOKEN = "hunter2"'),
    ("a table twice", "[hunter2]\n[hunter2]\n"),
    ("a key twice", "a = {hunter2 = 1, hunter2 = 2}"),
    ("a key that is a table", "hunter2.a = 1\nhunter2 = 2\n"),
    ("a closed table", "[hunter2.a]\n[hunter2]\na.b = 1\n"),
    ("a value", "a = hunter2"),
)  # fmt: skip
def test_what_is_no_file_of_stations_is_not_quoted(text: str, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(text)
    done = checked(with_system("s.toml"), tmp_path)
    assert done.returncode == 2
    assert "s.toml" in done.stderr
    assert "hunter2" not in done.stderr + done.stdout
    # As the launch itself, and on the command line, it is the user's own word, and not quoted either.
    (tmp_path / "l.toml").write_text(SMALL)
    own = surgeproof("check", tmp_path / "s.toml")
    given = surgeproof(
        *("replay", tmp_path / "l.toml", "--target", "http://127.0.0.1:9"),
        *("--system", tmp_path / "s.toml"),
    )
    for done in (own, given):
        assert done.returncode == 2
        assert "hunter2" not in done.stderr + done.stdout


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file that is not in the folder of the launch."""
    path = tmp_path / "outside.csv"
    path.write_text("second\n1\n")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the launch lies."""
    path = tmp_path / "launch"
    path.mkdir()
    return path


@examples("words",
    ("check", ("check", "LAUNCH")),
    ("show", ("show", "LAUNCH")),
    ("predict", ("predict", "LAUNCH")),
    ("stress", ("predict", "LAUNCH", "--stress")),
    ("new", ("new", "NEW", "--like", "LAUNCH", "--expect", "100")),
    ("probe", ("probe", "--like", "LAUNCH", "--target", "http://127.0.0.1:9")),
    ("replay", ("replay", "LAUNCH", "--target", "http://127.0.0.1:9")),
)  # fmt: skip
def test_each_verb_asks_before_it_reads_elsewhere(
    words: tuple[str, ...], folder: Path, outside: Path
) -> None:
    outside.write_text(SECRET)
    launch = folder / "launch.toml"
    launch.write_text(recorded("../outside.csv"))
    names = {"LAUNCH": str(launch), "NEW": str(folder / "new.toml")}
    said = [names.get(word, word) for word in words]

    refused = surgeproof(*said)
    assert refused.returncode == 2
    assert "is outside the folder of the launch file" in refused.stderr
    assert "allow it with --allow-files" in refused.stderr

    allowed = surgeproof(*said, "--allow-files")
    assert allowed.returncode == 2
    assert "outside.csv: line 1: does not name the columns" in allowed.stderr
    assert "hunter2" not in refused.stderr + refused.stdout + allowed.stderr + allowed.stdout


@pytest.mark.parametrize("named", [
    "../outside.csv", "/proc/self/environ", "/etc/passwd", "/dev/zero", "link.csv",
    "linked/outside.csv", "here/../../outside.csv", "./here/../link.csv", "../launch-2/x.csv",
])  # fmt: skip
@pytest.mark.parametrize("kind", [recorded, with_system])
def test_what_leads_out_of_the_folder_is_not_opened(
    kind: object, named: str, folder: Path, outside: Path
) -> None:
    assert callable(kind)
    (folder / "here").mkdir()
    (folder / "link.csv").symlink_to(outside)
    (folder / "linked").symlink_to(outside.parent)
    done = checked(kind(named), folder)
    assert done.returncode == 2
    assert f'"{named}" is outside the folder of the launch file' in done.stderr


@pytest.mark.parametrize("named", ["own.csv", "here/own.csv", "./here/../own.csv", "link.csv"])
def test_what_lies_in_the_folder_is_read(named: str, folder: Path) -> None:
    (folder / "here").mkdir()
    for place in (folder, folder / "here"):
        (place / "own.csv").write_text("second\n1\n")
    (folder / "link.csv").symlink_to("here/own.csv")
    assert checked(recorded(named), folder).returncode == 0


def test_the_folder_may_be_a_link_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "own.csv").write_text("second\n1\n")
    (folder / "launch.toml").write_text(recorded("own.csv"))
    (folder.parent / "alias").symlink_to(folder)
    assert surgeproof("check", folder.parent / "alias" / "launch.toml").returncode == 0
    monkeypatch.chdir(folder)
    assert surgeproof("check", "launch.toml").returncode == 0
    assert surgeproof("check", "./launch.toml").returncode == 0


def test_elsewhere_is_read_where_the_user_says_so(folder: Path, outside: Path) -> None:
    assert checked(recorded(str(outside)), folder, "--allow-files").returncode == 0
    outside.write_text(STATION)
    assert checked(with_system("../outside.csv"), folder, "--allow-files").returncode == 0


@pytest.mark.parametrize("named", ["pipe", "here", "/dev/zero", ".", "here/"])
@pytest.mark.parametrize("kind", [recorded, with_system])
def test_what_is_no_file_is_refused_even_then(kind: object, named: str, folder: Path) -> None:
    assert callable(kind)
    os.mkfifo(folder / "pipe")
    (folder / "here").mkdir()
    done = checked(kind(named), folder, "--allow-files")
    assert done.returncode == 2
    assert "is not a file (pipes, devices and folders are not read)" in done.stderr


@examples("named, sentence",
    ("gone", "gone.csv", "cannot be read: No such file"),
    ("a link to itself", "loop.csv", ""),
    ("a zero", "a\\u0000b", ""),
    ("nothing", "", "is not a file"),
    ("too long", "x" * 5000, ""),
    ("large", "large.csv", "is larger than 64 MiB"),
)  # fmt: skip
def test_what_cannot_be_read_is_a_sentence(named: str, sentence: str, folder: Path) -> None:
    (folder / "loop.csv").symlink_to("loop.csv")
    with (folder / "large.csv").open("wb") as large:
        large.truncate((64 << 20) + 1)
    done = checked(recorded(named), folder)
    assert done.returncode == 2
    assert sentence in done.stderr


def test_a_variant_names_its_stations_under_the_same_rule(folder: Path, outside: Path) -> None:
    text = SMALL + '\n[variant.large]\nsystem = "../outside.csv"\n'
    done = checked(text, folder)
    assert done.returncode == 2
    assert "variant.large.system" in done.stderr
    assert "--allow-files" in done.stderr


@pytest.mark.parametrize("setting", [
    'surge.recorded.file="/etc/passwd"',
    'surge=[{shape="recorded", people="early", file="/etc/passwd"}]',
])  # fmt: skip
def test_a_setting_does_not_name_another_recording(setting: str, folder: Path) -> None:
    (folder / "own.csv").write_text("second\n1\n")
    done = checked(recorded("own.csv"), folder, "--set", setting)
    assert done.returncode == 2
    assert "cannot be changed by a variant or a setting" in done.stderr


def test_a_launch_of_the_library_reads_no_file() -> None:
    setting = 'surge=[{shape="recorded", people="everybody", file="/etc/passwd"}]'
    done = surgeproof("check", "truth-social-2022", "--set", setting, "--allow-files")
    assert done.returncode == 2
    assert "root" not in done.stderr


@examples("wrong, told",
    ("a string", 'servers = "hunter2"', "servers: is a string (it must be a"),
    ("bounds", "servers = -77777", "servers: is a number (it must be at least"),
    ("no time", 'service = "hunter2"', "service: is a string that does not fit"),
    ("a choice", 'kind = "hunter2"', 'kind: is a string (it must be "pool"'),
    ("a law", 'service = { law = "hunter2" }', "law: is a string (it must"),
)  # fmt: skip
def test_values_of_a_file_of_stations_are_told_by_their_kind(
    wrong: str, told: str, tmp_path: Path
) -> None:
    key = wrong.split(maxsplit=1)[0]
    lines = [line for line in STATION.splitlines() if not line.startswith(key)]
    (tmp_path / "s.toml").write_text("\n".join([*lines, wrong]))
    done = checked(with_system("s.toml"), tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert "hunter2" not in done.stderr
    assert "77777" not in done.stderr


@pytest.mark.parametrize("named", ["pipe", ".", "/dev/zero"])
def test_stations_given_on_the_command_line_are_a_file_too(named: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "l.toml").write_text(SMALL)
    words = ("replay", tmp_path / "l.toml", "--target", "http://127.0.0.1:9")
    done = surgeproof(*words, "--system", tmp_path / named)
    assert done.returncode == 2
    assert "is not a file" in done.stderr


def test_a_check_tells_whom_the_horizon_cuts_off(tmp_path: Path) -> None:
    late = "".join(f"{second},/a\n" for second in (0, 1, 599, 700, 800))
    done = arrivals("second,path\n" + late, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "total     3 in 10 min" in done.stdout
    assert "without 2 of the 5 recorded in recorded: they come after the horizon" in done.stdout
