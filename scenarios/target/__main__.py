"""The child of :class:`scenarios.target.process.TargetProcess`; people use ``surgeproof serve``.

Usage: ``python -m scenarios.target FD SETTINGS``: a listening socket to inherit, and JSON.
"""

from __future__ import annotations

import socket
import sys

from scenarios.target.server import serve_child
from scenarios.target.settings import Settings

descriptor, settings = sys.argv[1:]
serve_child(Settings.from_json(settings), socket.socket(fileno=int(descriptor)))
