"""A PostgreSQL server of a test's own, reached through a socket in a folder that is removed again."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def installed() -> str | None:
    """Where it is on this machine; Debian keeps its programs out of the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, folders)])
    return shutil.which("initdb", path=path)


@contextmanager
def postgres(initdb: str) -> Iterator[str]:
    """The URL of a server that is just started."""
    folder = Path(tempfile.mkdtemp(prefix="surgeproof-postgres-"))
    # The server refuses to run as root; a package that installs it makes a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)

    def run(*words: str) -> None:
        subprocess.run(words, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    control = [str(Path(initdb).with_name("pg_ctl")), "-D", str(folder / "data")]
    try:
        run(initdb, "-D", str(folder / "data"), "-U", "tester", "-A", "trust", "--no-sync")
        server = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(*control, "-w", "-o", server, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql:///postgres?host={folder}&user=tester"
        finally:
            run(*control, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
