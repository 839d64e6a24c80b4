"""A log as a launch: its requests with their sessions, the mix of them, and the launch file around both.

::

    target      a path as it is sent, with or without what stands in its query
    sessions    whose requests belong together, as numbers that name nobody
    kept        the requests of a log, until all of them are known; the file that they become
    mix         what was asked for how often, by templates of paths
    launch      the launch file that replays them
"""
