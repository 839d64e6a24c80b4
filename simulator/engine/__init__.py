"""The rules of a launch in words (:mod:`simulator.engine.rules`), and whoever obeys them.

Three implementations: SimPy, the definition; an event loop; a kernel without events. They and the
invariants share ``rules`` and the timetable, and import one another never.
"""
