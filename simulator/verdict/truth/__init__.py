"""Truth: whether a prediction came true, and if not, which part of it was wrong.

The error has three parts: what the machine did (its speed, against that while it was probed), what the
services took (recovered from the observed rows), and what the queue did, which is the model's own. A
rehearsal is predicted again with the first and the second as they were; what is left is the third.
Nothing here says whether the launch holds: :mod:`simulator.verdict` does.
"""
