"""ACTS: the library of launches, the reference target, the probe, and the replay through Locust.

Where to find what::

    the library         library (and its folder of TOML files), beside; page, launch_section and markdown
                        write scenarios/README.md
    a server to try     target (a package of its own)
    what may be sent    allow, pinned; sendable, sent_* (what of a launch is rehearsed)
    what is answered    answer, content (the body), server_timing, retry_after, cookies; trust (whose
                        certificates), complaints (why nobody could be spoken to)
    before the replay   probe, prober, measured, capacity, preparation; bounded (their requests)
    the replay          replay (the parent), generator (its child, from outside), run_store, orders
                        (what the child is told), beats, last_words, open_files
      in the child      child, conductor (the locustfile), surge, clock, ledger, pulse, killswitch,
                        orphan
      one visitor       visit, visitor, waiting (in the line), walk (step by step), budgets, bodies,
                        session, wire (its requests), success, contradiction (what counts)
    from a log          logs (a package of its own: its formats), recording
"""
