"""A launch as a test: pytest --surgeproof-target http://127.0.0.1:8000 deploy/pipelines."""


def test_we_hold_on_launch_day(surgeproof):
    found = surgeproof.predict("launch.toml", launches=60)
    found.assert_holds()
    assert found.figure("errors") <= 0.05


def test_so_does_the_server(surgeproof):
    found = surgeproof.replay("launch.toml", system="system.toml", launches=60)
    found.assert_holds(inconclusive="skip")
