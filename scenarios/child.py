"""The replay's child process: ``python -P -m scenarios.child ORDERS [--web-port N]``.

Locust replaces the standard sockets as it is imported, so it lives here and nowhere else. Before it
is imported, the top-level packages are checked: their names are generic, and a folder that happens
to hold a ``reports`` of its own must not be taken for ours.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path

PACKAGES = ("simulator", "scenarios", "reports")


def main(arguments: list[str] | None = None) -> None:
    """Run Locust with the conductor; does not return."""
    parser = argparse.ArgumentParser(prog="scenarios.child", description=__doc__)
    parser.add_argument("orders", type=Path)
    parser.add_argument("--web-port", type=int)
    options = parser.parse_args(arguments)
    if complaint := strangers():
        sys.exit(complaint)
    sys.argv = ["locust", *locust_options(options.orders, options.web_port)]

    from locust.main import main as locust_main

    locust_main()  # type: ignore[no-untyped-call]


def strangers() -> str | None:
    """What is wrong if the packages do not come from one installation."""
    homes = {name: home(name) for name in PACKAGES}
    if len(set(homes.values())) == 1:
        return None
    found = ", ".join(f"{name} in {where}" for name, where in homes.items())
    return (
        f"the packages {', '.join(PACKAGES)} do not come from one installation ({found});"
        " install surgeproof in a virtual environment of its own"
    )


def home(package: str) -> Path | None:
    """The folder that a package would be imported from."""
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent.parent if found and found.origin else None


def locust_options(orders: Path, web_port: int | None) -> list[str]:
    """Locust's command line: one idle user, and no opinion of its own on the outcome."""
    page = (
        ["--headless"]
        if web_port is None
        else ["--web-host", "127.0.0.1", "--web-port", str(web_port), "--autostart"]
    )
    return [
        "--locustfile",
        str(Path(__file__).with_name("conductor.py")),
        "--orders",
        str(orders),
        *page,
        *("--users", "1", "--spawn-rate", "1", "--only-summary", "--exit-code-on-error", "0"),
    ]


if __name__ == "__main__":
    main()
