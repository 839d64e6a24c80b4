"""What is launched, in numbers: people, a line, stations, journeys, changes, and what "holds" means.

Frozen values; time is integer nanoseconds.
"""
