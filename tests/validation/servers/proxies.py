"""HAProxy and nginx in front of gunicorn, as their own configuration files set them up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from tests.validation.servers.site import Site, Starting, by_gunicorn, found, listening_program

HAPROXY = Template("""
global
  maxconn 4000
defaults
  mode http
  option http-server-close
  timeout connect 60s
  timeout client 120s
  timeout server 120s
  timeout queue $queue
frontend front
  bind 127.0.0.1:$port
  default_backend app
backend app
  $rule
  server one $app maxconn 2
""")
NGINX = Template("""
daemon off;
$user
pid $folder/nginx.pid;
error_log $folder/nginx-error.log;
events { worker_connections 4000; }
http {
  access_log off;
  client_body_temp_path $folder/body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;
  $zone
  server {
    listen 127.0.0.1:$port backlog=2048;
    proxy_read_timeout 120s;
    location / { proxy_pass http://$app; }
    location = /signup { $rule proxy_pass http://$app; }
  }
}
""")
COMPUTING, WAITING = "applications:computing", "applications:waiting"
# An empty key, as the name of a server without one, is not counted.
REQUESTS = "limit_req_zone $server_port zone=all:1m rate={rate}r/s;"
CONNECTIONS = "limit_conn_zone $server_port zone=all:1m;"


def haproxy(*, queue: str = "60s", room: int | None = None, app: str = COMPUTING) -> Starting:
    """HAProxy that lets two through at once, and keeps the others in its queue.

    ``queue``: who waits there longer is told 503; ``room``: who finds so many there already.
    """
    rule = "" if room is None else f"http-request deny deny_status 503 if {{ queue ge {room} }}"
    return before(HAPROXY, "haproxy", ["-db", "-f"], app, queue=queue, rule=rule)


def limit_req(rate_per_s: int, burst: int, *, delay: bool) -> Starting:
    """nginx that lets so many a second through; those of a burst at once, or each in his turn."""
    rule = f"limit_req zone=all burst={burst}{'' if delay else ' nodelay'}; limit_req_status 503;"
    zone = REQUESTS.format(rate=rate_per_s)
    return before(NGINX, "nginx", ["-c"], WAITING, zone=zone, rule=rule)


def limit_conn(at_once: int) -> Starting:
    """nginx that turns away who finds so many under way."""
    rule = f"limit_conn all {at_once}; limit_conn_status 503;"
    return before(NGINX, "nginx", ["-c"], WAITING, zone=CONNECTIONS, rule=rule)


def before(text: Template, program: str, options: list[str], app: str, **words: str) -> Starting:
    """A program with this configuration file in front of gunicorn with two workers."""

    @contextmanager
    def start(folder: Path) -> Iterator[Site]:
        with by_gunicorn("-w", "2", app=app)(folder) as behind:

            def command(port: int) -> list[str]:
                path = folder / f"{program}.conf"
                user = "user root;" if os.geteuid() == 0 else ""
                app_at = urlsplit(behind.url).netloc
                filled = {"user": user, "folder": folder, "port": port, "app": app_at, **words}
                path.write_text(text.safe_substitute(filled))  # nginx has variables of its own
                return [str(found(program)), *options, str(path)]

            with listening_program(command, folder, program) as site:
                yield Site(url=site.url, family=(*behind.family, *site.family))

    return start
