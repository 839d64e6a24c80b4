"""Launches that are sent to servers that nobody here wrote, and the accounts in their databases.

It has its own command, ``pytest -m slow tests/real``, and needs the extra ``real``
(``python -m pip install -e '.[dev,real]'``) and PostgreSQL. ``python -m tests.real.table`` writes
docs/servers.md.
"""
