"""THE FRONT DOOR: one module a verb, options and exit codes; no arithmetic.

``surgeproof`` answers one question for a team about to open its doors: will we hold on launch day,
and what do we need so that we do?
"""

from surgeproof.door import main

__all__ = ["main"]
