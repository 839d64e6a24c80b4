"""Sentences: verdicts, their reasons, causes and changes, as people read them.

What the simulator found becomes a sentence here only.
"""
