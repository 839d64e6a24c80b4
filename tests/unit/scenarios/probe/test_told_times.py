"""What servers and proxies say of their own times."""

from scenarios.http.answers.answer import Answer
from scenarios.probe.people import limits_told
from scenarios.probe.told_times import queue_told_ns, service_told_ns
from tests.examples import examples


@examples(
    "header, told, ns",
    ("Rails", "x-runtime", "0.012345", 12_345_000),
    ("FastAPI", "x-process-time", "0.5", 500_000_000),
    ("Express", "x-response-time", "12.5ms", 12_500_000),
    ("Envoy", "x-envoy-upstream-service-time", "31", 31_000_000),
    ("nginx, the second upstream", "x-upstream-response-time", "0.001, 0.040", 40_000_000),
    ("another name", "x-runtimes", "0.012345", None),
    ("no number", "x-runtime", "-", None),
    ("beyond any clock", "x-response-time", "9" * 12, None),
)  # fmt: skip
def test_whole_names_and_their_units(header: str, told: str, ns: int | None) -> None:
    assert service_told_ns(Answer(status=200, headers={header: told})) == ns


def test_server_timing_comes_first() -> None:
    answer = Answer(status=200, headers={"x-runtime": "1"}, service_ns=5, queue_ns=7)
    assert (service_told_ns(answer), queue_told_ns(answer)) == (5, 7)


def test_a_wait_that_is_told() -> None:
    assert queue_told_ns(Answer(status=200, headers={"x-queue-time": "3"})) == 3_000_000


def test_what_a_refusal_says_of_its_limit_fits_a_line() -> None:
    headers = {"retry-after": "30", "x-ratelimit-limit": "100\x1b[31m" + "9" * 200}
    told = limits_told(headers)
    assert told.startswith("retry-after: 30; x-ratelimit-limit: 100[31m")
    assert len(told) <= 80
