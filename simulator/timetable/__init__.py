"""Who comes at which instant, and the luck each of them has.

A pure function of (seed, launch, role, visitor, step, attempt). Knows no file and no system.
"""
