"""When a replay ends by itself: a target that has died, or fails as its launch says, is not worth more load.

Each rule is a module: :mod:`~scenarios.replay.child.killswitch.dead` holds always, :mod:`recent` (answers) and
:mod:`looks` (a health request) where [replay.stop] has words for them. Each notices within two seconds. What a
person does to end it, a signal or a file, is its parent's (:mod:`scenarios.replay.watching`).
"""
