"""Logs of others (cases 70 to 89): every line is counted, or refused aloud."""

import bz2
import codecs
import gzip
import lzma
import shlex
from pathlib import Path

import pytest

from tests.end_to_end.command import Done, surgeproof
from tests.examples import examples

LOGS = Path(__file__).parent / "logs"
ZERO = "2024-05-01T10:00:00+00:00"
AT = "01/May/2024:10:00:0"


def line(second: int = 0, path: str = "/a", status: str = "200") -> str:
    return f'192.0.2.7 - - [{AT}{second} +0000] "GET {path} HTTP/1.1" {status} 2 "-" "x"\n'


def recorded(
    log: Path | str, tmp_path: Path, *words: str, stdin: bytes = b""
) -> tuple[Done, list[str]]:
    """What record says, and the rows that it writes."""
    out = tmp_path / "launch.csv"
    done = surgeproof("record", log, "-o", out, *words, stdin=stdin)
    rows = out.read_text().splitlines()[1:] if out.exists() else []
    out.unlink(missing_ok=True)
    return done, rows


def told(text: str | bytes, tmp_path: Path, *words: str) -> tuple[Done, list[str]]:
    log = tmp_path / "access.log"
    log.write_bytes(text if isinstance(text, bytes) else text.encode())
    return recorded(log, tmp_path, *words)


