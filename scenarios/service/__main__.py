"""The child of :class:`scenarios.service.process.TargetProcess`; people use ``surgeproof serve``.

Usage: ``python -m scenarios.service FD``: a listening socket to inherit. The settings come as JSON in
the environment, which only the user can read: the URL of a database may hold a password.
"""

from __future__ import annotations

import os
import socket
import sys

from scenarios.service.server import SETTINGS_VARIABLE, serve_child
from scenarios.service.settings import Settings

settings = Settings.from_json(os.environ.pop(SETTINGS_VARIABLE))
serve_child(settings, socket.socket(fileno=int(sys.argv[1])))
