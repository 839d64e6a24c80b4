"""What a cluster's address is, what answers there, and what is said of it where that is no cluster."""

import builtins
import pickle
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import distributed
import joblib
import pytest
from distributed import LocalCluster

from simulator.engine.readable.launch import Readable
from simulator.errors import InvalidRun, SurgeproofError, UsageError
from simulator.plan.launches import play, predict
from surgeproof.cluster import backend, connection, likeness, on
from tests.examples import examples
from tests.unit.simulator.plan.test_launches import PLAN

Serving = Callable[[bytes], str]
run = distributed.Client.run


def use(address: str) -> None:
    with on(address):
        pass


@examples(
    "address",
    ("nothing", ""),
    ("no scheme", "scheduler:8786"),
    ("no port", "tcp://scheduler"),
    ("no such port", "tcp://127.0.0.1:65536"),
    ("another scheme", "http://127.0.0.1:8786"),
    ("more than an address", "tcp://127.0.0.1:8786/x"),
    ("an option of the shell", "tcp://127.0.0.1:8786\n--help"),
)  # fmt: skip
def test_what_is_no_address_is_told_with_one_that_is(address: str) -> None:
    with pytest.raises(UsageError, match=r"write the address .* tcp://scheduler:8786"):
        use(address)


@examples(
    "address, why",
    ("no port open", "tcp://127.0.0.1:{free}", "Connection refused"),
    ("version 6", "tcp://[::1]:{free}", "refused|not available|Cannot assign|unreachable"),
    ("no such host", "tcp://nobody.invalid:8786", "not known|resolution"),
)  # fmt: skip
def test_where_nobody_answers_is_told_at_once(address: str, why: str) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        address = address.format(free=taken.getsockname()[1])
        with pytest.raises(UsageError, match=rf"no answer \(.*({why}).*scheduler"):
            use(address)


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Servers that greet with some bytes, and say no more."""
    held: list[socket.socket] = []

    def serve(greeting: bytes) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        held.append(server)

        def greet() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:  # closed
                    return
                caller.sendall(greeting)
                held.append(caller)

        threading.Thread(target=greet, daemon=True).start()
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"

    yield serve
    for each in held:
        with closing(each), suppress(OSError):  # whoever called has gone
            each.shutdown(socket.SHUT_RDWR)


@examples(
    "greeting",
    ("nothing", b""),
    ("a shell", b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    ("a web page", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
    ("zeros", bytes(64)),
    ("a TLS alert", b"\x15\x03\x03\x00\x02\x02\x28"),
)  # fmt: skip
def test_what_is_no_scheduler_is_told_and_not_waited_for(
    greeting: bytes, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CONNECTS_WITHIN_S", 0.2)
    with pytest.raises(UsageError, match="no Dask scheduler, or one that wants"):
        use(serving(greeting))


def test_tls_without_certificates_is_told(serving: Serving) -> None:
    with pytest.raises(UsageError, match="TLS needs Dask's configuration"):
        use(serving(b"").replace("tcp", "tls"))


def test_without_dask_the_extra_is_named() -> None:
    real = builtins.__import__

    def without(name: str, *of: object, **more: object) -> object:
        if name == "surgeproof.cluster.connection":
            raise ModuleNotFoundError("No module named 'distributed'", name="distributed")
        return real(name, *of, **more)  # type: ignore[arg-type]

    with (
        patch.object(builtins, "__import__", without),
        pytest.raises(UsageError, match=r"surgeproof\[dask\]"),
    ):
        on("tcp://127.0.0.1:1")


def test_without_an_address_launches_are_played_here() -> None:
    here = joblib.effective_n_jobs()
    with on(None):
        assert joblib.effective_n_jobs() == here


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers of one thread, in this process; tests/end_to_end/test_cluster.py has processes."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp",
        host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50,
    ) as started:  # fmt: skip
        yield started


def test_launches_of_a_cluster_are_those_played_here(cluster: LocalCluster) -> None:
    here = [play(PLAN, Readable(), number).to_json() for number in range(12)]
    told: list[int] = []
    with on(cluster.scheduler_address):
        there = predict(PLAN, Readable(), 12, lambda done, _: told.append(done))
        alone = predict(PLAN, Readable(), 1)
    assert [each.to_json() for each in there.launches] == here
    assert [each.to_json() for each in alone.launches] == here[:1]
    assert told == list(range(1, 13))


def test_a_plan_is_told_once_however_many_launches_are_played(cluster: LocalCluster) -> None:
    with on(cluster.scheduler_address), patch.object(pickle, "dumps", wraps=pickle.dumps) as dumps:  # fmt: skip
        predict(PLAN, Readable(), 6)
        plans = [each for each in dumps.call_args_list if each.args[0] is PLAN]
        assert len(plans) == 1
        predict(replace(PLAN, seed=4), Readable(), 2)
        assert len([each for each in dumps.call_args_list if each.args[0] is PLAN]) == 1


class Failing(Readable):
    def summarise(self, *of: Any, **more: Any) -> Any:
        raise SurgeproofError("what the work says")


class Full(Readable):
    def summarise(self, *of: Any, **more: Any) -> Any:
        raise OSError("No space left on device")


def test_what_a_launch_raises_is_raised_here(cluster: LocalCluster) -> None:
    with on(cluster.scheduler_address):
        with pytest.raises(SurgeproofError, match="what the work says"):
            predict(PLAN, Failing(), 4)
        with pytest.raises(OSError, match="No space left"):
            predict(PLAN, Full(), 4)
        assert len(predict(PLAN, Readable(), 4).launches) == 4


def other_here(name: str) -> Callable[[], likeness.Likeness]:
    """The likeness of a process whose main thread has another version than its other threads, which work."""
    theirs = likeness.likeness()
    ours = theirs | {name: "1.0"}
    return lambda: ours if threading.current_thread() is threading.main_thread() else theirs


def test_a_worker_of_another_version_is_named_before_anything_is_played(
    cluster: LocalCluster,
) -> None:
    with (
        patch.object(connection, "likeness", other_here("numpy")),
        pytest.raises(UsageError, match=r"its worker tcp://.* \(numpy: .* there, 1.0 here\)"),
    ):
        use(cluster.scheduler_address)


def test_a_worker_of_another_version_that_joins_later_plays_nothing(cluster: LocalCluster) -> None:
    with (
        on(cluster.scheduler_address),
        patch.object(backend, "likeness", other_here("scipy")),
        pytest.raises(InvalidRun, match=r"worker tcp://.* \(scipy: .* there, 1.0 here\)"),
    ):
        predict(PLAN, Readable(), 2)


def no_surgeproof() -> likeness.Likeness:
    raise ModuleNotFoundError("No module named 'surgeproof'")


def test_a_worker_without_surgeproof_is_named(cluster: LocalCluster) -> None:
    with (
        patch.object(connection, "likeness", side_effect=[{}]) as ours,
        patch.object(distributed.Client, "run", lambda client, _, **more: run(client, no_surgeproof, **more)),
        pytest.raises(UsageError, match=r"worker tcp://.* has no surgeproof .*No module named"),
    ):  # fmt: skip
        use(cluster.scheduler_address)
    ours.assert_called_once_with()


def test_a_worker_that_is_named_for_the_scheduler_is_told(cluster: LocalCluster) -> None:
    worker = next(iter(cluster.workers.values()))
    with pytest.raises(UsageError, match="a Dask worker answers, and not the scheduler"):
        use(worker.address)


def test_each_likeness_is_compared_by_name() -> None:
    ours = likeness.likeness()
    assert likeness.unlike(ours, ours) == ""
    assert {"surgeproof", "Python", "llvmlite", "numpy", "scipy", "simpy"} < set(ours)
    for name in ours:
        assert likeness.unlike(ours | {name: "other"}, ours).startswith(f"{name}: other there, ")
    assert likeness.unlike({}, ours).startswith("surgeproof: none there")
