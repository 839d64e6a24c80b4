"""The reference target: a signup service as a small team would write it.

``store`` holds all SQL, ``line`` lets people in, ``workers`` is the bounded pool that does the work
of a signup, ``app`` speaks HTTP, ``server`` runs it in the foreground, ``process`` as a child.
"""
