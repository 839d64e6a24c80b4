"""Machines within this one, for what must be tried over a network: each with clocks, addresses and processes of its own.

A machine (``machine.py``) lives in namespaces (namespaces(7)), a switch (``switch.py``) carries what they say to one
another as late as is asked, and ``network.py`` puts them together. ``witness.py`` is a target that notes who came when by
its own machine's clock, ``replayed.py`` a replay of a small launch by workers on several machines.
"""
