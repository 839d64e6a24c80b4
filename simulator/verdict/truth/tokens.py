"""When the jobs of a quota began: its tokens tell, whatever the services took."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.system.line import TokenBucket
from simulator.verdict.truth.discipline import Job, Seen


def take_tokens(jobs: Sequence[Job], bucket: TokenBucket) -> None:
    """Let each job, in the order in which they were sent, take the next token.

    The bucket is full at the opening; a job whose client took it along while it waited takes none, nor
    does one that was answered before its turn without a service.
    """
    full_at_ns = previous_ns = 0
    for job in jobs:
        ready_ns = full_at_ns - (bucket.burst - 1) * bucket.spacing_ns
        begun_ns = max(job.sent_ns, ready_ns, previous_ns)
        late = begun_ns > job.ends_ns
        if job.seen in (Seen.DROPPED, Seen.DOUBTFUL) and late:
            continue
        job.begun_ns = previous_ns = begun_ns
        full_at_ns = max(full_at_ns, begun_ns) + bucket.spacing_ns
        if job.seen is Seen.ENDED:
            begun_ns = begun_ns if job.told_ns is None else job.told_ns
            job.early, job.took_ns = late and job.told_ns is None, float(job.ends_ns - begun_ns)
