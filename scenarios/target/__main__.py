"""The child of :class:`scenarios.target.process.TargetProcess`; people use ``surgeproof serve``.

Usage: ``python -m scenarios.target FD``: a listening socket to inherit. The settings come as JSON in
the environment, which only the user can read: the URL of a database may hold a password.
"""

from __future__ import annotations

import os
import socket
import sys

from scenarios.target.server import SETTINGS_VARIABLE, serve_child
from scenarios.target.settings import Settings

settings = Settings.from_json(os.environ.pop(SETTINGS_VARIABLE))
serve_child(settings, socket.socket(fileno=int(sys.argv[1])))
