"""A token bucket: a token each so often, of which some are saved up."""

from __future__ import annotations

from simulator.system.line import TokenBucket


class Bucket:
    """It is full at the opening, and known by the instant at which it is, or was, full."""

    def __init__(self, said: TokenBucket) -> None:
        self.spacing_ns, self.burst = said.spacing_ns, said.burst
        self.full_at_ns = self.full_at_first_ns()

    def full_at_first_ns(self) -> int:
        return 0

    def ready_ns(self) -> int:
        """From when on it holds a token."""
        return self.full_at_ns - (self.burst - 1) * self.spacing_ns

    def take(self, now_ns: int) -> None:
        self.full_at_ns = max(self.full_at_ns, now_ns) + self.spacing_ns

    def set_spacing(self, spacing_ns: int, now_ns: int) -> None:
        """Keep the tokens; the one in the making comes when it was due or a new spacing from now."""
        if self.full_at_ns > now_ns:
            missing, rest_ns = divmod(self.full_at_ns - now_ns, self.spacing_ns)
            self.full_at_ns = now_ns + missing * spacing_ns + min(rest_ns, spacing_ns)
        self.spacing_ns = spacing_ns
