"""Verdict: holds, does not hold, or inconclusive, as values without sentences.

:func:`simulator.verdict.verdict.judge` judges simulated launches, once a subject, and
:func:`simulator.verdict.verdict.judge_replay` what a replay showed. Those who search for what helps
(remedies, sizes) ask the same rule of single launches. What is found is said by :mod:`reports.sentences`.
"""