@examples("case, opening, rows",
    ("70", "70-quoted-empty-user", "2017-07-03T01:35:06", ["0,/", "1,/"]),
    ("71", "71-syslog-day-padding", "2018-01-23T13:00:02", ["0,/bla", "950400,/bla", "950401,/bla"]),
    ("73", "73-status-zero-or-dash", "2024-06-19T03:58:36", [f"{second},/signup" for second in (0, 1, 1, 2, 2, 3, 4)]),
    ("74", "74-forwarded-for-quoted", "2016-09-13T20:17:50", ["0,/url", "86400,/url", "172800,/url"]),
    ("76", "76-no-ident-no-user", "2018-01-23T13:00:02", ["0,/bla", "1,/bla"]),
    ("77", "77-caddy-json", "2024-11-08T16:42:24", ["0.3270802,/signup"]),
    ("78: when it came", "78-alb", "2020-04-09T23:51:41", ["0.09,/signup"]),
    ("80", "80-cloudfront", "2019-12-04T21:02:31", ["0,/index.html"]),
    ("81", "81-envoy-iso-time", "2018-08-14T23:08:23", ["0.803,/server_info"]),
    ("82", "82-unescaped-quotes", "2017-03-16T15:39:18", ["0,/", "1,/"]),
    ("84", "84-out-of-order", "2009-03-24T15:03:09", ["61,/a", "0,/big", "59,/a"]),
    ("86", "86-forwarded-for-plain", "2018-08-08T01:26:14", ["0,/"]),
    ("88", "88-cri-and-json-file", "2024-05-01T10:00:00", ["0,/a", "0,/a"]),
    ("89", "89-forwarded-for-brackets", "2018-06-27T10:54:33", ["0,/car/1/", "2,/car/2"]),
)  # fmt: skip
def test_a_log_of_others_is_read(case: str, opening: str, rows: list[str], tmp_path: Path) -> None:
    done, found = recorded(LOGS / f"{case}.log", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert found == rows
    assert f"opening = {opening}+00:00" in done.stdout


@examples("text",
    ("RFC 5424 with data",
     f'<190>1 2024-05-01T10:00:00.1Z h nginx - ID4 [x@32473 iut="3"] 192.0.2.7 - - [{AT}0 +0000] "GET /a HTTP/1.1" 200 2'),
    ("compose", f'web_1  | 192.0.2.7 - - [{AT}0 +0000] "GET /a HTTP/1.1" 200 2'),
    ("kubectl", f'[pod/a/b] - - - [{AT}0 +0000] "GET /a HTTP/1.1" 200 2'),
    ("both empty", f'x "" "" [{AT}0 +0000] "GET /a HTTP/1.1" 200 2'),
    ("quotes unescaped", f'x - - [{AT}0 +0000] "GET /a?q="b" HTTP/1.1" 200 2'),
    ("fields between", f'x - - [{AT}0.000 +0000] h "GET /a HTTP/1.1" "200" 2'),
    ("status -1", f'x - - [{AT}0 +0000] "GET /a HTTP/1.1" -1 2'),
    ("colours", f'\x1b[32mx - - [{AT}0 +0000] "GET /a HTTP/1.1" \x1b[0m200 2'),
    ("classic load balancer",
     ("2024-05-01T10:00:00Z lb 192.0.2.7:28 10.0.0.1:80 0.1 0.1 0.1 200 200 0 29"
      ' "GET http://h:80/a HTTP/1.1" "x" - -')),
    ("S3", f'7a b [{AT}0 +0000] 192.0.2.7 7a 3E REST.GET - "GET /a?v HTTP/1.1" 200 - 1'),
    ("Traefik",
     '{"StartUTC":"2024-05-01T10:00:00Z","time":"2024-05-01T10:00:05Z","RequestMethod":"GET","RequestPath":"/a?b","DownstreamStatus":200}'),
    ("nginx objects", '{"time_local":"01/May/2024:10:00:00 +0000","request":"GET /a HTTP/1.1","status":"0"}'),
    ("ms", '{"time":1714557600000,"method":"GET","path":"/a","status":1}'),
    ("µs", '{"time":1714557600000000,"method":"GET","path":"/a"}'),
    ("ns", '{"t":1714557600000000000,"verb":"GET","url":"http://h/a"}'),
    ("Caddy within Docker",
     ('{"log":"{\\"ts\\":1714557600.0,\\"request\\":{\\"method\\":\\"GET\\",\\"uri\\":\\"/a\\"}}\\n",'
      '"stream":"stdout","time":"2024-05-01T10:00:09Z"}')),
    ("an object behind CRI", '2024-05-01T10:00:07.1Z stdout F {"ts":"2024-05-01T12:00:00+0200","req":{"method":"GET","url":"/a"}}'),
    ("ECS, flat", '{"@timestamp":"2024-05-01T10:00:00,0Z","http.request.method":"GET","url.path":"/a"}'),
    ("the day in a directive",
     "#Software: IIS\n#Date: 2024-05-01 00:00:00\n#Fields: time cs-method cs-uri-stem sc-status\n10:00:00 GET /a 200"),
    ("no method and no status", "#Fields: date time cs-uri\n2024-05-01\t10:00:00\t/a\n"),
    ("quotes in a table", '#Fields: date time cs(User-Agent) cs-uri-stem\n2024-05-01 10:00:00 "a b ""c""" /a\n'),
    ("nginx without escape=json", '{"time":"2024-05-01T10:00:00Z","request":"GET /a HTTP/1.1","agent":"\\x22x\\xE9"}'),
    ("a log cut while it was written", b"\0" * 200_000 + line().encode()),
    ("a mark", codecs.BOM_UTF8 + line().encode()),
    ("UTF-16", line().encode("utf-16")),
    ("UTF-16 without a mark", line().encode("utf-16-be")),
    ("Latin-1", line().replace('"x"', '"é"').encode("latin-1")),
    ("CRLF", line().replace("\n", "\r\n").encode()),
    ("two members", gzip.compress(b"\n") + gzip.compress(line().encode())),
    ("bzip2", bz2.compress(line().encode())),
    ("xz", lzma.compress(line().encode())),
    ("a long line", line(path="/a?" + "x" * 50_000).encode()),
    ("blank lines", line().encode() + b"\n  \n\n"),
)  # fmt: skip
def test_one_arrival_in_many_coats(text: str | bytes, tmp_path: Path) -> None:
    done, rows = told(text, tmp_path)
    assert (done.returncode, done.stderr, rows) == (0, "", ["0,/a"])
    assert f"opening = {ZERO}" in done.stdout


def test_formats_may_be_mixed_in_one_file(tmp_path: Path) -> None:
    text = (
        line(1)
        + '{"ts":1714557602,"request":{"method":"GET","uri":"/b"}}\n'
        + "#Fields: date time cs-uri-stem\n2024-05-01 10:00:03 /c\n"
        + line(4)
        + "#Fields: time date x cs-uri-stem\n10:00:05 2024-05-01 y /d\n"
    )
    done, rows = told(text, tmp_path)
    assert (done.returncode, rows) == (0, ["0,/a", "1,/b", "2,/c", "3,/a", "4,/d"])


def test_rotated_files_are_one_log_in_whatever_order(tmp_path: Path) -> None:
    first, second = tmp_path / "access.log.1.gz", tmp_path / "access.log"
    first.write_bytes(gzip.compress(line(1).encode()))
    second.write_text(line(3))
    done, rows = recorded(second, tmp_path, str(first))
    assert (done.returncode, rows) == (0, ["2,/a", "0,/a"])
    assert "2 arrivals of 2 lines" in done.stdout


def test_a_directive_holds_for_its_own_file_only(tmp_path: Path) -> None:
    first, second = tmp_path / "1.log", tmp_path / "2.log"
    first.write_text("#Fields: date time cs-uri-stem\n2024-05-01 10:00:03 /c\n")
    second.write_text("2024-05-01 10:00:04 /d\n")
    done, rows = recorded(first, tmp_path, str(second))
    assert (done.returncode, rows) == (2, [])
    assert "1 of 3 lines could not be read" in done.stderr


def test_a_log_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text(line())
    done, _ = recorded(log, tmp_path, str(tmp_path / "." / "access.log"))
    assert done.returncode == 2
    assert "given twice" in done.stderr


@examples("wrong, code", ("one in a hundred", 1, 0), ("two", 2, 2))
def test_more_than_one_line_in_a_hundred_is_not_left_out_silently(
    wrong: int, code: int, tmp_path: Path
) -> None:
    text = line() * (100 - wrong) + "token=s3cr3t\n" * wrong + "\n" * 100
    done, rows = told(text, tmp_path)
    assert (done.returncode, len(rows)) == (code, (100 - wrong) if code == 0 else 0)
    said = done.stdout + done.stderr
    assert f"{wrong} in no known format" in said
    assert "looks like a=a" in said
    assert "s3cr3t" not in said
    skipped, rows = told(text, tmp_path, "--skip")
    assert (skipped.returncode, len(rows)) == (0, 100 - wrong)


@examples("bad, why",
    ("no such day", line().replace("01/May", "31/Feb"), "that does not exist"),
    ("Go's zero time", '{"time":"0001-01-01T00:00:00Z","request":{"method":"GET","uri":"/a"},"status":200}\n', "never set"),
    ("no offset", line().replace(" +0000", ""), "no time zone"),
    ("TLS", line().replace("GET /a HTTP/1.1", "\\x16\\x03"), "without a request"),
    ("cut", line()[:55], "cut off at the end of the file"),
    ("a note", '{"level":"error","path":"/etc/x","time":1714557600}\n', "no known"),
    ("repeated", "May  1 10:00:01 h nginx: message repeated 3 times: [ " + line().strip() + "]\n", "folded by syslog"),
    ("half an object", '{"ts":1714557600,"request":{"met\n', "no known format"),
    ("an error log", '2024/05/01 10:00:00 [error] 7#7: *1 open() failed, request: "GET /x HTTP/1.1", host: "h"\n', "no known format"),
)  # fmt: skip
def test_each_line_that_is_no_arrival_has_its_reason(bad: str, why: str, tmp_path: Path) -> None:
    done, rows = told(line() + bad, tmp_path)
    assert (done.returncode, rows) == (2, [])
    assert "1 of 2 lines" in done.stderr
    assert why in done.stderr


NETWORK = (
    "tls 2.0 2018-12-20T02:59:40 net/my-network-loadbalancer/c6e77e28c25b2234 g3d4b5e8bb8464cd"
    " 72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - arn:aws:acm:us-east-2:671290407336:certificate/2a10"
    " - ECDHE-RSA-AES128-SHA tlsv12 - my-network-loadbalancer-c6e.elb.us-east-2.amazonaws.com"
    ' h2 h2 "h2","http/1.1" 2018-12-20T02:59:30\n'
)
TCP_LOG = (
    "Feb  6 12:12:56 localhost haproxy[14387]: 10.0.1.2:33313 [06/Feb/2009:12:12:51.443] fnt"
    " bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0\n"
)


@examples("text",
    ("an AWS network load balancer", NETWORK),
    ("without ALPN", NETWORK.replace('h2 h2 "h2","http/1.1"', "- - -") * 3),
    ("HAProxy in TCP mode", TCP_LOG),
)  # fmt: skip
@pytest.mark.parametrize("words", [(), ("--skip",)], ids=["", "skipping"])
def test_a_log_of_connections_is_refused_in_a_sentence(
    text: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    done, rows = told(text, tmp_path, *words)
    assert (done.returncode, rows) == (2, [])
    assert done.stderr.count("\n") == 1
    assert "AWS network load balancer" in done.stderr
    assert "logs connections, not requests" in done.stderr


SQUID = (
    "1286536308.779    180 192.168.0.224 TCP_MISS/200 411 GET http://h/a?b - DIRECT/192.0.2.7 text/html\n"
    "1286536309.110      5 192.168.0.227 TCP_DENIED_REPLY/403 3976 POST http://h/b ann HIER_NONE/- -\n"
)


def test_squid_is_read_as_the_refusal_of_it_says(tmp_path: Path) -> None:
    refused, nothing = told(SQUID, tmp_path)
    example = shlex.split(refused.stderr[refused.stderr.index('--fields "') :])
    assert (refused.returncode, nothing) == (2, [])
    assert refused.stderr.count("\n") == 1
    assert "Squid's native format" in refused.stderr
    assert told(SQUID, tmp_path, *example)[1] == ["0.779,/a", "1.11,/b"]
    assert told(SQUID, tmp_path, *example, "--status", "403", "--method", "post")[1] == ["0.11,/b"]


def test_a_log_of_connections_among_others_is_named(tmp_path: Path) -> None:
    done, rows = told(line() + NETWORK, tmp_path)
    assert (done.returncode, rows) == (2, [])
    assert "1 of 2 lines could not be read" in done.stderr
    assert "logs connections, not requests" in done.stderr


def test_where_nothing_is_read_the_message_lists_what_can_be(tmp_path: Path) -> None:
    done, _ = told("1286536309.1 5 192.0.2.7 200 33 GET http://h/a ann\n", tmp_path)
    assert done.returncode == 2
    for name in (
        "common",
        "Envoy",
        "W3C",
        "CloudFront",
        "JSON",
        "Caddy",
        "Docker",
        "gzip",
        "--fields",
    ):
        assert name in done.stderr
    assert "192.0.2.7" not in done.stderr
    assert "the only line is no arrival: 1 in no known format" in done.stderr


@examples("fields, text",
    ("columns between blanks", "time=1,method=6,path=7,status=4", "1714557600.0 5 192.0.2.7 200 33 GET http://h/a?b ann\n"),
    ("joined", "time=1+2,request=3", '2024-05-01 10:00:00Z "GET /a HTTP/1.1"\n'),
    ("brackets", "time=2,path=1", f'"/a b" [{AT}0 +0000]\n'.replace(" b", "")),
    ("names, commas", "time=at,path=url", "url,at\n/a,2024-05-01T10:00:00Z\n"),
    ("names, semicolons", "time=at,path=url", 'url;at\n"/a";1714557600\n'),
    ("a separator by its name", "time=1,path=2,split=pipe", "1714557600|/a\n"),
    ("a separator as it is", "time=1,path=2,split=::", "1714557600::/a\n"),
    ("tabs", "time=1,path=2", "1714557600\t/a\n"),
    ("keys", "time=w.en,path=r.u", '{"w":{"en":1714557600},"r":{"u":"/a?x"}}\n'),
    ("a dot in a key", "time=w.en,path=u", '{"w.en":1714557600,"u":"/a"}\n'),
)  # fmt: skip
def test_any_other_format_by_a_map(fields: str, text: str, tmp_path: Path) -> None:
    done, rows = told(text, tmp_path, "--fields", fields)
    assert (done.returncode, done.stderr, rows) == (0, "", ["0,/a"])


@examples("fields, sentence",
    ("no path", "time=1", "needs time, and path or request"),
    ("no time", "path=1", "needs time, and path or request"),
    ("unknown", "time=1,wher=2", 'has "wher=2"'),
    ("no value", "time=1,path", 'has "path"'),
    ("twice", "time=1,time=2,path=3", "names time twice"),
    ("column 0", "time=0,path=3", "counts columns from 1"),
)  # fmt: skip
def test_a_map_that_is_none_is_told(fields: str, sentence: str, tmp_path: Path) -> None:
    done, _ = told(line(), tmp_path, "--fields", fields)
    assert done.returncode == 2
    assert sentence in done.stderr


def test_instants_without_a_zone_take_the_one_that_is_given(tmp_path: Path) -> None:
    text = line().replace(" +0000", "").replace(":10:", ":12:")
    done, rows = told(text, tmp_path, "--zone", "Europe/Paris")
    assert (done.returncode, rows) == (0, ["0,/a"])
    assert f"opening = {ZERO}" in done.stdout
    done, _ = told(text, tmp_path, "--zone", "Europe/Pars")
    assert done.returncode == 2
    assert "is not a known time zone" in done.stderr


@examples("begins, packer", ("zstd", b"\x28\xb5\x2f\xfd", "zstd"), ("zip", b"PK\x03\x04", "zip"))
def test_other_packers_are_named(begins: bytes, packer: str, tmp_path: Path) -> None:
    done, _ = told(begins + b"x" * 100, tmp_path)
    assert done.returncode == 2
    assert f"is compressed with {packer}; decompress it first" in done.stderr


@pytest.mark.parametrize("packed", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_log_that_is_cut_is_refused(packed: object, tmp_path: Path) -> None:
    assert callable(packed)
    whole = packed((line() * 1000).encode())
    done, rows = told(whole[: len(whole) // 2], tmp_path)
    assert (done.returncode, rows) == (2, [])
    assert "is compressed, but damaged" in done.stderr


@pytest.mark.parametrize("name", ["nothing.log", "."])
def test_what_is_no_file_is_said(name: str, tmp_path: Path) -> None:
    done, _ = recorded(tmp_path / name, tmp_path)
    assert done.returncode == 2
    assert "cannot be read" in done.stderr


@pytest.mark.parametrize("end", ["\r", "\r\n", "\r\r\n", "\n"], ids=["CR", "CRLF", "CRCRLF", "LF"])
def test_lines_end_in_every_way(tmp_path: Path, end: str) -> None:
    text = "".join(line(second) for second in range(5)).replace("\n", end)
    done, rows = told(text, tmp_path)
    assert (done.returncode, rows) == (0, [f"{second},/a" for second in range(5)])


def test_carriage_returns_are_ends_beyond_the_longest_line(tmp_path: Path) -> None:
    text = "".join(line(second) for second in range(10)).replace("\n", "\r") * 120  # 80 KB
    done, rows = told(text, tmp_path)
    assert (done.returncode, len(rows)) == (0, 1200), done.stderr


@pytest.mark.parametrize("between", ["", " "])
def test_two_requests_in_a_line_are_refused_aloud(tmp_path: Path, between: str) -> None:
    text = line(1).rstrip("\n") + between + "".join(line(second) for second in range(2, 9))
    done, rows = told(text, tmp_path)
    assert (done.returncode, rows) == (2, [])
    assert "1 of 7 lines could not be read" in done.stderr
    assert "1 with several requests and no line breaks between them" in done.stderr
    assert "put each request on a line of its own; --skip leaves them out" in done.stderr


@examples("was, becomes, helps",
    ("no such day", "01/May", "31/Feb", "write dates and times that exist"),
    ("dash", '"GET /a HTTP/1.1"', '"-"', "without a request for a path is not an arrival"),
    ("no time zone", " +0000", "", "as in --zone Europe/Paris"),
)  # fmt: skip
def test_each_reason_has_its_own_remedy(tmp_path: Path, was: str, becomes: str, helps: str) -> None:
    done, _ = told(line().replace(was, becomes), tmp_path)
    *_, last = done.stderr.strip().splitlines()
    assert done.returncode == 2
    assert helps in last
    assert ";" not in last, "one reason, one remedy"


def test_a_request_within_what_somebody_sent_is_no_second_one(tmp_path: Path) -> None:
    sent = f'\\"- [{AT}1 +0000] \\"GET /b HTTP/1.1\\" 200 2'
    done, rows = told(line(1).replace('"x"', f'"{sent}"'), tmp_path)
    assert (done.returncode, rows) == (0, ["0,/a"])
