"""How a person ends a rehearsal: by a signal, or by the file that the launch names."""

import os
import signal
import threading
from pathlib import Path

import pytest

from scenarios.replay.watching import require_wanted
from simulator.errors import Stopped, UsageError
from simulator.scenario.scenario import Scenario, parse
from surgeproof.verbs.sending.meanwhile.halt import halting
from tests.launches.files import LAUNCH


def launch(folder: Path) -> Scenario:
    return parse(f'{LAUNCH}\n[replay.stop]\nfile = "stop"\n', str(folder / "launch.toml"))


def test_a_file_beside_the_launch_ends_it(tmp_path: Path) -> None:
    with halting(launch(tmp_path)) as wished:
        assert wished() == ""
        require_wanted(wished)
        (tmp_path / "stop").touch()
        assert wished() == f"stopped by the file {tmp_path / 'stop'} (replay.stop.file)"
        with pytest.raises(Stopped, match="stopped by the file"):
            require_wanted(wished)


def test_a_file_that_is_there_already_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "stop").touch()
    with pytest.raises(UsageError, match="is there already: remove it"), halting(launch(tmp_path)):
        pass


def test_a_signal_ends_it_and_is_somebody_elses_afterwards() -> None:
    before = signal.getsignal(signal.SIGUSR1)
    with halting(parse(LAUNCH, "f")) as wished:
        require_wanted(wished)  # a replay asks from here on
        os.kill(os.getpid(), signal.SIGUSR1)
        assert wished() == "stopped by a signal (SIGUSR1)"
    assert signal.getsignal(signal.SIGUSR1) == before


def test_before_the_replay_a_signal_breaks_off_whatever_goes_on() -> None:
    with halting(parse(LAUNCH, "f")), pytest.raises(Stopped, match=r"by a signal \(SIGUSR1\)"):
        signal.raise_signal(signal.SIGUSR1)


def test_what_goes_on_before_the_replay_heeds_the_file(tmp_path: Path) -> None:
    with halting(launch(tmp_path)) as wished:
        wished.heed()
        (tmp_path / "stop").touch()
        with pytest.raises(Stopped, match="stopped by the file"):
            wished.heed()


def test_in_another_thread_only_the_file_counts(tmp_path: Path) -> None:
    """A test of somebody's may replay from one: signals are the main thread's."""
    found: list[str] = []

    def replaying() -> None:
        with halting(launch(tmp_path)) as wished:
            (tmp_path / "stop").touch()
            found.append(wished())

    thread = threading.Thread(target=replaying)
    thread.start()
    thread.join()
    assert found[0].startswith("stopped by the file")
