"""What a command line says of who sends, and of what goes on beside it."""

import socket

import pytest

from scenarios.http.line import TOKEN_VARIABLE
from scenarios.replay.workers import SECRET_VARIABLE
from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from simulator.errors import UsageError
from surgeproof.verbs.sending.meanwhile.live import audience
from surgeproof.verbs.sending.meanwhile.team import team_of


def test_a_place_to_come_to_needs_somebody_who_comes() -> None:
    with pytest.raises(UsageError, match="say how many with --await"):
        team_of(1, 0, "nonsense")


def test_a_place_where_nobody_can_come_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, "0123456789abcdef")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UsageError, match=rf"{listen} \(address already in use\): choose"):
            team_of(0, 1, listen)
    with pytest.raises(UsageError, match="is no HOST:PORT"):
        team_of(0, 1, "10.0.0.5:\u00b2")


def test_a_secret_that_is_too_short_is_not_called_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, "short")
    with pytest.raises(UsageError, match=r"16 characters or more .* \(it has 5 characters\)"):
        team_of(0, 1, "127.0.0.1:5557")


@pytest.mark.parametrize("where", ["nonsense", "ftp://collector", "http://"])
def test_a_collector_has_an_address(where: str) -> None:
    with (
        pytest.raises(UsageError, match="write http://HOST:4318"),
        audience(metrics=None, otlp=where),
    ):
        pass


def test_a_name_that_is_none_serves_nothing() -> None:
    with (
        pytest.raises(UsageError, match="nothing can be served there"),
        audience(metrics="a..b:0", otlp=None),
    ):
        pass


def test_a_target_of_our_own_has_the_token_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever sets lines by it, as the demo does, sets this one's as well."""
    monkeypatch.setenv(TOKEN_VARIABLE, "as in the README")
    assert TargetProcess(Settings()).token == "as in the README"
    monkeypatch.delenv(TOKEN_VARIABLE)
    assert len(TargetProcess(Settings()).token) > 30
