"""The reference target: a service for signups as a small team would write it, and what follows them.

``store`` and ``tickets`` hold all SQL, over a ``database`` of either kind; ``line`` lets people in;
``workers`` is a bounded pool, ``stations`` says which one serves whom; ``service`` and ``errands``
answer; ``app`` speaks HTTP, ``server`` runs it in the foreground, ``process`` as a child.
"""
