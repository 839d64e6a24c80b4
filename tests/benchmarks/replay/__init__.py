"""What the replay's generator can do, measured against servers that are not the bottleneck.

``python -m tests.benchmarks.replay.table`` holds ours against a program in C and what others give: the generator on
one core, a server in C that answers at once on the other, all figures from one session.
"""
