"""The browsers of visitors: one each, or one for all the requests of a recorded session.

Requests of a session are sent at their own instants, whatever became of the one before: as many
connections as are needed are opened, as a browser does, and who asks later finds the cookies that were set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from scenarios.rehearsal.recorded import Replayed
from scenarios.replay.child.wire.browser import Browser


class Sessions:
    """Browsers by the sessions that use them, each kept until its last request has been answered."""

    def __init__(
        self, recorded: Replayed | None, places: Iterable[int], browser: Callable[[], Browser]
    ) -> None:
        """``places``: in the plan, of all visits that are to be sent here."""
        self._recorded, self._browser = recorded, browser
        self._left = Counter(recorded.session[place] for place in places) if recorded else Counter()
        self._open: dict[int, Browser] = {}

    def enter(self, place: int) -> Browser:
        """The browser of the visit at that place."""
        session = self._of(place)
        if session < 0:
            return self._browser()
        if session not in self._open:
            self._open[session] = self._browser()
        return self._open[session]

    def leave(self, place: int, browser: Browser) -> None:
        """The visit is over."""
        session = self._of(place)
        if session >= 0:
            self._left[session] -= 1
            if self._left[session] > 0:
                return
            self._open.pop(session, None)
        browser.close()

    def _of(self, place: int) -> int:
        return self._recorded.session[place] if self._recorded else -1
