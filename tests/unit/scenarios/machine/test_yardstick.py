"""The yardstick: its process, and what is kept of its pieces."""

import signal
import threading
import time
from pathlib import Path

import pytest

from scenarios.http.allow import checked
from scenarios.machine.here import fingerprint, machine_id
from scenarios.machine.watch import Watch
from scenarios.machine.yardstick import Piece, Yardstick, baseline, beside


def test_pieces_are_timed_while_its_block_runs_and_no_longer() -> None:
    began_ns = time.perf_counter_ns()
    with Yardstick() as yardstick:
        while len(yardstick.pieces) < 2 and time.perf_counter_ns() < began_ns + 60_000_000_000:
            time.sleep(0.01)
    ended_ns, many = time.perf_counter_ns(), len(yardstick.pieces)
    assert many >= 2
    for piece in yardstick.pieces:
        assert began_ns < piece.at_ns - piece.wall_ns < piece.at_ns < ended_ns
        assert piece.cpu_ns > 0
    apart = [
        b.at_ns - a.at_ns for a, b in zip(yardstick.pieces, yardstick.pieces[1:], strict=False)
    ]
    assert min(apart) > 100_000_000, "it rests a tenth of a second between two"


def test_a_piece_of_work_that_somebody_stopped_keeps_nobody_waiting() -> None:
    with Yardstick() as yardstick:
        process = yardstick._process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
    assert process.returncode == -signal.SIGKILL


def test_where_no_thread_can_be_started_nothing_is_left_running(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    yardstick = Yardstick()
    with pytest.raises(RuntimeError), yardstick:
        pass
    assert yardstick._process is not None
    assert yardstick._process.returncode is not None
    with Watch() as watch:
        assert watch.strain == []
    with beside(checked("http://127.0.0.1:9")) as found:
        assert found is None


def test_a_baseline_is_of_processor_time() -> None:
    pieces = [Piece(k, cpu_ns, 9_999) for k, cpu_ns in enumerate((90, 100, 110, 95, 105))]
    found = baseline(pieces)
    assert found is not None
    assert found.piece_ns == 100
    assert found.sd_ns == pytest.approx(62.5**0.5)  # (100 + 0 + 100 + 25 + 25) / 4
    assert found.machine == fingerprint()
    assert baseline(pieces[:4]) is None


def test_a_fingerprint_has_no_name_in_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Names can be guessed; a machine that nothing but its name tells has none."""
    before = fingerprint()
    monkeypatch.setattr("platform.node", lambda: "another-name")
    assert fingerprint() == before
    assert machine_id([tmp_path / "none"]) == ""
    monkeypatch.setattr("scenarios.machine.here.machine_id", lambda: "")
    assert fingerprint() == ""
    assert baseline([Piece(k, 90 + k, 99) for k in range(9)]) is None


def test_a_fingerprint_is_the_same_each_time_and_tells_no_name() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 12
    int(fingerprint(), 16)
