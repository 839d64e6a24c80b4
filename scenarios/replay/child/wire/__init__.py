"""How visitors reach the target: from what all of them share down to one connection that never blocks.

Locust's own clients make a client, pools and header maps anew for each visitor, which is most of what a
visit costs. Here a request is written once as bytes, its answer is read in one look where it is plain, and
whoever waits for a socket lets all others run (gevent's event loop, as everywhere in this process).
"""
