"""DECIDES: the models that predict a launch. Pure: no socket, no clock, no global randomness.

Read from bottom to top, the folders are the way of a launch: what a file says (``scenario``) becomes
a ``plan``: a ``timetable`` that meets a ``system``. An ``engine`` plays it, ``outcomes`` say what
happened, ``verdict`` whether that holds, and ``advice`` what would.
"""
