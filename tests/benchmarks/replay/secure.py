"""nginx with TLS on the server's core, which answers at once; it notes nothing."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.replay.programs import SERVER, on_core
from tests.end_to_end.command import wait_until
from tests.loopback import free_port, listens

CERTIFICATE = Path(__file__).parents[2] / "cases" / "launch.test.pem"
"""Of 127.0.0.1 among others, with its key (RSA, 2048 bits)."""
CONFIGURATION = """
daemon off;
worker_processes 1;
worker_rlimit_nofile 60000;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 50000; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    server {{
        listen 127.0.0.1:{port} ssl backlog=4096;
        ssl_certificate {certificate};
        ssl_certificate_key {certificate};
        location / {{ default_type application/json; return 200 '{{"id": 7}}'; }}
    }}
}}
"""


@contextmanager
def secure_server() -> Iterator[str | None]:
    """Its address; None where there is no nginx."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        yield None
        return
    with TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        file = folder / "nginx.conf"
        file.write_text(
            CONFIGURATION.format(folder=folder, port=port, certificate=CERTIFICATE), "utf-8"
        )
        with subprocess.Popen(on_core(SERVER, [nginx, "-c", str(file)])) as process:
            try:
                wait_until(lambda: listens(port))
                yield f"https://127.0.0.1:{port}"
            finally:
                process.terminate()
