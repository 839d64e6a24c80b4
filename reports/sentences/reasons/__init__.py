"""On what a criterion rests, in words: what was measured, and what was found of a target's line."""

from reports.sentences.reasons.reasons import (
    PLAIN,
    ROOM,
    forbidden_text,
    reason_of,
    too_few_launches,
    too_few_samples,
)

__all__ = ["PLAIN", "ROOM", "forbidden_text", "reason_of", "too_few_launches", "too_few_samples"]
